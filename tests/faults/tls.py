# tls.py: T: handshakes that stall, lie or end too soon; whom TLS lets in
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

import ssl
import threading

from faults import *

NAMES = 'DNS:localhost,IP:127.0.0.1'
SHOW = ('--cert=server.pem', '--key=server.key')
TRUST = '--cacert=ca.pem'


def tls_server(t, *options):
    """An echo by TLS, with a certificate made for it."""
    certificates(t, 'make_authority ca', 'make_certificate server ' + NAMES)
    server = t.server('--echo', *SHOW, *options, 'tls:127.0.0.1:0')
    if not server.address:
        raise Skip('the server has no TLS: ' + server.err().strip()[-80:])
    return server


def under(server):
    """A socket to it, with no TLS yet."""
    return connect('tcp:127.0.0.1:' + server.address.rsplit(':', 1)[1])


def trusting(t):
    return ssl.create_default_context(cafile=t.path('ca.pem'))


def talks(server, context):
    """Whether one more client is served; how long that took."""
    begun = time.monotonic()
    with context.wrap_socket(under(server),
                             server_hostname='localhost') as sock:
        sock.sendall(b'hola')
        good = read_exactly(sock, 4) == b'hola'
        sock.unwrap()
    return good, time.monotonic() - begun


def told(server):
    """Lines about what went wrong."""
    return [line for line in server.err().splitlines()
            if line.startswith('gsock-server: ')]


@case('T1', '50 clients who stall in the handshake, and a good one',
      'it is served within 50 ms; they are dropped after 10 s',
      'ncat and socat keep them, s_server serves nobody else')
def stalled(t):
    server = tls_server(t)
    context = trusting(t)
    talks(server, context)
    before = server.descriptors()
    begun = time.monotonic()
    socks = [under(server) for _ in range(50)]
    for sock in socks[:25]:
        sock.sendall(b'\x16\x03\x01\x02\x00\x01')   # a ClientHello's beginning
    served = [talks(server, context) for _ in range(10)]
    t.ok(all(good for good, _ in served), 'ten good ones are served meanwhile')
    t.ok(not any(is_closed(sock) for sock in socks),
         'nobody is dropped before the time')
    for sock in socks:
        ended(sock)
    took = time.monotonic() - begun
    wait_until(lambda: server.descriptors() <= before, 'them to be closed')
    t.ok(True, 'those who stall are dropped, and no descriptor is kept')
    worst = max(seconds for _, seconds in served)
    t.figure('a good one in %.0f ms at most' % (worst * 1e3), worst < 0.05)
    t.figure('the others dropped after %.1f s' % took, 9 <= took <= 11)


def old_server(t, version):
    """openssl s_server of an old version; its port."""
    server = t.start('openssl', 's_server', '-accept', '127.0.0.1:0', '-rev',
                     '-cert', 'server.pem', '-key', 'server.key', version,
                     '-cipher', 'ALL:@SECLEVEL=0')
    wait_until(lambda: b'ACCEPT 127' in server.out() or not server.alive())
    if not server.alive():
        raise Skip('this openssl has no ' + version[1:])
    line = [line for line in server.out().decode().splitlines()
            if line.startswith('ACCEPT ')][0]
    return line.rsplit(':', 1)[1]


@case('T3', 'TLS 1.0 and 1.1, from a server and from a client',
      'exit 5, and it is said why', 'GIO accepts both')
def too_old(t):
    server = tls_server(t)
    port = server.address.rsplit(':', 1)[1]
    right = 0
    for version in ('-tls1', '-tls1_1'):
        old = old_server(t, version)
        for args in (('gsock-client', 'tls:127.0.0.1:' + old, 'hola'),
                     ('gsock-get', 'https://127.0.0.1:%s/' % old)):
            status, out, err = t.run(*args[:1], TRUST, *args[1:])
            t.ok(status == 5 and out == b'' and one_line(err)
                 and 'TLS 1.2' in err, '%s: %s' % (version, err.strip()))
        before = len(told(server))
        status, _, _ = t.run('openssl', 's_client', '-connect',
                             '127.0.0.1:' + port, version, '-cipher',
                             'ALL:@SECLEVEL=0')
        t.ok(status != 0, '%s: such a client is not served' % version)
        wait_until(lambda: len(told(server)) > before, 'a line of the log')
        right += t.ok('TLS 1.2' in told(server)[-1], told(server)[-1])
    t.figure('%d of 2 versions refused, both sides' % right)


