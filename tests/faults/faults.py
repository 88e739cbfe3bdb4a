# faults.py: what the fault cases are made of
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A case is a function with an id ("L1", "P3", "C07"): it makes one fault
happen to the tools, checks what must hold (t.ok), and gives the figure that
tells how well (t.figure).  A limit in time or memory that was missed is told
as missed and fails nothing, since a loaded machine misses it too; what is lost,
destroyed or left behind fails."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

LIB = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lib')
sys.path.insert(0, LIB)

from peers import *  # noqa: E402,F401,F403
import peers  # noqa: E402

DEADLINE = peers.DEADLINE
IP_BIND_ADDRESS_NO_PORT = 24
CASES = []


class Skip(Exception):
    """The case can't be tried on this machine."""


def case(id, what, goal, rivals=''):
    """Registers a case.  goal and rivals are for the table: what is to be
    reached, and what others did where it was measured."""
    def add(function):
        CASES.append((id, what, goal, rivals, function))
        return function
    return add


def tool(name):
    path = shutil.which(name)
    if not path:
        raise Skip('there is no ' + name)
    return path


def needs(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Skip('needs ' + program)


def needs_root():
    if os.geteuid() != 0:
        raise Skip('needs root')


def sanitized():
    """Whether the tools are made with a sanitizer: memory means nothing then,
    and no shim can come before it."""
    libraries = subprocess.run(['ldd', tool('gsock-server')],
                               capture_output=True).stdout
    return b'libasan' in libraries or b'libubsan' in libraries


def certificates(t, *commands):
    """What tests/lib/certificates.sh makes of these, in the case's folder."""
    needs('openssl')
    script = ('. "$1/functions.sh"; . "$1/certificates.sh"; %s; '
              'cp "$TLS"/*.pem "$TLS"/*.key "$2"' % '; '.join(commands))
    done = subprocess.run(['sh', '-c', script, 'certificates', LIB, t.dir],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise Skip('cannot make certificates: ' + done.stdout.strip()[-80:])


# Its child's memory is not that of this program, which was its parent's image
# for a moment.
PEAK = '''import resource, subprocess, sys
status = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)'''


class Process:
    """A tool in the background, its stdout and stderr in files."""

    def __init__(self, t, args, **options):
        self.t = t
        t.count += 1
        base = os.path.join(t.dir, 'p%d' % t.count)
        self.out_path, self.err_path = base + '.out', base + '.err'
        limit = options.pop('nofile', None)
        stdout = options.pop('stdout', None) or open(self.out_path, 'wb')
        open(self.out_path, 'ab').close()

        def limits():
            if limit:
                resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))

        options.setdefault('stdin', subprocess.DEVNULL)
        self.process = subprocess.Popen(
            args, stdout=stdout, stderr=open(self.err_path, 'wb'),
            preexec_fn=limits if limit else None, cwd=t.dir, **options)
        self.pid = self.process.pid
        t.processes.append(self.process)

    def out(self):
        return open(self.out_path, 'rb').read()

    def err(self):
        return open(self.err_path, 'rb').read().decode('utf-8', 'replace')

    def alive(self):
        return self.process.poll() is None

    def wait(self, seconds=None):
        return self.process.wait(seconds or DEADLINE)

    def stop(self, number=signal.SIGTERM):
        if self.alive():
            self.process.send_signal(number)
        return self.wait()

    def cpu(self):
        """Seconds of processor time so far."""
        fields = open('/proc/%d/stat' % self.pid).read().rsplit(')', 1)[1]
        fields = fields.split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def memory(self):
        """Bytes that it has made itself.  What is shared with others counts
        for more when they leave, and would be taken for growth."""
        for line in open('/proc/%d/smaps_rollup' % self.pid):
            if line.startswith('Anonymous:'):
                return int(line.split()[1]) * 1024
        return 0

    def descriptors(self):
        return len(os.listdir('/proc/%d/fd' % self.pid))


