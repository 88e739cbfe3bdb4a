#! /bin/sh
# test-get-evil.sh: servers that lie, flood, stall and lead astray
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3

start_peer <"$GSOCK_SRCDIR/tests/lib/evil-http.py"
HERE=http://127.0.0.1:${PEER% *}
THERE=http://127.0.0.1:${PEER#* }
printf 'hola mundo\n' >hola

# refused NAME STATUS ERE [OPTION...]: how fetching it ends, with which sentence;
# no file is made.
refused ()
{
  refused_name=$1
  refused_status=$2
  refused_reason=$3
  shift 3
  rm -f out out.part out.part.info
  run gsock-get -w5 --max-time="$DEADLINE" "$@" -o out "$HERE/$refused_name"
  if test "$status" -eq "$refused_status" &&
      printf '%s\n' "$stderr" | grep -Eq -e "$refused_reason" &&
      test "$(printf '%s\n' "$stderr" | wc -l)" -eq 1 && test ! -e out; then
    ok 0 "$refused_name"
  else
    ok 1 "$refused_name"
    diag "status $status, want $refused_status; want /$refused_reason/"
    diag "$stderr"
    diag "$(ls -l out 2>/dev/null)"
  fi
}

# Bodies, heads and codings that are not what they say they are

while IFS='|' read -r name reason; do
  refused "$name" 1 "$HERE/$name: $reason" --compressed </dev/null
done <<'EOP'
shortcl|the body ended after 11 of 20 bytes; nothing was saved
nobody|the body ended after 0 of 11 bytes
reset|the body ended after 11 of 1000 bytes .*reset
twocl|its Content-Length is told more than once
samecl|its Content-Length is told more than once
listcl|its Content-Length is told more than once
negcl|its Content-Length is '-5'
pluscl|its Content-Length is '\+11'
hexcl|its Content-Length is '0xb'
emptycl|its Content-Length is ''
wordcl|its Content-Length is 'eleven'
spacecl|its Content-Length is '1 1'
hugecl|its Content-Length is '9{23}'
hugecl64|its Content-Length is '18446744073709551627'
lastchunk|the body ended after 11 bytes, before its last chunk
shortchunk|the body ended after 11 bytes, before its last chunk
midchunk|the body ended after 15 bytes, before its last chunk
midsize|the body ended after 11 bytes, before its last chunk
notrailend|the body ended after 11 bytes, before its last chunk
badchunk|'ZZ' is no size of a chunk
negchunk|'-b' is no size of a chunk
pluschunk|'\+b' is no size of a chunk
hexchunk|'0xb' is no size of a chunk
emptychunk|'' is no size of a chunk
hugechunk|'F{16}' is no size of a chunk
hugechunk2|'1000000000000000b' is no size of a chunk
longchunk|the line of a chunk has no end
chunkend|a chunk is longer than its size says
badtrailer|the header line 'no colon' has no colon
trailerflood|its header has more than 262144 bytes
endless/trailers|its header has more than 262144 bytes
unknownte|its Transfer-Encoding 'braid' was not asked for
twochunked|its Transfer-Encoding 'chunked, chunked' was not asked for
tecl|it has both a Content-Length and chunks
nothing|the server ended without an answer
garbage|there is a NUL in its header
ssh|the answer isn't HTTP: it begins with 'SSH-2.0
http99|'HTTP/9.9' is no version of HTTP
status20|'HTTP/1.1 20 OK' is no status line
status2000|'HTTP/1.1 2000 OK' is no status line
statusminus|'HTTP/1.1 -20 OK' is no status line
status000|'HTTP/1.1 000 OK' is no status line
cuthead|the header ended in its middle
nulhdr|there is a NUL in its header
barecr|there is a bare CR in its header
nocolon|the header line 'what is this' has no colon
noname|'' is no name of a header
foldfirst|the first header line begins with a blank
spacecolon|'Content-Length ' is no name of a header
spacename|'Content Length' is no name of a header
hdrflood|its header has more than 262144 bytes
hdrmany|its header has more than 262144 bytes
statusflood|its header has more than 262144 bytes
endless/heads|its header has more than 262144 bytes
endless/interims|more than 32 interim answers
unchanged|the server says that nothing has changed \(304\), which it was not asked
nowhere|the server redirects, but does not say where; nothing was saved
switch|it switches to another protocol \(101\)
nogzip|the body is corrupt: its gzip
cutgzip|the body was cut: it ended inside its gzip
sumgzip|the body is corrupt: its gzip
moregzip|the body is corrupt: its gzip
cutdeflate|the body was cut: it ended inside its deflate
nocoding|the body is in the coding 'sdch'
codings|the body is in more than 4 codings
EOP

