# http.py: H: web servers that lie, flood, stall and lead astray, and the bug
# classes that are theirs.  No case may import Python's own "http": it is this.
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

import ssl
import threading

from faults import *

sys.path.insert(1, os.path.join(os.path.dirname(LIB), 'fuzz'))
import fuzzing  # noqa: E402

HELLO = b'hola mundo\n'
GET = ('gsock-get', '-w5', '--max-time=20')
# Bodies, heads and floods that are no success (see tests/lib/evil-http.py).
LIES = ('shortcl', 'nobody', 'reset', 'lastchunk', 'shortchunk', 'midchunk',
        'badchunk', 'negchunk', 'hugechunk', 'twocl', 'listcl', 'negcl',
        'hugecl', 'tecl', 'nulhdr', 'barecr', 'nothing', 'cutgzip',
        'trailerflood', 'hdrflood', 'endless/heads', 'endless/interims')
STALLS = ('drip', 'never')


def evil(t):
    """The URLs of the evil server's two ports, which are two origins."""
    server = t.start('python3', os.path.join(LIB, 'evil-http.py'))
    wait_until(lambda: b'\n' in server.out(), 'the evil server')
    return ['http://127.0.0.1:%s/' % port for port in
            server.out().decode().split()]


def seen(t, here):
    """The heads of all requests so far."""
    return t.run(*GET, here + '_log')[1].decode()


def refused(t, url, statuses, *options, name=None):
    """One point: it ends so, with one line, and no file."""
    status, _, err = t.run(*GET, *options, '-o', 'out', url)
    good = (status in statuses and one_line(err)
            and not os.path.exists(t.path('out')))
    t.ok(good, '%s: exit %d: %s' % (name or url.split('/', 3)[3], status,
                                    err.strip()[-80:]))
    for left in ('out', 'out.part', 'out.part.info'):
        if os.path.lexists(t.path(left)):
            os.remove(t.path(left))
    return good


def failures_of(program, t, here, *options):
    """How many of the same another program takes for a failure."""
    failures = 0
    for name in LIES + STALLS:
        try:
            failures += t.run(program, *options, here + name,
                              seconds=4)[0] != 0
        except subprocess.TimeoutExpired:
            pass    # it goes on for ever
    return '%d of %d' % (failures, len(LIES + STALLS))


@case('H1', '24 answers that are cut, malformed, endless or never come',
      '24 of 24 non-zero, no file made', 'wget2: 0 of the 8 bodies tried')
def lies(t):
    here = evil(t)[0]
    good = sum(refused(t, here + name, (1,), '--compressed') for name in LIES)
    good += sum(refused(t, here + name, (124,), '--max-time=300ms')
                for name in STALLS)
    t.figure('%d of %d' % (good, len(LIES + STALLS)))
    begun = time.monotonic()
    refused(t, here + 'drip', (124,), '--max-time=2s', name='a drip, 2 s')
    took = time.monotonic() - begun
    t.figure('--max-time: %.2f s of 2' % took, 1.8 <= took <= 2.2)
    t.compare('curl', failures_of, t, here, '-sS', '--compressed', '-m2', '-o',
              '/dev/null')
    t.compare('wget2', failures_of, t, here, '-q', '--tries=1', '--timeout=2',
              '-O', '/dev/null')


@case('H2', 'redirects to other schemes, in circles and without end',
      'exit 6 (1 where it is no URL), no file made',
      'curl follows ftp, wget2: exit 0')
def redirects(t):
    here = evil(t)[0]
    for name in ('file', 'data', 'ftp', 'scheme', 'self', 'circle1'):
        refused(t, here + 'to/' + name, (6,))
    for name in ('nourl', 'nohost'):
        refused(t, here + 'to/' + name, (1,))
    refused(t, here + 'count/0', (6,))
    status, out, err = t.run(*GET, here + 'to/near')
    t.ok((status, out) == (0, HELLO), 'and a good one is followed: ' + err)


