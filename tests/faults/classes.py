# classes.py: C: bug classes that brought others down, one named case each;
# those that a fault of another group shows are there
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

import base64
import random
import threading

from faults import *

# Sequences that drive a terminal, or make a line look like two.
HOSTILE = [b'\x1b]0;owned\x07', b'\x9b31m', b'\xc2\x9b31m', b'\x1b[2J',
           b'\x1bPq\x1b\\', 'a\u202eb'.encode(), 'a\u2066b'.encode(),
           b'\r\nTue 09:00 FAKE', b'\x08\x08\x08', b'\x7f', b'\x00', b'\x0e',
           b'\xff\xfe', b'\x85', b'\xc2\x85', b'\xe2\x80\xa8', b'\x1b#8',
           b'\x1b[?1049h', b'\x1b]52;c;AAAA\x07', b'\x1b[6n']


def is_tame(data, allowed='\n'):
    """Nothing of it drives a terminal (it is UTF-8; newlines apart, before
    which a terminal puts a CR)."""
    text = data.decode('utf-8').replace('\r\n', '\n')
    bidi = set('\u061c\u200e\u200f\u2028\u2029') | set(
        map(chr, (*range(0x202a, 0x202f), *range(0x2066, 0x206a))))
    return all(c in allowed or (ord(c) >= 0x20 and not 0x7f <= ord(c) <= 0x9f
                               and c not in bidi) for c in text)


@case('C02', 'truncated, negative and garbage lengths',
      'one line with what was wrong, exit 1, nothing allocated')
def lengths(t):
    rows = [('netstring', b'-1:,'), ('netstring', b'00:,'),
            ('netstring', b'012:'), ('netstring', b'99999999999:'),
            ('netstring', b'3:abcd'), ('netstring', b':,'),
            ('int', b'\xff\xff\xff\xff'), ('u32', b'\0\0\0\5abc'),
            ('u16', b'\0'), ('nul', b'no end')]
    listener = socket.create_server(('127.0.0.1', 0))
    port = str(listener.getsockname()[1])
    for frame, wire in rows:
        client = t.start('gsock-client', '--recv-only', '-f', frame,
                         '127.0.0.1', port)
        sock = accept(listener)
        sock.sendall(wire)
        sock.shutdown(socket.SHUT_WR)
        t.ok(client.wait() == 1 and one_line(client.err()),
             '%s %r: %s' % (frame, wire, client.err().strip()))
        sock.close()


@case('C05', 'names of 70 kB', 'exit 2 or 3, one line')
def long_names(t):
    for name in ('a' * 70000, 'a.' * 35000, '[' + ':' * 70000 + ']'):
        status, _, err = t.run('gsock-client', name + ':80', 'hola')
        t.ok(status in (2, 3) and err.count('\n') == 1,
             'exit %d: %s' % (status, err[-60:].strip()))


@case('C06', '10,000 SIGHUP and SIGUSR1 during load', 'no loss, no crash',
      'socat CVE-2015-1379, OpenSSH CVE-2024-6387')
def signals(t):
    server = t.server('--echo', t.path('socket'))
    sock = connect(server.address)
    data = os.urandom(8 << 20)
    thread = threading.Thread(
        target=lambda: (sock.sendall(data), sock.shutdown(socket.SHUT_WR)))
    stop = threading.Event()

    def storm():
        for i in range(10000):
            os.kill(server.pid, (signal.SIGHUP, signal.SIGUSR1)[i % 2])
            if stop.is_set() and i > 5000:
                break
    stormer = threading.Thread(target=storm)
    stormer.start()
    thread.start()
    t.ok(read_all(sock) == data, '8 MB intact')
    stop.set()
    stormer.join()
    thread.join()
    t.ok(server.alive(), 'and it lives')
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                          '..', '..', 'src', 'core')
    handlers = subprocess.run(['grep', '-rnE', r'\b(signal|sigaction) \(',
                               source], capture_output=True, text=True).stdout
    t.ok(handlers == '', 'core installs no signal handler: ' + handlers)


@case('C07', '2,000 refused clients', 'descriptors as before',
      'socat CVE-2013-3571')
def refused(t):
    server = t.server('--echo', '--deny=127.0.0.0/8', '--quiet', '127.0.0.1:0')
    before = server.descriptors()
    for _ in range(2000):
        sock = connect(server.address)
        ended(sock)
        sock.close()
    wait_until(lambda: server.descriptors() <= before, 'them to be closed')
    t.ok(True, 'none is kept')


