#! /usr/bin/env python3
# fuzzing.py: gives each fuzz target a while, as many at once as there are
# processors, and tells TAP
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""fuzzing.py [SECONDS]: builds the targets for libFuzzer with clang and both
sanitizers, in $GSOCK_BUILDDIR/tests/fuzz/clang, which is kept, and has each run
for so long (60).  What crashes one is shown in base64: it belongs into its
corpus.  Where there is no clang all is skipped.  With $GSOCK_FUZZ_SEED set (a
number) each begins at its corpus alone and goes the same way wherever it runs,
for a change to be judged by; else it goes on from what it has found before.
--coverage instead prints how many lines of the parsers the corpora reach."""

import base64
import concurrent.futures
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
# The largest input: most faults of a parser need less.
INPUT_MAX = 4096
# Of one input.  Sanitizers and a loaded machine are slow, a loop has no end.
INPUT_SECONDS = 60


class Unable(Exception):
    """It can't be tried on this machine."""


class Broken(Exception):
    """It should be possible here."""


def default_folder():
    base = os.environ.get('GSOCK_BUILDDIR') or os.getcwd()
    return os.path.join(base, 'tests', 'fuzz')


def start(command, folder):
    """A program in its own right, and not of the make that may call us."""
    environment = {name: value for name, value in os.environ.items()
                   if name not in ('MAKEFLAGS', 'MAKELEVEL', 'MFLAGS')}
    return subprocess.run(command, cwd=folder, env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, errors='replace')


def run(command, folder, failure=Broken):
    """What it prints on stdout; what it says otherwise is the reason."""
    done = start(command, folder)
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise failure(' '.join([os.path.basename(command[0]) + ':'] + last))
    return done.stdout


def configure(folder, compiler, *options):
    """A build of its own, which an earlier run may have left."""
    script = os.path.join(SOURCE, 'configure')
    if not os.path.exists(script):
        raise Unable('there is no configure: ./bootstrap makes it')
    if os.path.exists(os.path.join(SOURCE, 'config.status')):
        raise Unable('the source folder is configured itself')
    os.makedirs(folder, exist_ok=True)
    if os.path.exists(os.path.join(folder, 'Makefile')):
        return
    if shutil.which('ccache'):
        compiler = 'ccache ' + compiler
    run([script, '--quiet', '--disable-nls', 'CC=' + compiler, *options],
        folder, Unable)


def build(folder):
    """The targets' paths."""
    if not shutil.which('clang'):
        raise Unable('there is no clang')
    configure(folder, 'clang', '--enable-fuzzers', '--enable-sanitizers')
    jobs = '-j%d' % len(os.sched_getaffinity(0))
    run(['make', '-s', jobs, 'fuzz-targets'], folder)
    names = run(['make', '-s', 'list-fuzz-targets'], folder).split()
    return [os.path.join(folder, name) for name in names]


def coverage(folder):
    """The lines of a table, the last one of all."""
    configure(folder, 'gcc', 'CFLAGS=--coverage -O0')
    run(['make', '-s', '-j2', 'fuzz-targets'], folder)
    done = start(['make', '-s', 'fuzz-coverage'], folder)
    return [line for line in done.stdout.splitlines() if ' % of ' in line]


class Result:
    """What came of one target."""

    def __init__(self, name):
        self.name = name
        self.status = None
        self.inputs = 0
        self.log = []
        self.found = []    # paths of what crashed it

    def passed(self):
        return self.status == 0 and not self.found


def begin(own, corpus):
    """Where it begins, in libFuzzer's words."""
    seed = os.environ.get('GSOCK_FUZZ_SEED')
    if not seed:
        os.makedirs(own, exist_ok=True)
        return [own] + [corpus] * os.path.isdir(corpus)
    # In one order: a folder's own is not the same everywhere.
    own += '-seeded'
    shutil.rmtree(own, ignore_errors=True)
    os.makedirs(own)
    inputs = own + '.list'
    with open(inputs, 'w') as file:
        file.write(','.join(os.path.join(corpus, name)
                            for name in sorted(os.listdir(corpus))))
    return ['-seed=' + seed, '-seed_inputs=@' + inputs, own]


def fuzz(program, seconds):
    """Runs one target."""
    result = Result(os.path.basename(program))
    name = result.name.split('-', 1)[1]
    found = os.path.join(os.path.dirname(program), 'found')
    os.makedirs(found, exist_ok=True)
    where = begin(os.path.join(found, name), os.path.join(HERE, 'corpus', name))
    before = set(os.listdir(found))
    # GLib ends with SIGTRAP, of which libFuzzer does not know: nothing is kept.
    options = os.environ.get('ASAN_OPTIONS', '') + ':handle_sigtrap=1'
    done = subprocess.run(
        [program, '-max_total_time=%d' % seconds, '-max_len=%d' % INPUT_MAX,
         '-timeout=%d' % INPUT_SECONDS, '-print_final_stats=1', '-verbosity=0',
         '-artifact_prefix=%s/%s-' % (found, name), *where],
        env=dict(os.environ, ASAN_OPTIONS=options), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    result.status = done.returncode
    result.log = done.stderr.decode('utf-8', 'replace').splitlines()
    for line in result.log:
        if line.startswith('stat::number_of_executed_units:'):
            result.inputs = int(line.split()[-1])
    result.found = [os.path.join(found, entry)
                    for entry in sorted(set(os.listdir(found)) - before)
                    if entry.startswith(name + '-') and 'slow-unit' not in entry]
    return result


def fuzz_all(programs, seconds):
    """A Result each, in the order in which they end."""
    workers = len(os.sched_getaffinity(0))
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        tasks = [pool.submit(fuzz, program, seconds) for program in programs]
        for task in concurrent.futures.as_completed(tasks):
            yield task.result()


def details(result):
    """Lines for whoever mends it."""
    yield from result.log[-40:]
    for path in result.found:
        with open(path, 'rb') as file:
            data = file.read()
        yield '%s, %d bytes in base64: %s' % (
            os.path.basename(path), len(data),
            base64.b64encode(data).decode())


def main():
    if '--help' in sys.argv:
        print(__doc__)
        return 0
    folder = default_folder()
    if '--coverage' in sys.argv:
        print('\n'.join(coverage(os.path.join(folder, 'coverage'))))
        return 0
    seconds = int((sys.argv[1:] or [os.environ.get('GSOCK_FUZZ_SECONDS')
                                    or '60'])[0])
    try:
        programs = build(os.path.join(folder, 'clang'))
    except Unable as unable:
        print('1..0 # SKIP ' + str(unable))
        return 0
    except Broken as broken:
        print('1..1\nnot ok 1 - the targets can be built: ' + str(broken))
        return 1
    print('1..%d' % len(programs))
    failed = 0
    begun = time.monotonic()
    for number, result in enumerate(fuzz_all(programs, seconds), 1):
        failed += not result.passed()
        print('%sok %d - %s: no input crashes it' % (
            '' if result.passed() else 'not ', number, result.name))
        if not result.passed():
            for line in details(result):
                print('# ' + line)
        print('# %s: %d inputs in %d s' % (result.name, result.inputs, seconds),
              flush=True)
    print('# %.0f s in all' % (time.monotonic() - begun))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
