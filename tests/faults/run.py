#! /usr/bin/env python3
# run.py: runs the fault cases, tells TAP, and writes the table of what was reached
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""run.py [--list|--check] [--rows] [--report=FILE] [ID...]: the cases whose id is
or begins with one of ID ("P", "L1"); all of them without one, or those of
$GSOCK_FAULTS.  The tools are found on PATH.  FILE ($GSOCK_FAULT_REPORT) gets the
table.  --rows prints a row of it when it is measured, and no TAP but what
failed; --check only looks whether there is a case for each id and each goal."""

import os
import sys
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import faults
import goals
for group in ("load", "frames", "datagrams", "process", "children", "network",
              "dns", "tls", "http", "classes"):
    __import__(group)


def chosen(wanted):
    for row in faults.CASES:
        if not wanted or any(row[0] == w or (w.isalpha()
                                             and row[0].startswith(w))
                             for w in wanted):
            yield row


def try_case(row):
    """The case, and why it was skipped or None."""
    id, what, goal, rivals, function = row
    t = faults.Case(id)
    why = None
    try:
        function(t)
    except faults.Skip as skip:
        why = str(skip)
    except (Exception, SystemExit):   # the latter from a wait in vain
        t.ok(False, 'goes to its end')
        for line in traceback.format_exc().splitlines():
            print('# ' + line)
    finally:
        t.clear()
    return t, why


INTRODUCTION = '''# What goes wrong, and what then happens

Each row is a case of `tests/faults`, run by `make check-faults`; a case alone is run by
`make check-faults GSOCK_FAULTS=P1`.  What must hold (no byte lost, nothing of others destroyed, one clear line and its
exit status) fails the suite.  A limit in time or memory is told here as missed, since a loaded machine misses it too.
This page is what `make reliability` wrote on one machine.  Others were measured beside where they were installed; what stands there
without a number of ours beside it was measured earlier, with the same fault.
'''


def table_row(row, t, why):
    id, what, goal, rivals, _ = row
    reached = []
    if why:
        reached.append('not tried: ' + why)
    if not all(passed for passed, _ in t.points):
        reached.append('**failed**')
    for text, met in t.figures:
        reached.append(text + (' (**missed**)' if met is False else ''))
    if not reached:
        reached.append('holds')
    others = ['%s: %s' % other for other in t.others] or [rivals]
    return '| %s | %s | %s | %s | %s |' % (
        id, what, goal, '; '.join(reached), '; '.join(others))


def table(rows):
    yield INTRODUCTION
    yield 'Written on %s; Linux %s, %d processors.' % (
        time.strftime('%Y-%m-%d'), os.uname().release,
        len(os.sched_getaffinity(0)))
    yield ''
    yield from goals.table(rows)
    yield '| id | fault | to be reached | reached | others |'
    yield '| --- | --- | --- | --- | --- |'
    for row in sorted(rows, key=lambda row: place(row[0][0])):
        yield table_row(*row)


def place(id):
    return 'LFPNTHC'.index(id[0]), int(id[1:])


def check():
    """The lists alone."""
    wrong = list(goals.lacking([row[0] for row in faults.CASES]))
    for line in wrong:
        print(line)
    return 1 if wrong else 0


def tell_tap(number, row, t, why):
    """The points of a case, and what was measured; the last number."""
    points = t.points or ([(True, 'holds')] if not why else [])
    for passed, text in points:
        number += 1
        print('%sok %d - %s: %s: %s' % ('' if passed else 'not ', number,
                                        row[0], row[1], text))
    if why:
        number += 1
        print('ok %d - %s: %s # SKIP %s' % (number, row[0], row[1], why))
    for text, met in t.figures:
        print('# %s: %s (to be reached: %s)%s' % (
            row[0], text, row[2], ' MISSED' if met is False else ''))
    for name, text in t.others:
        print('# %s: %s: %s' % (row[0], name, text))
    return number


def tell_row(row, t, why):
    print(table_row(row, t, why))
    for passed, text in t.points:
        if not passed:
            print('# FAILED: %s' % text)


def main():
    options = [a for a in sys.argv[1:] if a.startswith('--')]
    wanted = [a for a in sys.argv[1:] if not a.startswith('--')]
    wanted = wanted or os.environ.get('GSOCK_FAULTS', '').split()
    if os.environ.get('GSOCK_FAULT_REPORT'):
        options.append('--report=' + os.environ['GSOCK_FAULT_REPORT'])
    if '--help' in options:
        print(__doc__)
        return 0
    if '--list' in options:
        for row in chosen(wanted):
            print('%-4s %s' % row[:2])
        return 0
    if '--check' in options:
        return check()
    number = failed = 0
    rows = []
    for row in chosen(wanted):
        begun = time.monotonic()
        t, why = try_case(row)
        rows.append((row, t, why))
        failed += sum(not passed for passed, _ in t.points)
        if '--rows' in options:
            tell_row(*rows[-1])
        else:
            number = tell_tap(number, *rows[-1])
        print('# %s took %.1f s' % (row[0], time.monotonic() - begun),
              flush=True)
    if '--rows' not in options:
        print('1..%d' % number)
    for option in options:
        if option.startswith('--report='):
            os.makedirs(os.path.dirname(os.path.abspath(option[9:])),
                        exist_ok=True)
            with open(option[9:], 'w') as report:
                report.write('\n'.join(table(rows)) + '\n')
    return 1 if failed else 0


sys.exit(main())
