# network.py: N: names, addresses, networks that fail
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

import tempfile

from faults import *


def in_network(t, script, **options):
    """A shell in a network of its own, with only lo, and its own
    resolv.conf where it mounts one."""
    needs_root()
    needs('unshare', 'ip', 'mount')
    return t.start('unshare', '--net', '--mount', 'sh', '-ec',
                   'ip link set lo up\n' + script, **options)


@case('N1', 'a name server that never answers',
      'exit 124 at the time limit, within 10 %',
      'socat, ncat and nc take 10 s for 2')
def dead_dns(t):
    conf = t.path('resolv.conf')
    open(conf, 'w').write('nameserver 127.0.0.1\n')
    mute = ('import socket,sys\ns=socket.socket(socket.AF_INET,'
            'socket.SOCK_DGRAM)\ns.bind(("127.0.0.1",53))\nprint("mute",'
            'flush=True)\nwhile True: s.recvfrom(4096)\n')
    open(t.path('mute.py'), 'w').write(mute)
    shell = in_network(t, '''
        mount --bind resolv.conf /etc/resolv.conf
        python3 mute.py >mute & pid=$!
        trap 'kill $pid' EXIT
        until test -s mute; do :; done
        set +e
        timed () {
          begun=$(date +%s%N)
          "$@" >/dev/null
          echo $1 $? $((($(date +%s%N) - begun) / 1000000))
        }
        timed gsock-client -w 2s nowhere.example 80 hola
        others=
        for other in 'curl -s -m2 http://nowhere.example/' \
            'socat - TCP:nowhere.example:80,connect-timeout=2' \
            'ncat -w2 nowhere.example 80' 'nc -w2 nowhere.example 80'; do
          test "$GSOCK_RIVALS" != no && command -v ${other%% *} >/dev/null ||
            continue
          timed $other 2>/dev/null & others="$others $!"
        done
        test -z "$others" || wait $others
    ''')
    shell.wait()
    if not shell.out():
        raise Skip('no network of its own: ' + shell.err().strip()[-80:])
    told = dict(line.split(None, 1) for line in shell.out().decode().split('\n')
                if ' ' in line)
    status, took = map(int, told.pop('gsock-client').split())
    t.ok(status == 124, 'exit 124: ' + shell.err().strip())
    t.figure('%.2f s of 2' % (took / 1e3), 1800 <= took <= 2200)
    for name, text in told.items():
        t.compare(name, lambda _, text=text: '%.2f s of 2' % (
            int(text.split()[1]) / 1e3))


@case('N3', 'the first address of a name is mute, the second answers',
      'connected after 250 ms')
def mute_first(t):
    # RFC 6724 puts the one of IPv6 first.
    hosts = t.path('hosts')
    open(hosts, 'w').write('2001:db8::7 two.test\n127.0.0.1 two.test\n'
                           '127.0.0.1 localhost\n')
    shell = in_network(t, '''
        mount --bind hosts /etc/hosts
        ip link add veth1 type veth peer name veth2
        ip addr add 2001:db8::1/64 dev veth1 nodad
        ip link set veth1 up; ip link set veth2 up
        ip neigh add 2001:db8::7 lladdr 02:00:00:00:00:07 dev veth1
        mkfifo ready
        gsock-server --quiet --echo --ready-fd=3 127.0.0.1:0 3>ready & pid=$!
        trap 'kill $pid' EXIT
        read -r address <ready
        begun=$(date +%s%N)
        gsock-client -w 10s two.test "${address##*:}" hola >answer
        echo $((($(date +%s%N) - begun) / 1000000)) $(cat answer)
    ''')
    status = shell.wait()
    if not shell.out() and status != 4:
        raise Skip('no network of its own: ' + shell.err().strip()[-80:])
    took, _, answer = shell.out().decode().partition(' ')
    t.ok(answer.strip() == 'hola', 'the second one is reached')
    t.ok(int(took or 0) >= 200, 'after the first one had its time')
    t.figure('%s ms' % took, int(took or 9999) < 1000)


@case('N4', 'a machine without IPv6', "'*' serves IPv4; [::1] is refused, 4")
def no_ipv6(t):
    shell = in_network(t, '''
        echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
        mkfifo ready
        gsock-server --quiet --echo --ready-fd=3 '*:0' 3>ready & pid=$!
        trap 'kill $pid' EXIT
        read -r address <ready
        gsock-client 127.0.0.1 "${address##*:}" hola
        set +e
        gsock-client ::1 "${address##*:}" hola
        echo $?
    ''')
    shell.wait()
    if not shell.out():
        raise Skip('no network of its own: ' + shell.err().strip()[-80:])
    t.ok(shell.out().split() == [b'hola', b'4'],
         'IPv4 works and IPv6 is refused: %s' % shell.err().strip())


@case('N5', 'a port in use, of others, and an address that is not here',
      'exit 4, the address named')
def cannot_bind(t):
    taken = socket.create_server(('127.0.0.1', 0))
    port = taken.getsockname()[1]
    rows = [('127.0.0.1:%d' % port, 4), ('192.0.2.99:3490', 4)]
    if os.geteuid() != 0:
        rows.append(('127.0.0.1:1', 4))
    for address, want in rows:
        status, _, err = t.run('gsock-server', '--echo', address)
        t.ok(status == want and one_line(err) and address in err,
             err.strip())
        if address.endswith(':%d' % port):
            t.ok('pid %d' % os.getpid() in err, 'and who has it')


@case('N6', 'the link goes down in the middle of a transfer',
      'exit 124 after --idle-timeout')
def link_down(t):
    shell = in_network(t, '''
        ip link add veth1 type veth peer name veth2
        unshare --net sleep 600 & other=$!
        trap 'kill $other' EXIT
        there () { nsenter --net=/proc/$other/ns/net "$@"; }
        until test "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/$$/ns/net)"; do :; done
        ip link set veth2 netns $other
        ip addr add 10.9.9.1/24 dev veth1; ip link set veth1 up
        there sh -c 'ip addr add 10.9.9.2/24 dev veth2
          ip link set veth2 up; ip link set lo up'
        mkfifo ready
        nsenter --net=/proc/$other/ns/net gsock-server --quiet --echo \
          --ready-fd=3 10.9.9.2:0 3>ready & pid=$!
        trap 'kill $pid $other' EXIT
        read -r address <ready
        mkfifo held; (exec 4>held; echo hola >&4
          until test -s answer; do :; done
          ip link set veth1 down
          until test -s status; do :; done) &
        set +e
        gsock-client -i 1s 10.9.9.2 "${address##*:}" <held >answer
        echo $? >status
        cat status
    ''')
    shell.wait()
    if not shell.out():
        raise Skip('no two networks: ' + shell.err().strip()[-80:])
    t.ok(shell.out().strip() == b'124', 'exit 124: ' + shell.err().strip())