class Server(Process):
    """gsock-server, ready when made; addresses as it has announced them."""

    def __init__(self, t, *args, **options):
        read, write = os.pipe()
        os.set_inheritable(write, True)
        super().__init__(t, ['gsock-server', '--ready-fd=%d' % write, *args],
                         pass_fds=[write], **options)
        os.close(write)
        with os.fdopen(read) as ready:
            self.addresses = ready.read().split('\n')[:-1]
        self.address = self.addresses[0] if self.addresses else None


class Case:
    """What a case is given."""

    def __init__(self, id):
        self.id = id
        self.dir = tempfile.mkdtemp(prefix='gsock-faults-')
        self.points = []     # (passed, text)
        self.figures = []    # (ours, met or None)
        self.others = []     # (name, text)
        self.processes = []
        self.count = 0

    def path(self, name):
        return os.path.join(self.dir, name)

    def ok(self, passed, text):
        self.points.append((bool(passed), text))
        return bool(passed)

    def figure(self, text, met=None):
        """Ours, as the table has it; met: whether a limit in time or memory
        was kept, None where there is none."""
        self.figures.append((text, met))

    def compare(self, name, measure, *args):
        """What another program makes of the same, as text, where it is here.
        Whatever goes wrong in that fails nothing."""
        if os.environ.get('GSOCK_RIVALS') == 'no' or not shutil.which(name):
            return
        socket.setdefaulttimeout(2)
        try:
            text = measure(name, *args)
        except (Exception, SystemExit) as error:
            text = 'not measured (%s)' % type(error).__name__
        finally:
            socket.setdefaulttimeout(DEADLINE)
        self.others.append((name, text))

    def server(self, *args, **options):
        return Server(self, *args, **options)

    def start(self, *args, **options):
        return Process(self, list(args), **options)

    def run(self, *args, input=None, seconds=None, **options):
        """(status, stdout, stderr), the last as text."""
        done = subprocess.run(args, input=input or b'', cwd=self.dir,
                              capture_output=True,
                              timeout=seconds or DEADLINE, **options)
        return (done.returncode, done.stdout,
                done.stderr.decode('utf-8', 'replace'))

    def peak(self, *args, **options):
        """(status, the most memory it had in bytes, stderr) of a program that
        prints nothing."""
        status, out, err = self.run('python3', '-c', PEAK, *args, **options)
        return status, int(out) * 1024, err

    def clear(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        shutil.rmtree(self.dir, ignore_errors=True)


def one_line(text):
    """One line for a user, without a control character."""
    lines = text.strip('\n').split('\n')
    return len(lines) == 1 and lines[0] != '' and lines[0].isprintable()


def answers(address, message=b'there?'):
    """Whether an echo does."""
    sock = connect(address)
    sock.sendall(message)
    sock.shutdown(socket.SHUT_WR)
    return read_all(sock) == message


def listening(name, path):
    """The command of another program's server at a path, an echo but for
    nc's."""
    options = {'socat': ('UNIX-LISTEN:%s,fork' % path, 'EXEC:cat'),
               'ncat': ('-lkU', path, '-e', '/bin/cat'),
               'nc': ('-lkU', path)}
    return (name, *options[name])


def somebody_listens(path):
    try:
        connect('unix:' + path).close()
    except OSError:
        return False
    return True


def soon(condition, seconds=1):
    """Whether that becomes true: for what others may or may not do."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    return condition()


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def many(address, count):
    """Connected sockets, from several source addresses where there are so many
    that the kernel would have to look for a free port of one."""
    family, native = peers.split(address)
    socks = []
    for i in range(count):
        sock = socket.socket(family, socket.SOCK_STREAM)
        if family == socket.AF_INET and count > 5000:
            sock.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
            sock.bind(('127.0.0.%d' % (2 + i % 4), 0))
        sock.connect(native)
        socks.append(sock)
    return socks


def raise_limit():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
