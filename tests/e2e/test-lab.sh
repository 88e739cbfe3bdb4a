#! /bin/sh
# test-lab.sh: the lab sheet's conversations, with C peers and with our own
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3

# test-lab-es.sh is this file, played in Spanish.
if test "${lab_language:-en}" = es; then
  speak_spanish
  english='Listening|Stopping|Connect|closed|Refused|still|sent the'
else
  english='escucha|Deteniendo|Conect|cerr'
fi

# in_language WHAT FILE: it says something, and not in the other language.
in_language ()
{
  ok "$1 says something" test -s "$2"
  unlike "$(cat "$2")" "$english" '... in one language'
}

# A terminal that shows what it is told and nothing of its own.
TERM=dumb
export TERM

# 1 and 2: messages of an int and its bytes, until "quit".

screen='hola mundo
probando conectividad
quit'

# three_messages CLIENT...: as the sheet does, a run of CLIENT for each.
three_messages ()
{
  said=
  for text in 'hola mundo' 'probando conectividad' quit; do
    run "$@" "$text"
    said=$said$status:$stdout$stderr/
  done
}

# our_messages WHO CLIENT...
our_messages ()
{
  who=$1
  shift
  start_server -f int "$TMP/socket"
  ok "a socket, for $who" test -S socket
  three_messages "$@"
  is "$said" 0:/0:/0:/ "$who sends three messages"
  reap "$SERVER_PID"
  is "$status" 0 '... and quit ends the server'
  file_is "$SERVER_OUT" "$screen" '... which has printed them'
  ok '... and whose socket file is gone' test ! -e socket
  in_language '... The server' "$SERVER_ERR"
}

our_messages 'their client' lab-socket-client "$TMP/socket"
our_messages 'our client' gsock-client -f int "$TMP/socket"

background theirs lab-socket-server "$TMP/socket"
wait_for "$DEADLINE" test -s theirs.out
three_messages gsock-client -f int "$TMP/socket"
is "$said" 0:/0:/0:/ 'our client sends three messages to their server'
reap "$BG_PID"
is "$status:$(cat theirs.out)" "0:Listening on $TMP/socket
$screen" '... which prints them and ends'

# A stranger's quit is a message like others.
stranger="setpriv --reuid=65534 --regid=65534 --clear-groups"
chmod 711 "$TMP"
start_server -f int --mode=666 "$TMP/socket"
# shellcheck disable=SC2086 # words
if $stranger lab-socket-client "$TMP/socket" 'hola' 2>/dev/null; then
  $stranger lab-socket-client "$TMP/socket" 'quit'
  gsock-client -f int "$TMP/socket" 'still here'
  wait_for "$DEADLINE" grep -q 'still here' "$SERVER_OUT"
  file_is "$SERVER_OUT" 'hola
quit
still here' "another user's quit is printed and stops nothing"
else
  skip 1 'needs root and setpriv, and tools that all may run'
fi
lab-socket-client "$TMP/socket" quit
reap "$SERVER_PID"
is "$status" 0 '... and our own does'

# Nor has a TCP client a user; a word of one's own is taken from anybody.
start_server 127.0.0.1:0
gsock-client "$ADDR" quit
gsock-client "$ADDR" 'still here'
wait_for "$DEADLINE" grep -q 'still here' "$SERVER_OUT"
ok 'quit over TCP stops nothing' kill -0 "$SERVER_PID"
stop_server
start_server --stop-word=basta 127.0.0.1:0
gsock-client "$ADDR" quit basta
reap "$SERVER_PID"
is "$status:$(cat "$SERVER_OUT")" '0:quit
basta' '--stop-word is taken from any peer'
start_server --stop-word= -f int "$TMP/socket"
three_messages gsock-client -f int "$TMP/socket"
ok '--stop-word= takes none' kill -0 "$SERVER_PID"
stop_server

# 3 and 4: echo at a terminal.

typed='hola
probando echo
adios'

start_server --echo "$TMP/echo_socket"
printf '%s\n' "$typed" >typed
run lab-echoc "$TMP/echo_socket" <typed
is "$status:$stdout" '0:Trying to connect...
Connected.
> echo> hola
> echo> probando echo
> echo> adios
> ' 'their client talks with our echo'

# at_a_terminal WHO: lines come back below the line they were typed on.
at_a_terminal ()
{
  peer "$TMP/echo_socket" <<'EOP'
from peers import *
t = Terminal(['gsock-client', sys.argv[1]])
for line in ('hola', 'probando echo', 'adios'):
    t.expect('> ')
    t.type(line + '\r')
    t.expect('< ' + line + '\r\n')
t.type(b'\x04')
print(t.end())
for line in t.text().split('\n'):
    print(line.split('\r')[-1].rstrip())
EOP
  is "$status:$(echo "$stdout" | sed '/^>*$/d')" '0:0
> hola
< hola
> probando echo
< probando echo
> adios
< adios' "our client at a terminal talks with $1"
}

at_a_terminal 'our echo'
stop_server

background echos lab-echos "$TMP/echo_socket"
wait_for "$DEADLINE" test -s echos.out
at_a_terminal 'their echo'
wait_for "$DEADLINE" grep -q '^Connected' echos.out
file_is echos.out 'Waiting for a connection...
Connected.
Waiting for a connection...' '... which goes on'
kill "$BG_PID"