def cutting(t, context, listener, body):
    """A thread that sends body to a client by TLS, and closes without
    close_notify."""
    def serve():
        sock = context.wrap_socket(accept(listener), server_side=True)
        if body.startswith(b'HTTP'):
            sock.recv(65536)
        sock.sendall(body)
        if not body.startswith(b'HTTP'):
            ended(sock)     # or what is unread would make it a reset
        socket.socket.close(sock)
    thread = threading.Thread(target=serve)
    thread.start()
    return thread


@case('T4', 'a connection is cut without close_notify',
      'exit 1 and one line; all that came is delivered, no file appears',
      'socat and curl: exit 0')
def cut(t):
    server = tls_server(t)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(t.path('server.pem'), t.path('server.key'))
    listener = socket.create_server(('127.0.0.1', 0))
    port = listener.getsockname()[1]
    answer = b'HTTP/1.1 200 OK\r\n\r\n' + b'x' * 8192
    for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
        context.minimum_version = context.maximum_version = version
        thread = cutting(t, context, listener, b'x' * 8192)
        status, out, err = t.run('gsock-client', TRUST, '-f', 'raw',
                                 'tls:127.0.0.1:%d' % port)
        thread.join()
        t.ok(status == 1 and one_line(err) and 'close_notify' in err,
             '%s: %s' % (version.name, err.strip()))
        t.ok(out == b'x' * 8192, '%s: 8192 bytes came' % version.name)
        thread = cutting(t, context, listener, answer)
        status, _, err = t.run('gsock-get', TRUST, '-o', 'out',
                               'https://127.0.0.1:%d/' % port)
        thread.join()
        t.ok(status == 1 and one_line(err)
             and not os.path.exists(t.path('out')),
             '%s, a body of no known length: %s' % (version.name, err.strip()))
    before = len(told(server))
    sock = trusting(t).wrap_socket(under(server),
                                   server_hostname='localhost')
    sock.sendall(b'hola')
    read_exactly(sock, 4)
    socket.socket.close(sock)
    wait_until(lambda: len(told(server)) > before, 'a line of the log')
    t.ok('close_notify' in told(server)[-1], 'a client: ' + told(server)[-1])


def hello_of(size):
    """A ClientHello that says it has so many bytes, and has them."""
    message = b'\x01' + size.to_bytes(3, 'big') + b'\x03\x03' + bytes(size - 2)
    return b''.join(b'\x16\x03\x01' + len(piece).to_bytes(2, 'big') + piece
                    for piece in (message[at:at + 16384] for at in
                                  range(0, len(message), 16384)))


@case('T5', 'no TLS on a TLS port: garbage, plain text, a hello of 1 MB, and a '
      'renegotiation', 'one line each, nothing kept')
def garbage(t):
    server = tls_server(t)
    context = trusting(t)
    talks(server, context)
    before, memory = server.descriptors(), server.memory()
    rows = {'plain text': b'GET / HTTP/1.0\r\n\r\n',
            'garbage': bytes(range(128, 256)) * 100,
            'a record of garbage': b'\x16\x03\x01\x40\x00' + b'\xff' * 16384,
            'an alert': b'\x15\x03\x01\x00\x02\x02\x28',
            'escapes': b'\x1b]0;owned\x07\n\x1b[2J',
            'a hello of 1 MB': hello_of(1 << 20)}
    for name, wire in rows.items():
        lines = len(told(server))
        sock = under(server)
        try:
            sock.sendall(wire)
            sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass        # it had enough before the end
        ended(sock)
        sock.close()
        wait_until(lambda: len(told(server)) > lines, 'a line on ' + name)
        new = told(server)[lines:]
        t.ok(len(new) == 1 and new[0].isprintable(), '%s: %s' % (name, new[0]))
    client = t.start('openssl', 's_client', '-tls1_2', '-connect',
                     '127.0.0.1:' + server.address.rsplit(':', 1)[1], stdin=subprocess.PIPE)
    client.process.stdin.write(b'R\n')      # s_client's word for it
    client.process.stdin.flush()
    t.ok(client.wait() != 0, 'a renegotiation ends the client')
    client.process.stdin.close()
    wait_until(lambda: server.descriptors() <= before, 'them to be closed')
    t.ok(talks(server, context)[0], 'and others are served')
    if not sanitized():
        grown = server.memory() - memory
        t.figure('memory grows by %d KiB' % (grown >> 10), grown < 1 << 20)


