#! /usr/bin/env python3
# valgrind-logs.py: what the logs of valgrind say: errors, and descriptors that
# were left open
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""valgrind-logs.py FOLDER: reads each log of "valgrind --track-fds=yes
--log-file=FOLDER/NAME.log", in FOLDER and what it holds, and prints what is
wrong, with its stack; the last line counts, and is kept in FOLDER/summary.
Status 1 if anything is wrong.

A descriptor may be left open to the end where it was inherited, where it belongs
to what lives as long as the program, and where a signal from outside was the
end; there memory may be lost too, whose only pointer was about to be stored."""

import os
import re
import sys

# Who opens what nobody closes: GLib, to wake the main context, GIO's own and the
# thread that waits for signals; and a lookup that was left behind in the C
# library, with what it would answer to.
KEPT = (r'\bg_main_context_default\b', r'\bg_task_get_type\b',
        r'\bgsock_tool_add_signal\b',
        r'\bres_send\.c:', r'\(resolve-run\.c:')
# What is said of every program.
SAID = ('Memcheck, a memory error detector', 'FILE DESCRIPTORS:', 'Warning:',
        'HEAP SUMMARY:', 'LEAK SUMMARY:', 'All heap blocks were freed',
        'For lists of detected', 'ERROR SUMMARY:', 'Reachable blocks',
        'Rerun with', 'Use --track-origins')
ENDED = re.compile(r'Process terminating with default action of signal \d+ '
                   r'\(SIG(HUP|INT|TERM|KILL|PIPE|ALRM)\)')
LOST = re.compile(r'[\d,]+ .* lost in loss record ')
LINE = re.compile(r'^==\d+==(?: (.*))?$')


def blocks(path):
    """Paragraphs of what valgrind itself said."""
    block = []
    with open(path, errors='replace') as file:
        for line in file:
            match = LINE.match(line.rstrip('\n'))
            if not match:
                continue
            text = (match.group(1) or '').rstrip()
            if text:
                block.append(text)
            elif block:
                yield block
                block = []
    if block:
        yield block


def is_kept(block):
    text = '\n'.join(block)
    return 'inherited from parent' in text or any(
        re.search(name, text) for name in KEPT)


def judge(path):
    """(errors, descriptors left), each a list of paragraphs."""
    errors, left, ended = [], [], False
    for block in blocks(path):
        while block and block[0].startswith(('FILE DESCRIPTORS:', 'Warning:')):
            block = block[1:]
        ended = ended or bool(block and ENDED.match(block[0]))
        if not block or block[0].startswith(SAID) or ENDED.match(block[0]):
            continue
        if block[0].startswith('Open '):
            if not is_kept(block):
                left.append(block)
        else:
            errors.append(block)
    if ended:
        return [block for block in errors if not LOST.match(block[0])], []
    return errors, left


def logs_of(folder):
    """Names of logs, from FOLDER on, and how many tests have a folder in it."""
    names, tests = [], 0
    for path, folders, files in os.walk(folder):
        tests += len(folders)
        names += [os.path.relpath(os.path.join(path, name), folder)
                  for name in files if name.endswith('.log')
                  and name != 'suite.log']
    return sorted(names), tests


def main():
    folder = sys.argv[1]
    logs, tests = logs_of(folder)
    errors = left = 0
    for name in logs:
        wrong, open_ = judge(os.path.join(folder, name))
        errors += len(wrong)
        left += len(open_)
        for block in wrong + open_:
            print('%s: %s' % (name, '\n    '.join(block)))
    summary = '%d programs%s, %d errors, %d descriptors left open' % (
        len(logs), ' of %d tests' % tests if tests else '', errors, left)
    print(summary)
    with open(os.path.join(folder, 'summary'), 'w') as file:
        file.write(summary + '\n')
    return 1 if errors or left else 0


sys.exit(main())
