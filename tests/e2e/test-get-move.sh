#! /bin/sh
# test-get-move.sh: bodies that the kernel moves: into pipes, and to nowhere
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3 sha256sum

# A server whose bodies come thick; requests one after another on each of its
# connections, which have numbers.  The same on a UNIX socket.
start_peer <<'EOP'
from peers import *
import random
import threading

BIG = random.Random(1).randbytes(8 << 20)
with open('big', 'wb') as file:
    file.write(BIG)
OK = b'HTTP/1.1 200 OK\r\n'
LENGTH = b'Content-Length: %d\r\n\r\n' % len(BIG)
EVIL = b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nevil\n'
connections = 0

def chunk(data):
    return b'%x;a=b\r\n' % len(data) + data + b'\r\n'

def answer(path, number):
    if path == '/number':
        return OK + b'Content-Length: %d\r\n\r\n%s\n' % (len(number) + 1, number)
    if path == '/big':
        return OK + LENGTH + BIG
    if path == '/chunks':
        return (OK + b'Transfer-Encoding: chunked\r\n\r\n' + chunk(BIG[:3 << 20])
                + chunk(BIG[3 << 20:][:10]) + chunk(BIG[3 << 20:][10:])
                + b'0\r\nX-Sum: y\r\n\r\n')
    if path == '/more':
        return OK + LENGTH + BIG + EVIL
    if path == '/badchunk':
        return (OK + b'Transfer-Encoding: chunked\r\n\r\n' + chunk(BIG)[:-2]
                + b'XX0\r\n\r\n')

def serve(sock, number):
    rest = b''
    with sock:
        try:
            while True:
                while b'\r\n\r\n' not in rest:
                    data = sock.recv(65536)
                    if not data:
                        return
                    rest += data
                head, _, rest = rest.partition(b'\r\n\r\n')
                path = head.split()[1].decode()
                if path == '/again' and b'Range: bytes=' in head:
                    start = int(head.partition(b'bytes=')[2].split(b'-')[0])
                    sock.sendall(b'HTTP/1.1 206 Part\r\nETag: "v1"\r\n'
                                 b'Content-Range: bytes %d-%d/%d\r\n'
                                 b'Content-Length: %d\r\n\r\n' % (
                                     start, len(BIG) - 1, len(BIG), len(BIG) - start)
                                 + BIG[start:])
                    continue
                if path == '/again':
                    sock.sendall(OK + b'ETag: "v1"\r\n' + LENGTH + BIG[:5 << 20])
                elif path in ('/cut', '/reset'):
                    sock.sendall(OK + LENGTH + BIG[:5 << 20])
                elif path == '/cutchunk':
                    sock.sendall((OK + b'Transfer-Encoding: chunked\r\n\r\n'
                                  + chunk(BIG))[:5 << 20])
                elif path == '/end':
                    sock.sendall(b'HTTP/1.0 200 OK\r\n\r\n' + BIG)
                else:
                    sock.sendall(answer(path, number))
                    continue
                if path == '/reset':
                    sock.settimeout(DEADLINE)
                    # When all of it has been read: none is lost to the reset.
                    while outq(sock) > 0:
                        time.sleep(0.01)
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                    struct.pack('ii', 1, 0))
                return
        except OSError:
            pass

def outq(sock):
    size = bytearray(4)
    fcntl.ioctl(sock, termios.TIOCOUTQ, size)
    return struct.unpack('i', size)[0]

def accept_all(listener):
    global connections
    while True:
        sock = listener.accept()[0]
        sock.settimeout(None)
        connections += 1
        threading.Thread(target=serve, args=(sock, b'%d' % connections),
                         daemon=True).start()

unix = socket.socket(socket.AF_UNIX)
unix.bind('socket')
unix.listen()
unix.settimeout(None)
threading.Thread(target=accept_all, args=(unix,), daemon=True).start()
listener = listen()
listener.settimeout(None)
accept_all(listener)
EOP
url=http://${PEER#tcp:}
size=8388608
part=5242880
head -c "$part" big >part