@case('C08', 'every state in which nothing happens', 'under 3 % of a CPU',
      'curl CVE-2025-5399, ncat, GSocketService')
def spins(t):
    states = {
        'idle': lambda s: None,
        'half-closed': lambda s: s.shutdown(socket.SHUT_WR),
        'begun a frame': lambda s: s.sendall(b'\0\0\1\0abc'),
        'not reading': lambda s: flood(s),
    }

    def flood(sock):
        sock.setblocking(False)
        try:
            while True:
                sock.send(b'\0\0\0\4' * 1024)
        except BlockingIOError:
            pass
    for mode in ('--echo', '--discard', '--chat', '--print'):
        server = t.server(mode, '-f', 'u32', t.path('s' + mode))
        socks = []
        for state in states.values():
            sock = connect(server.address)
            state(sock)
            socks.append(sock)
        time.sleep(0.2)
        cpu = server.cpu()
        time.sleep(1)
        burnt = (server.cpu() - cpu) * 100
        t.figure('%s %.0f %%' % (mode, burnt), burnt < 3)
        t.ok(server.alive(), mode + ' lives')
        server.stop(signal.SIGKILL)


@case('C11', 'a line without an end, 64 MiB', 'one line, and memory bounded',
      'GDataInputStream doubles its buffer until abort')
def endless(t):
    server = t.server('--print', t.path('socket'))
    before = server.memory()
    sock = connect(server.address)
    sent = 0
    try:
        while sent < 64 << 20:
            sent += sock.send(b'x' * 65536)
    except OSError:
        pass
    grown = server.memory() - before
    t.ok(sent < 64 << 20, 'it is stopped after %d bytes' % sent)
    t.ok(grown < 4 << 20, 'memory grows by %d bytes' % grown)
    wait_until(lambda: '--max-message' in server.err())
    t.ok(True, 'and it is said')


def passed_on(name, args):
    """How many of the sequences a client shows a terminal as they are."""
    listener = socket.create_server(('127.0.0.1', 0))
    port = listener.getsockname()[1]
    count = 0
    for piece in HOSTILE:
        terminal = Terminal([name, *(arg.replace('%d', str(port))
                                     for arg in args)])
        sock = accept(listener)
        sock.sendall(b'<' + piece + b'>\n')
        sock.close()
        terminal.end()
        count += piece in terminal.shown
    return '%d of %d sequences' % (count, len(HOSTILE))


@case('C21', 'terminal escapes in what is printed and logged',
      'no control character reaches a terminal',
      'socat, ncat, nc, tcpserver, curl, wget and wget2 pass them on')
def escapes(t):
    terminal = Terminal(['gsock-server', '--tag', '-v', '-v',
                         t.path('socket')])
    wait_until(lambda: os.path.exists(t.path('socket')))
    sock = connect('unix:' + t.path('socket'))
    for piece in HOSTILE + [bytes([n]) for n in range(256)]:
        sock.sendall(b'<' + piece + b'>\n')
    sock.sendall(b'the end\n')
    sock.close()
    terminal.expect('the end')
    os.kill(terminal.pid, signal.SIGTERM)
    terminal.end()
    # A tab is the only one that messages keep.
    tame = t.ok(is_tame(terminal.shown, '\n\t'), 'messages: %d sequences and all bytes'
                % len(HOSTILE))
    for piece in HOSTILE:
        if b'\0' in piece:
            continue
        terminal = Terminal(['gsock-client', '--color=never', b'./' + piece + b'/x', 'hola'])
        terminal.end()
        tame &= t.ok(is_tame(terminal.shown)
                     and terminal.shown.count(b'\n') == 1,
                     'a path: %r' % piece)
    t.figure('0 of 256 bytes and %d sequences' % len(HOSTILE) if tame
             else 'some', tame)
    for name, args in (('socat', ('-u', 'TCP:127.0.0.1:%d', '-')),
                       ('ncat', ('--recv-only', '127.0.0.1', '%d')),
                       ('nc', ('-d', '127.0.0.1', '%d'))):
        t.compare(name, passed_on, args)


