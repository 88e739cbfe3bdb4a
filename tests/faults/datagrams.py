# datagrams.py: messages that are too long, or that nobody takes; full queues
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

from faults import *


def receiver(t, kind, name):
    sock = socket.socket(socket.AF_UNIX, kind)
    sock.bind(t.path(name))
    return sock


@case('F9', 'datagrams and records longer than --max-message',
      'none is cut and taken for whole: exit 1, or told and dropped')
def too_long(t):
    rows = {'udp:127.0.0.1:0': socket.SOCK_DGRAM,
            'unix-dgram:' + t.path('datagrams'): socket.SOCK_DGRAM,
            'unix-seqpacket:' + t.path('records'): socket.SOCK_SEQPACKET}
    for address, kind in rows.items():
        server = t.server('--print', '--max-message=100', address)
        if not server.address:
            t.ok(False, 'it serves %s: %s' % (address, server.err().strip()))
            continue
        name = address.split(':')[0]
        where = server.address.split(':', 1)[1]
        sock = socket.socket(socket.AF_UNIX if 'unix' in name
                             else socket.AF_INET, kind)
        if 'unix' in name:
            sock.connect(where)
        else:
            sock.connect(('127.0.0.1', int(where.rsplit(':', 1)[1])))
        sock.send(b'x' * 100)
        wait_until(lambda: server.out().count(b'x') == 100, '100 bytes')
        sock.send(b'y' * 101)
        wait_until(lambda: '--max-message' in server.err(), 'a line of it')
        t.ok(b'y' not in server.out(), '%s: 101 bytes are not printed' % name)
        again = sock
        if kind == socket.SOCK_SEQPACKET:
            again = socket.socket(socket.AF_UNIX, kind)
            again.connect(where)
        again.send(b'z' * 50)
        wait_until(lambda: server.out().count(b'z') == 50, 'the next one')
        t.ok(server.alive(), '%s: it goes on' % name)
        server.stop()


@case('F12', 'who sends by UDP may lie about his address',
      'what is sent there is never longer than what came')
def amplification(t):
    for mode in ('--echo', '--greet=' + 'g' * 1000, '--discard'):
        server = t.server(mode, 'udp:127.0.0.1:0')
        if not server.address:
            t.ok(False, 'it serves udp: ' + server.err().strip())
            continue
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.connect(('127.0.0.1', int(server.address.rsplit(':', 1)[1])))
        sock.settimeout(0.3)
        came = sent = 0
        for size in (1, 10, 100):
            sock.send(b'q' * size)
            sent += size
            try:
                while True:
                    came += len(sock.recv(65536))
            except OSError:
                pass
        t.ok(came <= sent, '%s: %d bytes for %d' % (mode[:8], came, sent))
        t.figure('%s %.1f' % (mode.split('=')[0], came / sent))
        server.stop()


@case('L14', 'nobody reads the datagrams of a UNIX socket',
      'the sender waits without spinning, until its time limit')
def full_queue(t):
    sock = receiver(t, socket.SOCK_DGRAM, 'mute')
    client = t.start('gsock-client', '-i', '2s', 'unix-dgram:' + t.path('mute'),
                     *['message %d' % i for i in range(500)])
    # The queue is full when nothing more comes of it.
    wait_until(lambda: client.cpu() > 0 or not client.alive())
    time.sleep(0.5)
    before = client.cpu() if client.alive() else 0
    time.sleep(1)
    burnt = client.cpu() - before if client.alive() else 0
    t.figure('%.1f %% CPU while it waits' % (burnt * 100), burnt < 0.03)
    status = client.wait()
    t.ok(status == 124 and one_line(client.err()),
         'exit %d: %s' % (status, client.err().strip()))
    client = t.start('gsock-client', '-q', '500ms',
                     'unix-dgram:' + t.path('mute'), 'one more')
    status = client.wait()
    t.ok(status == 124 and one_line(client.err()),
         'exit %d: %s' % (status, client.err().strip()))
    del sock


@case('L15', 'the backlog of a UNIX socket is full',
      'the client tries until its time limit, without spinning')
def full_backlog(t):
    sock = receiver(t, socket.SOCK_STREAM, 'full')
    sock.listen(0)
    others = []
    while True:
        other = socket.socket(socket.AF_UNIX)
        other.setblocking(False)
        others.append(other)
        if other.connect_ex(t.path('full')) != 0:
            break
    begun = time.monotonic()
    client = t.start('gsock-client', '-w', '1s', t.path('full'), 'hola')
    status = client.wait()
    took = time.monotonic() - begun
    t.ok(status in (4, 124) and one_line(client.err()),
         'exit %d: %s' % (status, client.err().strip()))
    t.figure('%.2f s of 1' % took, took < 1.5)
    client = t.start('gsock-client', '-w', '20s', '--recv-only',
                     t.path('full'))
    accept(sock).close()
    taken = accept(sock)
    taken.sendall(b'room')
    taken.close()
    t.ok(client.wait() == 0 and client.out() == b'room',
         'when there is room it is served: ' + client.err().strip())
