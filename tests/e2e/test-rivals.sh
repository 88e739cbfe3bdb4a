#! /bin/sh
# test-rivals.sh: where other tools lose bytes, cut them, hang or say nothing,
# and ours do not
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Each failure is a point of ours and, where the program is installed, a point
# that shows it there.  A rival that has learned better is a skip, and no
# failure of ours.
. "${0%/*}/../lib/functions.sh"
. "$GSOCK_SRCDIR/tests/lib/rivals.sh"
requires python3

printf 'question\n' >question

# A service that answers when it has read all, and a second later; it tells who
# did not wait for it.  On a UNIX socket that can be seen.
start_late ()
{
  rm -f "$TMP/late"
  start_peer "unix:$TMP/late" <<'EOP'
from peers import *
listener = listen(sys.argv[1])
while True:
    sock = accept(listener)
    request = read_all(sock)
    poll = select.poll()
    poll.register(sock, 0)
    if poll.poll(1000):
        print('left', flush=True)
    else:
        try:
            sock.sendall(b'answer to ' + request)
        except OSError:
            pass
    sock.close()
EOP
}

# Nothing of the answer came, and all is said to be well.
loses_it ()
{
  run "$@" <question
  test "$status:$stdout" = 0:
}

never_ends ()
{
  run timeout 1 "$@" <question
  test "$status" -eq 124
}

never_ends_nor_answers ()
{
  never_ends "$@" && test -z "$stdout"
}

# 1. Our side ends, and the answer comes a second later: the client.
start_late
run gsock-client "$TMP/late" <question
is "$status:$stdout" '0:answer to question' \
  'client: an answer a second after our end'
rival socat 'its -t 0.5 s loses that answer, with status 0' \
  loses_it socat - "UNIX-CONNECT:$TMP/late"
rival nc 'never ends its side, so that no answer comes and neither ends' \
  never_ends_nor_answers nc -U "$TMP/late"
run gsock-client --no-shutdown -q 100ms "$TMP/late" <question
is "$status:$stdout" 0: 'client: --no-shutdown with a time ends by itself'
rival ncat '--no-shutdown waits for ever' \
  never_ends_nor_answers ncat --no-shutdown -U "$TMP/late"
kill "$PEER_PID"

# 2. The same of a command that serves: the client ends first, then it answers.
late_command='cat >/dev/null; sleep 1; echo answer'
start_server "$TMP/command" --sh="$late_command"
run gsock-client "$TMP/command" <question
is "$status:$stdout" 0:answer 'command: an answer a second after the end'
stop_server

start_server "$TMP/command" --sh='cat >/dev/null; echo answer'
for round in 1 2 3; do
  run gsock-client "$TMP/command" <question
  is "$status:$stdout" 0:answer "command: an answer at once, time $round"
done
stop_server

# serve_loses PROGRAM...: a server at $TMP/theirs.
serve_loses ()
{
  rm -f "$TMP/theirs"
  background theirs "$@"
  wait_for 5 listens "$TMP/theirs" || return 1
  run gsock-client "$TMP/theirs" <question
  theirs=$stdout
  kill "$BG_PID" 2>/dev/null
  wait "$BG_PID" 2>/dev/null
  test -z "$theirs"
}
rival ncat '-c loses that answer' \
  serve_loses ncat -l -U "$TMP/theirs" -c "$late_command"
rival ncat '-c loses an answer at once' \
  serve_loses ncat -l -U "$TMP/theirs" -c 'cat >/dev/null; echo answer'
rival socat 'SYSTEM loses that answer' \
  serve_loses socat "UNIX-LISTEN:$TMP/theirs" "SYSTEM:$late_command"

# 3. The same with somebody between: each direction ends by itself.
start_late
start_server --forward="$TMP/late" "$TMP/between"
run gsock-client "$TMP/between" <question
is "$status:$stdout" '0:answer to question' \
  'forward: an answer a second after the end'
stop_server
rival socat 'between two sockets loses that answer' \
  serve_loses socat "UNIX-LISTEN:$TMP/theirs" "UNIX-CONNECT:$TMP/late"
rival ncat 'as its manual forwards loses that answer' \
  serve_loses ncat -l -U "$TMP/theirs" -c "ncat -U $TMP/late"
proxyd=/lib/systemd/systemd-socket-proxyd
test -x $proxyd || proxyd=/usr/lib/systemd/systemd-socket-proxyd
rival $proxyd 'closes both ways at the first end, and loses that answer' \
  serve_loses systemd-socket-activate -l "$TMP/theirs" $proxyd "$TMP/late"
kill "$PEER_PID"

# 4. Datagrams: the answer takes a moment, and there is no end to wait for.
start_peer <<'EOP'
from peers import *
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(('127.0.0.1', 0))
sock.settimeout(None)
print(sock.getsockname()[1], flush=True)
while True:
    data, address = sock.recvfrom(1 << 16)
    time.sleep(0.2)    # the late answer is what is tested
    sock.sendto(b'answer to ' + data, address)
EOP
run gsock-client -q 20s -n 1 "udp:127.0.0.1:$PEER" <question
is "$status:$stdout" '0:answer to question' \
  'datagrams: an answer that takes a moment'
run gsock-client "udp:127.0.0.1:$PEER" <question
is "$status" 0 'datagrams: silence is an end'
rival ncat '-u does not wait for an answer' \
  loses_it ncat -u 127.0.0.1 "$PEER"
