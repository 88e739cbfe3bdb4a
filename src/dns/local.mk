# src/dns/local.mk: names: what the system says of them, and what DNS does
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

noinst_LIBRARIES += libgsock-dns.a
libgsock_dns_a_SOURCES = \
	%D%/system.c %D%/system.h
