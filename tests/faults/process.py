# process.py: P: socket files, signals, standard streams
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

import json
import threading

from faults import *


def after_kill(name, t):
    """Whether another program starts where its socket file was left."""
    path = t.path('left-by-' + name)
    left = socket.socket(socket.AF_UNIX)
    left.bind(path)
    left.close()
    rival = t.start(*listening(name, path))
    soon(lambda: not rival.alive() or somebody_listens(path))
    starts = rival.alive() and somebody_listens(path)
    rival.stop(signal.SIGKILL)
    return 'starts' if starts else 'refuses'


@case('P1', 'kill -9, then a start on the same path',
      '100 of 100, each under 0.2 s', 'socat, ncat and nginx refuse')
def restart(t):
    path, good, slowest = t.path('socket'), 0, 0.0
    server = t.server('--echo', path)
    for _ in range(100):
        server.stop(signal.SIGKILL)
        begun = time.monotonic()
        server = t.server('--echo', path)
        took = time.monotonic() - begun
        slowest = max(slowest, took)
        good += answers('unix:' + path)
    t.ok(good == 100, 'every one serves')
    t.figure('%d of 100, slowest %.0f ms' % (good, slowest * 1e3),
             slowest < 0.2)
    server.stop()
    t.ok(not os.path.exists(path), 'and the last one leaves nothing')
    for name in 'socat', 'ncat', 'nc':
        t.compare(name, after_kill, t)


def identity(path):
    status = os.lstat(path)
    return status.st_dev, status.st_ino, status.st_mode, status.st_size


def keeps(name, t, path):
    """Whether what stands at a path is there after another program's start."""
    before = identity(path)
    rival = t.start(*listening(name, path))
    soon(lambda: not rival.alive() or not os.path.lexists(path)
         or identity(path) != before)
    rival.stop(signal.SIGKILL)
    return os.path.lexists(path) and identity(path) == before


@case('P2', "somebody's living socket stands at the path",
      'exit 4, the socket kept', 'nc and unlink-early steal it')
def living(t):
    path = t.path('socket')
    foreign = socket.socket(socket.AF_UNIX)
    foreign.bind(path)
    foreign.listen(1)
    before = identity(path)
    status, _, err = t.run('gsock-server', '--echo', path)
    t.ok(status == 4 and one_line(err), 'exit 4 and one line: ' + err.strip())
    kept = t.ok(identity(path) == before, 'it is the same')
    t.ok(somebody_listens(path), 'and still answers')
    t.figure('%d of 1 kept' % kept)

    def steals(name):
        return '%d of 1 kept' % keeps(name, t, path)
    for name in 'socat', 'ncat', 'nc':
        t.compare(name, steals)


@case('P3', 'a file, a folder, a link, a dangling link or a FIFO at the path',
      'exit 4, none destroyed', 'nc and unlink-early delete the file')
def foreign_objects(t):
    def a_file(path):
        open(path, 'w').write('precious')
    rows = {'file': a_file, 'folder': os.mkdir, 'fifo': os.mkfifo,
            'link': lambda p: os.symlink('/etc/passwd', p),
            'dangling': lambda p: os.symlink(t.path('nowhere'), p)}
    kept = 0
    for name, make in sorted(rows.items()):
        path = t.path(name)
        make(path)
        before = identity(path)
        status, _, err = t.run('gsock-server', '--echo', path)
        t.ok(status == 4 and one_line(err), '%s: exit 4: %s' % (name,
                                                               err.strip()))
        kept += t.ok(identity(path) == before, '%s: untouched' % name)
    t.ok(not os.path.lexists(t.path('nowhere')), "a link's target is not made")
    t.figure('%d of %d kept' % (kept, len(rows)))

    def spares(rival):
        kept = 0
        for name, make in sorted(rows.items()):
            path = t.path(rival + name)
            make(path)
            kept += keeps(rival, t, path)
        return '%d of %d kept' % (kept, len(rows))
    for name in 'socat', 'ncat', 'nc':
        t.compare(name, spares)


@case('P4', '10 starts at once on one path (200 rounds in "make reliability")',
      'one winner in each', 'nc and unlink-early: 10 run, 9 unreachable')
def at_once(t):
    path, good = t.path('socket'), 0
    rounds = int(os.environ.get('GSOCK_FAULT_ROUNDS', '20'))
    for _ in range(rounds):
        servers = [subprocess.Popen(['gsock-server', '--quiet', '--echo', path],
                                    stderr=subprocess.DEVNULL)
                   for _ in range(10)]
        left = [s for s in servers]

        def others_gone():
            left[:] = [s for s in left if s.poll() is None]
            return len(left) <= 1
        wait_until(others_gone, 'nine to give up')
        lost = [s.returncode for s in servers if s not in left]
        wait_until(lambda: os.path.exists(path))
        good += len(left) == 1 and lost == [4] * 9 and answers('unix:' + path)
        for server in left:
            server.terminate()
            server.wait()
    t.ok(good == rounds, 'one serves and nine are refused')
    t.figure('one winner in %d of %d rounds' % (good, rounds))

    def run_at_once(name):
        path = t.path('of-' + name)
        rivals = [t.start(*listening(name, path)) for _ in range(10)]
        soon(lambda: sum(r.alive() for r in rivals) <= 1)
        count = sum(r.alive() for r in rivals)
        for rival in rivals:
            rival.stop(signal.SIGKILL)
        return '%d of 10 run' % count
    for name in 'socat', 'ncat', 'nc':
        t.compare(name, run_at_once)


