#!/bin/sh
# The built-in letters as they are committed; and, where FreeType and a font package are at hand,
# some faces rendered afresh.
#
#   letters.sh SYNLAB RENDERER|"" SOURCE_DIR
. "$(dirname "$0")/../lib.sh"
synlab=$1 renderer=$2 source=$3
faces=$source/data/letters/faces.txt
# ---- the committed set
"$synlab" data verify letters >verify || wrong 'synlab data verify letters'
"$synlab" data info letters >info || wrong 'synlab data info letters'
digest=$(sed -n 's/^digest  *//p' info)
[ "$digest" = "$(cat "$source/data/letters/digest")" ] || wrong "digest is $digest"
[ "$(grep -c '^  [A-J] ' info)" = 10 ] || wrong 'there are not the ten classes A to J'
awk '/^  [A-J] / && $2 < 800 { print "class " $1 " has " $2; bad = 1 } END { exit bad }' info ||
  wrong 'fewer than 800 images in a class'
images=$(sed -n 's/^images  *\([0-9]*\) .*/\1/p' info)
[ "$images" = "$(sed -n 's/^distinct  *//p' info)" ] || wrong 'images repeat'
[ $((images * 3 / 4)) -ge 5500 ] || wrong 'fewer than 5,500 images train'
[ "$(wc -c <"$source/data/letters.tar.xz")" -le $((6 << 20)) ] || wrong 'it takes more than 6 MiB'

# ---- every image has its face, with package and licence
awk -F '\t' '!/^#/ && ($2 == "" || $3 == "" || $6 == "") { print; bad = 1 } END { exit bad }' \
  "$faces" || wrong 'a face without package, file or licence'
cmake -E tar tf "$source/data/letters.tar.xz" | sed -n 's/.*\/\([0-9]*\)\.png$/\1/p' | sort -u >used
grep -v '^#' "$faces" | cut -f 1 | sort -u >listed
comm -23 used listed | grep . && wrong 'images of faces that are not listed'
cut -f 2 "$faces" | grep -v '^#\|^package' | sort -u >in_faces
cut -f 1 "$source/data/letters/packages.txt" | grep -v '^#' | sort -u >packages
comm -23 in_faces packages | grep . && wrong 'faces of packages that are not listed'

# ---- some of it afresh: the faces of the packages that are installed here. The same fonts packaged
# anew (another Debian) mostly give the same pixels; only the packages listed are bound to.
dpkg-query -W -f '${Package}\t${Version}\n' 2>/dev/null >installed
awk -F '\t' 'function upstream(v) { sub(/-[^-]*$/, "", v); return v }
  NR == FNR { here[$1] = $2; next }
  !/^#/ && upstream(here[$1]) == upstream($2) { print $1 "\t" (here[$1] == $2 ? "same" : "packaged anew") }
' installed "$source/data/letters/packages.txt" >here
awk -F '\t' 'NR == FNR { here[$1]; next }
  $2 in here && system("test -f \"/usr/share/fonts/" $3 "\"") == 0 && n++ < 40' here "$faces" >some
awk -F '\t' 'NR == FNR { how[$1] = $2; next } how[$2] == "packaged anew" { print $1 }' here some >anew
tar_of() { # FOLDER ARCHIVE: unpacked; its images in FOLDER.names
  mkdir "$1" && (cd "$1" && cmake -E tar xf "$2")
  (cd "$1" && find . -name "*.png") | sort >"$1.names"
}

# compare LIST: the images of its faces are those of the committed set, by name and by pixel; an
# image that repeats one of a face that is not in the list stands only in what is rendered here.
compare() {
  "$renderer" render "$1" "$1.tar.xz" >/dev/null || { wrong "letters render: $1"; return; }
  tar_of "$1.fresh" "$work/$1.tar.xz"
  cut -f 1 "$1" | sort >"$1.faces"
  sed 's/.*\///; s/\.png//' "$1.fresh.names" | sort -u | comm -23 - "$1.faces" | grep . &&
    wrong "$1: images of faces that are not in the list"
  awk -F '[/.]' 'NR == FNR { face[$1]; next } $(NF - 1) in face' "$1.faces" kept.names >"$1.want"
  [ -s "$1.want" ] || wrong "$1: no image is of its faces"
  comm -23 "$1.want" "$1.fresh.names" | grep . && wrong "$1: images that were not rendered"
  while read -r name; do
    cmp -s "$1.fresh/$name" "kept/$name" && continue
    if grep -qx "$(basename "$name" .png)" anew; then
      echo "$name is rendered differently: another package of its font"
    else
      wrong "$1: $name is rendered differently"
    fi
  done <"$1.want"
  compared="$compared, $(wc -l <"$1.want") images of $(wc -l <"$1.faces") faces"
}

if [ -z "$renderer" ] || [ ! -s some ]; then
  echo "SKIPPED rendering: it wants libfreetype-dev and a package of data/letters/packages.txt"
else
  compared=
  tar_of kept "$source/data/letters.tar.xz"
  sed -n 'n;p' some >second # as where fonts are partly installed
  tail -n 1 some >last
  for list in some second last; do compare $list; done
  echo "rendered afresh and compared$compared"
  sed -n '1!G;h;2p' some >fallen
  if [ "$(wc -l <fallen)" = 2 ]; then
    "$renderer" render fallen fallen.tar.xz >/dev/null 2>said && wrong 'numbers that fall are taken'
    grep -q 'numbers rise' said || wrong "numbers that fall: $(cat said)"
  fi
fi
finish
