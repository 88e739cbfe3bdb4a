# proxy.py: a proxy that speaks as it is told, keeps what it heard in "heard"
# and a line for each client in "clients", and connects on to whom it is asked
# for.  "python3 proxy.py MODE [USER:PASSWORD]"; MODE is a protocol, or a
# misbehaviour.
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

import base64
import threading
from peers import *

mode = sys.argv[1]
secret = sys.argv[2] if len(sys.argv) > 2 else ''
listener = listen()


def hear(sock, size):
    data = read_exactly(sock, size)
    with open('heard', 'ab') as heard:
        heard.write(data)
    return data


def pump(a, b):
    try:
        while True:
            piece = a.recv(65536)
            if not piece:
                break
            b.sendall(piece)
        b.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def join(sock, host, port, answer):
    upstream = socket.create_connection((host, port))
    # What the target says first comes in one piece with our answer.
    early = b''
    if mode.endswith('-early'):
        early = upstream.recv(65536)
    sock.sendall(answer + early)
    threads = [threading.Thread(target=pump, args=pair)
               for pair in ((sock, upstream), (upstream, sock))]
    [t.start() for t in threads]
    [t.join() for t in threads]


def until_zero(sock):
    text = b''
    while True:
        byte = hear(sock, 1)
        if byte in (b'\0', b''):
            return text
        text += byte


def socks4(sock):
    head = hear(sock, 8)
    user = until_zero(sock)
    port = struct.unpack('>H', head[2:4])[0]
    host = socket.inet_ntoa(head[4:8])
    if head[4:7] == b'\0\0\0':
        host = until_zero(sock).decode()
    if secret and user != secret.encode():
        sock.sendall(b'\0\x5d' + b'\0' * 6)
        return
    join(sock, host, port, b'\0\x5a' + b'\0' * 6)


def socks5(sock):
    head = hear(sock, 2)
    methods = hear(sock, head[1])
    if secret:
        if 2 not in methods:
            sock.sendall(b'\5\xff')
            return
        sock.sendall(b'\5\2')
        size = hear(sock, 2)[1]
        user = hear(sock, size)
        word = hear(sock, hear(sock, 1)[0])
        if (user + b':' + word).decode() != secret:
            sock.sendall(b'\1\1')
            return
        sock.sendall(b'\1\0')
    else:
        sock.sendall(b'\5\0')
    kind = hear(sock, 4)[3]
    if kind == 3:
        host = hear(sock, hear(sock, 1)[0]).decode()
    elif kind == 1:
        host = socket.inet_ntoa(hear(sock, 4))
    else:
        host = socket.inet_ntop(socket.AF_INET6, hear(sock, 16))
    port = struct.unpack('>H', hear(sock, 2))[0]
    if mode.startswith('refuse'):
        sock.sendall(b'\5' + bytes([int(mode[6:])]) + b'\0\1' + b'\0' * 6)
        return
    join(sock, host, port, b'\5\0\0\3\x04name\0\0')


# Asks in place of its client, and stays for what that asks next.
def forward(sock, head):
    method, url, version = head.split(b'\r\n')[0].split(b' ')
    place, _, path = url.partition(b'://')[2].partition(b'/')
    host, _, port = place.decode().rpartition(':')
    fields = [line for line in head.split(b'\r\n')[1:-2]
              if not line.lower().startswith(b'proxy-')]
    upstream = socket.create_connection((host.strip('[]'), int(port)))
    upstream.sendall(b'\r\n'.join([method + b' /' + path + b' HTTP/1.1', *fields,
                                   b'Via: 1.1 proxy', b'Connection: close',
                                   b'', b'']))
    while True:
        piece = upstream.recv(65536)
        if not piece:
            break
        sock.sendall(piece)


def http(sock):
    while True:
        head = b''
        while not head.endswith(b'\r\n\r\n'):
            byte = hear(sock, 1)
            if not byte:
                return
            head += byte
        if not http_one(sock, head):
            return


def http_one(sock, head):
    want = b'Basic ' + base64.b64encode(secret.encode())
    if secret and want not in head:
        sock.sendall(b'HTTP/1.1 407 Who are you\r\nContent-Length: 4\r\n'
                     b'Proxy-Authenticate: %s realm="x"\r\n\r\nwho?'
                     % (b'NTLM' if mode == 'http-ntlm' else b'Basic'))
        return head.startswith(b'GET')
    if mode.startswith('status'):
        sock.sendall(b'HTTP/1.1 %s Not \x1b[31mtoday\r\nX: y\r\n\r\n'
                     % mode[6:].encode())
        return False
    if not head.startswith(b'CONNECT '):
        forward(sock, head)
        return True
    host, port = head.split()[1].decode().rsplit(':', 1)
    join(sock, host.strip('[]'), int(port),
         b'HTTP/1.1 200 Connected\r\nX-Long: ' + b'x' * 300 + b'\r\n\r\n')
    return False


def serve(sock):
    try:
        if mode.startswith('socks4'):
            socks4(sock)
        elif mode.startswith(('socks5', 'refuse')):
            socks5(sock)
        elif mode.startswith(('http', 'status')):
            http(sock)
        elif mode == 'garbage':
            sock.recv(1)
            sock.sendall(b'SSH-2.0-nonsense and more of it\r\n' * 4)
            ended(sock)
        elif mode == 'endless':
            sock.sendall(b'HTTP/1.1 200 OK\r\n')
            while True:
                sock.sendall(b'X: ' + b'y' * 1000 + b'\r\n')
        elif mode == 'cut':
            sock.recv(3)
            sock.sendall(b'\5')
        elif mode == 'mute':
            ended(sock)
    except OSError:
        pass
    sock.close()


while True:
    try:
        sock = listener.accept()[0]
    except OSError:
        break
    with open('clients', 'a') as clients:
        clients.write('client\n')
    threading.Thread(target=serve, args=(sock,), daemon=True).start()
