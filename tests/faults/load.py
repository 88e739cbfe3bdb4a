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


def rate_of(server, active, seconds):
    """Round trips a second of a hundred at once."""
    poll = select.epoll()
    for sock in active:
        poll.register(sock.fileno(), select.EPOLLIN)
        sock.sendall(b'ping')
    by_fd = {sock.fileno(): sock for sock in active}
    count, begun = 0, time.monotonic()
    while time.monotonic() - begun < seconds:
        for fd, _ in poll.poll(1):
            by_fd[fd].recv(16)
            by_fd[fd].sendall(b'ping')
            count += 1
    took = time.monotonic() - begun
    for sock in active:
        read_exactly(sock, 4)
    return count / took


@case('L2', '10,000 idle clients and 100 that talk',
      'at least 80 % of the rate without the idle ones',
      'haproxy 19,800 a second beside 9,000')
def busy(t):
    count = min(10000, raise_limit() - 400)
    server = t.server('--echo', '127.0.0.1:0')
    active = many(server.address, 100)
    alone = rate_of(server, active, 2)
    idlers = many(server.address, count)
    beside = rate_of(server, active, 2)
    idlers[-1].sendall(b'x')
    t.ok(read_exactly(idlers[-1], 1) == b'x', 'the idle ones are served too')
    t.figure('%.0f %% (%.0f and %.0f a second)' % (
        100 * beside / alone, beside, alone), beside >= 0.8 * alone)
    for sock in active + idlers:
        sock.close()


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


@case('L9', '200 clients are to be connected on to somebody who never answers',
      'each is ended at the time limit, within 10 %')
def dead_upstream(t):
    mute = socket.socket()
    mute.bind(('127.0.0.1', 0))
    mute.listen(0)
    where = mute.getsockname()
    fillers = []
    for _ in range(8):      # its backlog is full, so that a SYN is dropped
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(where)
        fillers.append(sock)
    server = t.server('--forward=127.0.0.1:%d' % where[1], '-w', '2s',
                      t.path('socket'))
    begun = time.monotonic()
    socks = [connect(server.address) for _ in range(200)]
    for sock in socks:
        ended(sock)
    took = time.monotonic() - begun
    t.ok(server.alive(), 'all 200 are ended, and it lives')
    t.figure('%.2f s of 2' % took, 1.8 <= took <= 2.4)
    other = socket.create_server(('127.0.0.1', 0))
    t.ok('timed out' in server.err() or '124' in server.err()
         or 'in time' in server.err() or '2 s' in server.err(),
         'and told: ' + server.err().splitlines()[-1])
    other.close()


@case('L12', 'no memory for what a client announces and sends',
      'that client is refused, no abort', 'GDataInputStream: abort')
def no_memory(t):
    if sanitized():
        raise Skip('a sanitizer takes all the address space there is')
    needs('prlimit')
    rows = (('u32', b'\x40\0\0\0', b'\0\0\0\2hi'), ('line', b'', b'hi\n'),
            ('netstring', b'1073741824:', b'2:hi,'))
    for frame, head, good in rows:
        server = t.server('--echo', '-f', frame, '--max-message=2G',
                          t.path(frame))
        subprocess.run(['prlimit', '--pid', str(server.pid),
                        '--as=%d' % (400 << 20)], check=True)
        sock = connect(server.address)
        try:
            sock.sendall(head)
            for _ in range(600):
                sock.sendall(b'x' * (1 << 20))
            sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        ended(sock)
        wait_until(lambda: 'No memory' in server.err() or not server.alive(),
                   'a line of it')
        told = server.err().strip().splitlines()
        t.ok(server.alive() and answers(server.address, good),
             '%s: it lives, and serves: %s' % (frame, told[-1][-150:]))
        if server.alive():
            server.stop()


@case('L13', 'all kinds of clients for a while ("make soak": half an hour)',
      'memory grows by less than 1 % in 10 minutes, descriptors not at all')
def soak(t):
    seconds = float(os.environ.get('GSOCK_SOAK', '10'))
    server = t.server('--echo', '--max-message=64K', '127.0.0.1:0',
                      t.path('socket'))
    data = os.urandom(300000)

    def round_of(n):
        sock = connect(server.addresses[n % 2])
        if n % 5 == 0:                      # a reset in the middle
            sock.sendall(data[:1000])
            reset(sock)
            return True
        if n % 5 == 1:                      # nothing is said
            sock.close()
            return True
        reader = threading.Thread(target=lambda: (
            sock.sendall(data), sock.shutdown(socket.SHUT_WR)))
        reader.start()
        same = read_all(sock) == data
        reader.join()
        sock.close()
        return same
    good, n, samples = True, 0, []
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        good &= round_of(n)
        n += 1
        if n % 50 == 0:
            samples.append((time.monotonic() - begun, server.memory()))
    wait_until(lambda: server.descriptors() < 30, 'descriptors to be closed')
    t.ok(good, 'each of %d clients got its bytes' % n)
    # What the first fifth of the time brought is not growth.
    late = [s for s in samples if s[0] > seconds / 5]
    first, last = late[0][1], late[-1][1]
    slope = (last - first) / first * 600 / max(late[-1][0] - late[0][0], 1)
    told = '%d clients in %.0f s, %+d KiB' % (n, seconds,
                                               (last - first) // 1024)
    # A page more or less is no slope.
    if seconds >= 600:
        told += ', %+.2f %% in 10 minutes' % (slope * 100)
    t.figure(told, slope < 0.01 if seconds >= 600 else None)
    # A table that is made in a few minutes tells of the long one too.
    kept = os.path.join(os.environ.get('GSOCK_BUILDDIR', t.dir), 'tests',
                        'faults', 'soak')
    if seconds >= 600:
        os.makedirs(os.path.dirname(kept), exist_ok=True)
        with open(kept, 'w') as file:
            file.write(told)
    elif os.path.exists(kept):
        t.figure('a longer one: ' + open(kept).read())


def survivals(name, t):
    """Of how many of them another program serves six clients after it."""
    survived = 0
    for kind in KINDS:
        path = t.path('%s-%s' % (name, kind))
        rival = t.start('strace', '-D', '-f', '-o', t.path('trace'), '-e',
                        'inject=accept,accept4:error=%s:when=1' % kind,
                        *listening(name, path))
        soon(lambda: os.path.exists(path) or not rival.alive())
        served = 0
        for _ in range(6):
            try:
                served += rival.alive() and answers('unix:' + path)
            except OSError:
                pass
        survived += served == 6
        rival.stop(signal.SIGKILL)
    return '%d of %d' % (survived, len(KINDS))


KINDS = ('EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EPROTO', 'EPERM',
         'ECONNABORTED')


@case('L16', 'accept fails once, in each of seven ways',
      '7 of 7 survived, 6 of 6 clients served',
      'tcpserver 6 of 6, socat exits on 4')
def accept_errors(t):
    needs('strace')
    survived = 0
    for kind in KINDS:
        path = t.path(kind)
        server = t.start('strace', '-D', '-f', '-o', t.path('trace'), '-e',
                         'inject=accept,accept4:error=%s:when=1' % kind,
                         'gsock-server', '--echo', path)
        wait_until(lambda: 'Listening' in server.err() or not server.alive())
        served = 0
        for _ in range(6):
            served += server.alive() and answers('unix:' + path)
        injected = 'INJECTED' in open(t.path('trace')).read()
        survived += t.ok(served == 6 and injected,
                         '%s: %d of 6 are served' % (kind, served))
        if server.alive():
            server.stop()
    t.figure('%d of %d survived' % (survived, len(KINDS)))
    t.compare('socat', survivals, t)