@case('H3', 'names out of URLs and heads: .., /, dots, NUL, controls, 300 bytes',
      'exit 2, nothing made', 'curl -OJ and wget make .bashrc')
def names(t):
    here = evil(t)[0]
    os.mkdir(t.path('here'))
    rows = ('', '.bashrc', '%2e%2e', '..%2f..%2fevil', '%2fetc%2fevil',
            'a%00b', 'a%1b]0;b', 'a%0ab', 'a' * 300)
    run = 'cd here && exec gsock-get -w5 -O "$1"'
    for name in rows:
        status, _, err = t.run('sh', '-c', run, 'sh', here + 'name/' + name)
        t.ok(status == 2 and one_line(err),
             '%r: %s' % (name[:20], err.strip()[-70:]))
    t.ok(os.listdir(t.path('here')) == [], 'nothing is made')
    status, _, err = t.run('sh', '-c', run, 'sh', here + 'name/x/../good')
    t.ok((status, os.listdir(t.path('here'))) == (0, ['good']),
         "the URL's last part it is, whatever Content-Disposition says")


@case('C12', 'a small body that is a large one when decoded',
      'exit 1 at --max-size; not decoded unless asked', 'curl CVE-2023-23916')
def bomb(t):
    here = evil(t)[0]
    refused(t, here + 'bomb', (1,), '--compressed', '--max-size=1M')
    refused(t, here + 'codings', (1,), '--compressed')
    head = t.run(*GET, '--no-compressed', here + 'gzip')
    t.ok('gzip' not in seen(t, here).rsplit('GET /gzip', 1)[1],
         '--no-compressed asks for no coding (exit %d)' % head[0])


@case('H5', '2 GiB of zeros in 2 MB', 'exit 1 at --max-size, in 30 MB',
      'curl, wget2: to the end')
def large_bomb(t):
    here = evil(t)[0]
    status, peak, err = t.peak(*GET, '--compressed', '--max-size=100M', '-o',
                               'out', here + 'bomb')
    t.ok(status == 1 and one_line(err) and '--max-size' in err,
         'stopped: ' + err.strip()[-80:])
    t.ok(not os.path.exists(t.path('out')), 'and nothing made')
    if not sanitized():
        t.figure('%.1f MB' % (peak / 1e6), peak < 30e6)


@case('H6', 'garbage in every parser of what strangers write (libFuzzer, with '
      'both sanitizers)', 'no crash; 95 % of their lines are reached',
      'curl 19 targets, GLib 32, libsoup 7')
def fuzzed(t):
    seconds = int(os.environ.get('GSOCK_FUZZ_SECONDS') or '2')
    folder = (fuzzing.default_folder() if 'GSOCK_BUILDDIR' in os.environ
              else t.dir)
    try:
        programs = fuzzing.build(os.path.join(folder, 'clang'))
    except fuzzing.Unable as unable:
        raise Skip(str(unable))
    crashes = inputs = 0
    for result in fuzzing.fuzz_all(programs, seconds):
        inputs += result.inputs
        if not t.ok(result.passed(), '%s: %d inputs' % (result.name,
                                                        result.inputs)):
            crashes += 1
            for line in fuzzing.details(result):
                print('# ' + line)
    t.figure('%d targets, %d s each: %.1f million inputs, %d crashes' % (
        len(programs), seconds, inputs / 1e6, crashes))
    if os.environ.get('GSOCK_FUZZ_COVERAGE') == 'yes':
        lines = fuzzing.coverage(os.path.join(folder, 'coverage'))
        share = float(lines[-1].split()[1]) if lines else 0
        t.figure('%.1f %% of the lines' % share, share >= 95)


@case('C13', 'what was given for one server, after a redirect to another',
      'none of it is sent', 'curl CVE-2024-11053 and eight more')
