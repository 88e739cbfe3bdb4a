# load.py: L: many clients, slow clients, no descriptors, no memory
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

import threading

from faults import *


def pings(sock, count):
    """Seconds of each of count round trips."""
    took = []
    for _ in range(count):
        begun = time.perf_counter()
        sock.sendall(b'ping')
        read_exactly(sock, 4)
        took.append(time.perf_counter() - begun)
    return took


@case('L1', '10,000 idle clients and one that pings',
      'all connected; p50 under 0.2 ms, p99 under 10 ms; no CPU while idle',
      'GSocketService p50 6 to 15 ms, p99 18 to 110 ms')
def idle(t):
    count = min(10000, raise_limit() - 200)
    for address in ('127.0.0.1:0', t.path('socket')):
        server = t.server('--echo', address)
        socks = many(server.address, count)
        active = connect(server.address)
        took = pings(active, 2000)
        before = server.cpu()
        time.sleep(1)
        burnt = server.cpu() - before
        # They are connections and not just a backlog.
        sample = socks[::100]
        for sock in sample:
            sock.sendall(b'x')
        served = sum(read_exactly(sock, 1) == b'x' for sock in sample)
        t.ok(served == len(sample), '%s: all are served' % address)
        p50, p99 = percentile(took, .5) * 1e3, percentile(took, .99) * 1e3
        t.figure('%s: %d clients, p50 %.2f ms, p99 %.2f ms' % (
            server.address.split(':')[0], count + 1, p50, p99),
            p50 < 0.2 and p99 < 10)
        t.figure('%.1f %% CPU idle' % (burnt * 100), burnt <= 0.01)
        for sock in socks:
            sock.close()
        server.stop()


@case('L3', '19,000 clients at once', 'all connected, under 8 s',
      'ncat aborts at 1,024')
def most(t):
    count = min(19000, raise_limit() - 500)
    server = t.server('--echo', '127.0.0.1:0')
    begun = time.monotonic()
    socks = many(server.address, count)
    took = time.monotonic() - begun
    socks[-1].sendall(b'last')
    t.ok(read_exactly(socks[-1], 4) == b'last', 'the last one is served')
    socks[0].sendall(b'first')
    t.ok(read_exactly(socks[0], 5) == b'first', 'and so is the first')
    t.figure('%d in %.1f s' % (count, took), took < 8)
    for sock in socks:
        sock.close()


@case('L4', 'memory of a client that is silent', 'at most 4 KiB',
      'haproxy 3.3 KiB, socat 63, tcpserver and cat 116, ncat -e 148')
def memory(t):
    count = min(5000, raise_limit() - 200)
    server = t.server('--echo', '127.0.0.1:0')
    first = connect(server.address)
    pings(first, 1)
    before = server.memory()
    socks = many(server.address, count)
    for sock in socks:
        sock.sendall(b'x')
    for sock in socks:
        read_exactly(sock, 1)
    each = (server.memory() - before) / count
    t.ok(each <= 4096, 'a silent client costs no buffer (%d bytes)' % each)
    t.figure('%.0f bytes' % each)
    for sock in socks:
        sock.close()


@case('L5', 'a burst of 500 connects', 'none over 0.2 s',
      'a backlog of 10: 434 over 0.9 s')
def burst(t):
    raise_limit()
    server = t.server('--echo', '127.0.0.1:0')
    family, native = split(server.address)
    socks = []
    poll = select.poll()
    begun = {}
    for _ in range(500):
        sock = socket.socket(family)
        sock.setblocking(False)
        begun[sock.fileno()] = time.perf_counter()
        sock.connect_ex(native)
        poll.register(sock, select.POLLOUT)
        socks.append(sock)
    slowest = 0.0
    left = len(socks)
    while left:
        for fd, _ in poll.poll(DEADLINE * 1000):
            slowest = max(slowest, time.perf_counter() - begun[fd])
            poll.unregister(fd)
            left -= 1
    t.ok(all(s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
             for s in socks), 'all are connected')
    t.figure('slowest %.0f ms' % (slowest * 1e3), slowest < 0.2)