@case('C25', 'limits of 2 to 4 GiB', 'refused where they can not be kept')
def overflows(t):
    for size in ('4294967296', '9223372036854775807', '18446744073709551615',
                 '18446744073709551616', '16777216T', '-1'):
        server = t.start('gsock-server', '--max-message=' + size, '-f', 'u32',
                         '--echo', t.path('s' + size))
        wait_until(lambda: not server.alive()
                   or os.path.exists(t.path('s' + size)))
        if server.alive():
            sock = connect('unix:' + t.path('s' + size))
            sock.sendall(b'\xff\xff\xff\xff')
            sock.shutdown(socket.SHUT_WR)
            ended(sock)
            t.ok(server.memory() < 64 << 20, '%s: nothing allocated' % size)
            server.stop()
        else:
            t.ok(server.wait() == 2 and one_line(server.err()),
                 '%s: %s' % (size, server.err().strip()))


@case('C01', 'a length of 4 GiB, from a server to a client',
      'refused at the header, nothing allocated', 'socat -b (1.8.0.0)')
def believed_length(t):
    rows = {'u32': b'\xff\xff\xff\xff', 'u32le': b'\xff\xff\xff\xff',
            'netstring': b'4294967295:', 'int': b'\xff\xff\xff\x7f'}
    listener = socket.create_server(('127.0.0.1', 0))
    port = str(listener.getsockname()[1])
    socks = []

    def serve(wire):
        socks.append(accept(listener))
        socks[-1].sendall(wire)     # and nothing more, for ever
    for frame, wire in sorted(rows.items()):
        thread = threading.Thread(target=serve, args=(wire,))
        thread.start()
        status, peak, err = t.peak('gsock-client', '--recv-only', '-f', frame,
                                   '127.0.0.1', port)
        thread.join()
        t.ok(status == 1 and one_line(err) and '--max-message' in err,
             '%s: %s' % (frame, err.strip()))
        if not sanitized():
            t.figure('%s: %.0f MB in all' % (frame, peak / 1e6), peak < 30e6)


@case('C03', 'EINTR from each third call that reads, writes or waits',
      '500 of 500 replies identical')
def interrupted(t):
    needs('strace')
    if sanitized():
        raise Skip('the leak sanitizer works under no tracer')
    path, trace = t.path('socket'), t.path('trace')
    server = t.start('strace', '-D', '-f', '-o', trace, '-e',
                     'trace=recvfrom,recvmsg,sendto,sendmsg,epoll_wait', '-e',
                     'inject=recvfrom,recvmsg,sendto,sendmsg,epoll_wait:'
                     'error=EINTR:when=2+3', 'gsock-server', '--echo', path)
    wait_until(lambda: os.path.exists(path) or not server.alive())
    sock, good = connect('unix:' + path), 0
    for n in range(500):
        message = b'%d ' % n + b'x' * n + b'\n'
        sock.sendall(message)
        good += read_exactly(sock, len(message)) == message
    sock.close()
    t.ok(good == 500, '%d of 500 come back' % good)
    t.ok(server.stop() == 0, 'and the server ends well')
    wait_until(lambda: '+++ exited' in open(trace).read(), 'the whole trace')
    count = open(trace).read().count('(INJECTED)')
    t.ok(count > 100, '%d calls were interrupted' % count)


@case('C04', 'paths too long for a socket, a NUL in a message',
      'refused with the limit; shown as \\x00', 'ncat and GLib cut them')
def cut_names(t):
    base = t.path('')
    for size in (108, 200, 5000):
        path = base + 'p' * (size - len(base))
        for name in ('gsock-client', 'gsock-server'):
            status, _, err = t.run(name, path)
            t.ok(status == 2 and one_line(err) and '107' in err,
                 '%s, %d bytes: %s' % (name, size, err.strip()[-60:]))
    server = t.server('--print', t.path('s'))
    sock = connect(server.address)
    sock.sendall(b'before\0after\n')
    sock.close()
    wait_until(lambda: b'after' in server.out(), 'the message')
    t.ok(server.out() == b'before\0after\n', 'nothing is lost after a NUL')
    listener = socket.create_server(('127.0.0.1', 0))
    terminal = Terminal(['gsock-client', '--color=never', '--recv-only',
                         '127.0.0.1', str(listener.getsockname()[1])])
    sock = accept(listener)
    sock.sendall(b'before\0after\n')
    sock.close()
    terminal.end()
    t.ok(b'before\\x00after' in terminal.shown and is_tame(terminal.shown),
         'a terminal shows it as \\x00')


@case('C09', 'empty messages, and 1,000 of them at once',
      'three of three told, the server lives',
      'nc -lu takes one for the end; curl CVE-2026-11352')