@case('P5', 'who may connect while the socket file is being made',
      'never wider than asked')
def rights(t):
    needs('strace')
    trace = t.path('trace')
    path = t.path('socket')
    server = t.start('strace', '-D', '-f', '-o', trace, '-e',
                     'trace=bind,listen,chmod,fchmodat,rename,renameat,'
                     'renameat2,umask,linkat', 'gsock-server', '--echo', path)
    wait_until(lambda: os.path.exists(path))
    wait_until(lambda: 'Listening' in server.err())
    calls = [line.split(None, 1)[1].split('(')[0]
             for line in open(trace) if '(' in line]
    order = [c for c in calls if c in ('bind', 'chmod', 'fchmodat', 'listen')]
    t.ok(order.index('listen') > order.index('bind'), 'bound, then listening')
    chmods = [i for i, c in enumerate(order) if 'chmod' in c]
    umasks = [line for line in open(trace) if 'umask(0177)' in line]
    t.ok(umasks or (chmods and chmods[0] < order.index('listen')),
         'its rights are set before it listens')
    names = [line for line in open(trace) if 'rename' in line]
    t.ok(names and 'listen' in calls[:[i for i, c in enumerate(calls)
                                       if 'rename' in c][0]],
         'and it listens before it has its name')
    t.ok(os.stat(path).st_mode & 0o777 == 0o600, 'mode 0600')
    server.stop()


@case('P6', 'paths of 107, 108 and 137 bytes, with spaces and UTF-8',
      '107 works, the rest is refused, none cut', 'ncat binds another name')
def paths(t):
    base = t.path('')
    for size, status in ((107, 0), (108, 2), (137, 2)):
        path = base + 'p' * (size - len(base))
        if status == 0:
            server = t.server('--echo', path)
            t.ok(answers('unix:' + path), '107 bytes work')
            server.stop()
            continue
        got, _, err = t.run('gsock-server', '--echo', path)
        t.ok(got == status and '107' in err and one_line(err),
             '%d bytes: %s' % (size, err.strip()[-60:]))
    t.ok(os.listdir(t.dir) and not [n for n in os.listdir(t.dir)
                                    if n.startswith('ppp')], 'nothing is left')
    for name in ('un espacio', 'ñandú'):
        server = t.server('--echo', t.path(name))
        t.ok(answers('unix:' + t.path(name)), repr(name))
        server.stop()


@case('P7', 'SIGTERM with 8 MB in flight',
      'all of it arrives, new clients are refused, exit 0',
      'ncat: its children still accept')
def drain(t):
    server = t.server('--echo', '127.0.0.1:0')
    sock = connect(server.address)
    data = os.urandom(8 << 20)
    got = []
    reader = threading.Thread(target=lambda: got.append(read_all(sock)))
    sock.sendall(data[:1 << 20])
    server.process.terminate()
    wait_until(lambda: 'Stopping' in server.err())
    try:
        connect(server.address)
        refused = False
    except OSError:
        refused = True
    reader.start()
    sock.sendall(data[1 << 20:])
    sock.shutdown(socket.SHUT_WR)
    reader.join(DEADLINE)
    t.ok(refused, 'a new client is refused')
    t.ok(got == [data], '8 MB arrive')
    t.ok(server.wait() == 0, 'exit 0')


@case('P9', 'standard output is full, closed or a broken pipe',
      'exit 7 and one line', 'nc: exit 0, silent')
def output(t):
    listener = socket.create_server(('127.0.0.1', 0))
    port = str(listener.getsockname()[1])

    def serve():
        sock = accept(listener)
        sock.sendall(b'x' * 100000)
        sock.shutdown(socket.SHUT_WR)
        ended(sock)
    told = 0
    for name in ('/dev/full', 'closed'):
        thread = threading.Thread(target=serve)
        thread.start()
        if name == 'closed':
            client = t.start('sh', '-c', 'exec gsock-client --recv-only '
                             '127.0.0.1 %s >&-' % port)
        else:
            client = t.start('gsock-client', '--recv-only', '127.0.0.1', port,
                             stdout=open(name, 'wb'))
        status = client.wait()
        thread.join()
        told += t.ok(status == 7 and one_line(client.err()),
                     '%s: exit %d: %s' % (name, status, client.err().strip()))
    t.figure('%d of 2 told' % told)

    def on_full(name, *args):
        thread = threading.Thread(target=serve)
        thread.start()
        rival = t.start(name, *args, stdout=open('/dev/full', 'wb'))
        status = rival.wait(5)
        thread.join()
        return 'exit %d, %s' % (status, 'told' if rival.err() else 'silent')
    t.compare('socat', on_full, '-u', 'TCP:127.0.0.1:' + port, '-')
    t.compare('ncat', on_full, '--recv-only', '127.0.0.1', port)
    t.compare('nc', on_full, '-d', '127.0.0.1', port)


