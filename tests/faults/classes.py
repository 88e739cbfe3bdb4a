# classes.py: C: bug classes that brought others down, one named case each;
# those that a fault of another group shows are there
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

import threading

from faults import *

# Sequences that drive a terminal, or make a line look like two.
HOSTILE = [b'\x1b]0;owned\x07', b'\x9b31m', b'\xc2\x9b31m', b'\x1b[2J',
           b'\x1bPq\x1b\\', 'a\u202eb'.encode(), 'a\u2066b'.encode(),
           b'\r\nTue 09:00 FAKE', b'\x08\x08\x08', b'\x7f', b'\x00', b'\x0e',
           b'\xff\xfe', b'\x85', b'\xc2\x85', b'\xe2\x80\xa8', b'\x1b#8',
           b'\x1b[?1049h', b'\x1b]52;c;AAAA\x07', b'\x1b[6n']


def is_tame(data):
    """Nothing of it drives a terminal (it is UTF-8; newlines apart)."""
    text = data.decode('utf-8')
    bidi = set('\u061c\u200e\u200f\u2028\u2029') | set(
        map(chr, (*range(0x202a, 0x202f), *range(0x2066, 0x206a))))
    return all(c in '\n\r' or (ord(c) >= 0x20 and not 0x7f <= ord(c) <= 0x9f
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


@case('C21', 'terminal escapes in what is printed and logged',
      'no control character reaches a terminal',
      'socat, ncat, nc, tcpserver, curl, wget and wget2 pass them on')
def escapes(t):
    terminal = Terminal(['gsock-server', '--tag', '-v', '-v',
                         t.path('socket')])
    wait_until(lambda: os.path.exists(t.path('socket')))
    sock = connect('unix:' + t.path('socket'))
    for piece in HOSTILE:
        sock.sendall(b'<' + piece + b'>\n')
    sock.sendall(b'the end\n')
    sock.close()
    terminal.expect('the end')
    os.kill(terminal.pid, signal.SIGTERM)
    terminal.end()
    t.ok(is_tame(terminal.shown), 'messages: %d sequences' % len(HOSTILE))
    for piece in HOSTILE:
        if b'\0' in piece:
            continue
        terminal = Terminal(['gsock-client', '--color=never', b'./' + piece + b'/x', 'hola'])
        terminal.end()
        t.ok(is_tame(terminal.shown) and terminal.shown.count(b'\n') == 1,
             'a path: %r' % piece)


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
