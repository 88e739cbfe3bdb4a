#! /bin/sh
# test-proxy.sh: a client behind SOCKS and HTTP proxies: real ones, and one that
# does everything wrong
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

. "${0%/*}/../lib/functions.sh"
requires python3

# proxy MODE [SECRET]: one of ours; sets PROXY, host and port
proxy ()
{
  test -z "${PEER_PID:-}" || { kill "$PEER_PID"; reap "$PEER_PID"; }
  rm -f heard
  start_peer "$@" <"$GSOCK_SRCDIR/tests/lib/proxy.py"
  PROXY=${PEER#tcp:}
}

start_server --echo 127.0.0.1:0 '[::1]:0'
six=$(endpoint 2)
six=${six##*:}

for kind in socks4 socks4a socks5 http; do
  mode=$kind
  test "$kind" != socks4a || mode=socks4
  proxy "$mode"
  run gsock-client --proxy="$kind://$PROXY" "127.0.0.1:$PORT" 'hola mundo'
  is "$status:$stdout:$stderr" '0:hola mundo:' "$kind: through it, and back"
  run gsock-client -x "$kind://$PROXY" localhost "$PORT" hola
  is "$status:$stdout" 0:hola "$kind: by name"
  if test "$kind" = socks4; then
    ok '... which it is not told' sh -c '! grep -q localhost heard'
  else
    ok '... which it looks up itself' grep -q localhost heard
  fi
  head -c 1000000 /dev/urandom >data
  run gsock-client -x "$kind://$PROXY" "127.0.0.1:$PORT" <data
  same_bytes data stdout "$kind: a megabyte each way, and both ends"
done
proxy socks5
run gsock-client -x "socks5://$PROXY" "[::1]:$six" hola
is "$status:$stdout" 0:hola 'socks5: an IPv6 address'
proxy socks4
run gsock-client -x "socks4://$PROXY" "[::1]:$six" hola
is "$status" 2 'socks4 has no IPv6'
like "$stderr" '^gsock-client: .*IPv4.*socks4' '... and it is said'

# What the target says first must not be lost behind the answer.
for kind in socks4a socks5 http; do
  proxy "${kind%a}-early"
  start_server --greet 127.0.0.1:0
  run gsock-client -x "$kind://$PROXY" "127.0.0.1:$PORT"
  is "$status:$stdout" '0:This is a test string from server!' \
    "$kind: what comes in one piece with its answer"
done

# Who we are.
start_server --echo 127.0.0.1:0
GSOCK_PROXY_PASSWORD='pa:ss'
export GSOCK_PROXY_PASSWORD
for kind in socks5 http; do
  proxy "$kind" 'ana:pa:ss'
  run gsock-client -x "$kind://ana@$PROXY" "127.0.0.1:$PORT" hola
  is "$status:$stdout" 0:hola "$kind: with a password"
  run gsock-client -x "$kind://eva@$PROXY" "127.0.0.1:$PORT" hola
  is "$status" 6 "$kind: the wrong user is denied"
  like "$stderr" '^gsock-client: .*127\.0\.0\.1.*user or the password' '... in one line'
  run gsock-client -x "$kind://$PROXY" "127.0.0.1:$PORT" hola
  is "$status" 6 "$kind: nobody is denied"
  like "$stderr" 'GSOCK_PROXY_PASSWORD' '... and told what to do'
done
proxy socks4 ana
run gsock-client -x "socks4a://ana@$PROXY" "127.0.0.1:$PORT" hola
is "$status:$stdout" 0:hola 'socks4a: with a user'
run gsock-client -x "socks4a://eva@$PROXY" "127.0.0.1:$PORT" hola
is "$status" 6 'socks4a: the wrong one is denied'
unset GSOCK_PROXY_PASSWORD

# refused STATUS ERE TEXT KIND: what the proxy in force answers is told
refused ()
{
  run gsock-client -w 2s -x "$4://$PROXY" 127.0.0.1:9 hola
  is "$status:$stdout" "$1:" "$3"
  like "$stderr" "^gsock-client: .*$2" '... in one line'
  is "$(wc -l <stderr)" 1 '... and no more'
}
proxy refuse2; refused 6 'rules' 'socks5: not allowed' socks5
proxy refuse3; refused 4 'network is unreachable' 'socks5: no network' socks5
proxy refuse4; refused 4 'host is unreachable' 'socks5: no host' socks5
proxy refuse5; refused 4 'connection was refused' 'socks5: refused' socks5
proxy refuse99; refused 4 'unknown code 99' 'socks5: an unknown answer' socks5
proxy status403; refused 6 '403 Not .x1b' 'http: forbidden, escapes shown' http
proxy status502; refused 4 '502' 'http: a bad gateway' http
for kind in socks4 socks5 http; do
  proxy garbage; refused 1 'not of' "$kind: garbage" "$kind"
  proxy cut; refused 1 '(closed the connection|not of|reset)' "$kind: cut short" "$kind"
  proxy mute; refused 124 'within 2 s' "$kind: silence" "$kind"
done
proxy endless; refused 1 'no end after' 'http: an answer without end' http

# TLS begins in the tunnel, or nothing is said.
if command -v openssl >/dev/null; then
  start_server --cert=auto --echo tls:127.0.0.1:0
  PORT=${ADDR##*:}
  proxy http
  run gsock-client -k -x "http://$PROXY" "tls:127.0.0.1:$PORT" 'un secreto'
  is "$status:$stdout" '0:un secreto' 'TLS through a tunnel'
  ok '... of which the proxy reads nothing' sh -c '! grep -aq secreto heard'
  start_server --echo 127.0.0.1:0
  proxy http
  run gsock-client -k -w 5s -x "http://$PROXY" "tls:127.0.0.1:$PORT" 'un secreto'
  is "$status" 5 'a target without TLS is an error'
else
  skip 3 'needs openssl'
fi

# Nonsense.
start_server --echo 127.0.0.1:0
for url in nada ftp://h:1 http:// http://h:1/path http://h:99999 \
    socks5://ana:secreto@h:1; do
  run gsock-client "--proxy=$url" "127.0.0.1:$PORT" x
  is "$status" 2 "--proxy=$url is a usage error"
  unlike "$stderr" secreto '... that repeats no password'
done
run gsock-client -x socks5://127.0.0.1:9 "$TMP/socket" x
is "$status" 2 'a UNIX socket is behind no proxy'

# The environment's.
proxy socks5
all_proxy=socks5://$PROXY
export all_proxy
run gsock-client -x system "127.0.0.1:$PORT" hola
is "$status:$stdout:$(test -s heard && echo heard)" 0:hola:heard \
  '--proxy=system: $all_proxy'
rm -f heard
no_proxy=example.org,127.0.0.1 run env no_proxy=example.org,127.0.0.1 \
  gsock-client -x system "127.0.0.1:$PORT" hola
is "$status:$stdout:$(test -e heard || echo direct)" 0:hola:direct \
  '... unless $no_proxy has it'
run gsock-client "127.0.0.1:$PORT" hola
is "$status:$stdout:$(test -e heard || echo direct)" 0:hola:direct \
  '... and only if it is asked for'
unset all_proxy

# Real ones.  They choose no port by themselves: one that was free a moment ago.
# Nor do they know of half-closes: the first end of file ends both ways.
if command -v microsocks >/dev/null; then
  free=$(free_ports 1)
  background microsocks microsocks -i 127.0.0.1 -p "$free" -u ana -P secreto
  GSOCK_PROXY_PASSWORD=secreto run env GSOCK_PROXY_PASSWORD=secreto \
    gsock-client --retry=20 --no-shutdown -n1 -x "socks5://ana@127.0.0.1:$free" 127.0.0.1 "$PORT" hola
  is "$status:$stdout" 0:hola 'microsocks'
  kill "$BG_PID"; reap "$BG_PID"
else
  skip 1 'needs microsocks'
fi
if command -v tinyproxy >/dev/null; then
  free=$(free_ports 1)
  printf 'Port %s\nListen 127.0.0.1\nTimeout 60\n' "$free" >tinyproxy.conf
  background tinyproxy tinyproxy -d -c tinyproxy.conf
  run gsock-client --retry=20 --no-shutdown -n1 -x "http://127.0.0.1:$free" 127.0.0.1 "$PORT" hola
  is "$status:$stdout" 0:hola 'tinyproxy'
  kill "$BG_PID"; reap "$BG_PID"
else
  skip 1 'needs tinyproxy'
fi

done_testing
