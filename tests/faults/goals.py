# goals.py: what gsock set out to reach, by which cases it is measured, and how
# others did; which cases there must be
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

import os

# So many cases each group has, from 1 on: L load, F frames and ends, P
# processes and files, N networks, T TLS, H HTTP, C classes of bugs.
CATALOGUE = {'L': 16, 'F': 12, 'P': 17, 'N': 6, 'T': 6, 'H': 6, 'C': 26}

# What is counted over all cases, or told by other suites.
CLASSES, SUITES = 'classes', 'suites'

# (goal, to be reached, ids of the cases, the best and the worst of others)
GOALS = [
    ('idle clients, one process', '19,000', 'L3 L1',
     'haproxy 9,000 in 1.2 s; ncat aborts at 1,024'),
    ('a ping beside 10,000 idle', 'p50 0.2 ms, p99 10 ms', 'L1',
     'haproxy 0.18 and 0.5 ms; GSocketService 15 and 110 ms'),
    ('CPU while 10,000 are idle', '0.1 %', 'L1', 'haproxy, nginx 0.0 %'),
    ('memory of an idle client', '4 KiB', 'L4',
     'haproxy 3.3 KiB; ncat -e 148 KiB'),
    ('growth by one who never reads', '2 MiB', 'L7',
     'socat 0.1 MB; a naive GLib server 255 MB'),
    ('a good reader beside 100 stuck ones', '100 %', 'L8', 'ncat 6 %'),
    ('CPU and log without descriptors', 'under 3 %, 2 lines a second', 'L10',
     'nginx 0 %; GSocketService 87 %'),
    ('kinds of accept errors survived', '7 of 7', 'L16',
     'tcpserver 6 of 6; socat exits on 4'),
    ('500 connects at once, over 0.2 s', '0', 'L5', 'a backlog of 10: 434'),
    ('start after kill -9', '100 of 100, under 0.2 s', 'P1',
     'haproxy starts; socat, ncat, nginx refuse'),
    ('objects of others destroyed, of 6 kinds', '0', 'P2 P3',
     'socat, ncat, nginx 0; nc, haproxy some'),
    ('10 starts at once', 'one winner in each of 200 rounds', 'P4',
     'socat one; nc: 10 run'),
    ('bytes lost: short I/O, half-close, slow command, stop', '0',
     'F1 F2 F5 F6 F7 F8 P7', 'tcpserver 0; ncat -e hangs'),
    ('zombies, orphans, descriptors left', '0, 0, 0 after 10,000 commands',
     'P11 C24', 'tcpserver: orphans'),
    ('time limits: name, connect, handshake, silence, total',
     'within 10 %', 'N1 L9 T1 F10 H1', 'curl; others 5 times late'),
    ('certificates and versions, each with its words', '10 of 10', 'C20 T3 T4',
     'GIO: one sentence for three, old TLS accepted'),
    ('HTTP that is cut or malformed', '24 of 24 not 0', 'H1 H2 H3 H4',
     'wget2: exit 0 on 8'),
    ('control bytes that reach a terminal or log, of 256 and 20 sequences',
     '0', 'C21 P16', 'none of seven passes'),
    ('output that can not be written', 'exit 7 and a line', 'P9 P13',
     'nc: exit 0'),
    ('fuzz targets, both sanitizers', 'no crash, 95 % of the lines', 'H6',
     'curl: 19 targets'),
    ('all of the test suite clean under sanitizers and valgrind',
     'no error, no descriptor left', SUITES, 'curl, OpenSSH: in their CI'),
    ('exposure of the units', '2.0 at most', 'P17',
     'a unit with nothing set: 9.6'),
    ('soak', 'memory under 1 % in 10 minutes', 'L13', ''),
    ('bug classes with a case of their own', '26 of 26', CLASSES, ''),
]


def expected():
    """The ids that there must be."""
    for group, count in CATALOGUE.items():
        width = 2 if group == 'C' else 1
        for number in range(1, count + 1):
            yield '%s%0*d' % (group, width, number)


def lacking(ids):
    """What is wrong with the ids of the cases, a line each."""
    there = set(ids)
    for id in expected():
        if id not in there:
            yield '%s: there is no such case' % id
    for id in sorted(there - set(expected())):
        yield '%s: no such case is asked for' % id
    for id in sorted(id for id in there if ids.count(id) > 1):
        yield '%s: there are two of it' % id
    for goal, _, cases, _ in GOALS:
        for id in cases.split():
            if id not in (CLASSES, SUITES) and id not in there:
                yield '%s: no case %s' % (goal, id)


def measured(by_id, id):
    """What the case gave, or None where it was not among those that ran."""
    if id not in by_id:
        return None
    t, why = by_id[id]
    if why:
        return '%s not tried (%s)' % (id, why)
    if not all(passed for passed, _ in t.points):
        return id + ' **failed**'
    return id + ' ' + ('; '.join(
        text + (' (**missed**)' if met is False else '')
        for text, met in t.figures) or 'holds')


def classes(by_id):
    """How many of C01 to C26 ran, and how many of them hold."""
    ran = [t for id, (t, why) in by_id.items() if id[0] == 'C' and not why]
    held = [t for t in ran if all(passed for passed, _ in t.points)]
    return '%d of %d hold' % (len(held), CATALOGUE['C'])


def suites():
    """What "make check-valgrind" has left in this build, and who runs the
    rest."""
    path = os.path.join(os.environ.get('GSOCK_BUILDDIR', '.'), 'tests',
                        'valgrind', 'summary')
    told = 'not run here'
    if os.path.exists(path):
        with open(path) as file:
            told = file.read().strip()
        if not told.endswith(' 0 errors, 0 descriptors left open'):
            told += ' (**missed**)'
    return ('valgrind (make check-valgrind): %s; AddressSanitizer and '
            'UndefinedBehaviorSanitizer: tools/check runs the suite under them; '
            "ThreadSanitizer: the threads' queue, in tests/e2e/test-workers.sh"
            % told)


def reached_by(by_id, ids):
    if ids == CLASSES:
        return classes(by_id)
    if ids == SUITES:
        return suites()
    given = [measured(by_id, id) for id in ids.split()]
    return '; '.join(text for text in given if text) or 'not run'


def beside(by_id, ids):
    """What others did in the same run."""
    return '; '.join('%s %s: %s' % (id, *other) for id in ids.split()
                     if id in by_id for other in by_id[id][0].others)


def is_met(reached):
    return '**' not in reached and 'not run' not in reached \
        and 'not tried' not in reached


def table(rows):
    by_id = {row[0]: (t, why) for row, t, why in rows}
    reached = [reached_by(by_id, ids) for _, _, ids, _ in GOALS]
    yield '## Goals'
    yield ''
    yield '%d of %d were reached in this run.' % (sum(map(is_met, reached)),
                                                  len(GOALS))
    yield ''
    yield '| goal | to be reached | reached | others |'
    yield '| --- | --- | --- | --- |'
    for (goal, target, ids, others), ours in zip(GOALS, reached):
        yield '| %s | %s | %s | %s |' % (goal, target, ours,
                                         beside(by_id, ids) or others)
    yield ''
    yield '## Cases'
    yield ''
