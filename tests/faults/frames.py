# frames.py: F: bytes, frames and ends
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

import hashlib
import threading

from faults import *

MESSAGES = [b'', b'a', b'hola mundo', bytes(range(1, 200))]
ENCODE = {
    'u8': lambda m: struct.pack('>B', len(m)) + m,
    'u16': lambda m: struct.pack('>H', len(m)) + m,
    'u32': lambda m: struct.pack('>I', len(m)) + m,
    'u16le': lambda m: struct.pack('<H', len(m)) + m,
    'u32le': lambda m: struct.pack('<I', len(m)) + m,
    'netstring': lambda m: b'%d:%s,' % (len(m), m),
    'nul': lambda m: m + b'\0',
}


@case('F1', 'frames split at every byte', 'the same messages')
def split_everywhere(t):
    for frame, encode in sorted(ENCODE.items()):
        wire = b''.join(encode(m) for m in MESSAGES)
        server = t.server('--echo', '-f', frame, t.path(frame))
        good = 0
        for at in range(1, len(wire)):
            sock = connect(server.address)
            sock.sendall(wire[:at])
            # The first piece is read by itself.
            wait_until(lambda: unread(sock) == 0)
            sock.sendall(wire[at:])
            sock.shutdown(socket.SHUT_WR)
            good += read_all(sock) == wire
            sock.close()
        t.ok(good == len(wire) - 1, '%s: %d splits' % (frame, good))
        server.stop()


@case('F3', 'a frame of 0, 1, limit and limit + 1 bytes',
      'right, or one line and an end')
def limits(t):
    for frame in ('u16', 'u32', 'netstring'):
        server = t.server('--echo', '-f', frame, '--max-message=1000',
                          t.path(frame))
        for size in (0, 1, 1000):
            wire = ENCODE[frame](b'z' * size)
            sock = connect(server.address)
            sock.sendall(wire)
            sock.shutdown(socket.SHUT_WR)
            t.ok(read_all(sock) == wire, '%s: %d bytes' % (frame, size))
        before = len(server.err())
        sock = connect(server.address)
        sock.sendall(ENCODE[frame](b'z' * 1001))
        t.ok(ended(sock) == b'', '%s: 1001 bytes end the client' % frame)
        wait_until(lambda: server.err()[before:].endswith('\n'))
        t.ok('--max-message' in server.err()[before:],
             '%s: and the limit is named' % frame)
        server.stop()


@case('F4', 'a reset in the middle of a frame',
      'it is told, with how much had come; exit 1', 'nc, socat: exit 0, silent')
def reset_in_frame(t):
    listener = socket.create_server(('127.0.0.1', 0))
    port = listener.getsockname()[1]
    client = t.start('gsock-client', '-f', 'u32', '127.0.0.1', str(port), 'hi')
    sock = accept(listener)
    read_exactly(sock, 6)
    sock.sendall(b'\0\0\0\x0chello')
    wait_until(lambda: unread(sock) == 0)
    reset(sock)
    t.ok(client.wait() == 1, 'exit 1')
    t.ok(one_line(client.err()) and '9' in client.err(),
         'one line: %s' % client.err().strip())


@case('F5', 'a request, a half-close, and the reply 2 s later',
      '200,000 of 200,000 bytes', 'socat 0, nc waits for ever')
def late_reply(t):
    listener = socket.create_server(('127.0.0.1', 0))
    port = listener.getsockname()[1]
    reply = os.urandom(200000)

    def serve():
        sock = accept(listener)
        read_all(sock)
        time.sleep(2)
        try:
            sock.sendall(reply)
        except OSError:
            pass        # who asked has gone
        sock.close()

    def ask(*command):
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            return t.run(*command, input=b'request')
        finally:
            thread.join()
    status, out, err = ask('gsock-client', '127.0.0.1', str(port))
    t.ok((status, out == reply) == (0, True), 'every byte of it')
    t.figure('%d of %d' % (len(out), len(reply)))

    def others_get(name, *args):
        return '%d of %d' % (len(ask(name, *args)[1]), len(reply))
    t.compare('socat', others_get, '-', 'TCP:127.0.0.1:%d' % port)
    t.compare('ncat', others_get, '127.0.0.1', str(port))
    t.compare('nc', others_get, '-N', '127.0.0.1', str(port))


@case('F6', 'the server half-closes, the client goes on sending',
      'every byte arrives')
def client_goes_on(t):
    server = t.server('--once', '-f', 'raw', t.path('socket'))
    sock = connect(server.address)
    t.ok(sock.recv(1) == b'', 'its end comes first')
    data = os.urandom(3000000)
    sock.sendall(data)
    sock.close()
    t.ok(server.wait() == 0, 'and all ends well')
    t.ok(server.out() == data, 'with 3 MB printed')


