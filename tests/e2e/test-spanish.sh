#! /bin/sh
# test-spanish.sh: the tools say everything in Spanish, and the catalogues are
# whole
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires python3
requires_spanish

# Help.  Only these may be the same in both languages.
same='Socket:,N,URL,N|forever,N|auto'

# help_of TOOL OPTION
help_of ()
{
  run "$1" "$2"
  is "$status:$stderr" '0:' "$1 $2 in English"
  cp stdout english
  run in_spanish "$1" "$2"
  is "$status:$stderr" '0:' "$1 $2 in Spanish"
  cp stdout spanish
}

# compare_help: prints what is wrong with ./english and ./spanish
compare_help ()
{
  peer "$same" <<'EOP'
import re, sys, unicodedata

same = sys.argv[1].split(',')

def width(line):
    return sum(0 if unicodedata.combining(c) else
               2 if unicodedata.east_asian_width(c) in 'WF' else 1
               for c in line)

def take_apart(name):
    """What a page is made of: (what it belongs to, text), wrapping undone."""
    parts = []
    option = None
    for line in open(name, encoding='utf-8').read().split('\n'):
        if width(line) > 80:
            print(name, 'is too wide:', line)
        entry = re.match(r'  (?:-., |    )--([\w-]+)(?:\[?=([^ ]*?)\]?)?'
                         r'(?: {2,}(.*))?$', line)
        example = re.match(r'  (gsock-\w+ .*?)(?: {2,}(.*))?$', line)
        if entry:
            option = '--' + entry[1]
            if entry[2]:
                parts.append((option + ', its value', entry[2]))
            parts.append((option, entry[3] or ''))
        elif example:
            option = example[1]
            parts.append((option, example[2] or ''))
        elif option and line.startswith('          '):
            parts[-1] = (option, (parts[-1][1] + ' ' + line.strip()).strip())
        elif line:
            option = None
            parts.append(('a line', line.strip()))
    return parts

english, spanish = take_apart('english'), take_apart('spanish')
options = [[what for what, text in page if what != 'a line']
           for page in (english, spanish)]
if options[0] != options[1]:
    print('not the same options:', *options)
if len(options[0]) < 10:
    print('hardly any options were found')
left = {text for what, text in english} - set(same)
for what, text in spanish:
    if not text:
        print('%s has no text' % what)
    if text in left:
        print('%s is in English: %s' % (what, text))
EOP
}

for tool in gsock-resolve gsock-get gsock-server gsock-client; do
  # Not built without ldns.
  test "$tool" != gsock-resolve || command -v "$tool" >/dev/null || continue
  for option in --help --help-all; do
    help_of "$tool" "$option"
    compare_help
    is "$status:$stdout" '0:' '... all of it translated, in 80 columns'
  done
done
# The checker sees what it should.
cp english spanish
compare_help
like "$stdout" '^--retry is in English' 'English in a Spanish page is found'
sed 's/^  -z, .*/& more words than any terminal of 80 columns has room for/' \
  english >spanish
compare_help
like "$stdout" '^spanish is too wide: ' '... and a line that is too long'

# Errors

# wrong COMMAND...: says one line in each language, with the same status
wrong ()
{
  run "$@"
  english=$stderr
  english_status=$status
  isnt "$status" 0 "$* fails"
  run in_spanish "$@"
  is "$status" "$english_status" '... with the same status in Spanish'
  is "$(wc -l <stderr)" 1 '... in one line'
  isnt "$stderr" "$english" "... translated: $stderr"
  like "$stderr" "^${1}: .*[^.]\$" '... which says who speaks'
  unlike "$stderr" "(^|[ (])(the|is|can't|cannot|no such|see|write|of)[ ,]" \
    '... with no English in it'
}

