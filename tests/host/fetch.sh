#!/bin/sh
# data/fetch against files that stand in for the archive and its server: curl takes file: addresses,
# resumes them too, a `curl` of our own in PATH stands for what servers get wrong, and a server on
# loopback for those that mean ill.
#
#   fetch.sh SOURCE_DIR
. "$(dirname "$0")/../lib.sh"
source=$1
command -v curl >/dev/null || skip 'curl is not installed'
command -v perl >/dev/null || skip 'perl is not installed'
export XDG_CACHE_HOME="$work/cache"
file=cache/synlab/notMNIST_small.tar.gz

# The script itself, with another address, size and digest.
head -c 100000 /dev/urandom >whole
point_to() {
  sed -e "s|^url=.*|url=$1|" -e 's|^size=.*|size=100000|' \
    -e "s|^sha256=.*|sha256=$(sha256sum <whole | cut -d ' ' -f 1)|" "$source/data/fetch" >fetch
  rm -rf cache
  mkdir -p cache/synlab
}
gets_it() {
  sh ./fetch >stdout 2>stderr || wrong "$1: exit status $?: $(cat stderr)"
  cmp -s whole $file || wrong "$1: the archive in the cache is not the whole one"
  [ "$(cat stdout)" = "$work/$file" ] || wrong "$1: prints '$(cat stdout)'"
  [ "$(ls cache/synlab)" = notMNIST_small.tar.gz ] || wrong "$1: leaves $(ls cache/synlab)"
}
refuses() { # NAME WORDS
  sh ./fetch >stdout 2>stderr && wrong "$1: exit status 0"
  [ "$(grep -vc '^fetching ' stderr)" = 1 ] || wrong "$1: not one line: $(cat stderr)"
  grep -q "$2" stderr || wrong "$1: does not say '$2': $(cat stderr)"
  [ -s stdout ] && wrong "$1: prints '$(cat stdout)'"
  [ -e $file ] && wrong "$1: something bears the archive's name"
}

# ---- whole, again, cut off
point_to "file://$work/whole"
gets_it 'a whole transfer'
mv whole away
sh ./fetch >stdout 2>stderr || wrong 'what is in the cache is fetched again'
mv away whole
point_to "file://$work/whole"
head -c 40000 whole >$file.part
gets_it 'a cut transfer'
point_to "file://$work/whole"
cp whole $file.part
gets_it 'all of it, and then interrupted'

# ---- a part that is of no use
point_to "file://$work/whole"
head -c 40000 /dev/zero >$file.part
gets_it 'a part of something else'
point_to "file://$work/whole"
head -c 200000 /dev/zero >$file.part
gets_it 'more than all of it'

# ---- resumed, and not all over again: only the missing bytes are asked for
mkdir bin
real=$(command -v curl)
printf '#!/bin/sh\nfor last; do :; done\nwc -c <"%s" >>asked\nexec %s "$@"\n' "$file.part" "$real" >bin/curl
chmod +x bin/curl
point_to "file://$work/whole"
head -c 40000 whole >$file.part
PATH="$work/bin:$PATH" gets_it 'a cut transfer, watched'
[ "$(cat asked)" = 40000 ] || wrong "curl begins at $(cat asked), not once at 40000"

# ---- a server that does not resume: curl's status 33
printf '#!/bin/sh\n[ -s "%s" ] && { echo "curl: (33) no ranges" >&2; exit 33; }\nexec %s "$@"\n' \
  "$file.part" "$real" >bin/curl
point_to "file://$work/whole"
head -c 40000 whole >$file.part
PATH="$work/bin:$PATH" gets_it 'a server without ranges'

# ---- not the archive
head -c 100000 /dev/urandom >other
point_to "file://$work/other"
refuses 'another digest' 'not the published archive'
[ -e $file.part ] && wrong 'another digest: what came is kept'
head -c 5000 whole >short
point_to "file://$work/short"
refuses 'another size' 'not the published archive'

