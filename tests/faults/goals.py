# goals.py: what gsock set out to reach, by which cases it is measured, and how
# others did
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""(goal, to be reached, ids of the cases, the best and the worst of others)"""

GOALS = [
    ('idle clients, one process', '19,000', 'L1 L3',
     'haproxy 9,000 in 1.2 s; ncat aborts at 1,024'),
    ('a ping beside 10,000 idle', 'p50 0.2 ms, p99 10 ms', 'L1',
     'haproxy 0.18 and 0.5 ms; GSocketService 15 and 110 ms'),
    ('memory of an idle client', '4 KiB', 'L4',
     'haproxy 3.3 KiB; ncat -e 148 KiB'),
    ('growth by one who never reads', '2 MiB', 'L7',
     'socat 0.1 MB; a naive GLib server 255 MB'),
    ('a good reader beside 100 stuck ones', '100 %', 'L8', 'ncat 6 %'),
    ('CPU and log without descriptors', '3 %, 2 lines a second', 'L10',
     'nginx 0 %; GSocketService 87 %'),
    ('kinds of accept errors survived', '7 of 7', 'L16',
     'tcpserver 6 of 6; socat exits on 4'),
    ('500 connects at once, over 0.2 s', '0', 'L5', 'a backlog of 10: 434'),
    ('start after kill -9', '100 of 100, under 0.2 s', 'P1',
     'haproxy; socat, ncat, nginx refuse'),
    ('objects of others destroyed', '0', 'P2 P3',
     'socat, ncat, nginx 0; nc, haproxy some'),
    ('concurrent starts', 'one winner in each round', 'P4', 'nc: 10 run'),
    ('bytes lost', '0', 'F1 F2 F5 F6 F7 F8 P7', 'tcpserver 0; ncat -e hangs'),
    ('zombies and orphans', '0', 'P11', 'tcpserver: orphans'),
    ('time limits', 'within 10 %', 'N1 L9 T1 F10', 'curl; others 5 times late'),
    ('certificates, each with its words', 'all', 'T2 T3 T4',
     'GIO: one sentence for three'),
    ('HTTP that is cut or malformed', '24 of 24 not 0', 'H1 H2 H3 H4',
     'wget2: exit 0 on 8'),
    ('control bytes that reach a terminal or log', '0', 'C21',
     'none of seven passes'),
    ('output that can not be written', 'exit 7 and a line', 'P9 P13',
     'nc: exit 0'),
    ('soak', 'memory under 1 % in 10 minutes', 'L13', ''),
    ('bug classes with a case of their own', '26 of 26', 'C', ''),
]


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
    """How many of C01 to C26 ran."""
    ran = [id for id in by_id if id[0] == 'C' and not by_id[id][1]]
    return '%d of 26' % len(ran)


def table(rows):
    by_id = {row[0]: (t, why) for row, t, why in rows}
    yield '## Goals'
    yield ''
    yield '| goal | to be reached | reached | others |'
    yield '| --- | --- | --- | --- |'
    for goal, target, ids, others in GOALS:
        if ids == 'C':
            reached = classes(by_id)
        else:
            given = [measured(by_id, id) for id in ids.split()]
            reached = '; '.join(text for text in given if text) or 'not run'
        yield '| %s | %s | %s | %s |' % (goal, target, reached, others)
    yield ''
    yield '## Cases'
    yield ''