@case('L6', '20,000 clients come and go', 'descriptors and memory as before')
def churn(t):
    server = t.server('--echo', t.path('socket'))

    def some(count):
        for _ in range(count):
            sock = connect(server.address)
            sock.sendall(b'x')
            read_exactly(sock, 1)
            sock.close()
    some(2000)
    wait_until(lambda: server.descriptors() < 30)
    fds, size = server.descriptors(), server.memory()
    some(18000)
    wait_until(lambda: server.descriptors() <= fds, 'descriptors to be closed')
    grown = server.memory() - size
    t.ok(grown < max(size * 0.02, 131072), 'memory is flat (%d bytes)' % grown)
    t.figure('%+d KiB, %+d descriptors' % (grown // 1024,
                                           server.descriptors() - fds))


@case('L7', 'a client that sends 256 MiB to an echo and never reads',
      'it is stopped, and memory grows by 2 MiB at most',
      'socat 0.1 MB, a naive GLib server 255 MB')
def never_reads(t):
    server = t.server('--echo', t.path('socket'))
    sock = connect(server.address)
    before = server.memory()
    sock.setblocking(False)
    sent, block = 0, b'x' * 65536
    quiet_since = time.monotonic()
    while sent < 256 << 20 and time.monotonic() - quiet_since < 1:
        try:
            sent += sock.send(block)
            quiet_since = time.monotonic()
        except BlockingIOError:
            select.select([], [sock], [], 0.1)
    grown = server.memory() - before
    t.ok(sent < 8 << 20, 'it is stopped (after %d bytes)' % sent)
    t.ok(grown <= 2 << 20, 'memory is bounded (%d bytes)' % grown)
    t.figure('%d KiB' % (grown // 1024))


@case('L8', 'a chat with 1, 10 and 100 who never read',
      'a good reader gets all of it; the others are dropped, and told',
      'ncat --broker: 4 of 64 MiB, then frozen')
def stuck(t):
    for count in (1, 10, 100):
        server = t.server('--chat', '-f', 'raw', t.path('socket%d' % count))
        bad = [connect(server.address, receive=4096) for _ in range(count)]
        good = connect(server.address)
        speaker = connect(server.address)
        total = 16 << 20
        got = []

        def read():
            got.append(len(read_exactly_fast(good, total)))
        reader = threading.Thread(target=read)
        # Everybody is in before anything is said.
        wait_until(lambda: server.descriptors() > count + 6)
        reader.start()
        block = b'y' * 65536
        for _ in range(total // len(block)):
            speaker.sendall(block)
        reader.join(DEADLINE)
        t.ok(got == [total], '%d stuck: a good reader gets all' % count)
        wait_until(lambda: server.err().count('\n') >= count, 'them to be told')
        t.figure('%d stuck: %.0f %%' % (count, 100.0 * sum(got) / total))
        for sock in bad:
            sock.close()
        server.stop()


def read_exactly_fast(sock, size):
    data = bytearray()
    while len(data) < size:
        piece = sock.recv(1 << 20)
        if not piece:
            break
        data += piece
    return data


@case('L10', 'no descriptor left for the next client',
      'under 3 % of a CPU, two log lines a second, all served in the end',
      'GSocketService 87 %, ncat 75 %, nginx 0 %')
def emfile(t):
    server = t.server('--echo', '127.0.0.1:0', nofile=40)
    socks = many(server.address, 64)
    time.sleep(0.3)
    cpu, lines = server.cpu(), server.err().count('\n')
    time.sleep(2)
    cpu, lines = server.cpu() - cpu, server.err().count('\n') - lines
    t.figure('%.1f %%, %.1f lines a second' % (cpu * 50, lines / 2),
             cpu * 50 < 3 and lines / 2 <= 2)
    served = 0
    for sock in socks:
        sock.sendall(b'x')
        served += read_exactly(sock, 1) == b'x'
        sock.close()
    t.ok(served == 64, 'all of them are served when others leave')


@case('L11', '--max-connections is reached',
      'the others wait in the backlog and are served', 'ncat resets them')
def full(t):
    server = t.server('--echo', '-m', '3', '127.0.0.1:0')
    socks = many(server.address, 10)
    for sock in socks:
        sock.sendall(b'x')
    served = 0
    for sock in socks:
        served += read_exactly(sock, 1) == b'x'
        sock.close()
    t.ok(served == 10, 'all ten are served, three at a time')