def empty(t):
    rows = {'u32': b'\0\0\0\3one\0\0\0\0\0\0\0\3two',
            'netstring': b'3:one,0:,3:two,', 'line': b'one\n\ntwo\n',
            'nul': b'one\0\0two\0'}
    nothing = {'u32': b'\0\0\0\0', 'netstring': b'0:,', 'line': b'\n',
               'nul': b'\0'}
    for frame, wire in sorted(rows.items()):
        server = t.server('--print', '-f', frame, t.path(frame))
        sock = connect(server.address)
        sock.sendall(wire)
        wait_until(lambda: server.out().count(b'\n') == 3, 'three messages')
        t.ok(server.out() == b'one\n\ntwo\n', '%s: all three' % frame)
        sock.sendall(nothing[frame] * 1000)
        sock.shutdown(socket.SHUT_WR)
        ended(sock)
        wait_until(lambda: server.out().count(b'\n') == 1003, 'all of them')
        t.ok(server.alive(), '%s: and 1,000 empty ones' % frame)
        server.stop()
    server = t.server('--print', 'udp:127.0.0.1:0')
    if not server.address:
        raise Skip('datagrams: ' + server.err().strip()[-80:])
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for piece in (b'one', b'', b'two'):
        sock.sendto(piece, split(server.address)[1])
    wait_until(lambda: b'two' in server.out(), 'the last datagram')
    t.ok(server.out() == b'one\n\ntwo\n', 'datagrams: all three')


@case('C10', 'garbage in every mode and frame, from clients and servers',
      'no abort, no loop', 'libsoup CVE-2024-52532, ncat #1410')
def noise(t):
    dice = random.Random(10)
    frames = ('raw', 'line', 'nul', 'u8', 'u16', 'u32', 'u16le', 'u32le', 'int',
              'netstring')
    for frame in frames:
        server = t.server('--quiet', '--chat', '-f', frame, '--max-message=1000',
                          t.path(frame))
        for _ in range(50):
            sock = connect(server.address)
            try:
                sock.sendall(dice.randbytes(dice.randrange(3000)))
                sock.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            if dice.randrange(2):
                ended(sock)
            sock.close()    # the others with bytes unread: a reset
        cpu = server.cpu()
        time.sleep(0.1)
        t.ok(server.alive() and server.cpu() - cpu < 0.09,
             '%s: 50 clients, and it rests' % frame)
        t.ok(server.stop() == 0, '%s: and ends well' % frame)
    listener = socket.create_server(('127.0.0.1', 0))
    port = str(listener.getsockname()[1])
    for frame in frames:
        statuses = set()
        for _ in range(5):
            client = t.start('gsock-client', '--recv-only', '-f', frame,
                             '127.0.0.1', port)
            sock = accept(listener)
            try:
                sock.sendall(dice.randbytes(dice.randrange(1, 3000)))
            except OSError:
                pass
            sock.close()
            statuses.add(client.wait())
        t.ok(statuses <= {0, 1}, '%s: clients end so: %s' % (frame, statuses))


@case('C22', 'passwords and keys: where others of the machine could see them',
      'not in what is shown, nor in /proc', 'curl blanks argv late')
def hidden(t):
    listener = socket.create_server(('127.0.0.1', 0))
    url = 'http://127.0.0.1:%d/' % listener.getsockname()[1]
    get = t.start('gsock-get', '-v', '-v', '-u', 'ana', url,
                  env=dict(os.environ, GSOCK_PASSWORD='s3cr3t'))
    sock = accept(listener)
    sock.recv(65536)
    sock.sendall(b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="x"\r\n'
                 b'Content-Length: 0\r\n\r\n')
    asked = sock.recv(65536)
    if not asked:
        sock = accept(listener)
        asked = sock.recv(65536)
    line = open('/proc/%d/cmdline' % get.pid, 'rb').read()
    sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    sock.close()
    t.ok(get.wait() == 0, 'it is fetched')
    coded = base64.b64encode(b'ana:s3cr3t')
    t.ok(coded in asked, 'with the password')
    t.ok(b's3cr3t' not in line, 'which the command line has not')
    shown = get.err().encode() + get.out()
    t.ok(b's3cr3t' not in shown and coded not in shown, 'nor what -v -v tells')
    needs_root()    # the rest is about another user
    needs('setpriv')
    certificates(t, 'make_self_signed self IP:127.0.0.1')
    for name in ('', 'self.pem', 'self.key'):
        os.chown(t.path(name), 65534, 65534)
    server = t.start('setpriv', '--reuid=65534', '--regid=65534',
                     '--clear-groups', 'gsock-server', '--echo',
                     '--cert=self.pem', '--key=self.key', 'tls:127.0.0.1:0')
    wait_until(lambda: 'Listening' in server.err() or not server.alive())
    if not server.alive():
        raise Skip('no server for nobody: ' + server.err().strip()[-80:])
    t.ok(os.stat('/proc/%d/environ' % server.pid).st_uid == 0,
         'who has a key is not to be looked into by its own user')


