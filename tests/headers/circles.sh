#!/bin/sh
# No source file needs another that needs it, however far round: read off what the objects of a build
# define and want.
#
#   circles.sh BUILD_DIR
set -u
cd "$1" || exit 1
find . -name '*.c.o' ! -path './tests/*' ! -path './builds/*' ! -name 'float_kernels*' ! -name 'policy_step*' \
  ! -path '*/scripted/kernels*' -exec nm -P -A {} + 2>/dev/null |
  awk '
    # ./experiments/host/CMakeFiles/synlab.dir/main.c.o: host_usage U
    {
      file = $1
      sub(/^\.\//, "", file)
      sub(/\.o:$/, "", file)
      sub(/CMakeFiles\/[^\/]*\.dir\//, "", file)
      seen[file] = 1
      if ($3 == "U") wants[file] = wants[file] " " $2
      else if ($3 ~ /^[TDRBCVW]$/) { of[$2] = file; where[$2]++ }
    }
    END {
      for (file in seen) {
        files++
        n = split(wants[file], names, " ")
        for (i = 1; i <= n; i++)
          if (names[i] in of && of[names[i]] != file && where[names[i]] == 1 &&
              index(needs[file] " ", " " of[names[i]] " ") == 0)
            needs[file] = needs[file] " " of[names[i]]
      }
      # whoever needs nothing that is left, or is needed by nothing that is left, is in no circle
      do {
        gone = 0
        for (file in seen) {
          n = split(needs[file], list, " ")
          left = 0
          for (i = 1; i <= n; i++) left += list[i] in seen
          if (!left) { delete seen[file]; gone++ }
        }
        delete needed
        for (file in seen) {
          n = split(needs[file], list, " ")
          for (i = 1; i <= n; i++) needed[list[i]] = 1
        }
        for (file in seen) if (!(file in needed)) { delete seen[file]; gone++ }
      } while (gone)
      for (file in seen) {
        bad++
        line = ""
        n = split(needs[file], list, " ")
        for (i = 1; i <= n; i++) if (list[i] in seen) line = line " " list[i]
        print "FAILED: in a circle, or between two: " file " needs" line
      }
      if (files < 80) { print "FAILED: only " files + 0 " objects found"; bad++ }
      print files " files, " bad + 0 " in circles"
      exit bad > 0
    }'
