# src/core/local.mk: the network; knows no handler by name and no tool
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

noinst_LIBRARIES += libgsock-core.a
libgsock_core_a_SOURCES = \
	%D%/account.c %D%/account.h \
	%D%/acl-file.c %D%/acl-private.h %D%/acl-rule.c \
	%D%/acl.c %D%/acl.h \
	%D%/address.c %D%/address.h \
	%D%/admission.c %D%/admission.h \
	%D%/arrival.c %D%/arrival.h \
	%D%/attempt.c %D%/attempt.h \
	%D%/buffer.c %D%/buffer.h \
	%D%/call-read.c \
	%D%/call.c %D%/call.h \
	%D%/carrier-private.h %D%/carrier-records.c \
	%D%/carrier.c %D%/carrier.h \
	%D%/child.c %D%/child.h \
	%D%/client.c %D%/client.h \
	%D%/codec.c %D%/codec.h \
	%D%/confine.c %D%/confine.h \
	%D%/connect-srv.c %D%/connect-srv.h \
	%D%/connect.c %D%/connect.h \
	%D%/connection-facts.c %D%/connection-hand.c \
	%D%/connection-in.c %D%/connection-out.c %D%/connection-private.h \
	%D%/connection-splice.c \
	%D%/connection-records.c \
	%D%/connection.c %D%/connection.h \
	%D%/dgram-io.c %D%/dgram-loss.c %D%/dgram-peer.c \
	%D%/dgram-private.h \
	%D%/dgram-socket.c %D%/dgram-socket.h \
	%D%/dgram.c %D%/dgram.h \
	%D%/dial.c %D%/dial.h \
	%D%/endpoint-gio.c %D%/endpoint-inet.c %D%/endpoint-native.c %D%/endpoint-parse.c \
	%D%/endpoint-private.h \
	%D%/endpoint.c %D%/endpoint.h \
	%D%/error.c %D%/error.h \
	%D%/escape.c %D%/escape.h \
	%D%/event-json.c %D%/event-private.h %D%/event-text.c \
	%D%/event.c %D%/event.h \
	%D%/fd.c %D%/fd.h \
	%D%/gio.c %D%/gio.h \
	%D%/handler.h \
	%D%/input.c %D%/input.h \
	%D%/introduction.c %D%/introduction.h \
	%D%/lesson-find.c %D%/lesson-http.c %D%/lesson-names.c \
	%D%/lesson-private.h %D%/lesson.c %D%/lesson.h \
	%D%/library.c %D%/library.h \
	%D%/listener-open.c \
	%D%/listener.c %D%/listener.h \
	%D%/listening-inet.c %D%/listening-private.h \
	%D%/listening-socket.c %D%/listening.c %D%/listening.h \
	%D%/log.c %D%/log.h \
	%D%/notify.c %D%/notify.h \
	%D%/output.c %D%/output.h \
	%D%/peer.c %D%/peer.h \
	%D%/poller.c %D%/poller.h \
	%D%/port-holder.c %D%/port-holder.h \
	%D%/proxy-header-private.h %D%/proxy-header-write.c \
	%D%/proxy-header.c %D%/proxy-header.h \
	%D%/privilege.c %D%/privilege.h \
	%D%/proxy-private.h %D%/proxy-talk.c \
	%D%/proxy.c %D%/proxy.h \
	%D%/queue.c %D%/queue.h \
	%D%/rate.c %D%/rate.h \
	%D%/resolve-gio.c %D%/resolve-gio.h \
	%D%/resolve-private.h %D%/resolve-system.c \
	%D%/resolve.c %D%/resolve.h \
	%D%/rush.c %D%/rush.h \
	%D%/server.c %D%/server.h \
	%D%/shard.c %D%/shard.h \
	%D%/shards.c %D%/shards.h \
	%D%/socket-file.c %D%/socket-file.h \
	%D%/socket-path.c %D%/socket-path.h \
	%D%/socket-probe.c %D%/socket-probe.h \
	%D%/sockopt.c %D%/sockopt.h \
	%D%/splice.c %D%/splice.h \
	%D%/srv-gio.c %D%/srv-gio.h \
	%D%/srv-private.h %D%/srv-system.c \
	%D%/srv.c %D%/srv.h \
	%D%/stats.c %D%/stats.h \
	%D%/timer.c %D%/timer.h \
	%D%/tls-carrier.c %D%/tls-certificate.c %D%/tls-handshake.c \
	%D%/tls-library.c %D%/tls-private.h %D%/tls-session.c %D%/tls-tell.c \
	%D%/tls-trust.c %D%/tls-verdict.c \
	%D%/tls.c %D%/tls.h \
	%D%/tunnel.c %D%/tunnel.h \
	%D%/units.c %D%/units.h \
	%D%/worker.c %D%/worker.h