# Libraries that may not be there: an error in any case.
refused nobr 1 "$HERE/nobr: the body is .* br|'br'" --compressed
refused nozstd 1 "$HERE/nozstd: the body is .* zstd|'zstd'" --compressed

# And to a pipe: what has come, and the same status.
run gsock-get "$HERE/shortcl"
is "$status:$stdout" '1:hola mundo' 'a short body on stdout is no success'
run gsock-get "$HERE/lastchunk"
is "$status:$stdout" '1:hola mundo' 'nor is one without its last chunk'

# Parts that are not the ones that were asked for, or not all of them

while IFS='|' read -r range name reason; do
  refused "range/$name" 1 ": $reason" -r "$range" </dev/null
done <<'EOP'
0-99|0-9/1000/10|its Content-Range 'bytes 0-9/1000' is not what was asked for
0-99|0-9/*/10|its Content-Range
0-99|0-199/1000/200|its Content-Range
0-4|0-9/1000/10|its Content-Range
5-|5-9/1000/5|its Content-Range
5-|4-999/1000/996|its Content-Range
-50|0-9/1000/10|its Content-Range
-50|900-999/1000/100|its Content-Range
-50|949-998/1000/50|its Content-Range
-50|0-49/*/50|its Content-Range
0-99|0-99/1000/10/10|its Content-Range
0-99|0-99/1000/10|the body ended after 10 of 100 bytes; nothing was saved
0-99|0-99/1000/101|the body is longer than its Content-Range tells; nothing was saved
EOP
while IFS='|' read -r range name size; do
  run gsock-get -w5 --max-time="$DEADLINE" -r "$range" "$HERE/range/$name"
  is "$status:$stderr:$(wc -c <stdout | tr -d ' ')" "0::$size" \
    "-r $range takes $name"
done <<'EOP'
0-99|0-99/1000/100|100
0-99|0-99/*/100/100|100
0-99|0-9/10/10|10
5-|5-9/10/5|5
5-|5-9/*/5|5
-50|950-999/1000/50|50
-50|0-9/10/10/10|10
EOP
run gsock-get -I -r 0-99 "$HERE/range/0-99/1000/0/100"
is "$status:$stderr" 0: '-I has no body to compare'

run gsock-get "$HERE/nowhere"
is "$status:$stdout" '1:hola mundo' 'nor a redirect to nowhere'
run gsock-get --no-follow "$HERE/nowhere"
is "$status:$stdout:$stderr" '0:hola mundo:' '... unless none is followed'
run gsock-get -H 'If-None-Match: "v1"' "$HERE/unchanged"
is "$status:$stdout:$stderr" 0:: 'who asks whether it has changed may be told that not'

# Odd, and right: refusing these would help nobody.
for name in hola gzip members deflate rawdeflate twice barelf fold noreason eof \
    http10 chunked interim bighead; do
  rm -f out
  run gsock-get -w5 --max-time="$DEADLINE" --compressed -o out "$HERE/$name"
  if test "$status" -eq 0 && cmp -s out hola; then
    ok 0 "$name is taken as it is meant"
  else
    ok 1 "$name is taken as it is meant"
    diag "status $status: $stderr"
  fi
done

run gsock-get -w5 --max-time="$DEADLINE" "$HERE/nocontent"
is "$status:$stdout:$stderr" 0:: 'there is no body where there is none, whatever its length'

# Time, size

