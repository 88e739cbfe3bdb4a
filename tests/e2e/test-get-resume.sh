#! /bin/sh
# test-get-resume.sh: going on with half a file, whatever has become of it
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3

start_peer <"$GSOCK_SRCDIR/tests/lib/evil-http.py"
HERE=http://127.0.0.1:${PEER% *}
python3 -c 'import sys
sys.stdout.buffer.write(bytes(range(256)) * 4096)' >big
python3 -c 'print("new " * 1000, end="")' >new

# half NAME: what a first run leaves
half ()
{
  rm -f out out.part out.part.info
  run gsock-get -w5 --max-time=20 -c -o out "$HERE/resume/$1"
  is "$status" 1 "$1: the first run is cut"
  ok '... and leaves nothing under the final name' test ! -e out
}

# resumed NAME WANT: the second ends well, with the bytes of WANT
resumed ()
{
  half "$1"
  run gsock-get -w5 --max-time=20 -c -o out "$HERE/resume/$1"
  is "$status:$stderr" '0:' '... the second ends well'
  same_bytes out "$2" '... with the right bytes'
  is "$(ls out*)" out '... and nothing beside them'
}

# honest NAME: it ends with an error and no file, or well with the right one
honest ()
{
  half "$1"
  run gsock-get -w5 --max-time=20 -c -o out "$HERE/resume/$1"
  if test "$status" -eq 0; then
    same_bytes out big "... the second starts over, and is right"
  else
    ok '... the second ends with an error and no file' test ! -e out
    diag "status $status: $stderr"
  fi
}

# offsets NAME: the ranges that were asked for
ranges ()
{
  gsock-get "$HERE/_log" | tr -d '\r' | awk -v "target=/resume/$1" '
    NF >= 3 && $2 == "GET" { here = $3 == target }
    here && tolower($1) ~ /^(if-)?range:$/ { print $1, $2 }'
}

resumed good big
like "$(ranges good)" '^Range: bytes=524288-$' 'good: it went on from the middle'
like "$(ranges good)" '^If-Range: "v1"$' '... of the same version'
resumed changed new
resumed whole big
resumed gone big
resumed none big
is "$(ranges none)" '' 'none: without a validator it is not gone on with'
resumed weak big
is "$(ranges weak)" '' 'weak: nor with a weak one'
resumed date big
like "$(ranges date)" '^If-Range: Sun,' 'date: on that condition'
for name in fresh dateless; do
  resumed "$name" big
  is "$(ranges "$name")" '' "$name: nor with a date that may be too new"
done
resumed redated big
honest liar
honest wrongstart
honest wrongtotal
honest norange
honest badrange

# What comes is compared with what was announced, however it ends.
for name in ends ends10 endschunks; do
  half "$name"
  run gsock-get -w5 --max-time=20 -c -o out "$HERE/resume/$name"
  is "$status:$(ls out*)" "1:out.part
out.part.info" '... a part that is cut is no success'
  like "$stderr" \
    'the body ended after 10 of 524288 bytes; 524298 bytes are in out\.part' \
    '... which is said'
done
half long
run gsock-get -w5 --max-time=20 -c -o out "$HERE/resume/long"
is "$status:$(ls out* 2>/dev/null)" 1: '... a part that is too long is none either'
like "$stderr" 'longer than its Content-Range tells; nothing was saved' \
  '... which is said'
resumed starshort big
resumed star big
like "$(ranges star)" '^Range: bytes=524288-$' 'star: it went on from the middle'

# A run that gets nothing leaves what was there.
half good2
run gsock-get -w5 --max-time=20 -o out http://127.0.0.1:1/f
is "$status:$(ls out*)" "4:out.part
out.part.info" '... one that connects to nobody leaves it'
run gsock-get -w5 --max-time=20 -o out "$HERE/none"
is "$status:$(ls out*)" "8:out.part
out.part.info" '... as does one that is told that there is nothing'
run gsock-get -w5 --max-time=20 -c -o out "$HERE/resume/good2"
is "$status:$stderr" 0: '... and it is gone on with'
echo precious >mine.part
run gsock-get -w5 --max-time=20 -o mine http://127.0.0.1:1/f
file_is mine.part precious "a file that is no part of anything stays too"
mkdir remote
cd remote || exit
run gsock-get -O "$HERE/name/x.part"
run gsock-get -O "$HERE/name/x"
is "$status:$(ls)" 7:x.part '-O puts nothing in the place of a part that is none'
like "$stderr" 'Cannot write x\.part: it exists already, and no fetch has left it' \
  '... and says so'
