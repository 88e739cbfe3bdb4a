# src/dns/local.mk: names: what the system says of them, and what DNS does
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Made where something that is built needs it.
EXTRA_LIBRARIES += libgsock-dns.a
CLEANFILES += libgsock-dns.a
libgsock_dns_a_CPPFLAGS = $(AM_CPPFLAGS) $(LDNS_CFLAGS)
libgsock_dns_a_SOURCES = \
	%D%/anchor.c %D%/anchor.h \
	%D%/answer.c %D%/answer.h \
	%D%/asker.c %D%/asker.h \
	%D%/check-private.h %D%/check-targets.c \
	%D%/check.c %D%/check.h \
	%D%/client-private.h \
	%D%/client.c %D%/client.h \
	%D%/denial.c \
	%D%/file.c %D%/file.h \
	%D%/hints.c %D%/hints.h \
	%D%/https.c %D%/https.h \
	%D%/ldns.c %D%/ldns.h \
	%D%/lookup.c %D%/lookup.h \
	%D%/message.c %D%/message.h \
	%D%/name.c %D%/name.h \
	%D%/plain.c %D%/plain.h \
	%D%/referral.c %D%/referral.h \
	%D%/resolv-conf.c %D%/resolv-conf.h \
	%D%/resolver-private.h %D%/resolver-records.c \
	%D%/resolver.c %D%/resolver.h \
	%D%/security.c %D%/security.h \
	%D%/server.c %D%/server.h \
	%D%/sources.c %D%/sources.h \
	%D%/stream.c %D%/stream.h \
	%D%/stub.c %D%/stub.h \
	%D%/system-private.h %D%/system-tell.c \
	%D%/system.c %D%/system.h \
	%D%/tell.c %D%/tell.h \
	%D%/trace-private.h %D%/trace-way.c \
	%D%/trace.c %D%/trace.h \
	%D%/udp.c \
	%D%/verify.c %D%/verify.h \
	%D%/words.c %D%/words.h