def secrets(t):
    here, there = evil(t)
    for name in ('near', 'far', 'back'):
        status, out, err = t.run(
            *GET, '-H', 'X-Api-Key: key-' + name, '-H', 'Cookie: a=key-' + name,
            '-u', 'ana:key-' + name, here + 'to/' + name)
        t.ok((status, out) == (0, HELLO), '%s is followed %s' % (name, err))
    heads = seen(t, here).split('\n\n')
    other = [head for head in heads if head.startswith(there.split(':')[2][:-1])]
    t.ok(len(other) >= 2, 'the other server was asked')
    t.ok(not any(word in head for head in other for word in
                 ('key-', 'Authorization', 'Cookie')), 'and was told nothing')
    t.ok(sum('key-near' in head for head in heads) == 2,
         'the same server is told again')
    status, out, _ = t.run(*GET, here + 'to/user')
    t.ok('Authorization' not in seen(t, here).rsplit('/to/user', 1)[1],
         "a user in a redirect's URL is not used")
    refused(t, here + 'keep/far', (6,), '-d', 'secret=word',
            name='data for another server')
    t.ok('secret=word' not in seen(t, there), 'it never saw it')


@case('C14', 'a redirect from https to http', 'exit 6',
      'curl and wget2 follow it')
def downgrade(t):
    here = evil(t)[0]
    certificates(t, 'make_self_signed self IP:127.0.0.1')
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(t.path('self.pem'), t.path('self.key'))
    listener = socket.create_server(('127.0.0.1', 0))

    def serve():
        with context.wrap_socket(accept(listener), server_side=True) as sock:
            sock.recv(65536)
            sock.sendall(b'HTTP/1.1 302 Found\r\nContent-Length: 0\r\n'
                         b'Location: %sseen\r\n\r\n' % here.encode())
            ended(sock)
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    refused(t, 'https://127.0.0.1:%d/x' % listener.getsockname()[1], (6,), '-k',
            '--quiet', name='https to http')
    thread.join()
    t.ok('/seen' not in seen(t, here), 'and it is not asked')


@case('C15', 'line ends in headers, URLs and redirects',
      'no header of others in a request, and none believed',
      'libsoup CVE-2026-1536')
def injection(t):
    here = evil(t)[0]
    for args in (('-H', 'A: b\r\nX-Evil: y', here + 'hola'),
                 ('-H', 'A: b\nX-Evil: y', here + 'hola'),
                 ('-X', 'GET / HTTP/1.1\r\nX-Evil:', here + 'hola'),
                 (here[:-1] + '\r\nX-Evil: y/',)):
        status, _, err = t.run(*GET, *args)
        t.ok(status == 2 and one_line(err), err.strip()[-80:])
    t.ok(seen(t, here) == '', 'none was sent')
    t.run(*GET, here + 'a\r\nX-Evil: y')
    t.run(*GET, here + 'to/crlf')
    lines = seen(t, here).split('\n')
    t.ok('GET' in lines[0] and not any(line.startswith('X') for line in lines),
         'in a path and in a Location they begin no line')
    for name in ('nulhdr', 'barecr', 'twocl', 'tecl', 'spacecolon', 'foldfirst'):
        refused(t, here + name, (1,))


@case('C16', 'half a body on standard output, and in a file',
      'exit 1; what came is printed, no file made',
      'libsoup and wget2: success')
def truncated(t):
    here = evil(t)[0]
    for name in ('shortcl', 'lastchunk', 'reset'):
        status, out, err = t.run(*GET, here + name)
        t.ok(status == 1 and out == HELLO and one_line(err),
             '%s: %s' % (name, err.strip()[-80:]))
        refused(t, here + name, (1,), name=name + ' in a file')


@case('C17', 'a name that the server chose', 'never followed',
      'curl CVE-2025-11563')