# piped NAME ARG...: to a pipe, read from there as it comes; its status in
# $piped
piped ()
{
  { gsock-get "$@" 2>err; echo $? >status; } | cat >got
  piped=$(cat status)
}

# Pipes
piped "$url/big"
is "$piped:$(cat err)" 0: 'a pipe'
same_bytes got big '... byte for byte'
piped -i "$url/big"
tail -c "$size" got >tail
is "$piped:$(sed -n 1p got | tr -d '\r')" '0:HTTP/1.1 200 OK' '... the head first'
same_bytes tail big '... and the body'
piped "$url/chunks"
is "$piped" 0 'chunks'
same_bytes got big '... byte for byte'
piped "$url/end"
is "$piped" 0 'a body that ends with its connection'
same_bytes got big '... byte for byte'
piped --unix=socket http://localhost/big
is "$piped" 0 'from a UNIX socket'
same_bytes got big '... byte for byte'
cat big big big >three
piped -j 3 "$url/big" "$url/chunks" "$url/big"
is "$piped" 0 'three at once'
same_bytes got three '... one after another'
piped "$url/more" "$url/number"
head -c "$size" got >body
same_bytes body big 'what comes behind a body is not its'
unlike "$(tail -c +$((size + 1)) got)" evil '... nor the next answer'
is "$piped" 0 '... which is another connection'"'"'s'
for path in cut reset; do
  piped "$url/$path"
  is "$piped:$(wc -l <err | tr -d ' ')" 1:1 "a $path body: 1, one line"
  same_bytes got part '... and what has come of it'
  like "$(cat err)" "the body ended after $part of $size bytes" '... is counted'
done
piped "$url/cutchunk"
is "$piped:$(wc -l <err | tr -d ' ')" 1:1 'a cut chunk: 1, one line'
like "$(cat err)" 'bytes, before its last chunk' '... that says so'
piped "$url/badchunk"
is "$piped" 1 'a chunk that is longer than it says'
{ gsock-get "$url/big" 2>err; echo $? >status; } | head -c 100000 >got
is "$(cat status):$(wc -l <err | tr -d ' ')" 7:1 'a reader that has had enough: 7, one line'
like "$(cat err)" 'standard output' '... that says so'

# A reader that waits until nothing goes any more, and then takes odd pieces.
peer gsock-get "$url/big" big <<'EOP'
from peers import *
import itertools
import subprocess

def asleep(pid):
    with open('/proc/%d/stat' % pid) as stat:
        return stat.read().rsplit(')', 1)[1].split()[0] == 'S'

def waiting(pipe):
    size = bytearray(4)
    fcntl.ioctl(pipe, termios.FIONREAD, size)
    return struct.unpack('i', size)[0]

get = subprocess.Popen(sys.argv[1:-1], stdout=subprocess.PIPE)
end = time.monotonic() + DEADLINE
# Full is what does not grow while its writer sleeps.
before = -1
while time.monotonic() < end:
    now = waiting(get.stdout)
    if now > 0 and now == before and asleep(get.pid):
        break
    before = now
    time.sleep(0.1)
got = bytearray()
for size in itertools.cycle([1, 4095, 4096, 4097, 100, 65537, 3]):
    piece = os.read(get.stdout.fileno(), size)
    if not piece:
        break
    got += piece
with open(sys.argv[-1], 'rb') as file:
    print(got == file.read(), get.wait())
EOP
is "$stdout" 'True 0' 'a reader that is slow, and reads in odd pieces'

# Files
for path in big chunks end; do
  run gsock-get -o file "$url/$path"
  is "$status:$(ls file*)" 0:file "a file: $path"
  same_bytes file big '... byte for byte'
