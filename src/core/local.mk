# src/core/local.mk: the network; knows no handler by name and no tool
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

noinst_LIBRARIES += libgsock-core.a
libgsock_core_a_SOURCES = \
	%D%/account.c %D%/account.h \
	%D%/acl-file.c %D%/acl-private.h %D%/acl-rule.c \
	%D%/acl.c %D%/acl.h \
	%D%/address.c %D%/address.h \
	%D%/buffer.c %D%/buffer.h \
	%D%/call-read.c \
	%D%/call.c %D%/call.h \
	%D%/endpoint-inet.c %D%/endpoint-native.c %D%/endpoint-parse.c \
	%D%/endpoint-private.h \
	%D%/endpoint.c %D%/endpoint.h \
	%D%/error.c %D%/error.h \
	%D%/escape.c %D%/escape.h \
	%D%/event-json.c %D%/event-private.h %D%/event-text.c \
	%D%/event.c %D%/event.h \
	%D%/fd.c %D%/fd.h \
	%D%/lesson.c %D%/lesson.h \
	%D%/log.c %D%/log.h \
	%D%/peer.c %D%/peer.h \
	%D%/units.c %D%/units.h
