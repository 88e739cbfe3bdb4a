#! /usr/bin/env python3
# draw.py: draws the table of gsock-get in bench/README.md
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""draw.py README >SVG: a bar for each program and each case of the table that
has a column "goal, wall", as parts of curl's time; a mark where the goal is.
The numbers stand in the table alone."""

import re
import sys
from xml.sax.saxutils import escape

LABEL, WIDTH, BAR, GAP, TOP = 84, 640, 13, 20, 64
NUMBER = 40  # how wide one is
MOST = 2.5  # of curl's time; what takes longer is cut, and its number told
SCALE = (WIDTH - LABEL - 60) / MOST
STYLE = '''<style>
text { font: 12px sans-serif; fill: #24292f }
.title { font-weight: bold; font-size: 14px }
.ours { fill: #0969da } .theirs { fill: #b6bfc8 }
.one { stroke: #57606a; stroke-dasharray: 3 3 } .goal { stroke: #cf222e; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
text { fill: #c9d1d9 } .ours { fill: #58a6ff } .theirs { fill: #484f58 }
.one { stroke: #8b949e } .goal { stroke: #ff7b72 }
}
</style>'''


def table(path):
    """The rows, each a list of cells, its head first."""
    rows = []
    with open(path, encoding='utf-8') as file:
        for line in file:
            cells = [cell.strip() for cell in line.strip().strip('|').split('|')]
            if line.startswith('|') and (rows or 'goal, wall' in cells):
                rows.append(cells)
            elif rows:
                break
    return [rows[0]] + rows[2:]


def name_of(head):
    """"wget 1.21, wall" is wget's; "wall" is ours, and "CPU" nobody's."""
    if head == 'wall':
        return 'gsock-get'
    return None if head == 'CPU' else head.split()[0]


def cases(rows):
    """(title, goal or None, [(program, part of curl's wall time)])."""
    head = rows[0]
    for row in rows[1:]:
        goal = float(row[1]) if row[1] else None
        bars = [('curl', 1.0)]
        for title, cell in zip(head[2:], row[2:]):
            if name_of(title) and cell:
                bars.append((name_of(title), float(cell)))
        yield re.sub(r', \d+ rounds$', '', row[0]), goal, bars


def draw(groups):
    parts, y = [], TOP
    for title, goal, bars in groups:
        parts.append('<text class="title" x="8" y="%d">%s</text>'
                     % (y + 4, escape(title)))
        y += GAP - 6
        for name, value in bars:
            long = min(value, MOST) * SCALE
            parts.append('<text x="%d" y="%d" text-anchor="end">%s</text>'
                         % (LABEL - 8, y + BAR - 2, name))
            parts.append('<rect class="%s" x="%d" y="%d" width="%.1f" height="%d"/>'
                         % ('ours' if name == 'gsock-get' else 'theirs', LABEL,
                            y, long, BAR - 2))
            mark = goal * SCALE if name == 'gsock-get' and goal else 0
            number = mark if 0 < mark - long < NUMBER else long
            parts.append('<text x="%.1f" y="%d">%.2f%s</text>'
                         % (LABEL + number + 6, y + BAR - 2, value,
                            ' →' if value > MOST else ''))
            if mark:
                x = LABEL + mark
                parts.append('<line class="goal" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>'
                             % (x, x, y - 2, y + BAR))
            y += BAR
        y += GAP
    one = LABEL + SCALE
    return '\n'.join(
        ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
         'viewBox="0 0 %d %d" role="img">' % (WIDTH, y, WIDTH, y),
         '<title>Wall time as parts of curl\'s</title>', STYLE,
         '<text class="title" x="8" y="20">Wall time as parts of curl\'s</text>',
         '<text x="8" y="38">shorter is faster; the mark is the goal</text>',
         '<line class="one" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>'
         % (one, one, TOP - 8, y - GAP)] + parts + ['</svg>'])


sys.stdout.reconfigure(encoding='utf-8')
print(draw(cases(table(sys.argv[1]))))
