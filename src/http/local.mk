# src/http/local.mk: HTTP's parts, from header fields to files
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

noinst_LIBRARIES += libgsock-http.a
libgsock_http_a_CPPFLAGS = $(AM_CPPFLAGS) $(BROTLI_CFLAGS) $(ZSTD_CFLAGS)
libgsock_http_a_SOURCES = \
	%D%/auth.c %D%/auth.h \
	%D%/challenge.c %D%/challenge.h \
	%D%/coding-brotli.c \
	%D%/coding-zlib.c \
	%D%/coding-zstd.c \
	%D%/coding.h \
	%D%/decode.c %D%/decode.h \
	%D%/filename.c %D%/filename.h \
	%D%/netrc.c %D%/netrc.h \
	%D%/redirect.c %D%/redirect.h