def chosen_name(t):
    here = evil(t)[0]
    os.mkdir(t.path('d'))
    status, _, err = t.run('sh', '-c', 'cd d && exec gsock-get -O "$1"', 'sh',
                           here + 'name/mine')
    t.ok((status, os.listdir(t.path('d'))) == (0, ['mine']),
         'Content-Disposition has no say ' + err)
    t.ok(not os.path.exists(t.path('evil')), 'and nothing is outside')


@case('C18', 'links at the target or its .part, and a kill -9 half way',
      'no link followed, no half file under the name',
      'socat CVE-2024-54661, curl CVE-2023-32001')
def races(t):
    here = evil(t)[0]
    open(t.path('kept'), 'w').write('precious')
    for name in ('out', 'out.part', 'out.part.info'):
        os.symlink('kept', t.path(name))
        status, _, err = t.run(*GET, '-c', '-o', 'out', here + 'hola')
        t.ok(status == 7 and one_line(err) or status == 0,
             '%s is a link: exit %d: %s' % (name, status, err.strip()))
        t.ok(open(t.path('kept')).read() == 'precious', 'what it shows is kept')
        for left in ('out', 'out.part', 'out.part.info'):
            if os.path.lexists(t.path(left)):
                os.remove(t.path(left))
    get = t.start(*GET, '-c', '-o', 'out', here + 'hang/killed')
    part = t.path('out.part')
    wait_until(lambda: os.path.exists(part)
               and os.path.getsize(part) >= 512 << 10, 'half of it')
    get.stop(signal.SIGKILL)
    t.ok(not os.path.exists(t.path('out')), 'killed: nothing under the name')
    status, _, err = t.run(*GET, '-c', '-o', 'out', here + 'hang/killed')
    t.ok(status == 0 and open(t.path('out'), 'rb').read()
         == bytes(range(256)) * 4096, 'and it goes on to the right bytes ' + err)


def halved(t, here, name):
    """The first run of two, which is cut."""
    for left in ('out', 'out.part', 'out.part.info'):
        if os.path.lexists(t.path(left)):
            os.remove(t.path(left))
    status = t.run(*GET, '-c', '-o', 'out', here + 'resume/' + name)[0]
    t.ok(status == 1 and not os.path.exists(t.path('out')), name + ': is cut')


@case('H4', 'going on with a file: 416, another part, no validator',
      'right to the byte, or an error and no file')
def resume(t):
    here, whole = evil(t)[0], bytes(range(256)) * 4096
    for name in ('good', 'whole', 'gone', 'none', 'weak', 'wrongstart',
                 'wrongtotal', 'norange', 'badrange'):
        halved(t, here, name)
        status, _, err = t.run(*GET, '-c', '-o', 'out', here + 'resume/' + name)
        there = os.path.exists(t.path('out'))
        right = there and open(t.path('out'), 'rb').read() == whole
        t.ok(right if status == 0 else not there and one_line(err),
             '%s: exit %d %s' % (name, status, err.strip()[-60:]))


@case('C19', 'going on with a file that has changed meanwhile',
      'the new one, whole; never a mixture',
      'curl -C - and wget -c: a mixture, exit 0')
def changed(t):
    here, whole = evil(t)[0], bytes(range(256)) * 4096
    halved(t, here, 'changed')
    status, _, err = t.run(*GET, '-c', '-o', 'out', here + 'resume/changed')
    t.ok(status == 0 and open(t.path('out'), 'rb').read() == b'new ' * 1000,
         'another ETag: the new one ' + err.strip())
    halved(t, here, 'liar')
    status, _, err = t.run(*GET, '-c', '-o', 'out', here + 'resume/liar')
    there = os.path.exists(t.path('out'))
    t.ok(open(t.path('out'), 'rb').read() == whole if status == 0 else not there,
         'a part of another version: exit %d %s' % (status, err.strip()[-60:]))
    t.ok('If-Range: "v1"' in seen(t, here), 'If-Range is sent')