def put(t, name):
    """Certificate and key in one file, which is never half written."""
    with open(t.path('new'), 'w') as file:
        for kind in '.pem', '.key':
            file.write(open(t.path(name + kind)).read())
    os.chmod(t.path('new'), 0o600)
    os.rename(t.path('new'), t.path('shown.pem'))


@case('T6', 'the certificate changes 100 times under load (SIGHUP)',
      '0 failed handshakes')
def reloads(t):
    certificates(t, 'make_authority ca', 'make_certificate server ' + NAMES,
                 'make_certificate next ' + NAMES)
    put(t, 'server')
    server = t.server('--echo', '--cert=shown.pem', 'tls:127.0.0.1:0')
    if not server.address:
        raise Skip('the server has no TLS: ' + server.err().strip()[-80:])
    context = trusting(t)
    end, failed, subjects, count = threading.Event(), [], set(), [0, 0]

    def load(mine):
        while not end.is_set():
            try:
                with context.wrap_socket(under(server),
                                         server_hostname='localhost') as sock:
                    subjects.add(sock.getpeercert()['subject'])
                    sock.sendall(b'hola')
                    if read_exactly(sock, 4) != b'hola':
                        raise OSError('no echo')
                    sock.unwrap()
                count[mine] += 1
            except Exception as error:
                failed.append(error)
                return
    threads = [threading.Thread(target=load, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    try:
        for n in range(100):
            put(t, ('next', 'server')[n % 2])
            os.kill(server.pid, signal.SIGHUP)
            wait_until(lambda: server.err().count('read again') > n, 'a reload')
        wait_until(lambda: len(subjects) == 2, 'both certificates to be seen')
    finally:
        end.set()
        for thread in threads:
            thread.join()
    t.ok(not failed, 'no handshake fails %s' % failed[:1])
    t.ok(len(subjects) == 2, 'both certificates were shown')
    t.figure('%d failed of %d' % (len(failed), sum(count)))


@case('T2', 'the same for a client and for gsock-get: other host, expired, not '
      'yet valid, unknown authority, signed by itself', 'exit 5, each with '
      'its own words')
@case('C20', 'certificates that are no good, one for each reason',
      'exit 5, each with its own words',
      'GIO has one sentence for three; ncat --ssl checks none')
def matrix(t):
    certificates(t, 'make_authority ca', 'make_authority stranger',
                 'make_certificate good ' + NAMES,
                 'make_certificate other DNS:old.example',
                 'make_certificate expired %s "$EXPIRED"' % NAMES,
                 'make_certificate future %s "$FUTURE"' % NAMES,
                 'make_certificate strange %s "$VALID" "" stranger' % NAMES,
                 'make_self_signed self ' + NAMES)
    said, right = set(), 0
    rows = ('good', 'other', 'expired', 'future', 'strange', 'self')
    for name in rows:
        server = t.server('--quiet', '--echo', '--cert=%s.pem' % name,
                          '--key=%s.key' % name, 'tls:127.0.0.1:0')
        if not server.address:
            raise Skip('the server has no TLS')
        status, out, err = t.run('gsock-client', TRUST, server.address, 'hola')
        port = server.address.rsplit(':', 1)[1]
        if name == 'good':
            right += t.ok((status, out) == (0, b'hola\n'),
                          'a good one is accepted, by address')
            status, out, err = t.run('gsock-client', TRUST,
                                     'tls:localhost:' + port, 'hola')
            right += t.ok((status, out) == (0, b'hola\n'), 'and by name')
            status, out, err = t.run('gsock-client', TRUST,
                                     '--server-name=old.example',
                                     server.address, 'hola')
            right += t.ok(status == 5 and 'old.example' in err,
                          'and for no other: ' + err.strip())
        else:
            right += t.ok(status == 5 and out == b'' and one_line(err),
                          '%s: %s' % (name, err.strip()))
            said.add(err.replace(port, 'PORT').split('sha256:')[0])
            status, _, err = t.run('gsock-get', TRUST,
                                   'https://127.0.0.1:%s/' % port)
            t.ok(status == 5 and one_line(err), '%s: gsock-get too' % name)
        server.stop()
    t.ok(len(said) == len(rows) - 1, 'no two of them in the same words')
    t.figure('%d of 8 certificates right, %d sentences for %d faults' % (
        right, len(said), len(rows) - 1))
