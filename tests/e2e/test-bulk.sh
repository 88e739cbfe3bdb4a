#! /bin/sh
# test-bulk.sh: large streams through a client, moved by the kernel, lose nothing
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3

python3 - <<'EOP'
from peers import *
import random
random.seed(11)
open('large', 'wb').write(random.randbytes(9000000))
open('small', 'wb').write(random.randbytes(11))
open('empty', 'wb').close()
EOP

# A peer that takes much, answers with all of it, and takes its time over it.
slow_echo ()
{
  start_peer "$1" <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
data = b''
while True:
    piece = sock.recv(300000)
    if not piece:
        break
    data += piece
for start in range(0, len(data), 700001):
    sock.sendall(data[start:start + 700001])
sock.close()
EOP
}

for family in tcp unix; do
  case $family in
    tcp) address=tcp:127.0.0.1:0 ;;
    unix) address=unix:$TMP/peer ;;
  esac
  for file in large small empty; do
    slow_echo "$address"
    run gsock-client "$PEER" <"$file"
    is "$status" 0 "$family: a $file file to the peer, and back to a file"
    same_bytes stdout "$file" '... every byte'
    end_peer
    rm -f peer

    slow_echo "$address"
    cat "$file" | gsock-client "$PEER" 2>err | cat >copy
    same_bytes copy "$file" '... the same from pipe to pipe'
    end_peer
    is "$(cat err)" '' '... without a complaint'
    rm -f peer
  done
done

# What others have read of the file is not sent, and where it ended is told.
slow_echo tcp:127.0.0.1:0
{
  dd bs=1000 count=1 of=head 2>/dev/null
  gsock-client "$PEER" >copy
  cat >rest
} <large
end_peer
cat head copy | cmp -s - large
ok $? 'a file is sent from where it stands'
is "$(wc -c <rest | tr -d ' ')" 0 '... to its end'

# A file that no page is behind.
slow_echo tcp:127.0.0.1:0
run gsock-client "$PEER" </proc/self/mounts
is "$status" 0 'a file of /proc'
end_peer
ok '... is sent too' test -s stdout

# One that sees the bytes copies them.
for option in --record=record --limit-rate=1G -X; do
  slow_echo tcp:127.0.0.1:0
  run gsock-client "$option" "$PEER" <large
  is "$status" 0 "with $option"
  same_bytes stdout large '... the same bytes'
  end_peer
done
ok '... and --record has them' test "$(wc -c <record)" -gt 9000000

# A reader of ours that goes away; a peer that does.
start_peer tcp:127.0.0.1:0 <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
try:
    sock.sendall(bytes(90000000))
except OSError:
    pass
EOP
{
  gsock-client "$PEER" 2>err
  echo $? >code
} </dev/null | head -c 3000000 >/dev/null
is "$(cat code)" 7 'stdout closed in the middle of a stream'
like "$(cat err)" 'standard output' '... is told'
end_peer

start_peer tcp:127.0.0.1:0 <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
read_exactly(sock, 2000000)
reset(sock)
EOP
run gsock-client "$PEER" <large
is "$status" 1 'a reset in the middle of a file'
like "$stderr" 'reset the connection' '... is told'
end_peer

start_peer tcp:127.0.0.1:0 <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
read_all(sock)
sock.sendall(bytes(3000000))
reset(sock)
EOP
gsock-client "$PEER" </dev/null 2>err | cat >copy
like "$(cat err)" 'reset the connection' 'a reset in the middle of an answer is told'
end_peer

# A pipe that is written to in small pieces and left open.
slow_echo tcp:127.0.0.1:0
mkfifo words
exec 5<>words
BG_STDIN=$TMP/words
background client gsock-client "$PEER" 5>&-
BG_STDIN=
for i in 1 2 3 4 5 6; do
  head -c 30000 large >&5
  printf 'word %d\n' $i >&5
done
exec 5>&-
reap "$BG_PID"
is "$status:$(wc -c <client.out | tr -d ' ')" "0:$((6 * (30000 + 7)))" \
  'small and large pieces in a pipe'
end_peer

# Where there is no descriptor for a pipe of ours, what comes by a pipe goes straight
# into the socket.
if test -z "$TEST_WRAPPER" && command -v strace >/dev/null &&
  strace -o /dev/null true 2>/dev/null; then
  asan_options=${ASAN_OPTIONS:-}
  export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
  slow_echo tcp:127.0.0.1:0
  cat large | strace -f -o trace -e trace=pipe2,splice \
    -e inject=pipe2:error=EMFILE gsock-client "$PEER" 2>err | cat >copy
  ASAN_OPTIONS=$asan_options
  same_bytes copy large 'a pipe, and no descriptor for another'
  is "$(cat err)" '' '... without a complaint'
  like "$(cat trace)" 'pipe2\(.*EMFILE' '... which was asked for'
  like "$(cat trace)" 'splice\([0-9]*, NULL, [0-9]*, NULL, [0-9]*, [A-Z_|]*\) = [1-9]' \
    '... and done without'
  end_peer
else
  skip 5 'needs strace, and leave to trace'
fi

done_testing