@case('C23', 'an abstract name, which every user of the machine reaches',
      'no command without --allow; others refused',
      'socat ran it for nobody, as root')
def abstract(t):
    name = '@gsock-faults-%d' % os.getpid()
    status, _, err = t.run('gsock-server', name, '--', 'id', '-u')
    t.ok(status == 2 and one_line(err) and '--allow' in err, err.strip())
    needs_root()
    needs('setpriv')
    server = t.server('--allow=uid:0', name, '--', 'id', '-u')
    status, out, err = t.run('gsock-client', '--recv-only', name)
    t.ok((status, out) == (0, b'0\n'), 'whom the rule names is served ' + err)
    status, out, err = t.run('setpriv', '--reuid=65534', '--regid=65534',
                             '--clear-groups', 'gsock-client', '--recv-only',
                             name)
    t.ok(out == b'', 'a stranger is not (exit %d)' % status)
    wait_until(lambda: '65534' in server.err() or 'nobody' in server.err(),
               'a line of the log')
    t.ok(True, 'and the log says who')


@case('C24', "descriptors of ours in a client's command",
      '0, 1 and 2 alone', 'socat and ncat hand theirs on')
def descriptors(t):
    extra = [os.open('/dev/null', os.O_RDONLY) for _ in range(5)]
    for fd in extra:
        os.set_inheritable(fd, True)
    server = t.server(t.path('s'), '127.0.0.1:0', '--', 'python3', '-c',
                      'import os; print(sorted(int(n) for n in '
                      'os.listdir("/proc/self/fd")))', close_fds=False)
    others = [connect(server.address) for _ in range(3)]
    for address in server.addresses:
        sock = connect(address)
        # The last one is of the list itself, which is being read.
        t.ok(read_all(sock) == b'[0, 1, 2, 3]\n', address.split(':')[0])
        sock.close()
    for sock in others:
        sock.close()
    for fd in extra:
        os.close(fd)


@case('C26', 'a PROXY header that nobody asked for', 'it is data, no address',
      'the protocol says: never guess')
def spoofed(t):
    server = t.server('--print', '--tag', '--deny=10.0.0.0/8', '127.0.0.1:0')
    sock = connect(server.address)
    sock.sendall(b'PROXY TCP4 10.1.2.3 10.1.2.4 1 2\r\nhola\n')
    wait_until(lambda: b'hola' in server.out(), 'the message')
    t.ok(server.out().count(b'127.0.0.1') == 2 and b'PROXY' in server.out(),
         'it is printed, and its sender is 127.0.0.1')
    t.ok(not is_closed(sock), 'and no rule is applied to what it says')
    # Where it is asked for, of trusted rules only; and nobody waits for one
    # that never comes.
    server = t.server('--echo', '--accept-proxy=127.0.0.2',
                      '--deny=10.0.0.0/8', '127.0.0.1:0')
    sock = connect(server.address)
    t.ok(ended(sock) == b'', 'from others it is not even read')

    def balancer(data):
        sock = socket.socket()
        sock.bind(('127.0.0.2', 0))
        sock.connect(split(server.address)[1])
        sock.sendall(data)
        return sock
    stalled = [balancer(b'PROXY TCP4 10.1.2.3 10.1') for _ in range(50)]
    sock = balancer(b'PROXY TCP4 10.1.2.3 10.1.2.4 1 2\r\nhola\n')
    t.ok(ended(sock) == b'', 'the rules are for whom a balancer speaks for')
    sock = balancer(b'PROXY TCP4 192.0.2.1 10.1.2.4 1 2\r\nhola\n')
    t.ok(read_line(sock) == b'hola\n', 'others it brings are served')
    began = time.monotonic()
    for other in stalled:
        ended(other)
    t.figure('50 that stall are gone after %.1f s'
             % (time.monotonic() - began))
    wait_until(lambda: server.err().count('no whole PROXY header within 3 s')
               == 50, 'a line for each')
    t.ok(server.alive(), 'each is told')