@case('F7', '3 MB through an echo, nothing read before all is sent',
      '3,000,000 intact', 'ncat -e: deadlock at 57 KB')
def no_reader(t):
    data = os.urandom(3000000)
    for address in ('127.0.0.1:0', t.path('socket')):
        server = t.server('--echo', address)
        sock = connect(server.address)
        thread = threading.Thread(
            target=lambda: (sock.sendall(data),
                            sock.shutdown(socket.SHUT_WR)))
        thread.start()
        # As much as the kernel's queues take, before the first byte is read.
        last = [0, time.monotonic()]

        def rests():
            now = unread(sock)
            if now != last[0]:
                last[:] = now, time.monotonic()
            return time.monotonic() - last[1] > 0.3
        wait_until(rests)
        got = read_all(sock)
        thread.join()
        t.ok(got == data, 'through %s' % server.address.split(':')[0])
        server.stop()
    t.figure('%d intact' % len(data))


@case('F10', '1,000 clients who begin a message, go on at 2 bytes a second for '
      '3 s, and then say nothing',
      'others in 5 ms; dropped within 10 % of the time limit for silence',
      'nginx 1 ms for others')
def slow_senders(t):
    raise_limit()
    server = t.server('--echo', '-f', 'u32', '-i', '2s', '127.0.0.1:0')
    before = server.memory()
    socks = many(server.address, 1000)
    for sock in socks:
        sock.sendall(b'\0\0\1\0a')
    good = connect(server.address)
    took = []
    for _ in range(6):
        round_ends = time.monotonic() + 0.5
        for _ in range(50):
            begun = time.perf_counter()
            good.sendall(b'\0\0\0\1x')
            read_exactly(good, 5)
            took.append(time.perf_counter() - begun)
        for sock in socks:
            sock.sendall(b'a')
        silent = time.monotonic()
        time.sleep(max(0, round_ends - silent))
    each = (server.memory() - before) / len(socks)
    t.ok(each < 10240, 'a begun message costs little (%d bytes)' % each)
    t.ok(not any(is_closed(sock) for sock in socks[::100]),
         'who says something is no silent one')
    t.figure('others: p99 %.2f ms; %.1f KiB each' % (
        percentile(took, .99) * 1e3, each / 1024),
        percentile(took, .99) < 0.005)
    for sock in socks:
        ended(sock)
    took = time.monotonic() - silent
    t.ok(True, 'all of them are dropped')
    t.figure('dropped after %.2f s of 2' % took, 1.8 <= took <= 2.2)


@case('F11', '4 GiB are announced, then a byte a second',
      'dropped at the header, nothing allocated')
def claim(t):
    rows = {'u32': b'\xff\xff\xff\xff', 'u32le': b'\xff\xff\xff\xff',
            'netstring': b'4294967295:', 'int': b'\xff\xff\xff\x7f'}
    for frame, wire in sorted(rows.items()):
        server = t.server('--echo', '-f', frame, t.path(frame))
        before = server.memory()
        sock = connect(server.address)
        sock.sendall(wire)
        t.ok(ended(sock) == b'', '%s: dropped at the header' % frame)
        wait_until(lambda: '--max-message' in server.err())
        t.ok(one_line(server.err().split('\n', 1)[1]),
             '%s: one line says so' % frame)
        t.ok(server.memory() - before < 65536, '%s: no allocation' % frame)
        server.stop()


@case('F2', '1 to 3 bytes a call, and EINTR at each seventh', '3 MB identical')
def short_io(t):
    needs('cc')
    shim = t.path('short.so')
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                          'short-io.c')
    done = subprocess.run(['cc', '-shared', '-fPIC', '-O1', '-o', shim, source],
                          capture_output=True)
    if done.returncode != 0:
        raise Skip('cannot build a shim')
    if sanitized():
        raise Skip('a sanitizer comes before any shim')
    environment = dict(os.environ, LD_PRELOAD=shim)
    data = os.urandom(300000)
    for frame in ('raw', 'line', 'netstring'):
        server = t.server('--echo', '-f', frame, t.path(frame), env=environment)
        status, out, err = t.run('gsock-client', '-f', 'raw', server.address,
                                 input=b'6:ab\ncd\n,' * 20000
                                 if frame != 'raw' else data, env=environment)
        want = b'6:ab\ncd\n,' * 20000 if frame != 'raw' else data
        if frame == 'line':
            want += b'\n'
        t.ok(status == 0, '%s: ends well (%s)' % (frame, err.strip()))
        t.ok(hashlib.sha256(out).digest() == hashlib.sha256(want).digest(),
             '%s: %d bytes identical' % (frame, len(out)))
        server.stop()