# ---- nothing to be had
point_to "file://$work/nowhere"
refuses 'nothing there' 'DATA='
point_to http://127.0.0.1:9/notMNIST_small.tar.gz
head -c 40000 whole >$file.part
http_proxy='' refuses 'no server' 'DATA='
cmp -s -n 40000 whole $file.part || wrong 'no server: the part at hand is lost'

# ---- a server of any kind: what is fetched is bounded, whatever it says of the length
cat >server.pl <<'PERL'
use strict;
use warnings;
use IO::Socket::INET;
my ($whole, $log) = @ARGV;
$SIG{PIPE} = 'IGNORE';
my $server = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1') or die "no port: $!";
open my $port, '>', 'port.new' or die; print $port $server->sockport, "\n"; close $port;
rename 'port.new', 'port';
open my $file, '<:raw', $whole or die; local $/; my $bytes = <$file>;
my $more = 'x' x 65536;
while (my $client = $server->accept) {
  my ($request, $from) = ('', 0);
  { local $/ = "\n"; while (my $line = <$client>) { $request .= $line; last if $line eq "\r\n"; } }
  my ($how) = $request =~ m{GET /(\w+)} or next;
  $from = $1 if $how ne 'deaf' && $request =~ /bytes=(\d+)-/;
  my $rest = substr $bytes, $from;
  my $length = { honest => length $rest, deaf => length $rest, short => 5000, long => length($rest) + 50,
    huge => 874_000_000, lying => length $rest }->{$how};
  my $sent = 0;
  my $put = sub { my $n = syswrite $client, $_[0]; $sent += $n if $n; $n };
  syswrite $client, ($from ? "HTTP/1.1 206 Partial\r\nContent-Range: bytes $from-99999/100000\r\n"
    : "HTTP/1.1 200 OK\r\n") . "Connection: close\r\n"
    . (defined $length ? "Content-Length: $length\r\n" : '')
    . ($how eq 'chunked' ? "Transfer-Encoding: chunked\r\n" : '') . "\r\n";
  if ($how eq 'chunked') {
    while ($sent < 1e9 && $put->("10000\r\n$more\r\n")) { }
  } elsif ($how eq 'drip') {
    while ($put->('x')) { select undef, undef, undef, 0.1; }
  } else {
    $put->($rest) unless $how eq 'endless';
    if ($how =~ /endless|lying|huge/) { while ($sent < 1e9 && $put->($more)) { } }
  }
  close $client;
  open my $out, '>', $log; print $out $sent; close $out;
}
PERL
perl server.pl whole sent &
server=$!
trap 'kill $server; rm -rf "$work"' EXIT
until [ -s port ]; do
  kill -0 $server 2>/dev/null || { wrong 'no server on loopback'; exit 1; }
  sleep 0.05
done
export no_proxy=127.0.0.1
serve() { # HOW [BYTES AT HAND]
  rm -f sent
  point_to "http://127.0.0.1:$(cat port)/$1"
  sed -i 's/--speed-time 15/--speed-time 2/' fetch
  if [ -n "${2:-}" ]; then head -c "$2" whole >$file.part; fi
}
# bounded NAME: the server was left early, and no file is larger than the archive and a block
bounded() {
  until [ -s sent ]; do sleep 0.05; done
  [ "$(cat sent)" -lt 50000000 ] || wrong "$1: $(cat sent) bytes were taken"
  find cache -type f -size +200 | grep . && wrong "$1: a file is larger than the archive"
}
serve honest
gets_it 'a server'
serve honest 40000
gets_it 'a server that resumes'
serve deaf 40000
gets_it 'a server that does not'
for how in endless chunked; do
  for have in '' 40000; do
    serve $how $have
    refuses "$how, $have at hand" 'not the published archive'
    bounded "$how, $have at hand"
    [ -e $file.part ] && wrong "$how: what came is kept"
  done
done
serve lying # it says the length and sends more: no byte more is read
gets_it 'more than is said'
bounded 'more than is said'
serve huge
refuses 'a length beyond all measure' 'not the published archive'
bounded 'a length beyond all measure'
serve short
refuses 'too short' 'not the published archive'
serve long
refuses 'less than is said' 'DATA=\|not the published archive' # by curl's version
serve drip
refuses 'drop by drop' 'DATA='
finish
