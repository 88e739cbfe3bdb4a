# src/http/local.mk: HTTP's parts, from header fields to files
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

noinst_LIBRARIES += libgsock-http.a
libgsock_http_a_SOURCES = \
	%D%/filename.c %D%/filename.h \
	%D%/redirect.c %D%/redirect.h
