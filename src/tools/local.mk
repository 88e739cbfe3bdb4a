# src/tools/local.mk: what the user types; one main each
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

noinst_LIBRARIES += libgsock-tools.a
libgsock_tools_a_CPPFLAGS = $(AM_CPPFLAGS) $(READLINE_CFLAGS)
libgsock_tools_a_SOURCES = \
	%D%/arguments.c %D%/arguments.h \
	%D%/client-options.c %D%/client-options.h \
	%D%/client-session.c %D%/client-session.h \
	%D%/conversation.c %D%/conversation.h \
	%D%/dns-https.c %D%/dns-https.h \
	%D%/dns-server.c %D%/dns-server.h \
	%D%/editor.c %D%/editor.h \
	%D%/forward-options.c %D%/forward-options.h \
	%D%/get-confine.c %D%/get-confine.h \
	%D%/get-input.c %D%/get-input.h \
	%D%/get-options.c %D%/get-options.h \
	%D%/get-password.c %D%/get-password.h \
	%D%/get-progress.c %D%/get-progress.h \
	%D%/get-proxy.c %D%/get-proxy.h \
	%D%/get-report.c %D%/get-report.h \
	%D%/get-run.c %D%/get-run.h \
	%D%/help.c %D%/help.h \
	%D%/options.c %D%/options.h \
	%D%/picture.c %D%/picture.h \
	%D%/proxy-options.c %D%/proxy-options.h \
	%D%/readline.c %D%/readline.h \
	%D%/send-proxy.c %D%/send-proxy.h \
	%D%/server-options.c %D%/server-options.h \
	%D%/service.c %D%/service.h \
	%D%/server-settle.c %D%/server-settle.h \
	%D%/tls-options.c %D%/tls-options.h \
	%D%/tool.c %D%/tool.h

bin_PROGRAMS += gsock-client gsock-get gsock-server
gsock_client_SOURCES = %D%/gsock-client.c
gsock_client_LDADD = $(GSOCK_TOOLS_LIBS)
gsock_get_SOURCES = %D%/gsock-get.c
gsock_get_LDADD = $(GSOCK_TOOLS_LIBS)
gsock_server_SOURCES = %D%/gsock-server.c
gsock_server_LDADD = $(GSOCK_TOOLS_LIBS)

if HAVE_LDNS
bin_PROGRAMS += gsock-resolve
endif
gsock_resolve_SOURCES = %D%/gsock-resolve.c \
	%D%/resolve-dns-private.h %D%/resolve-dns-setup.c \
	%D%/resolve-dns.c %D%/resolve-dns.h \
	%D%/resolve-families.c %D%/resolve-json.c \
	%D%/resolve-names.c %D%/resolve-names.h \
	%D%/resolve-options.c %D%/resolve-options.h \
	%D%/resolve-progress.c %D%/resolve-progress.h \
	%D%/resolve-result.h \
	%D%/resolve-run.c %D%/resolve-run.h \
	%D%/resolve-security.c %D%/resolve-steps.c \
	%D%/resolve-text.c
gsock_resolve_LDADD = $(GSOCK_TOOLS_LIBS)