@case('P10', '200 clients close while they are written to', 'no death, no spin')
def sigpipe(t):
    server = t.server('--chat', '-f', 'raw', t.path('socket'))
    socks = [connect(server.address) for _ in range(200)]
    speaker = connect(server.address)
    wait_until(lambda: server.descriptors() > 201)
    for sock in socks:
        speaker.sendall(b'y' * 4096)
        sock.close()
    wait_until(lambda: server.descriptors() < 30, 'them to be gone')
    cpu = server.cpu()
    time.sleep(0.5)
    t.ok(server.alive(), 'it lives')
    t.figure('%.0f %% CPU afterwards' % ((server.cpu() - cpu) * 200),
             server.cpu() - cpu < 0.02)


@case('P13', 'no space for --record', 'it goes on serving, and says so once')
def no_space(t):
    server = t.server('--echo', '--record=/dev/full', t.path('socket'))
    for _ in range(20):
        t.ok(answers(server.address), 'served') if _ == 19 else answers(
            server.address)
    told = server.err().count('/dev/full')
    t.ok(told == 1, 'told once (%d)' % told)
    server.stop()


@case('P14', 'the clock is set forward and back by a day',
      'time limits are as they were')
def clock(t):
    # Only CLOCK_REALTIME can be set; what is asked is which clock is used.
    needs('strace')
    trace = t.path('trace')
    server = t.start('strace', '-D', '-f', '-o', trace, '-e',
                     'trace=timerfd_create,clock_gettime,clock_nanosleep',
                     'gsock-server', '-i', '100ms', '--echo', t.path('socket'))
    wait_until(lambda: 'Listening' in server.err())
    sock = connect('unix:' + t.path('socket'))
    t.ok(ended(sock) == b'', 'a silent client is dropped')
    server.stop()
    t.ok('CLOCK_REALTIME' not in open(trace).read(),
         'and no timer knows the time of day')


@case('P15', 'started with stdin, stdout and stderr closed',
      'no socket becomes one of them')
def closed_streams(t):
    path = t.path('socket')
    server = t.start('sh', '-c', 'exec gsock-server --echo %s <&- >&- 2>&-'
                     % path)
    wait_until(lambda: os.path.exists(path))
    t.ok(answers('unix:' + path), 'it serves')
    streams = [os.readlink('/proc/%d/fd/%d' % (server.pid, fd))
               for fd in (0, 1, 2)]
    t.ok(streams == ['/dev/null'] * 3, 'they are /dev/null: %s' % streams)


@case('P17', 'how much the example units expose (systemd-analyze security)',
      '2.0 of 10 at most', 'a unit with nothing set: 9.6')
def exposure(t):
    needs('systemd-analyze')
    units = os.path.join(LIB, '..', '..', 'examples', 'systemd')
    for unit, name in (('gsock-echo@.service', 'gsock-echo@1.service'),
                       ('gsock-greet.service', 'gsock-greet.service')):
        shutil.copy(os.path.join(units, unit), t.path(name))
        status, out, err = t.run('systemd-analyze', 'security',
                                 '--offline=yes', '--no-pager', t.path(name))
        words = out.decode('utf-8', 'replace').strip().splitlines()[-1:]
        numbers = [word for word in ' '.join(words).split()
                   if word.replace('.', '', 1).isdigit()]
        if not numbers:
            raise Skip('systemd-analyze tells none: ' + err.strip()[-80:])
        t.ok(float(numbers[0]) <= 2.0, '%s: %s' % (unit, numbers[0]))
        t.figure('%s %s' % (unit, numbers[0]))


@case('P16', 'all 256 bytes in messages, paths and arguments',
      'text is escaped, JSON is lossless')
def all_bytes(t):
    name = b''.join(bytes([b]) for b in range(1, 256) if b not in b'/')[:60]
    path = os.path.join(os.fsencode(t.dir), name)
    read, write = os.pipe()
    os.set_inheritable(write, True)
    server = t.start('gsock-server', '--json', '-v', '-v', '-f', 'raw', '--echo',
                     '--ready-fd=%d' % write, path, pass_fds=[write])
    os.close(write)
    with os.fdopen(read, 'rb') as ready:
        ready.read()
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(path)
    data = bytes(range(256))
    sock.sendall(data)
    sock.shutdown(socket.SHUT_WR)
    t.ok(read_all(sock) == data, 'the echo has them')
    wait_until(lambda: '"closed"' in server.err())
    events = [json.loads(line) for line in server.err().splitlines()]
    t.ok(True, 'every line is JSON')
    t.ok(all(ord(c) >= 32 for c in server.err() if c != '\n'),
         'without a control character')
    import base64
    came = [e['data'] for e in events
            if e['event'] == 'data' and e['direction'] == 'in']
    came = [base64.b64decode(d['base64']) if isinstance(d, dict)
            else d.encode() for d in came]
    t.ok(b''.join(came) == data, 'and with every byte')
