#! /bin/sh
# test-start.sh: what a tool loads to start, and what it can do without
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"

requires readelf

# Under a wrapper the one on PATH is a script.
test -z "$TEST_WRAPPER" || PATH=$GSOCK_BUILDDIR:$PATH

for tool in gsock-client gsock-get gsock-server; do
  needed=$(readelf -d "$(command -v "$tool")" | grep NEEDED)
  like "$needed" 'libglib-2\.0' "$tool is linked with GLib"
  unlike "$needed" 'readline|history|tinfo|curses' \
    "$tool is not linked with a line editor"
done

# GIO alone takes as long as a whole conversation of one message.
unlike "$(readelf -d "$(command -v gsock-client)" | grep NEEDED)" \
  'libgio|libgobject|libgnutls' 'gsock-client loads no GIO, GObject or GnuTLS'

# A library of that name that is none stands for a machine that has none.
mkdir none
for version in 7 8 9; do
  : >"none/libreadline.so.$version"
done
start_peer <<'EOP'
from peers import *
import threading
listener = listen()
def serve(sock):
    sock.sendall(read_line(sock))
    read_all(sock)
while True:
    threading.Thread(target=serve, args=[accept(listener)], daemon=True).start()
EOP
for options in '' -v; do
  peer $options "$PEER" <<'EOP'
from peers import *
os.environ['LD_LIBRARY_PATH'] = os.environ['TMP'] + '/none'
t = Terminal(['gsock-client', *sys.argv[1:]])
t.expect('> ')
t.type('hola\r')
t.expect('< hola')
t.type(b'\x04')
print(t.end(), 'readline' in t.text())
EOP
  case $options in
    '') is "$status:$stdout" '0:0 False' 'a conversation needs no readline' ;;
    *) like "$status:$stdout" '^0:0 ' 'nor with -v' ;;
  esac
done
if grep -q 'libreadline\.so' "$(command -v gsock-client)"; then
  is "$stdout" '0 True' '-v says why lines can not be recalled'
else
  skip 1 'built without readline'
fi
kill "$PEER_PID"

done_testing