refused drip 124 "$HERE/drip: " --max-time=300ms
refused never 124 "$HERE/never: " --max-time=300ms
refused endless/chunks 1 '--max-size' --max-size=1M
refused bomb 1 "larger than 10.5 MB \(--max-size\)" --max-size=10M --compressed
if test -n "$TEST_WRAPPER" ||
    grep -q __asan_init "$(command -v gsock-get)"; then
  skip 1 'memory means nothing under a checker'
else
  run python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' \
    gsock-get --compressed --max-size=100M -o out "$HERE/bomb"
  ok "2 GiB in 2 MB take less than 30 MB of memory ($stdout kB)" \
    test "$stdout" -lt 30000
fi

# What the server says reaches no terminal as it is.
refused escapes 8 '404 .x1b\]0;owned.x07.x9b31m'

# Redirects

while IFS='|' read -r name code reason; do
  refused "to/$name" "$code" "$reason" </dev/null
done <<'EOP'
file|6|redirect to 'file:///etc/passwd' refused: only http and https
data|6|only http and https
ftp|6|only http and https
scheme|6|only http and https
self|6|it goes in a circle
circle1|6|it goes in a circle
nourl|1|'http://\[::1/' is no URL
nohost|1|names no host
EOP
refused count/0 6 'refused: 10 were followed already \(--max-redirects\)'
refused count/0 6 'refused: 3 were followed' --max-redirects=3

# log_of PATTERN: how many lines of all requests so far match.
log_of ()
{
  gsock-get "$HERE/_log" | grep -Eci -e "$1"
}

for name in near far back; do
  rm -f out
  run gsock-get -H "X-Secret: key-$name" -H "Cookie: id=key-$name" \
    -H "Authorization: Bearer key-$name" -o out "$HERE/to/$name"
  is "$status" 0 "a redirect $name is followed"
  ok '... to the body' cmp -s out hola
done
is "$(log_of 'key-near')" 6 'what is given by hand is sent to the same origin'
is "$(log_of 'key-far')" 3 '... and not to another port'
is "$(log_of 'key-back')" 3 '... nor on the way back from there'
is "$(gsock-get "$HERE/_log" | grep -c "^${PEER#* } ")" 2 \
  'the other origin was asked twice'
is "$(log_of 'eve:|ZXZl')" 0 'no user was told yet'
run gsock-get "$HERE/to/user"
is "$status:$stdout:$(log_of 'eve:|ZXZl')" '0:hola mundo:0' \
  'a user in a Location is not sent'
run gsock-get "$HERE/to/crlf"
is "$(log_of '^X: y')" 0 'a Location puts no header into a request'
run gsock-get -d key=word "$HERE/keep/near"
is "$status" 0 'data goes on to the same origin (307)'
run gsock-get -d key=word "$HERE/keep/far"
is "$status" 6 '... and not to another'
like "$stderr" 'would send the data to another server' '... which is said'
is "$(gsock-get "$THERE/_log" | grep -c "^${PEER#* } POST")" 0 '... it never saw it'

# Names: one plain entry of this directory, or none

mkdir names
cd names || exit
refused_name ()
{
  run gsock-get -O "$HERE/name/$1"
  is "$status" 2 "-O refuses $1"
  like "$stderr" "$2" '... and says why'
}
refused_name '' 'no name'
refused_name '.bashrc' 'dot'
refused_name '%2e%2e' 'no name'
refused_name '..%2f..%2fevil' 'slash'
refused_name '%2fetc%2fevil' 'slash'
refused_name 'a%00b' 'NUL'
refused_name 'a%1b]0;b' 'control'
refused_name 'a%0ab' 'control'
refused_name "$(printf '%0300d' 0)" '255'
is "$(ls -A)" '' 'nothing was made here'
run gsock-get -O "$HERE/name/x/../good%20name"
is "$status:$(ls -A)" '0:good name' '-O takes the last part of the path'
unlike "$(ls -A ..)" '^evil$' '... whatever Content-Disposition says'
ln -s target link
mkdir directory
for name in link directory; do
  run gsock-get -o "$name" "$HERE/hola"
  is "$status" 7 "-o $name is refused"
done
ok 'a link is left as it is, and not followed' test -L link -a ! -e target
cd .. || exit

done_testing
