#!/bin/sh
# What the build knows of its sources: their commit and SWHID, in a checkout, in a changed one, in an
# archive without git, and in one that was unpacked inside of another checkout.
#
#   commit.sh COMMIT_CMAKE
. "$(dirname "$0")/../lib.sh"
script=$1
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b

# known SOURCE: what the build would write
known() { cmake -DSOURCE="$work/$1" -DOUT="$work/commit.h" -P "$script" && cat "$work/commit.h"; }

# defines NAME VALUE: it says so of the last one
defines() {
  grep -qx "#define SYNLAB_$1 \"$2\"" commit.h || {
    echo "    SYNLAB_$1 is not '$2' in:" && sed 's/^/    /' commit.h
    return 1
  }
}

mkdir -p tree/paper tree/reports && cd tree || exit 1
echo 'return {}' >paper/claims.lua
echo old >reports/report.md
git init -q . && git add . && git commit -qm one
head=$(git rev-parse --short=10 HEAD) tree=$(git rev-parse 'HEAD^{tree}')
cd ..
check 'a checkout' 0 . known tree
expect 'its commit' defines COMMIT "$head"
expect 'its SWHID' defines SWHID "swh:1:dir:$tree"
expect 'its claims' defines CLAIMS_COMMIT "$head"

echo new >tree/reports/report.md
check 'a report made anew' 0 . known tree
expect 'is no change' defines SWHID "swh:1:dir:$tree"

echo 'return { 1 }' >tree/paper/claims.lua
check 'a changed checkout' 0 . known tree
expect 'is said' defines COMMIT "$head-changed"
expect 'has no SWHID' defines SWHID ''
expect 'its claims are changed' defines CLAIMS_COMMIT "$head-changed"

mkdir -p archive/paper tree/unpacked/paper
cp tree/paper/claims.lua archive/paper
cp tree/paper/claims.lua tree/unpacked/paper
check 'an archive' 0 . known archive
expect 'has no commit' defines COMMIT unknown
expect 'nor a SWHID' defines SWHID ''
check 'an archive inside of a checkout' 0 . known tree/unpacked
expect "has not the other's commit" defines COMMIT unknown
expect 'nor its SWHID' defines SWHID ''
expect 'nor its claims' defines CLAIMS_COMMIT unknown

# a part of a larger repository is a tree of its own
mkdir -p whole/part/paper && cd whole || exit 1
echo 'return {}' >part/paper/claims.lua
git init -q . && git add . && git commit -qm one
tree=$(git rev-parse HEAD:part)
cd ..
check 'a part of a repository' 0 . known whole/part
expect 'is named by itself' defines SWHID "swh:1:dir:$tree"

# the scripts that the program reads, with their digests: those that git knows, and without it all
cat >whole/part/paper/mine.lua </dev/null
check 'a script that git does not know' 0 . known whole/part
expect 'is not among them' [ "$(grep -c '\.lua' scripts.h)" = 1 ]
digest=$(sha256sum whole/part/paper/claims.lua | cut -d' ' -f1)
expect 'those that it knows are' grep -q "{ \"paper/claims.lua\", \"$digest\" }" scripts.h
cat >archive/paper/mine.lua </dev/null
check 'an archive with two scripts' 0 . known archive
expect 'has both' [ "$(grep -c '\.lua' scripts.h)" = 2 ]
finish