# The server ends first: the person is told.
start_server -f line "$TMP/socket"
peer "$TMP/socket" "$SERVER_PID" "$SERVER_OUT" <<'EOP'
from peers import *
t = Terminal(['gsock-client', sys.argv[1]])
t.expect('> ')
t.type('hola\r')
wait_until(lambda: open(sys.argv[3]).read() == 'hola\n', 'the message')
os.kill(int(sys.argv[2]), signal.SIGTERM)
t.expect(sys.argv[1])
t.end()
open('told', 'w').write(t.text())
print(t.status)
EOP
is "$status:$stdout" 0:0 'a server that ends ends the conversation'
in_language '... The client' told
reap "$SERVER_PID"

# 7 and 8: a greeting for everybody.

text='This is a test string from server!'

start_server --greet 127.0.0.1:0
for n in 1 2 3; do
  background "greeted$n" lab-clientstream 127.0.0.1 "$PORT"
  eval "pid$n=\$BG_PID"
done
for n in 1 2 3; do
  eval "reap \$pid$n"
  is "$status:$(tail -n 3 "greeted$n.out")" "0:recv() is OK...
Received: $text
close() is OK..." "their client $n of three is greeted"
done
peer "$ADDR" <<'EOP'
from peers import *
three = [connect(sys.argv[1]) for n in range(3)]
for sock in reversed(three):
    print(read_all(sock).decode(), end='')
EOP
is "$stdout" "$text
$text
$text" 'three at once are greeted, none of whom has left'
run gsock-client "$ADDR"
printf '%s\n' "$text" >greeting
same_bytes stdout greeting 'our client prints the greeting'
run gsock-client 127.0.0.1 "$PORT"
same_bytes stdout greeting '... also by HOST PORT'
stop_server
in_language '... The greeter' "$SERVER_ERR"

start_server '--greet=¡Hola!' 127.0.0.1:0
run gsock-client "$ADDR"
is "$stdout" '¡Hola!' 'another greeting'
stop_server
printf 'one\ntwo\n' >greeting.txt
start_server "--greet=@$TMP/greeting.txt" 127.0.0.1:0
run gsock-client "$ADDR"
same_bytes stdout greeting.txt 'a greeting from a file'
stop_server

# Theirs sends a NUL and a stray byte after it.
background stream lab-serverstream 0
stream_pid=$BG_PID
wait_for "$DEADLINE" grep -q 'sigaction' stream.out
port=$(sed -n 's/^Using .* port //p' stream.out)
printf '%s\n\000S' "$text" >all37
for n in 1 2 3; do
  background "got$n" gsock-client 127.0.0.1 "$port"
  eval "pid$n=\$BG_PID"
done
for n in 1 2 3; do
  eval "reap \$pid$n"
  is "$status" 0 "our client $n of three is greeted by their server"
  same_bytes "got$n.out" all37 '... with 37 bytes, as they come on a pipe'
done
peer "127.0.0.1:$port" <<'EOP'
from peers import *
t = Terminal(['gsock-client', sys.argv[1]], stdin='/dev/null')
t.end()
print(t.status, t.text())
t = Terminal(['gsock-client', sys.argv[1]])
t.expect(r'< \x00S')
t.end()
print(t.status)
EOP
is "$status:$stdout" "0:0 $text
\\x00S
0" 'on a terminal the NUL is shown, not sent'
kill "$stream_pid"

# The questionnaire.

start_server 127.0.0.1:0
peer "$ADDR" "$SERVER_OUT" <<'EOP'
from peers import *
address, out = sys.argv[1:]
def printed(text):
    wait_until(lambda: open(out).read().endswith(text), repr(text))
first = connect(address)
first.sendall(b'hola')
second = connect(address)
second.sendall('¿qué tal?\n'.encode())
printed('¿qué tal?\n')
first.sendall(b' mundo\n')
printed('hola mundo\n')
third = connect(address)
third.sendall(b'adios')
third.shutdown(socket.SHUT_WR)
printed('adios\n')
first.sendall(b'otra vez\n')
printed('otra vez\n')
EOP
is "$status:$(cat "$SERVER_OUT")" '0:¿qué tal?
hola mundo
adios
otra vez' 'the server prints what TCP clients send, of several at once'
gsock-client 127.0.0.1 "$PORT" 'desde el nuestro'
wait_for "$DEADLINE" grep -q 'desde el nuestro' "$SERVER_OUT"
ok '... and from our client' grep -qx 'desde el nuestro' "$SERVER_OUT"
stop_server

start_server --tag 127.0.0.1:0
peer "$ADDR" <<'EOP'
from peers import *
sock = connect(sys.argv[1])
sock.sendall(b'hola\n')
print('%s:%d: hola' % sock.getsockname())
sock.shutdown(socket.SHUT_WR)
read_all(sock)
EOP
wait_for "$DEADLINE" test -s "$SERVER_OUT"
is "$(cat "$SERVER_OUT")" "$stdout" '--tag says who sent it'
stop_server

# What is typed at the server goes to every client, line by line.
mkfifo typing
SERVER_STDIN=$TMP/typing
exec 5<>typing
start_server 127.0.0.1:0 "$TMP/socket" 5>&-
SERVER_STDIN=
start_peer "$(endpoint 1)" "$(endpoint 2)" 5>&- <<'EOP'
from peers import *
two = [connect(address) for address in sys.argv[1:]]
two[0].sendall(b'one\n')
two[1].sendall(b'two\n')
print('ready', flush=True)
for sock in two:
    print(read_line(sock).decode(), end='', flush=True)
EOP
wait_for "$DEADLINE" grep -q two "$SERVER_OUT"
wait_for "$DEADLINE" grep -q one "$SERVER_OUT"
printf 'hola a todos\n' >&5
end_peer
is "$(tail -n 2 "$PEER_OUT")" 'hola a todos
hola a todos' 'a line of stdin goes to every client of both sockets'
exec 5>&-
stop_server

done_testing