: >file
mkdir directory
ln -s file link
wrong gsock-server
wrong gsock-client
wrong gsock-server --nada
wrong gsock-server --frame
wrong gsock-server --json=3
wrong gsock-server --frame=nada 3490
wrong gsock-server --sh=true 3490 -- true
like "$stderr" ': ORDEN y --sh ' '... with the words of the help'
wrong gsock-client --check 3490 hola
like "$stderr" ' MENSAJE ' '... in gsock-client too'
wrong gsock-server --max-message=nada 3490
wrong gsock-server --max-connections=0 3490
wrong gsock-server --idle-timeout=nada 3490
wrong gsock-server --mode=999 3490
wrong gsock-server --allow=nada 3490
wrong gsock-server --allow=10.0.0.1/8 3490
wrong gsock-server --accept-proxy=nada 3490
wrong gsock-server --send-proxy --echo 3490
wrong gsock-client --send-proxy=3 3490 hola
wrong gsock-server --sockopt=ttl=0 3490
wrong gsock-server --echo --print 3490
wrong gsock-server --tag --echo 3490
wrong gsock-server --greet=@nada 3490
wrong gsock-server --color=nada 3490
wrong gsock-server 3490 --
wrong gsock-server 65536
wrong gsock-server vsock:2:3490
wrong gsock-server http://localhost/
wrong gsock-server "$TMP/file"
wrong gsock-server "$TMP/directory"
wrong gsock-server "$TMP/link"
wrong gsock-server "$TMP/nada/socket"
wrong gsock-server "$TMP/$(printf '%0120d' 0)"
wrong gsock-client '*:3490'
wrong gsock-client localhost
wrong gsock-client nada.invalid:80
wrong gsock-client fd:99
wrong gsock-client "$TMP/nada"
wrong gsock-client --send-only --recv-only "$TMP/nada"

# What a number does to a sentence, and a comma to a number.
run in_spanish gsock-server --accept-timeout=1ms 127.0.0.1:0
like "$stderr" ' en 1 ms ' 'a whole number of milliseconds'
run in_spanish gsock-server --accept-timeout=10.5ms 127.0.0.1:0
like "$stderr" ' en 10,5 ms ' 'a decimal comma'

# A conversation, and what is said about it

spanish_prefix="env LC_ALL=es_ES.UTF-8 LANGUAGE=es"
test -z "$spanish_locpath" ||
  spanish_prefix="$spanish_prefix LOCPATH=$spanish_locpath"

# session PREFIX OPTION...: three clients, of whom the last one tells the
# server to stop; what is said goes to client.said and server.said
session ()
{
  SERVER_PREFIX=$1
  shift
  start_server "$@" -f int "$TMP/socket"
  # shellcheck disable=SC2086 # words
  for text in 'hola mundo' 'probando conectividad' quit; do
    $SERVER_PREFIX gsock-client "$@" -f int "$TMP/socket" "$text"
  done 2>client.said
  SERVER_PREFIX=
  reap "$SERVER_PID"
  is "$status:$(cat "$SERVER_OUT")" '0:hola mundo
probando conectividad
quit' "a session with $*"
  mv "$SERVER_ERR" server.said
}

# both_languages OPTION...: the session in English (*.en) and in Spanish
both_languages ()
{
  session '' "$@"
  mv client.said client.en
  mv server.said server.en
  session "$spanish_prefix" "$@"
}

both_languages --explain
for who in server client; do
  peer "$who.en" "$who.said" <<'EOP'
import sys
def read(name):
    calls, lessons, last = set(), [], None
    for line in open(name, encoding='utf-8').read().splitlines():
        if line.startswith('    '):
            if last != 'lesson':
                lessons.append('')
            lessons[-1] += ' ' + line.strip()
            last = 'lesson'
        else:
            if ') = ' in line:
                calls.add(line.split(' ')[0])
            last = 'call'
    return calls, lessons
english, spanish = (read(name) for name in sys.argv[1:])
if len(english[1]) < 4 or len(spanish[1]) < 4:
    print('hardly any lessons')
if english[0] != spanish[0]:
    print('not the same calls:', english[0] ^ spanish[0])
for lesson in set(english[1]) & set(spanish[1]):
    print('in English:', lesson)
for lesson in spanish[1]:
    if '{' in lesson:
        print('a name in braces:', lesson)
EOP
  is "$status:$stdout" '0:' "--explain: the $who's lessons are in Spanish"
done
like "$(cat server.said)" 'Un socket nuevo, todavía sin dirección' \
  '... and well said'
