# transcripts.py: plays the sessions that a page shows, and compares
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""transcripts.py [--write] PAGE [CATALOGUE]

PAGE is a manual page's POD, or a README in Markdown.  With CATALOGUE, the
po4a catalogue of a language, it is the translated page.  Prints "ok TEXT" or
"not ok TEXT" for each session, and what was wrong after "#".

A session is a verbatim block that begins with "$ ": what a person types and
what a terminal shows, line by line.

    $ COMMAND           ends in | or \\ where the next line belongs to it
    OUTPUT
    > TEXT              typed at the prompt of a conversation
    ^C  ^D              typed too
    ...                 any lines

Each block has a terminal of its own.  A server, and a conversation, may go on
after its block: a later block that has no command goes on with what the last
such terminal shows.  All of them end with the section.  What differs from run
to run (ports that the kernel chose, process ids, times) is made equal before
it is compared.  A block that begins with "[" is a file and not run.

--write puts what was really shown in the place of what was not right."""

import os
import re
import signal
import sys
import time

import peers

SHELL = os.environ.get('TRANSCRIPT_SHELL', 'sh')
MARK = re.compile(r'\x01(\d+)\x02')
# What a progress line does before the next one, or the end.
ERASE = re.compile(r'\r?\x1b\[(\d+)A\x1b\[J')
VARIABLE = (
    (r'\s+', ' '),
    (r'(?<=[\w\]*]:)(3[2-9]\d{3}|[45]\d{4}|6[0-5]\d{3})\b', 'PORT'),
    (r'\bpid (\d+)', 'pid PID'),
    (r'^((?:socket|accept) \(.*\) = )\d+', r'\1FD'),
    (r'^([a-z_]+ \()\d+(?=[,)])', r'\1FD'),
    (r'; \d+ (?=goes on|sigue)', '; FD '),
    (r'"pid":\d+', '"pid":PID'),
    (r'\d{4}-\d\d-\d\dT[\d:.]+Z', 'TIME'),
    (r'"seconds":[\d.e-]+', '"seconds":SECONDS'),
    (r'\b\d+[.,]\d+ ?(ms|s)\b', 'SECONDS'),
    (r'(?<=^Date: ).*', 'DATE'),
    (r'(?<=^Last-Modified: ).*', 'DATE'),
    (r'(?<=^ETag: ).*', 'TAG'),
)


def normal(line):
    for pattern, token in VARIABLE:
        line = re.sub(pattern, token, line)
    return line.rstrip()


def same(want, shown, whole):
    """Whether the lines are those wanted, or begin with them."""
    pattern = ''
    for line in want:
        pattern += '(?:.*\n)*?' if line == '...' \
            else re.escape(normal(line)) + '\n'
    text = ''.join(normal(line) + '\n' for line in shown)
    return re.match(pattern + (r'\Z' if whole else ''), text) is not None


def erased(text):
    """The text after the lines that it goes up to were rubbed out."""
    while True:
        match = ERASE.search(text)
        if not match:
            return text
        above = text[:match.start()].split('\n')[:-1 - int(match[1])]
        text = ''.join(line + '\n' for line in above) + text[match.end():]


class Command:
    """A line of the session, and what it should show."""

    def __init__(self, text):
        self.text = text
        self.want = []
        self.shown = None

    def stays(self):
        """Whether it may go on when all is shown."""
        return not self.text.rstrip().endswith('&') and (
            re.match(r'(\w+=\S+ )*gsock-server ', self.text) is not None or
            any(typed(line) for line in self.want))


def typed(line):
    # "> 00000000" begins a hex dump.
    return line in ('^C', '^D') or (line.startswith('> ') and
                                    not line.startswith('> 0000'))


class Block:
    def __init__(self, section, lines):
        self.section = section
        self.lines = lines
        self.commands = []
        self.output = []        # before the first command: of an older terminal
        for line in lines:
            last = self.commands[-1] if self.commands else None
            if line.startswith('$ '):
                self.commands.append(Command(line[2:]))
            elif last and not last.want and last.text[-1] in '|\\' and \
                    line.startswith('    '):
                last.text += '\n' + line
            elif last:
                last.want.append(line)
            else:
                self.output.append(line)

    def is_file(self):
        return self.lines[0].startswith('[')


class Session(peers.Terminal):
    """A shell in a terminal, which is given one command after the other."""

    count = 0

    def __init__(self):
        Session.count += 1
        self.script = os.path.abspath('.session-%d' % Session.count)
        os.mkfifo(self.script)
        super().__init__([SHELL, self.script])
        self.input = os.open(self.script, os.O_RDWR)
        self.start = 0
        self.command = None
        self.status = 0
        self.background = False

    def lines(self):
        """What the command has shown: of each line what stands there in the
        end, without the prompts of a conversation."""
        text = self.shown[self.start:].replace(b'\r\n', b'\n')
        text = MARK.sub('', text.decode(errors='replace'))
        text = erased(text)
        lines = [line.rstrip().split('\r')[-1].rstrip() for line in text.split('\n')]
        while lines and lines[-1] in ('', '>'):
            lines.pop()
        return [line for line in lines if line != '>']

    def over(self):
        return MARK.search(self.shown[self.start:].decode(errors='replace'))

    def until(self, condition):
        """Reads until it is true; FALSE at the deadline."""
        end = time.monotonic() + peers.DEADLINE
        while not condition():
            if not self.read(0.05) or time.monotonic() > end:
                return condition()
        return True

    def run(self, command):
        self.start = len(self.shown)
        self.command = command
        self.background |= ' &' in command.text
        text = ('(exit %s)\n%s\ngsock_status=$?\n' % (self.status, command.text) +
                "printf '\\001%s\\002' $gsock_status\n")
        os.write(self.input, text.encode())
        for number, line in enumerate(command.want):
            if typed(line):
                self.answer(line, command.want[:number])
        return self.compare(command.want)

    def answer(self, line, before):
        if line.startswith('> '):
            before = before and [text for text in before if text != '^C']
            self.until(lambda: self.over() or (
                same(before, self.lines(), False) and
                self.shown.endswith(b'> ')))
            self.type(line[2:] + '\r')
        else:
            self.until(lambda: same(before, self.lines(), False))
            self.type(b'\x03' if line == '^C' else b'\x04')

    def compare(self, want):
        command = self.command
        want = [line for line in want if line != '^D']
        if command.stays():
            right = self.until(lambda: same(want, self.lines(), False) or
                               self.over())
            right = same(want, self.lines(), self.over())
        else:
            self.until(self.over)
            # What was started before may have more to say.
            if self.background:
                self.until(lambda: same(want, self.lines(), True))
            right = bool(self.over()) and same(want, self.lines(), True)
        command.shown = self.lines()
        over = self.over()
        if over:
            self.status = int(over[1])
        return right

    def finish(self):
        os.close(self.input)
        os.unlink(self.script)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.pid, number)
                foreground = os.tcgetpgrp(self.fd)
                if foreground > 1 and foreground != self.pid:
                    os.killpg(foreground, number)
            except OSError:
                pass
            end = time.monotonic() + (peers.DEADLINE if
                                      number != signal.SIGINT else 0.2)
            while time.monotonic() < end and self.read(0.05):
                pass
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
        os.close(self.fd)


# Pages

def pod_blocks(path):
    section, lines, blocks = '', [], []
    for line in open(path, encoding='utf-8').read().split('\n') + ['=end']:
        if line.startswith('    '):
            lines.append(line[4:])
        elif lines:
            blocks.append(Block(section, lines))
            lines = []
        if line.startswith('=head'):
            section = line.split(' ', 1)[1]
    return blocks


def markdown_blocks(path):
    section, lines, blocks, fence = '', [], [], None
    for line in open(path, encoding='utf-8').read().split('\n'):
        if line.startswith('```'):
            if lines and fence == '```':
                blocks.append(Block(section, lines))
            lines, fence = [], line if fence is None else None
        elif fence is not None:
            lines.append(line)
        elif line.startswith('#'):
            section = line
    return blocks


class Catalogue:
    """A .po file, as far as blocks go."""

    STRING = r'((?:"(?:[^"\\]|\\.)*"\n)+)'
    ENTRY = re.compile(r'(#, [^\n]*\n)?((?:#\|[^\n]*\n)*)msgid ' + STRING +
                       r'msgstr ' + STRING)

    def __init__(self, path):
        self.path = path
        self.text = open(path, encoding='utf-8').read()

    @staticmethod
    def decode(quoted):
        escapes = {'n': '\n', 't': '\t', '"': '"', '\\': '\\'}
        text = ''.join(line[1:-1] for line in quoted.strip().split('\n'))
        return re.sub(r'\\(.)', lambda m: escapes[m[1]], text)

    @staticmethod
    def encode(text):
        text = text.replace('\\', '\\\\').replace('"', '\\"')
        text = text.replace('\t', '\\t')
        return '""\n' + ''.join('"%s\\n"\n' % line
                                for line in text.split('\n')[:-1])

    def find(self, lines):
        wanted = '\n'.join('    ' + line for line in lines)
        for entry in self.ENTRY.finditer(self.text):
            if self.decode(entry[3]).rstrip('\n') == wanted:
                return entry
        return None

    def translated(self, block):
        entry = self.find(block.lines)
        text = self.decode(entry[4]).rstrip('\n') if entry else ''
        if not text or 'fuzzy' in (entry[1] or ''):
            return None
        return Block(block.section, [line[4:] for line in text.split('\n')])

    def put(self, lines, translation):
        entry = self.find(lines)
        if entry is None:
            sys.exit('not in %s: %s' % (self.path, lines))
        flags = (entry[1] or '').replace(', fuzzy', '')
        text = '\n'.join('    ' + line for line in translation) + '\n\n'
        self.text = self.text[:entry.start()] + (
            '' if flags == '#\n' else flags) + 'msgid ' + entry[3] + \
            'msgstr ' + self.encode(text) + self.text[entry.end():]

    def save(self):
        open(self.path, 'w', encoding='utf-8').write(self.text)


class Player:
    def __init__(self):
        self.sessions = []
        self.section = None

    def end_section(self):
        for session in reversed(self.sessions):
            session.finish()
        self.sessions = []

    def play(self, block):
        """The last wrong command or piece of output: what it should show and
        what it shows, or None."""
        wrong = None
        if block.section != self.section:
            self.end_section()
            self.section = block.section
        if block.output:
            going = [s for s in self.sessions if s.command.stays()]
            if not going:
                return ['nothing that goes on'], block.output
            session = going[-1]
            # Without a wildcard, all that it has shown so far.
            session.command.want += block.output
            want = list(session.command.want)
            if not session.compare(session.command.want):
                before = len(want) - len(block.output)
                wrong = want, session.lines()
                block.output = session.lines()[before:]
                session.command.want[before:] = block.output
        if block.commands:
            session = Session()
            self.sessions.append(session)
            for command in block.commands:
                if not session.run(command):
                    wrong = list(command.want), command.shown
                    command.want = command.shown
        return wrong


def show(block, wrong):
    print('not ok %s: %s' % (block.section, block.lines[0]))
    for title, lines in (('want', wrong[0]), ('got', wrong[1])):
        for line in lines:
            print('# %-5s%s' % (title + ':', line))


def really(block):
    """Its lines as they were shown."""
    lines = list(block.output)
    for command in block.commands:
        lines += ('$ ' + command.text).split('\n')
        lines += command.shown if command.shown is not None else command.want
    return lines


def main(arguments):
    write = arguments[:1] == ['--write']
    page, *catalogue = arguments[1:] if write else arguments
    blocks = (pod_blocks if page.endswith('.pod') else markdown_blocks)(page)
    catalogue = Catalogue(catalogue[0]) if catalogue else None
    player = Player()
    changes = []
    for original in blocks:
        block = original
        if block.is_file():
            continue
        if catalogue:
            block = catalogue.translated(original)
            if block is None and write:
                block = Block(original.section, original.lines)
            elif block is None:
                print('not ok %s: %s: untranslated' %
                      (original.section, original.lines[0]))
                continue
            typed_there = [command.text for command in block.commands]
            if typed_there != [command.text for command in original.commands]:
                print('not ok %s: %s: other commands than in English' %
                      (block.section, original.lines[0]))
        wrong = player.play(block)
        if wrong:
            show(block, wrong)
            changes.append((original, really(block)))
        else:
            print('ok %s: %s' % (block.section, block.lines[0]))
        sys.stdout.flush()
        if catalogue and write and not wrong:
            changes.append((original, block.lines))
    player.end_section()
    if not write:
        return
    text = open(page, encoding='utf-8').read()
    indent = '    ' if page.endswith('.pod') else ''
    for original, lines in changes:
        if catalogue:
            catalogue.put(original.lines, lines)
            continue
        old, new = ('\n'.join(indent + line for line in which) + '\n'
                    for which in (original.lines, lines))
        text = text.replace(old, new, 1)
    if catalogue:
        catalogue.save()
    else:
        open(page, 'w', encoding='utf-8').write(text)


if __name__ == '__main__':
    main(sys.argv[1:])