rival nc '-u never ends' never_ends nc -u 127.0.0.1 "$PEER"
rival nc '-u -q1 loses the answer' loses_it nc -u -q1 127.0.0.1 "$PEER"
kill "$PEER_PID"

# 5. A message is a message: whole, or not at all.
head -c 20000 /dev/zero >20000
head -c 70000 /dev/zero >70000
start_peer <<'EOP'
from peers import *
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(('127.0.0.1', 0))
sock.settimeout(None)
print(sock.getsockname()[1], flush=True)
while True:
    print(len(sock.recv(1 << 17)), flush=True)
EOP
told=1

# arrived SIZES: of a new message each, all together 20,000.
arrived ()
{
  sizes=$(sed "1,${told}d" "$PEER_OUT" | tr '\n' ' ')
  test "$(echo "$sizes" | awk '{ for (i = 1; i <= NF; i++) sum += $i }
    END { print sum + 0 }')" -eq 20000
}
cuts_it ()
{
  run timeout 1 "$@" <20000
  wait_for 5 arrived
  arrival=$?
  told=$(wc -l <"$PEER_OUT")
  test "$arrival" -eq 0 && test "$sizes" != '20000 '
}
run gsock-client --send-only "udp:127.0.0.1:$PEER" <20000
wait_for "$DEADLINE" arrived
is "$status:$sizes" '0:20000 ' 'datagrams: 20,000 bytes are one message'
told=$(wc -l <"$PEER_OUT")
run gsock-client --send-only "udp:127.0.0.1:$PEER" <70000
is "$status" 1 '... and more than one can have are refused'
is "$(wc -l <"$PEER_OUT")" "$told" '... before any is sent'
rival nc '-u cuts 20,000 bytes in pieces' cuts_it nc -u -w1 127.0.0.1 "$PEER"
rival ncat '-u cuts 20,000 bytes in pieces' cuts_it ncat -u 127.0.0.1 "$PEER"
rival socat 'cuts 20,000 bytes in pieces' \
  cuts_it socat -u - "UDP:127.0.0.1:$PEER"
kill "$PEER_PID"

# 6. A command's arguments are what was typed.
printf '#! /bin/sh\nprintf "<%%s>" "$@"\n' >show
chmod +x show
start_server "$TMP/words" -- ./show 'a b' "it's" host:80 a,b
run gsock-client --recv-only "$TMP/words"
is "$stdout" "<a b><it's><host:80><a,b>" 'arguments arrive as they were typed'
stop_server
start_server "$TMP/words" --sh='./show "a b" | tr "\n" " "'
run gsock-client --recv-only "$TMP/words"
is "$stdout" '<a b>' '--sh is a text for the shell'
stop_server

# shows WANT PROGRAM...: it shows what was meant.
shows ()
{
  want=$1
  shift
  rm -f "$TMP/theirs"
  background theirs "$@"
  wait_for 5 listens "$TMP/theirs" || return 1
  run gsock-client --recv-only "$TMP/theirs"
  kill "$BG_PID" 2>/dev/null
  wait "$BG_PID" 2>/dev/null
  test "$stdout" = "$want"
}
shows_not ()
{
  ! shows "$@"
}
for word in '"a b"' "it's" host:80 a,b; do
  meant=$(echo "$word" | tr -d '"')
  rival socat "EXEC can't be given the argument $word" shows_not "<$meant>" \
    socat "UNIX-LISTEN:$TMP/theirs" "EXEC:./show $word"
done
rival socat "SYSTEM can't be given a quoted text" shows_not '<a b>' \
  socat "UNIX-LISTEN:$TMP/theirs" 'SYSTEM:./show "a b" | tr "\n" " "'
rival ncat '-e has no quotes' shows_not '<a b><e f>' \
  ncat -l -U "$TMP/theirs" -e "./show 'a b' \"e f\""

# 7. A reset in mid-stream is no end.
# reset CLIENT...: to be given the port as its last word; status, and what it
# said on stderr.
reset ()
{
  start_peer tcp:127.0.0.1:0 <<'EOP'
from peers import *
sock = accept(listen(sys.argv[1]))
sock.sendall(b'12345')
# The client has these, and says so by its own.
read_exactly(sock, 2)
sock.sendall(b'67890')
reset(sock)
EOP
  rm -f words
  mkfifo words
  exec 5<>words
  BG_STDIN=$TMP/words
  background client "$@" "${PEER##*:}" 5>&-
  BG_STDIN=
  wait_for "$DEADLINE" grep -q 12345 client.out
  printf 'ok, and this is never read' >&5
  reap "$BG_PID" "${patience:-$DEADLINE}"
  exec 5>&-
  kill "$PEER_PID" 2>/dev/null
}
reset gsock-client 127.0.0.1
is "$status:$(wc -l <client.err | tr -d ' ')" 1:1 'a reset is status 1, and a line'
like "$(cat client.err)" 'reset the connection' '... that says so'

is_silent ()
{
  patience=5 reset "$@"
  test "$status" -eq 0 && test ! -s client.err
}
to_tcp ()
{
  exec socat - "TCP:127.0.0.1:$1"
}
rival nc 'says nothing of a reset, with status 0' is_silent nc 127.0.0.1
rival socat 'says nothing of a reset, with status 0' is_silent to_tcp

done_testing
