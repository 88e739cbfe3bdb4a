# src/http/local.mk: HTTP's parts, from header fields to files
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

noinst_LIBRARIES += libgsock-http.a
libgsock_http_a_CPPFLAGS = $(AM_CPPFLAGS) $(BROTLI_CFLAGS) $(NGHTTP2_CFLAGS) $(PSL_CFLAGS) $(ZSTD_CFLAGS)
libgsock_http_a_SOURCES = \
	%D%/auth.c %D%/auth.h \
	%D%/challenge.c %D%/challenge.h \
	%D%/coding-brotli.c \
	%D%/coding-zlib.c \
	%D%/coding-zstd.c \
	%D%/coding.h \
	%D%/cookies-file.c %D%/cookies-parse.c %D%/cookies-private.h \
	%D%/cookies.c %D%/cookies.h \
	%D%/date.c %D%/date.h \
	%D%/decode.c %D%/decode.h \
	%D%/exchange-private.h \
	%D%/exchange.c %D%/exchange.h \
	%D%/fetch-answer.c %D%/fetch-body.c %D%/fetch-denial.c \
	%D%/fetch-private.h %D%/fetch-request.c \
	%D%/fetch.c %D%/fetch.h \
	%D%/filename.c %D%/filename.h \
	%D%/headers.c %D%/headers.h \
	%D%/hsts.c %D%/hsts.h \
	%D%/http1.c %D%/http1.h \
	%D%/http2-library.c %D%/http2-library.h \
	%D%/http2.c %D%/http2.h \
	%D%/link1.c \
	%D%/link2-answer.c %D%/link2-private.h \
	%D%/link2.c \
	%D%/netrc.c %D%/netrc.h \
	%D%/proxies.c %D%/proxies.h \
	%D%/redirect.c %D%/redirect.h \
	%D%/request.c %D%/request.h \
	%D%/route.c %D%/route.h \
	%D%/session.c %D%/session.h \
	%D%/sink.c %D%/sink.h \
	%D%/state-file.c %D%/state-file.h \
	%D%/suffix.c %D%/suffix.h \
	%D%/tell.c %D%/tell.h \
	%D%/url.c %D%/url.h