done
run gsock-get -o cut "$url/cut"
is "$status:$(ls cut* 2>/dev/null)" 1: 'a file that is cut: nothing is left'
run gsock-get --retry=1 -o cut "$url/again"
is "$status" 0 '... one that can be gone on with'
same_bytes cut big '... byte for byte'
run sh -c 'trap "" XFSZ; ulimit -f 4096; exec gsock-get -o full "$1"' sh "$url/big"
is "$status:$(wc -l <stderr | tr -d ' '):$(ls full* 2>/dev/null)" 7:1: 'one that has no room: 7, one line, no file'
like "$stderr" "full: " '... that names it'

# Nowhere
for path in big chunks end; do
  run gsock-get --json -o /dev/null "$url/$path"
  is "$status" 0 "/dev/null: $path"
  like "$stdout" "\"size\":$size,\"received\":$size[,}]" '... all of it is counted'
done
gsock-get --json "$url/big" >/dev/null 2>err
is "$?" 0 '... as stdout'
like "$(cat err)" "\"size\":$size,\"received\":$size[,}]" '... is counted too'
run gsock-get --json --unix=socket -o /dev/null http://localhost/big
like "$status:$stdout" "^0:.*\"size\":$size,\"received\":$size[,}]" '... and of a UNIX socket'
for path in cut reset; do
  run gsock-get -o /dev/null "$url/$path"
  is "$status" 1 "/dev/null: a $path body"
  like "$stderr" "the body ended after $part of $size bytes" '... is counted to its end'
done
run gsock-get -o /dev/null "$url/badchunk"
is "$status" 1 '/dev/null: a chunk that is longer than it says'
number=$(gsock-get "$url/number")
cat >urls <<END
$url/big
$url/chunks
$url/big
$url/number
END
gsock-get --input=urls >/dev/null 2>err
is "$?:$(cat err):$(gsock-get "$url/number")" "0::$((number + 2))" \
  '... and one connection serves them all'
good=$(sha256sum <big | cut -d ' ' -f 1)
run gsock-get --sha256="$good" -o /dev/null "$url/big"
is "$status" 0 'a sum is computed all the same'
run gsock-get --sha256="$(echo x | sha256sum | cut -d ' ' -f 1)" -o /dev/null "$url/big"
is "$status" 1 '... and compared'
run gsock-get --max-size=1M -o /dev/null "$url/chunks"
is "$status" 1 '--max-size counts'
run gsock-get --limit-rate=100M -o /dev/null "$url/big"
is "$status" 0 '--limit-rate lets it through'
run gsock-get --timing -o /dev/null "$url/big"
like "$stderr" 'all .*, 8\.4 MB$' '--timing knows how much it was'

# By which way they went.
if strace -qq -o trace -e trace=splice true 2>/dev/null; then
  # A checker of leaks can't look while another does.
  ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
  export ASAN_OPTIONS
  strace -qq -o trace -e trace=splice gsock-get "$url/big" | cat >got
  ok 'a pipe: no copy here' grep -q '^splice(' trace
  run strace -qq -o trace -e trace=recvfrom gsock-get -o /dev/null "$url/big"
  ok '/dev/null: nor there' grep -q 'MSG_TRUNC' trace
  run strace -qq -o trace -e trace=recvfrom gsock-get --explain -o /dev/null "$url/big"
  unlike "$(cat trace)" MSG_TRUNC '... unless they are to be seen'
  run strace -qq -o trace -e trace=splice gsock-get -o file "$url/big"
  ok 'a file: nor there' grep -q '^splice(' trace
  same_bytes file big '... byte for byte'
  # A file system that has no way for it: of each two calls the second fails.
  run strace -qq -o trace -e trace=splice -e inject=splice:error=EINVAL:when=2+2 \
    gsock-get -o file "$url/big"
  like "$(cat trace)" 'INJECTED' 'one that the kernel has no way to'
  same_bytes file big '... is copied to, byte for byte'
else
  skip 7 'needs strace'
fi

done_testing