like "$(cat server.said)" '; queda 1 cliente conectado$' 'one client'

both_languages -v
for who in server client; do
  sort "$who.en" >sorted.en
  sort "$who.said" >sorted.es
  is "$(comm -12 sorted.en sorted.es)" '' \
    "-v: nothing that the $who says is in English"
done
like "$(cat server.said)" 'recibido: [0-9]+ bytes' 'sizes have a unit'
unlike "$(cat server.said client.said)" '[0-9]\.[0-9]+ (ms|s|kB)( |$|;|,|:)' \
  'no decimal point'

both_languages --json -v
for who in server client; do
  peer "$who.en" "$who.said" <<'EOP'
import json, sys
def read(name):
    found = set()
    for line in open(name, encoding='utf-8'):
        event = json.loads(line)
        found.add((event['event'], *event, event.get('reason')))
    return found
english, spanish = (read(name) for name in sys.argv[1:])
if len(english) < 4:
    print('hardly any events')
if english != spanish:
    print(english ^ spanish)
EOP
  is "$status:$stdout" '0:' "--json: names and keys of the $who stay English"
done

run gsock-client --json "$TMP/nada"
english=$stderr
run in_spanish gsock-client --json "$TMP/nada"
cut_message='s/"(message|time)":"[^"]*"/"\1":""/g'
is "$(printf '%s\n' "$stderr" | sed -E "$cut_message")" \
  "$(printf '%s\n' "$english" | sed -E "$cut_message")" \
  "--json: of an error only the message is translated"
isnt "$(printf '%s\n' "$stderr" | sed 's/"time":"[^"]*"//')" \
  "$(printf '%s\n' "$english" | sed 's/"time":"[^"]*"//')" '... and that is'

# The catalogues

for catalogue in po/es.po man/po/es.po; do
  if command -v msgfmt >/dev/null; then
    run env LC_ALL=C msgfmt --check --statistics -o /dev/null \
      "$GSOCK_SRCDIR/$catalogue"
    like "$status:$stderr" '^0:[0-9]+ translated messages\.$' \
      "$catalogue is whole, and nothing in it fuzzy"
  else
    skip 1 'needs msgfmt'
  fi
done

cat >catalogue.py <<'EOP'
import ast, re, sys

entry, field = {}, None
found = []

def end():
    if entry.get('msgid'):
        found.append(dict(entry))
    entry.clear()

for line in open(sys.argv[1], encoding='utf-8'):
    line = line.rstrip('\n')
    if not line:
        end()
    match = re.match(r'(msg\w+(?:\[\d\])?) (".*")$', line)
    if match:
        field = match[1]
        entry[field] = ast.literal_eval(match[2])
    elif line.startswith('"'):
        entry[field] += ast.literal_eval(line)
end()

def places(text):
    return sorted(re.findall(r'\{[^}]*\}', text))

if len(found) < 10:
    print('hardly any messages')
for message in found:
    msgid = message['msgid']
    for field, text in message.items():
        if not field.startswith('msgstr') or not text:
            continue
        if places(text) != places(msgid):
            print('other placeholders:', text)
        if re.search(r"'%|%s'|\"|“|”", text):
            print('no «»:', text)
        if text.count('«') != text.count('»'):
            print('an odd «:', text)
        if (msgid[-1] == '.') != (text[-1] == '.'):
            print('another end:', text)
        if '  ' in text and '  ' not in msgid:
            print('two spaces:', text)
EOP

# check_catalogue FILE: prints what is wrong with its messages
check_catalogue ()
{
  run python3 catalogue.py "$1"
}

check_catalogue "$GSOCK_SRCDIR/po/es.po"
is "$status:$stdout" '0:' 'every {placeholder} is kept, and all quotes are « »'
cat >bad.po <<'EOF'
msgid "Stopped by {reason} on {local}"
msgstr "Detenido por {razon} en \"{local}\""
EOF
check_catalogue bad.po
is "$stdout" 'hardly any messages
other placeholders: Detenido por {razon} en "{local}"
no «»: Detenido por {razon} en "{local}"' '... or it would be found'

done_testing