cd .. || exit

# A file that begins with a head is no part of a body.
run gsock-get -w5 --max-time=20 -i -o heads "$HERE/resume/heads"
like "$status:$stderr" '^1:.*; nothing was saved$' 'cut behind its head: nothing stays'
is "$(ls heads* 2>/dev/null)" '' '... nothing at all'
run gsock-get -w5 --max-time=20 -i --retry=1 -o heads "$HERE/resume/heads2"
is "$status" 0 '--retry begins it anew'
like "$(head -n 1 heads)" '^HTTP/1.1 200 OK' '... with its head'
is "$(grep -ac '^HTTP/' heads)" 1 '... once'
tail -c 1048576 heads >got
same_bytes got big '... and the body, byte for byte'

# What has gone through a FIFO can't be taken back.
mkfifo pipe
cat pipe >got &
reader=$!
run gsock-get -w5 --max-time=20 --retry=1 -o pipe "$HERE/resume/pipe"
wait "$reader"
is "$status:$(wc -c <got | tr -d ' ')" 1:524288 'a FIFO gets nothing twice'
unlike "$stderr" 'trying again|saved' '... nor is that tried'

# Cut ten times where chance will have it: the seed is in the name.
seed=$$
runs=0
status=1
while test "$status" -eq 1 && test "$runs" -lt 15; do
  rm -f last
  runs=$((runs + 1))
  run gsock-get -w5 --max-time=20 -c -o cut "$HERE/cut/$seed"
  test ! -e cut || cp cut last
done
is "$status" 0 "cut ten times (seed $seed), it ends in $runs runs"
same_bytes cut big '... byte for byte'
run gsock-get -w5 --max-time=20 -c -o cut "$HERE/cut/$seed"
is "$status" 0 'what is whole is a success again'
same_bytes cut big '... and stays as it is'

# Killed
background get gsock-get -c -o killed "$HERE/hang/killed"
half_there ()
{
  test "$(wc -c <killed.part 2>/dev/null || echo 0)" -ge 524288
}
ok 'half of it has come' wait_for "$DEADLINE" half_there
kill -KILL "$BG_PID"
reap "$BG_PID" 2>/dev/null
ok 'killed, it leaves nothing under the final name' test ! -e killed
run gsock-get -w5 --max-time=20 -c -o killed "$HERE/hang/killed"
is "$status:$stderr" '0:' '... and is gone on with'
same_bytes killed big '... byte for byte'

# No room left
run sh -c 'trap "" XFSZ; ulimit -f 512; exec gsock-get -c -o full "$1"' sh \
  "$HERE/resume/full1"
rm -f full full.part full.part.info
run sh -c 'trap "" XFSZ; ulimit -f 512; exec gsock-get -c -o full "$1"' sh \
  "$HERE/resume/full1"
is "$status" 7 'a file that has no room is status 7'
like "$stderr" 'full' '... with its name'
ok '... and nothing is under it' test ! -e full
run gsock-get -w5 --max-time=20 -c -o full "$HERE/resume/full1"
is "$status" 0 '... with room it is gone on with'
same_bytes full big '... byte for byte'

# A disk that is full in earnest: a small one of our own.
cat >small.sh <<'EOP'
mkdir -p small
mount -t tmpfs -o size=256k none small || exit 99
gsock-get -c -o small/big "$1" 2>err
echo "$?:$(wc -l <err | tr -d ' '):$(ls small | tr '\n' ' ')"
mount -o remount,size=8m none small || exit 99
gsock-get -w5 --max-time=20 -c -o small/big "$1"
echo "$?:$(cmp small/big big && echo same)"
EOP
if unshare -rm true 2>/dev/null && unshare -rm sh -c \
  'mkdir -p small; mount -t tmpfs -o size=4k none small' 2>/dev/null; then
  run unshare -rm sh small.sh "$HERE/resume/full2"
  is "$stdout" '7:1:big.part big.part.info 
0:same' 'a full disk: 7 and one line, then the rest'
  like "$(cat err)" 'No space left|no space' '... that says why'
else
  skip 2 'needs the right to mount'
fi

done_testing
