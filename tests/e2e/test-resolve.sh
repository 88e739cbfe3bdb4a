#! /bin/sh
# test-resolve.sh: gsock-resolve says what the C library says, and all of it
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires gsock-resolve

run gsock-resolve 127.0.0.1.nobody.invalid
is "$status" 3 'a name that does not exist has status 3'
is "$stdout" '' '... and no answer'
like "$stderr" "^gsock-resolve: '127\.0\.0\.1\.nobody\.invalid' " \
  '... but one line that says so'

run gsock-resolve
is "$status" 2 'no name is a usage error'
run gsock-resolve --families localhost
is "$status" 2 '--families takes no name'
run gsock-resolve --short --json localhost
is "$status" 2 '--short and --json exclude each other'
run gsock-resolve -i "$TMP/nowhere"
like "$status:$stderr" '^1:gsock-resolve: .*nowhere' \
  'an input that is not there is named'

gsock-resolve -i - <&- 2>closed
like "$?:$(cat closed)" '^1:gsock-resolve: Cannot read standard input: ' \
  'nor can a closed one be read'
gsock-resolve -i - 0>/dev/null 2>closed
like "$?:$(cat closed)" '^1:gsock-resolve: Cannot read standard input: ' \
  "... nor nohup's, which is for writing"
run gsock-resolve -i - </dev/null
is "$status:$stdout$stderr" 0: '... but one that is empty'

# What getent says, which asks the C library too.
run gsock-resolve localhost
like "$stdout" '^Name +localhost$' 'the block begins with the name'
like "$stdout" '^Canonical name +localhost' '... has its canonical name'
like "$stdout" '^Address length +(4|16) bytes \(AF_INET6?\)' \
  '... how many bytes an address has'
run gsock-resolve --short localhost
is "$stdout" "$(getent ahosts localhost | sed -n 's/ *STREAM.*//p' | uniq)" \
  '--short prints what getent ahosts does, in its order'
run gsock-resolve --short -4 --timeout=20s localhost
is "$status:$stdout" '0:127.0.0.1' '-4 asks for IPv4 only'
run gsock-resolve --short -6 ::1
like "$status" '^[03]$' 'an address is looked up backwards'
run gsock-resolve --short 127.0.0.1
is "$(printf '%s\n' "$stdout" | head -n 1)" \
  "$(getent hosts 127.0.0.1 | sed 's/^[^ ]* *//; s/ .*//')" \
  '... and gets the name that getent finds'

# Many names, none of which takes a name server.
i=0
while test $i -lt 300; do
  echo localhost
  echo "bad..name$i"
  i=$((i + 1))
done >names
printf '# no name\n\n' >>names

printf 'localhost' >>names
run gsock-resolve --json --input=names --jobs=16 --quiet
python3 - <<'EOF' >verdict
import json
names = [line.strip() for line in open('names')
         if line.strip() and line[0] != '#']
results = [json.loads(line) for line in open('stdout')]
print([r['name'] for r in results] == names)
print(all('error' in r or r['addresses'] for r in results))
EOF
is "$(cat verdict)" 'True
True' 'a file of names: each has its object, in order, errors too'
run gsock-resolve --json --unordered -j64 -i - <names
is "$(sed 's/{"name":"\([^"]*\)".*/\1/' stdout | sort)" \
  "$(sed '/^#/d; /^$/d' names | sort)" 'the same from stdin, unordered'

# What can't be a name; escapes never get through.
long=$(printf '%2000s' '' | tr ' ' a)
printf '%s\n\033[31mred\nb\\d\nlocalhost\n' "$long" >odd
run gsock-resolve --short -i odd
is "$status:$stdout" "3:$(gsock-resolve --short localhost)" \
  'bad lines have errors, the rest is answered'
unlike "$stderr" "$(printf '\033')" '... and nothing raw is shown'
is "$(printf '%s\n' "$stderr" | wc -l)" 3 '... a line each'
run gsock-resolve --json "$(printf '\033]0;x\007')"
unlike "$stdout" "$(printf '\033')" 'nor in JSON'

run gsock-resolve --families
like "$stdout" '^AF_INET +2 +yes +' 'the table of families'
like "$stdout" '^AF_APPLETALK +5 ' '... has those of old'
run gsock-resolve --families --json
like "$stdout" '^\{"family":"AF_UNIX","number":1,"here":true\}$' '... as JSON'

run gsock-resolve --explain localhost
like "$stderr" '^getaddrinfo \("localhost", NULL, .* = 0 ' \
  '--explain shows the call'
like "$stderr" '^gethostbyname2_r .* h_name "localhost", h_length ' \
  '... and struct hostent'
like "$stderr" '^inet_ntop \(AF_INET, \{7f 00 00 01\}\).*"127\.0\.0\.1"' \
  '... and the bytes of an address'

run gsock-resolve --color=never --verbose --short localhost
is "$status" 0 '--color and --verbose are taken'
run gsock-resolve --help
like "$stdout" '--families' '--help'
run gsock-resolve --version
like "$stdout" '^gsock-resolve \(gsock\) ' '--version'

# Nobody reads.
if test -w /dev/full; then
  gsock-resolve localhost >/dev/full 2>stderr
  is $? 7 'a full disk is an error'
else
  skip 1 'needs /dev/full'
fi

done_testing
