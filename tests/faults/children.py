# children.py: commands that hang, fork, flood and can't be run; what a reload
# may break
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

from faults import *


def family(word):
    """Processes that have the word among their arguments, this program apart."""
    found = []
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            line = open('/proc/%s/cmdline' % pid, 'rb').read()
        except OSError:
            continue
        if word in line and int(pid) != os.getpid():
            found.append(int(pid))
    return found


def zombies(parent):
    """Children of the process that nobody has waited for."""
    count = 0
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            fields = open('/proc/%s/stat' % pid).read().rsplit(')', 1)[1]
        except OSError:
            continue
        state, above = fields.split()[:2]
        count += state == 'Z' and int(above) == parent
    return count


@case('F8', 'a command that reads to the end, and answers 2 s later',
      '1 MB whole', 'socat and ncat: 0 bytes, tcpserver whole')
def slow_child(t):
    server = t.server(t.path('socket'), '--', 'sh', '-c',
                      'f=$(mktemp "$0/XXXXXX"); cat >"$f"; sleep 2; cat "$f"',
                      t.dir)
    data = os.urandom(1 << 20)
    status, out, err = t.run('gsock-client', '-f', 'raw', server.address,
                             input=data)
    t.ok(status == 0 and out == data, '%d of %d bytes: %s' % (
        len(out), len(data), err.strip()))


@case('P11', 'commands that hang, ignore TERM, leave a daemon, flood stderr '
      'and are killed', 'all are gone with their clients: no zombie, no orphan',
      'ncat and tcpserver: 5 of 5 stay')
def children(t):
    word = 'gsock-fault-%d' % os.getpid()
    rows = {
        'hangs': 'exec tail -f /dev/null %s' % word,
        'ignores TERM': 'trap "" TERM HUP; while :; do sleep 1; : %s; done'
                        % word,
        'leaves a daemon': 'sh -c "sleep 600; : %s" </dev/null >/dev/null '
                           '2>&1 & exec cat' % word,
        'floods stderr': 'exec sh -c "yes %s" >&2' % word,
        'is killed': 'kill -9 $$; : %s' % word,
    }
    for name, script in rows.items():
        server = t.server('--quiet', '--grace=500ms', t.path('socket'), '--',
                          'sh', '-c', script)
        socks = [connect(server.address) for _ in range(5)]
        for sock in socks:
            sock.sendall(b'hola\n')
        if name == 'is killed':
            t.ok(all(ended(sock) == b'' for sock in socks),
                 'who has no command any more has no connection')
        else:
            wait_until(lambda: len(family(word.encode())) > 4, 'five commands')
        for sock in socks:
            sock.close()
        if name == 'leaves a daemon':
            # A command that has ended by itself takes its group with it.
            wait_until(lambda: len(family(word.encode())) <= 1, 'their end')
        server.stop()
        wait_until(lambda: family(word.encode()) == [], 'no orphan: ' + name)
        t.ok(not server.alive(), '%s: nothing is left' % name)
    server = t.server('--quiet', t.path('socket'), '--', 'true', word)
    count = int(os.environ.get('GSOCK_FAULT_COMMANDS', '200'))
    before = server.descriptors()
    for _ in range(count):
        sock = connect(server.address)
        ended(sock)
        sock.close()
    # The last one's end may still be on its way.
    soon(lambda: zombies(server.pid) == 0 and server.descriptors() <= before,
         DEADLINE)
    undead, more = zombies(server.pid), server.descriptors() - before
    server.stop()
    orphans = len(family(word.encode()))
    t.ok((undead, orphans, more) == (0, 0, 0), 'nothing is left of %d' % count)
    t.figure('%d commands: %d zombies, %d orphans, %+d descriptors' % (
        count, undead, orphans, more))


def refused(t, server, what):
    """A client without a command is closed, and one line tells of it."""
    before = len(server.err())
    t.ok(ended(connect(server.address)) == b'', what + ': the client is closed')
    wait_until(lambda: 'gsock-server: ' in server.err()[before:], 'a line of it')
    lines = [line for line in server.err()[before:].splitlines()
             if line.startswith('gsock-server: ')]
    t.ok(len(lines) == 1 and server.alive(), 'and told of: ' + lines[0])
    server.stop()


@case('P12', 'fork fails for a client; a command that is not there',
      'that client is closed and told of; exit 4 at the start')
def cannot_run(t):
    status, _, err = t.run('gsock-server', t.path('socket'), '--',
                           '/no/such/program')
    t.ok(status == 4 and one_line(err), 'exit %d: %s' % (status, err.strip()))
    t.ok(not os.path.exists(t.path('socket')), 'and nothing was bound')
    script = t.path('command')
    with open(script, 'w') as file:
        file.write('#! /bin/sh\nexec cat\n')
    os.chmod(script, 0o755)
    server = t.server(t.path('socket'), '--', script)
    t.ok(answers(server.address), 'it serves')
    os.unlink(script)
    refused(t, server, 'its program is removed')
    if os.geteuid() != 0:
        return
    needs('prlimit')
    # A number that nobody has, and so no process; as many as it has threads.
    args = ('--user=64999:64999', '127.0.0.1:0', '--', 'cat')
    server = t.server(*args)
    t.ok(answers(server.address), 'it serves')
    threads = len(os.listdir('/proc/%d/task' % server.pid))
    server.stop()
    read, write = os.pipe()
    os.set_inheritable(write, True)
    server = t.start('prlimit', '--nproc=%d' % threads, 'gsock-server',
                     '--ready-fd=%d' % write, *args, pass_fds=[write])
    os.close(write)
    with os.fdopen(read) as ready:
        server.address = ready.read().split('\n')[0]
    refused(t, server, 'fork: EAGAIN')


@case('P8', 'SIGHUP while clients are in: good rules, bad ones, and none',
      'clients stay; what is bad changes nothing, and one line says so')
def reload(t):
    rules = t.path('rules')

    def write(text):
        with open(rules + '.new', 'w') as file:
            file.write(text)
        os.rename(rules + '.new', rules)

    def hup(word):
        before = len(server.err())
        os.kill(server.pid, signal.SIGHUP)
        wait_until(lambda: word in server.err()[before:], 'a word of ' + word)
        return server.err()[before:].strip().splitlines()
    write('127.0.0.1\n')
    server = t.server('--echo', '--allow=@' + rules, '127.0.0.1:0')
    inside = connect(server.address)
    t.ok(answers(server.address), 'let in')
    write('127.0.0.9\n')
    hup('read again')
    t.ok(ended(connect(server.address)) == b'', 'a new rule keeps others out')
    inside.sendall(b'hola')
    t.ok(read_exactly(inside, 4) == b'hola', 'who is in stays')
    write('127.0.0.1\n')
    hup('read again')
    for name, text in ('nonsense', 'no rule\n'), ('a loop', '@rules\n'), \
            ('binary', '\0\1\2\n'):
        write(text)
        lines = hup('rules')
        t.ok(len(lines) == 1 and lines[0].isprintable()
             and answers(server.address), '%s: %s' % (name, lines[0]))
    os.unlink(rules)
    t.ok(len(hup('rules')) == 1 and answers(server.address), 'a file that is gone')
    server.stop()
