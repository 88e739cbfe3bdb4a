# bench/local.mk: "make bench" measures; nothing here is built otherwise
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

BENCHES = \
	%D%/accept-loop \
	%D%/dns-peer \
	%D%/epoll-echo \
	%D%/flow \
	%D%/gsocketservice-echo \
	%D%/load
EXTRA_PROGRAMS += $(BENCHES)
EXTRA_DIST += %D%/README.md %D%/draw.py %D%/get %D%/get.svg %D%/resolve %D%/run %D%/streams.sh
CLEANFILES += $(BENCHES)

%C%_accept_loop_LDADD =
%C%_dns_peer_LDADD =
%C%_epoll_echo_LDADD =
%C%_flow_LDADD =
%C%_load_LDADD =
%C%_gsocketservice_echo_LDADD = $(GLIB_LIBS)

bench: $(BENCHES) $(bin_PROGRAMS)
	PATH="$(abs_top_builddir):$(abs_top_builddir)/%D%:$$PATH" \
	GSOCK_BUILDDIR='$(abs_top_builddir)' \
	GSOCK_SRCDIR='$(abs_top_srcdir)' \
	  $(abs_top_srcdir)/%D%/run $(BENCH_ARGS)
