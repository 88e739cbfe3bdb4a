/* lesson.c: the table of what calls teach
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/lesson-private.h"

#include <errno.h>

#include <glib/gi18n-lib.h>

/* The row that says most about a call is used: its own call before ANY_CALL,
 * then its own errno before ANY_ERROR, then its own topic before none.
 *
 * TRANSLATORS: lessons for students of network programming, in plain words.
 * Words in {braces} stand for numbers of the call that was just made: {fd} is
 * a descriptor, {port}, {hex} and {octets} a port ("3490", "0x0da2", "0d a2"),
 * {backlog} and {result} are counts.  Names of calls, constants and packets
 * (accept, SO_ERROR, SYN) stay as they are. */
const LessonRow lesson_rows[] = {
  { GSOCK_CALL_SOCKET, "AF_UNIX", 0,
    N_ ("A new socket, tied to no address yet. AF_UNIX reaches processes of "
        "this machine only, without any network.") },
  { GSOCK_CALL_SOCKET, "AF_INET", 0,
    N_ ("A new socket, tied to no address yet. AF_INET with SOCK_STREAM is "
        "TCP over IPv4: bytes arrive complete and in order, or one learns "
        "that the connection broke.") },
  { GSOCK_CALL_SOCKET, "AF_INET6", 0,
    N_ ("A new socket, tied to no address yet. AF_INET6 with SOCK_STREAM is "
        "TCP over IPv6; a server's, with IPV6_V6ONLY off, serves IPv4 too.") },
  { GSOCK_CALL_SOCKET, "SOCK_SEQPACKET", 0,
    N_ ("A new socket for records: a connection, with all in order and nothing "
        "lost, whose messages arrive as they were sent, none cut and none "
        "joined. Between processes of one machine only.") },
  { GSOCK_CALL_SOCKET, "SOCK_DGRAM", 0,
    N_ ("A new socket for datagrams: each send is a message of its own. Over a "
        "network, messages may be lost, come twice or overtake each other, and "
        "nobody tells.") },
  { GSOCK_CALL_SOCKET, NULL, 0, N_ ("A new socket, tied to no address yet.") },
  { GSOCK_CALL_SOCKET, NULL, EAFNOSUPPORT,
    N_ ("This kernel does not have that family of addresses: IPv6, for one, "
        "can be switched off.") },

  { GSOCK_CALL_SETSOCKOPT, "SO_REUSEADDR", 0,
    N_ ("A server that restarts may take its port again at once, without "
        "waiting for old connections to expire (TIME_WAIT).") },
  { GSOCK_CALL_SETSOCKOPT, "IPV6_V6ONLY", 0,
    N_ ("With 1 the socket takes IPv6 only, and another one may have the same "
        "port for IPv4. With 0 it takes both, and an IPv4 client looks like "
        "::ffff:192.0.2.1.") },
  { GSOCK_CALL_SETSOCKOPT, "SO_LINGER", 0,
    N_ ("With a time of 0 the close that follows is a reset and no end: the "
        "other side reads ECONNRESET, and so can't take half a stream for a "
        "whole one.") },
  { GSOCK_CALL_SETSOCKOPT, "SO_KEEPALIVE", 0,
    N_ ("After a long silence the kernel asks whether the other side is still "
        "there, and ends the connection if no answer comes. Without it, a peer "
        "whose cable was cut is waited for for ever.") },
  { GSOCK_CALL_SETSOCKOPT, "SO_OOBINLINE", 0,
    N_ ("TCP can call one byte urgent, and then recv leaves it out. With this "
        "it stays in its place among the others, so that nothing is lost.") },
  { GSOCK_CALL_SETSOCKOPT, "TCP_KEEP*", 0,
    N_ ("How keepalive asks: TCP_KEEPIDLE is the silence before the first "
        "question, TCP_KEEPINTVL the time between two (both in seconds), "
        "TCP_KEEPCNT how many may go unanswered.") },
  { GSOCK_CALL_SETSOCKOPT, "TCP_NODELAY", 0,
    N_ ("Small pieces leave at once. Without it the kernel may hold one back "
        "until the one before is acknowledged (Nagle's algorithm).") },
  { GSOCK_CALL_SETSOCKOPT, "TCP_QUICKACK", 0,
    N_ ("Acknowledges at once what has come. The kernel would wait a moment "
        "for something to send along with it, and a client may be waiting for "
        "just that.") },
  { GSOCK_CALL_SETSOCKOPT, "SO_REUSEPORT", 0,
    N_ ("Several sockets of one user may have the same address and port; the "
        "kernel shares the clients out among them.") },
  { GSOCK_CALL_SETSOCKOPT, "SO_LINGER", 0,
    N_ ("What close does with bytes not yet delivered. With a time of 0 it "
        "throws them away and breaks the connection (RST).") },
  { GSOCK_CALL_SETSOCKOPT, "IP_TOS", 0,
    N_ ("A mark in each packet (DSCP) that asks routers for speed or "
        "throughput; they may ignore it.") },
  { GSOCK_CALL_SETSOCKOPT, "IPV6_TCLASS", 0,
    N_ ("A mark in each packet (DSCP) that asks routers for speed or "
        "throughput; they may ignore it.") },
  { GSOCK_CALL_SETSOCKOPT, "IP_TTL", 0,
    N_ ("How many routers a packet may cross before it is thrown away, so "
        "that none goes round in circles for ever.") },
  { GSOCK_CALL_SETSOCKOPT, "IPV6_UNICAST_HOPS", 0,
    N_ ("How many routers a packet may cross before it is thrown away, so "
        "that none goes round in circles for ever.") },
  { GSOCK_CALL_SETSOCKOPT, "SO_RCVBUF", 0,
    N_ ("How many bytes the kernel keeps for us while we don't read. When they "
        "are full, TCP tells the other side to wait.") },
  { GSOCK_CALL_SETSOCKOPT, "SO_SNDBUF", 0,
    N_ ("How many bytes the kernel takes from us ahead of the network. When "
        "they are full, send has to wait.") },
  { GSOCK_CALL_SETSOCKOPT, "SO_BINDTODEVICE", 0,
    N_ ("Only packets of this network interface reach the socket, whatever "
        "their address.") },
  { GSOCK_CALL_SETSOCKOPT, "IP_FREEBIND", 0,
    N_ ("bind may take an address that this machine does not have yet: it may "
        "get it later, from another machine that fails.") },
  { GSOCK_CALL_SETSOCKOPT, "SO_MARK", 0,
    N_ ("A number on each packet, seen only inside this machine: its firewall "
        "and its routing rules can tell by it.") },
  { GSOCK_CALL_SETSOCKOPT, "SO_BROADCAST", 0,
    N_ ("A broadcast address reaches every machine of a network, so it has to "
        "be asked for: without this, connect and sendto say EACCES.") },
  { GSOCK_CALL_SETSOCKOPT, "SO_PASSCRED", 0,
    N_ ("With each message the kernel says which process, user and group sent "
        "it. That is also how an empty record is told from the end: an end "
        "has no sender.") },
  { GSOCK_CALL_SETSOCKOPT, "MCAST_JOIN_GROUP", 0,
    N_ ("From here on this machine takes what is sent to the group on that "
        "interface, and its network may know (IGMP, MLD). Anybody can send to "
        "a group; only members hear it.") },
  { GSOCK_CALL_SETSOCKOPT, "IP_MULTICAST_IF", 0,
    N_ ("A group's address says nothing of where its members are, so the "
        "interface has to be chosen.") },
  { GSOCK_CALL_SETSOCKOPT, "IP_PKTINFO", 0,
    N_ ("With each datagram the kernel says to which of this machine's "
        "addresses it came: so the answer can come from that same one.") },
  { GSOCK_CALL_SETSOCKOPT, "IPV6_RECVPKTINFO", 0,
    N_ ("With each datagram the kernel says to which of this machine's "
        "addresses it came: so the answer can come from that same one.") },
  { GSOCK_CALL_SETSOCKOPT, NULL, 0,
    N_ ("A switch of the socket. The manual pages socket(7), ip(7), ipv6(7) "
        "and tcp(7) list them.") },
  { GSOCK_CALL_SETSOCKOPT, NULL, EPERM,
    N_ ("Only a privileged process may set this option (CAP_NET_ADMIN or "
        "CAP_NET_RAW).") },
  { GSOCK_CALL_SETSOCKOPT, NULL, ENOPROTOOPT,
    N_ ("This kind of socket does not have that option.") },

  { GSOCK_CALL_GETSOCKOPT, "SO_ERROR", 0,
    N_ ("How the connection that was made in the background came out: a "
        "SO_ERROR of 0 says that it stands.") },
  { GSOCK_CALL_GETSOCKOPT, "SO_PEERCRED", 0,
    N_ ("The kernel itself says which process, user and group connected. A "
        "client can't lie about it, so no password is needed.") },
  { GSOCK_CALL_GETSOCKOPT, NULL, 0,
    N_ ("Asks the kernel what it knows about the socket.") },

  { GSOCK_CALL_BIND, "AF_UNIX", 0,
    N_ ("Gives the socket its name, and a file appears there. It is a "
        "temporary name: the server gets its rights in order and listens, and "
        "only then rename puts it where clients look for it.") },
  { GSOCK_CALL_BIND, "ABSTRACT", 0,
    N_ ("Gives the socket its name, an abstract one: @ stands for a zero byte. "
        "There is no file, so the name vanishes with the socket; and there are "
        "no rights, so any user of this machine may connect.") },
  { GSOCK_CALL_BIND, "EVERYWHERE", 0,
    N_ ("Gives the socket its name: every address of this machine, port {port} "
        "({hex}, sent as {octets}: network byte order).") },
  { GSOCK_CALL_BIND, "LOOPBACK", 0,
    N_ ("Gives the socket its name: a loopback address, so only this machine "
        "can reach it, and port {port} ({hex}, sent as {octets}: network byte "
        "order).") },
  { GSOCK_CALL_BIND, "PORT_0", 0,
    N_ ("Gives the socket its name. Port 0 lets the kernel choose a free one; "
        "getsockname tells which.") },
  { GSOCK_CALL_BIND, "AUTOBIND", 0,
    N_ ("No name is given, so the kernel invents an abstract one: without a "
        "name the server could not answer.") },
  { GSOCK_CALL_BIND, NULL, 0,
    N_ ("Gives the socket its name: one address of this machine and port "
        "{port} ({hex}, sent as {octets}: network byte order).") },
  { GSOCK_CALL_BIND, "AF_UNIX", EADDRINUSE,
    N_ ("Something stands at this path already. bind never replaces it, "
        "whether or not anybody still listens there.") },
  { GSOCK_CALL_BIND, "ABSTRACT", EADDRINUSE,
    N_ ("Another process has a socket of this name open.") },
  { GSOCK_CALL_BIND, NULL, EADDRINUSE,
    N_ ("Another socket has this port. Two servers can't listen on the same "
        "one, or nobody would know whose client it is.") },
  { GSOCK_CALL_BIND, "AF_UNIX", EACCES,
    N_ ("A socket's file needs a directory where this user may write.") },
  { GSOCK_CALL_BIND, NULL, EACCES,
    N_ ("Ports below 1024 are for privileged processes "
        "(CAP_NET_BIND_SERVICE): so a client knows that no common user "
        "answers there.") },
  { GSOCK_CALL_BIND, NULL, ENOENT,
    N_ ("bind makes the socket's file, but not the directory it is to be "
        "in.") },
  { GSOCK_CALL_BIND, NULL, EADDRNOTAVAIL,
    N_ ("No network interface of this machine has that address. A socket can "
        "only take an address of its own machine.") },

  { GSOCK_CALL_LISTEN, NULL, 0,
    N_ ("From here the kernel completes connections by itself and queues up "
        "to {backlog} of them until accept.") },
  { GSOCK_CALL_LISTEN, NULL, EADDRINUSE,
    N_ ("Another socket listens on this port already.") },

  { GSOCK_CALL_ACCEPT, NULL, 0,
    N_ ("A new socket for this client alone; {fd} goes on listening, so others "
        "are served meanwhile.") },
  { GSOCK_CALL_ACCEPT, NULL, EAGAIN,
    N_ ("The queue is empty: every client that waited has been accepted.") },
  { GSOCK_CALL_ACCEPT, NULL, EMFILE,
    N_ ("This process has as many descriptors open as it may (ulimit -n). The "
        "client stays in the queue; to ask again at once would only burn "
        "time.") },
  { GSOCK_CALL_ACCEPT, NULL, ECONNABORTED,
    N_ ("The client left while it waited in the queue. The others may be "
        "fine.") },

  { GSOCK_CALL_CONNECT, "AF_UNIX", 0,
    N_ ("The server's kernel is ours, so no packet travels: the connection "
        "stands as soon as there is room in the server's queue.") },
  { GSOCK_CALL_CONNECT, "SOCK_DGRAM", 0,
    N_ ("Nothing was sent. For datagrams connect only notes the address: send "
        "needs none any more, and messages of others are not received.") },
  { GSOCK_CALL_CONNECT, "AF_UNSPEC", 0,
    N_ ("Takes connect back. To a group or a broadcast address one sends, but "
        "its members answer from their own, and a connected socket would not "
        "take those.") },
  { GSOCK_CALL_CONNECT, NULL, 0,
    N_ ("The handshake is done: SYN, SYN-ACK, ACK. It was the other machine's "
        "kernel that answered; its server may not have called accept yet.") },
  { GSOCK_CALL_CONNECT, NULL, EINPROGRESS,
    N_ ("Not an error: the handshake goes on in the background. When the "
        "socket becomes writable, SO_ERROR tells how it came out.") },
  { GSOCK_CALL_CONNECT, "AF_UNIX", EAGAIN,
    N_ ("A server is there, but its queue of waiting clients is full.") },
  { GSOCK_CALL_CONNECT, "AF_UNIX", ECONNREFUSED,
    N_ ("The file exists, but no process listens on it: the server ended "
        "without removing it.") },
  { GSOCK_CALL_CONNECT, "ABSTRACT", ECONNREFUSED,
    N_ ("No process has a socket of this name. An abstract name has no file "
        "that could be left over.") },
  { GSOCK_CALL_CONNECT, NULL, ECONNREFUSED,
    N_ ("The machine is there and says no (RST): no process listens on that "
        "port. Is the server running, and on this address?") },
  { GSOCK_CALL_CONNECT, NULL, ENOENT,
    N_ ("There is no such file. The server has not started, or it serves "
        "another path.") },
  { GSOCK_CALL_CONNECT, "AF_UNIX", EACCES,
    N_ ("To connect takes the right to write the socket's file (w) and to "
        "pass through each directory above it (x).") },
  { GSOCK_CALL_CONNECT, NULL, EACCES,
    N_ ("A rule of this machine forbids it: a firewall's, or the one that "
        "broadcast addresses have to be asked for.") },
  { GSOCK_CALL_CONNECT, NULL, EPERM,
    N_ ("A firewall on this machine does not let it out.") },
  { GSOCK_CALL_CONNECT, NULL, ETIMEDOUT,
    N_ ("SYN was sent several times and nothing came back: the machine is off, "
        "or a firewall swallows the packets.") },
  { GSOCK_CALL_CONNECT, NULL, EHOSTUNREACH,
    N_ ("There is a way to that network, but nobody there has the address, or "
        "a firewall says so.") },
  { GSOCK_CALL_CONNECT, NULL, ENETUNREACH,
    N_ ("This machine knows no way to that network: no route, or, for an IPv6 "
        "address, no IPv6 at all.") },
  { GSOCK_CALL_CONNECT, NULL, EADDRNOTAVAIL,
    N_ ("A connection needs an address and a port on this side too: no port "
        "is free, or the address is not this machine's.") },
  { GSOCK_CALL_CONNECT, NULL, EPROTOTYPE,
    N_ ("The socket there is of another type: streams and datagrams don't "
        "talk to each other.") },

  { GSOCK_CALL_SEND, "RECORD", 0, N_ ("The message goes out whole, as one.") },
  { GSOCK_CALL_SEND, NULL, ECONNREFUSED,
    N_ ("An earlier datagram came to a port where nobody listens, and the "
        "machine there said so (ICMP port unreachable).") },
  { GSOCK_CALL_SEND, NULL, 0,
    N_ ("The kernel has taken the bytes and will deliver them. That doesn't "
        "mean that the other program has read them.") },
  { GSOCK_CALL_SEND, "SHORT", 0,
    N_ ("The kernel took {result} bytes, for which it had room. The rest has "
        "to be sent again, from where it stopped: send never promises all.") },
  { GSOCK_CALL_SEND, NULL, EPIPE,
    N_ ("The other side has closed, so nobody will read this. A program that "
        "had not ignored SIGPIPE would be dead now.") },
  { GSOCK_CALL_SEND, NULL, ECONNRESET,
    N_ ("The other side broke the connection (RST). What was on its way is "
        "lost.") },
  { GSOCK_CALL_SEND, NULL, EAGAIN,
    N_ ("The kernel's buffer is full: the other side reads more slowly than "
        "we send. We serve others until the socket is writable again.") },
  { GSOCK_CALL_SEND, NULL, EMSGSIZE,
    N_ ("A datagram goes out whole or not at all, and this one is too "
        "long.") },

  { GSOCK_CALL_RECV, NULL, 0,
    N_ ("What had arrived by now. A stream knows no messages: what was sent "
        "at once may come in pieces, and what was sent in pieces, at "
        "once.") },
  { GSOCK_CALL_RECV, "MSG_PEEK", 0,
    N_ ("What had arrived by now, looked at and left where it is: a balancer "
        "says first for whom it has connected (the PROXY protocol), and "
        "whatever follows is for somebody else to read.") },
  { GSOCK_CALL_RECV, "EOF", 0,
    N_ ("0 bytes is end of file: the other side has no more to say. It may "
        "still be reading.") },
  { GSOCK_CALL_RECVFROM, NULL, 0,
    N_ ("One datagram, whole, and who sent it: there is no connection, so each "
        "one says it anew. Those that were lost on the way leave no gap: only "
        "a program that numbers them can know.") },
  { GSOCK_CALL_RECVFROM, "TRUNC", 0,
    N_ ("The datagram was longer than the room for it, and the rest is gone. "
        "The result is its whole length only because MSG_TRUNC asked for "
        "it.") },
  { GSOCK_CALL_RECVFROM, NULL, ECONNREFUSED,
    N_ ("An earlier datagram came to a port where nobody listens, and the "
        "machine there said so (ICMP port unreachable). Most losses are not "
        "told at all.") },
  { GSOCK_CALL_RECVMSG, NULL, 0,
    N_ ("One record, whole: SOCK_SEQPACKET is a connection as a stream is, all "
        "in order and nothing lost, and keeps messages apart as datagrams "
        "do.") },
  { GSOCK_CALL_RECVMSG, "DATAGRAM", 0,
    N_ ("One datagram, whole, and who sent it: there is no connection, so each "
        "one says it anew. Those that were lost on the way leave no gap: only "
        "a program that numbers them can know.") },
  { GSOCK_CALL_RECVMSG, "EOF", 0,
    N_ ("0 bytes and no credentials of a sender beside them: this is no empty "
        "record, but the end. The other side has no more to say.") },
  { GSOCK_CALL_RECVMSG, "TRUNC", 0,
    N_ ("The record was longer than the room for it, and the rest is gone. The "
        "result is its whole length only because MSG_TRUNC asked for it.") },
  { GSOCK_CALL_SENDTO, NULL, 0,
    N_ ("One datagram, to the address that stands beside it. The kernel has "
        "sent it off; nobody will tell whether it arrived.") },
  { GSOCK_CALL_SENDTO, NULL, EAGAIN,
    N_ ("There is no room for it now. Of a stream it would be kept; a datagram "
        "may be lost, and this one is.") },
  { GSOCK_CALL_SENDTO, NULL, EMSGSIZE,
    N_ ("A datagram goes out whole or not at all, and this one is too "
        "long.") },
  { GSOCK_CALL_SENDTO, NULL, ECONNREFUSED,
    N_ ("Nobody has a socket open at that address any more.") },
  { GSOCK_CALL_SENDMSG, NULL, 0,
    N_ ("One datagram, to the address that stands beside it. The kernel has "
        "sent it off; nobody will tell whether it arrived.") },
  { GSOCK_CALL_SENDMSG, NULL, EAGAIN,
    N_ ("There is no room for it now. Of a stream it would be kept; a datagram "
        "may be lost, and this one is.") },
  { GSOCK_CALL_SENDMSG, NULL, EMSGSIZE,
    N_ ("A datagram goes out whole or not at all, and this one is too "
        "long.") },
  { GSOCK_CALL_SENDMSG, NULL, ECONNREFUSED,
    N_ ("Nobody has a socket open at that address any more.") },

  { GSOCK_CALL_RECV, NULL, EAGAIN,
    N_ ("Nothing has arrived yet. We don't stand and wait: the kernel tells "
        "when there is something, and others are served meanwhile.") },
  { GSOCK_CALL_RECV, NULL, ECONNRESET,
    N_ ("The other side broke the connection (RST) instead of closing it: it "
        "crashed, or went away without reading all we sent.") },
  { GSOCK_CALL_RECV, NULL, ETIMEDOUT,
    N_ ("What we sent was never acknowledged, so the kernel gave the "
        "connection up: the other machine or the way to it is gone.") },

  { GSOCK_CALL_SHUTDOWN, "SHUT_WR", 0,
    N_ ("\"I have no more to say\": the other side reads end of file, and may "
        "still send.") },
  { GSOCK_CALL_SHUTDOWN, "SHUT_RD", 0,
    N_ ("\"I read no more.\" We may still send.") },
  { GSOCK_CALL_SHUTDOWN, "SHUT_RDWR", 0,
    N_ ("Ends both directions at once; the descriptor stays until close.") },
  { GSOCK_CALL_SHUTDOWN, NULL, ENOTCONN,
    N_ ("The connection is over already, so there is no direction left to "
        "close.") },

  { GSOCK_CALL_CLOSE, NULL, 0,
    N_ ("Gives the descriptor back to the kernel, which still delivers what "
        "was sent. The next socket may get the same number.") },
  { GSOCK_CALL_CLOSE, "listening", 0,
    N_ ("From here nobody can connect. Clients that were still in the queue "
        "are refused; those that were accepted have sockets of their own.") },

  { GSOCK_CALL_FLOCK, NULL, 0,
    N_ ("A lock on the directory: of several servers that start at the same "
        "moment, one at a time looks at the path and takes it.") },
  { GSOCK_CALL_FLOCK, NULL, EAGAIN,
    N_ ("Another server is starting in this directory just now and has the "
        "lock.") },
  { GSOCK_CALL_CHMOD, NULL, 0,
    N_ ("Who may write a socket's file may connect to it. The rights are set "
        "before any client can find it.") },
  { GSOCK_CALL_CHOWN, NULL, 0,
    N_ ("The file's rights are for its owner and its group, so these are "
        "given first.") },
  { GSOCK_CALL_CHOWN, NULL, EPERM,
    N_ ("A file can be given to another user by root only, and to a group "
        "only by one of its members.") },
  { GSOCK_CALL_RENAME, NULL, 0,
    N_ ("Puts the socket into its place in one step: whoever looks there finds "
        "what was before, or a server that listens already; never "
        "nothing.") },
  { GSOCK_CALL_UNLINK, NULL, 0,
    N_ ("A socket's file doesn't vanish with its socket, so it is removed by "
        "who made it: left behind, it would refuse clients for ever.") },
  { GSOCK_CALL_UNLINK, NULL, ENOENT,
    N_ ("It is gone already: somebody else removed it.") },

  { GSOCK_CALL_INITGROUPS, NULL, 0,
    N_ ("What belongs to root is given up, now that the sockets are bound. The "
        "groups come first: afterwards there would be no right to change "
        "them.") },
  { GSOCK_CALL_SETGROUPS, NULL, 0,
    N_ ("This user has no name, and so no groups beside the one given; root's "
        "are left.") },
  { GSOCK_CALL_SETRESGID, NULL, 0,
    N_ ("The group, in all three places where the kernel keeps it: real, "
        "effective and saved. With one left out there would be a way "
        "back.") },
  { GSOCK_CALL_SETRESUID, NULL, 0,
    N_ ("The user, likewise, and last of all. What a client may get hold of "
        "now has that user's rights only.") },
  { GSOCK_CALL_SETRESUID, NULL, EPERM,
    N_ ("Only root can become another user.") },
  { GSOCK_CALL_INITGROUPS, NULL, EPERM,
    N_ ("Only root can become another user.") },
  { GSOCK_CALL_PRCTL, NULL, 0,
    N_ ("Changes how the kernel treats this process.") },
  { GSOCK_CALL_PRCTL, "PR_SET_DUMPABLE", 0,
    N_ ("A secret key is in our memory now. So there will be no core file of "
        "us, and no other program of the same user may look into that memory "
        "or trace us.") },
  { GSOCK_CALL_PRCTL, "PR_SET_NO_NEW_PRIVS", 0,
    N_ ("No program that this process starts gets more rights than it has, "
        "not even a setuid one. The kernel asks for that before anybody may "
        "confine himself.") },
  { GSOCK_CALL_LANDLOCK_CREATE_RULESET, NULL, 0,
    N_ ("Landlock: a process names what it will not do again. This is the list "
        "of what is forbidden from now on, as far as this kernel knows it; "
        "exceptions follow.") },
  { GSOCK_CALL_LANDLOCK_CREATE_RULESET, NULL, ANY_ERROR,
    N_ ("This kernel has no Landlock, or it is switched off: we go on with all "
        "the rights of our user.") },
  { GSOCK_CALL_LANDLOCK_ADD_RULE, NULL, 0,
    N_ ("An exception: beneath this path, what has to be done there can be "
        "done.") },
  { GSOCK_CALL_LANDLOCK_RESTRICT_SELF, NULL, 0,
    N_ ("From here on there is no way back: whoever finds a hole in this "
        "program finds that most files, and all other ports, are out of its "
        "reach.") },
  { GSOCK_CALL_LANDLOCK_RESTRICT_SELF, NULL, ANY_ERROR,
    N_ ("The kernel refuses it, so we go on with all the rights of our "
        "user.") },

  { GSOCK_CALL_TLS_HANDSHAKE, NULL, 0,
    N_ ("A step of the handshake, in which both sides agree on keys and show "
        "who they are.") },
  { GSOCK_CALL_TLS_HANDSHAKE, "ClientHello", 0,
    N_ ("The client says which versions and ciphers it knows and which host "
        "it means (SNI), and sends its half of a key exchange. All this can "
        "still be read by anybody on the way.") },
  { GSOCK_CALL_TLS_HANDSHAKE, "ServerHello", 0,
    N_ ("The server has chosen version and cipher and sends its half: now both "
        "sides can compute the same keys, and nobody who listened can.") },
  { GSOCK_CALL_TLS_HANDSHAKE, "HelloRetryRequest", 0,
    N_ ("The server wants another kind of key than the client guessed, which "
        "costs one more way to and fro.") },
  { GSOCK_CALL_TLS_HANDSHAKE, "EncryptedExtensions", 0,
    N_ ("The first message that is encrypted: what else the server has "
        "decided, such as the protocol that comes after TLS (ALPN).") },
  { GSOCK_CALL_TLS_HANDSHAKE, "Certificate", 0,
    N_ ("Says who this is, signed by an authority that vouches for it. Anybody "
        "may have a copy, so it proves nothing yet.") },
  { GSOCK_CALL_TLS_HANDSHAKE, "CertificateRequest", 0,
    N_ ("The server wants the client to show a certificate too.") },
  { GSOCK_CALL_TLS_HANDSHAKE, "CertificateVerify", 0,
    N_ ("A signature over all that was said so far: whoever made it has the "
        "certificate's secret key, and not only a copy of the "
        "certificate.") },
  { GSOCK_CALL_TLS_HANDSHAKE, "ServerKeyExchange", 0,
    N_ ("The server's half of the key exchange, signed with its "
        "certificate's key.") },
  { GSOCK_CALL_TLS_HANDSHAKE, "ClientKeyExchange", 0,
    N_ ("The client's half of the key exchange: now both sides can compute the "
        "same keys.") },
  { GSOCK_CALL_TLS_HANDSHAKE, "Finished", 0,
    N_ ("A checksum of the whole handshake under the new keys: had anybody "
        "changed a byte of it on the way, it would be wrong.") },
  { GSOCK_CALL_TLS_HANDSHAKE, "DONE", 0,
    N_ ("From here each send is encrypted and carries a checksum. Its size "
        "and its time can still be seen; what is in it can't, nor can it be "
        "changed unnoticed.") },
  { GSOCK_CALL_TLS_VERIFY, NULL, 0,
    N_ ("The chain of signatures leads to an authority that this system "
        "trusts, is valid today, and names the host that was called.") },
  { GSOCK_CALL_TLS_VERIFY, "FILE", 0,
    N_ ("The chain of signatures leads to a certificate in the file that was "
        "given, and to no other authority.") },
  { GSOCK_CALL_TLS_VERIFY, "PIN", 0,
    N_ ("It is byte by byte the certificate that was pinned, so it needs no "
        "authority.") },
  { GSOCK_CALL_TLS_VERIFY, "INSECURE", 0,
    N_ ("Not checked: it may be anybody's. Encryption is worth little when one "
        "doesn't know with whom.") },
  { GSOCK_CALL_TLS_VERIFY, "REFUSED", ANY_ERROR,
    N_ ("Not trusted, so nothing is sent. Whoever answers may be somebody "
        "else who sits in between.") },
  { GSOCK_CALL_TLS_BYE, NULL, 0,
    N_ ("Sends close_notify: \"I have no more to say\", encrypted, so that "
        "nobody on the way can cut the stream short unnoticed. We still "
        "read.") },

  { ANY_CALL, NULL, EMFILE,
    N_ ("This process has as many descriptors open as it may (ulimit -n), and "
        "each socket is one.") },
  { ANY_CALL, NULL, ENFILE,
    N_ ("All processes together have as many files open as this kernel "
        "allows.") },
  { ANY_CALL, NULL, ENAMETOOLONG,
    N_ ("A UNIX socket's path has to fit into sockaddr_un: 107 bytes and the "
        "zero byte that ends it.") },
  { ANY_CALL, NULL, EACCES,
    N_ ("The rights of a file or of a directory above it don't allow this to "
        "our user.") },
  { ANY_CALL, NULL, EPERM,
    N_ ("Only the owner of a thing, or root, may do this to it.") },
  { ANY_CALL, NULL, ENOENT, N_ ("A part of this path does not exist.") },
  { ANY_CALL, NULL, EROFS,
    N_ ("Nothing can be changed on this file system: it is mounted "
        "read-only.") },
  { ANY_CALL, NULL, EINTR,
    N_ ("A signal came while the call was waiting. Nothing is wrong: it is "
        "made again.") },
  { ANY_CALL, NULL, EAGAIN,
    N_ ("Not now: the call would have had to wait, and this socket was told "
        "not to.") },
  { ANY_CALL, NULL, EPIPE, N_ ("The other side has closed.") },
  { ANY_CALL, NULL, ECONNRESET,
    N_ ("The other side broke the connection (RST). What was on its way is "
        "lost.") },
  { ANY_CALL, NULL, ENOBUFS,
    N_ ("The kernel has no memory left for this socket's data.") },
  { ANY_CALL, NULL, ENOTCONN, N_ ("The socket is not connected to anybody.") },
};

const gsize lesson_n_rows = G_N_ELEMENTS (lesson_rows);
