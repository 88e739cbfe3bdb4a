# tests/local.mk: TAP from GTest programs and from shell scripts
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Each is one file, test-X.c, and tests X.c of core, handlers or http.
UNIT_TESTS = \
	%D%/unit/test-acl \
	%D%/unit/test-address \
	%D%/unit/test-arguments \
	%D%/unit/test-arrival \
	%D%/unit/test-auth \
	%D%/unit/test-buffer \
	%D%/unit/test-call \
	%D%/unit/test-challenge \
	%D%/unit/test-client \
	%D%/unit/test-codec \
	%D%/unit/test-connect \
	%D%/unit/test-connection \
	%D%/unit/test-cookies \
	%D%/unit/test-crowd \
	%D%/unit/test-date \
	%D%/unit/test-decode \
	%D%/unit/test-endpoint \
	%D%/unit/test-error \
	%D%/unit/test-escape \
	%D%/unit/test-event \
	%D%/unit/test-fd \
	%D%/unit/test-filename \
	%D%/unit/test-headers \
	%D%/unit/test-hsts \
	%D%/unit/test-http1 \
	%D%/unit/test-http2 \
	%D%/unit/test-introduction \
	%D%/unit/test-listener \
	%D%/unit/test-log \
	%D%/unit/test-netrc \
	%D%/unit/test-notify \
	%D%/unit/test-options \
	%D%/unit/test-output \
	%D%/unit/test-peer \
	%D%/unit/test-poller \
	%D%/unit/test-port-holder \
	%D%/unit/test-print \
	%D%/unit/test-proxy-header \
	%D%/unit/test-proxy-talk \
	%D%/unit/test-queue \
	%D%/unit/test-rate \
	%D%/unit/test-redirect \
	%D%/unit/test-resolve \
	%D%/unit/test-route \
	%D%/unit/test-rush \
	%D%/unit/test-server \
	%D%/unit/test-sink \
	%D%/unit/test-socket-file \
	%D%/unit/test-sockopt \
	%D%/unit/test-splice \
	%D%/unit/test-spread \
	%D%/unit/test-state-file \
	%D%/unit/test-srv \
	%D%/unit/test-stats \
	%D%/unit/test-suffix \
	%D%/unit/test-timer \
	%D%/unit/test-tls-certificate \
	%D%/unit/test-tls-trust \
	%D%/unit/test-tls-verdict \
	%D%/unit/test-units \
	%D%/unit/test-url

# Of what is built only with ldns.
DNS_TESTS = \
	%D%/unit/test-anchor \
	%D%/unit/test-answer \
	%D%/unit/test-asker \
	%D%/unit/test-denial \
	%D%/unit/test-dns-client \
	%D%/unit/test-dns-resolver \
	%D%/unit/test-hints \
	%D%/unit/test-lookup \
	%D%/unit/test-message \
	%D%/unit/test-name-server \
	%D%/unit/test-plain \
	%D%/unit/test-referral \
	%D%/unit/test-resolv-conf \
	%D%/unit/test-sources \
	%D%/unit/test-system \
	%D%/unit/test-words
if HAVE_LDNS
UNIT_TESTS += $(DNS_TESTS)
endif

# The tools as a user runs them.
E2E_TESTS = \
	%D%/e2e/test-bulk.sh \
	%D%/e2e/test-chat.sh \
	%D%/e2e/test-client.sh \
	%D%/e2e/test-completion.sh \
	%D%/e2e/test-confine.sh \
	%D%/e2e/test-conversation.sh \
	%D%/e2e/test-datagrams.sh \
	%D%/e2e/test-empty-messages.sh \
	%D%/e2e/test-dist.sh \
	%D%/e2e/test-escape.sh \
	%D%/e2e/test-exec.sh \
	%D%/e2e/test-examples.sh \
	%D%/e2e/test-forward.sh \
	%D%/e2e/test-forward-datagrams.sh \
	%D%/e2e/test-frames.sh \
	%D%/e2e/test-get-evil.sh \
	%D%/e2e/test-get-http2-evil.sh \
	%D%/e2e/test-get-http2.sh \
	%D%/e2e/test-get-explain.sh \
	%D%/e2e/test-get-httpbin.sh \
	%D%/e2e/test-get-resume.sh \
	%D%/e2e/test-get-move.sh \
	%D%/e2e/test-get-nginx.sh \
	%D%/e2e/test-get-progress.sh \
	%D%/e2e/test-get-proxy.sh \
	%D%/e2e/test-get-squid.sh \
	%D%/e2e/test-get-tls.sh \
	%D%/e2e/test-get.sh \
	%D%/e2e/test-half-close.sh \
	%D%/e2e/test-hardening.sh \
	%D%/e2e/test-haproxy.sh \
	%D%/e2e/test-harness.sh \
	%D%/e2e/test-json.sh \
	%D%/e2e/test-lab-es.sh \
	%D%/e2e/test-lab.sh \
	%D%/e2e/test-layers.sh \
	%D%/e2e/test-limits.sh \
	%D%/e2e/test-lists.sh \
	%D%/e2e/test-multicast.sh \
	%D%/e2e/test-options.sh \
	%D%/e2e/test-manual-es.sh \
	%D%/e2e/test-manual.sh \
	%D%/e2e/test-pages.sh \
	%D%/e2e/test-proxy-header.sh \
	%D%/e2e/test-proxy.sh \
	%D%/e2e/test-peers-tls.sh \
	%D%/e2e/test-peers.sh \
	%D%/e2e/test-resolve-dns.sh \
	%D%/e2e/test-resolve-dnssec.sh \
	%D%/e2e/test-resolve-hostile.sh \
	%D%/e2e/test-resolve-https.sh \
	%D%/e2e/test-resolve-many.sh \
	%D%/e2e/test-resolve-system.sh \
	%D%/e2e/test-resolve-trace.sh \
	%D%/e2e/test-resolve.sh \
	%D%/e2e/test-rivals-files.sh \
	%D%/e2e/test-rivals.sh \
	%D%/e2e/test-seqpacket.sh \
	%D%/e2e/test-signals.sh \
	%D%/e2e/test-socket-file.sh \
	%D%/e2e/test-spanish.sh \
	%D%/e2e/test-srv.sh \
	%D%/e2e/test-start.sh \
	%D%/e2e/test-surface.sh \
	%D%/e2e/test-tls-trust.sh \
	%D%/e2e/test-tls.sh \
	%D%/e2e/test-user.sh \
	%D%/e2e/test-workers-again.sh \
	%D%/e2e/test-workers.sh

# Peers as other people would write them: plain C, nothing of ours.
LAB_PEERS = \
	%D%/lab/lab-clientstream \
	%D%/lab/lab-echoc \
	%D%/lab/lab-echos \
	%D%/lab/lab-serverstream \
	%D%/lab/lab-socket-client \
	%D%/lab/lab-socket-server

# What peers and files say, in every way they can: over a corpus as tests, or
# (--enable-fuzzers) for libFuzzer: "tests/fuzz/fuzz-auth CORPUS".
FUZZ_TARGETS = \
	%D%/fuzz/fuzz-auth \
	%D%/fuzz/fuzz-cookies \
	%D%/fuzz/fuzz-decode \
	%D%/fuzz/fuzz-endpoint \
	%D%/fuzz/fuzz-escape \
	%D%/fuzz/fuzz-frames \
	%D%/fuzz/fuzz-hsts \
	%D%/fuzz/fuzz-http1 \
	%D%/fuzz/fuzz-http2 \
	%D%/fuzz/fuzz-netrc \
	%D%/fuzz/fuzz-proxy-header \
	%D%/fuzz/fuzz-redirect \
	%D%/fuzz/fuzz-rules \
	%D%/fuzz/fuzz-units
if HAVE_LDNS
FUZZ_TARGETS += \
	%D%/fuzz/fuzz-denial \
	%D%/fuzz/fuzz-dns \
	%D%/fuzz/fuzz-hints
endif
FUZZING = %D%/fuzz/fuzzing.py
EXTRA_DIST += \
	$(FUZZING) \
	%D%/fuzz/corpus \
	%D%/fuzz/coverage.sh \
	%D%/fuzz/fuzz.h \
	%D%/fuzz/make-denial.sh
check_LIBRARIES = libgsock-replay.a
libgsock_replay_a_SOURCES = %D%/fuzz/replay.c
if FUZZERS
FUZZ_LDADD = $(FUZZ_MAIN) $(LDADD)
FUZZ_DNS_LDADD = $(FUZZ_MAIN) $(GSOCK_DNS_LIBS)
else
FUZZ_LDADD = libgsock-replay.a $(LDADD)
FUZZ_DNS_LDADD = libgsock-replay.a $(GSOCK_DNS_LIBS)
endif
%C%_fuzz_fuzz_auth_LDADD = $(FUZZ_LDADD)
%C%_fuzz_fuzz_cookies_LDADD = $(FUZZ_LDADD)
%C%_fuzz_fuzz_decode_LDADD = $(FUZZ_LDADD)
%C%_fuzz_fuzz_endpoint_LDADD = $(FUZZ_LDADD)
%C%_fuzz_fuzz_escape_LDADD = $(FUZZ_LDADD)
%C%_fuzz_fuzz_frames_LDADD = $(FUZZ_LDADD)
%C%_fuzz_fuzz_rules_LDADD = $(FUZZ_LDADD)
%C%_fuzz_fuzz_denial_CPPFLAGS = $(AM_CPPFLAGS) $(LDNS_CFLAGS)
%C%_fuzz_fuzz_denial_LDADD = $(FUZZ_DNS_LDADD)
%C%_fuzz_fuzz_dns_LDADD = $(FUZZ_DNS_LDADD)
%C%_fuzz_fuzz_hints_CPPFLAGS = $(AM_CPPFLAGS) $(LDNS_CFLAGS)
%C%_fuzz_fuzz_hints_LDADD = $(FUZZ_DNS_LDADD)
%C%_fuzz_fuzz_hsts_LDADD = $(FUZZ_LDADD)
%C%_fuzz_fuzz_http1_LDADD = $(FUZZ_LDADD)
%C%_fuzz_fuzz_http2_LDADD = $(FUZZ_LDADD)
%C%_fuzz_fuzz_netrc_LDADD = $(FUZZ_LDADD)
%C%_fuzz_fuzz_proxy_header_LDADD = $(FUZZ_LDADD)
%C%_fuzz_fuzz_redirect_LDADD = $(FUZZ_LDADD)
%C%_fuzz_fuzz_units_LDADD = $(FUZZ_LDADD)

check_PROGRAMS += $(UNIT_TESTS) $(FUZZ_TARGETS) $(LAB_PEERS)
TESTS = $(UNIT_TESTS) $(E2E_TESTS)
if !FUZZERS
TESTS += $(FUZZ_TARGETS)
endif
EXTRA_DIST += $(E2E_TESTS) \
	%D%/events.schema.json \
	%D%/lib/certificates.h \
	%D%/lib/certificates.sh \
	%D%/lib/dns-peer.h \
	%D%/lib/dns-tree.sh \
	%D%/lib/dns-zone.py \
	%D%/lib/dnssec-keys.h \
	%D%/lib/events.h \
	%D%/lib/fds.h \
	%D%/lib/evil-http.py \
	%D%/lib/evil-http2.py \
	%D%/lib/functions.sh \
	%D%/lib/name-server.sh \
	%D%/lib/padded-dns.py \
	%D%/lib/names.h \
	%D%/lib/peers.py \
	%D%/lib/proxy.py \
	%D%/lib/queue-threads.c \
	%D%/lib/rivals.sh \
	%D%/lib/transcripts.py \
	%D%/lib/valgrind-logs.py \
	%D%/lsan.supp \
	%D%/names.schema.json \
	%D%/valgrind.supp

# What a program without an LDADD of its own links with: the unit tests.
LDADD = libgsock-http.a $(GSOCK_HANDLERS_LIBS)
# These test a file of dns, or of tools.
%C%_unit_test_anchor_CPPFLAGS = $(AM_CPPFLAGS) $(LDNS_CFLAGS)
%C%_unit_test_anchor_LDADD = $(GSOCK_DNS_LIBS)
%C%_unit_test_answer_LDADD = $(GSOCK_DNS_LIBS)
%C%_unit_test_asker_LDADD = $(GSOCK_DNS_LIBS)
%C%_unit_test_denial_CPPFLAGS = $(AM_CPPFLAGS) $(LDNS_CFLAGS)
%C%_unit_test_denial_LDADD = $(GSOCK_DNS_LIBS)
%C%_unit_test_dns_client_LDADD = $(GSOCK_DNS_LIBS)
%C%_unit_test_dns_resolver_LDADD = $(GSOCK_DNS_LIBS)
%C%_unit_test_hints_LDADD = $(GSOCK_DNS_LIBS)
%C%_unit_test_lookup_LDADD = $(GSOCK_DNS_LIBS)
%C%_unit_test_message_LDADD = $(GSOCK_DNS_LIBS)
%C%_unit_test_name_server_LDADD = $(GSOCK_DNS_LIBS)
%C%_unit_test_plain_LDADD = $(GSOCK_DNS_LIBS)
%C%_unit_test_referral_CPPFLAGS = $(AM_CPPFLAGS) $(LDNS_CFLAGS)
%C%_unit_test_referral_LDADD = $(GSOCK_DNS_LIBS)
%C%_unit_test_resolv_conf_LDADD = $(GSOCK_DNS_LIBS)
%C%_unit_test_sources_LDADD = $(GSOCK_DNS_LIBS)
%C%_unit_test_system_LDADD = $(GSOCK_DNS_LIBS)
%C%_unit_test_words_LDADD = $(GSOCK_DNS_LIBS)
%C%_unit_test_arguments_LDADD = $(GSOCK_TOOLS_LIBS)
%C%_unit_test_options_LDADD = $(GSOCK_TOOLS_LIBS)
%C%_lab_lab_clientstream_LDADD =
%C%_lab_lab_echoc_LDADD =
%C%_lab_lab_echos_LDADD =
%C%_lab_lab_serverstream_LDADD =
%C%_lab_lab_socket_client_LDADD =
%C%_lab_lab_socket_server_LDADD =

TEST_EXTENSIONS = .sh .py
TAP_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) \
	$(top_srcdir)/build-aux/tap-driver.sh
# No test takes this many seconds: one that does is stuck, and fails.
TEST_TIMEOUT = 300
LOG_DRIVER = $(TAP_DRIVER)
LOG_COMPILER = timeout -k 10 $(TEST_TIMEOUT) $(TEST_WRAPPER)
SH_LOG_DRIVER = $(TAP_DRIVER)
SH_LOG_COMPILER = timeout -k 10 $(TEST_TIMEOUT) $(SHELL)
PY_LOG_DRIVER = $(TAP_DRIVER)
PY_LOG_COMPILER = timeout -k 10 $(TEST_TIMEOUT) python3

# The scripts find the tools on PATH, so the same files test what is installed:
# "make installcheck" sets TESTED_BINDIR, and a Debian package needs nothing.
# The system's own python3 comes first: a version manager's is a script that
# takes half a second before it runs another.
# The user's own settings stay outside; a sanitizer's report is no exit status
# of ours, and it keeps away from the thread-local storage of libraries that are
# gone at the end (p11-kit's, of some locales), where it crashes.
TESTED_BINDIR = $(abs_top_builddir)
TESTED_LOCALEDIR = $(abs_top_builddir)/tests/locale
AM_TESTS_ENVIRONMENT = \
	unset LANGUAGE LANG LISTEN_FDNAMES LISTEN_FDS LISTEN_PID NO_COLOR \
	  NOTIFY_SOCKET || :; \
	GSOCK_BUILDDIR='$(abs_top_builddir)'; \
	GSOCK_SRCDIR='$(abs_top_srcdir)'; \
	GSOCK_LOCALEDIR='$(TESTED_LOCALEDIR)'; \
	GSOCK_INSTALLED='$(GSOCK_INSTALLED)'; \
	GSOCK_WRITE='$(GSOCK_WRITE)'; \
	GSOCK_HARDENING='$(HARDEN_CFLAGS) $(HARDEN_LDFLAGS)'; \
	LOCPATH='$(abs_top_builddir)/tests/locpath'; \
	LC_ALL=C.UTF-8; \
	PATH="$(TESTED_BINDIR):$(abs_top_builddir)/tests/lab:/usr/bin:$$PATH"; \
	TEST_WRAPPER='$(TEST_WRAPPER)'; \
	G_TEST_SRCDIR='$(abs_top_srcdir)/tests'; \
	G_TEST_BUILDDIR='$(abs_top_builddir)/tests'; \
	G_DEBUG=fatal-criticals; \
	GIO_USE_PROXY_RESOLVER=dummy; \
	GIO_USE_VFS=local; \
	GSETTINGS_BACKEND=memory; \
	INPUTRC=/dev/null; \
	ASAN_OPTIONS="exitcode=99:intercept_tls_get_addr=0:$$ASAN_OPTIONS"; \
	UBSAN_OPTIONS="exitcode=99:print_stacktrace=1:$$UBSAN_OPTIONS"; \
	LSAN_OPTIONS="suppressions=$(abs_top_srcdir)/tests/lsan.supp:print_suppressions=0:$$LSAN_OPTIONS"; \
	export GSOCK_BUILDDIR GSOCK_SRCDIR GSOCK_LOCALEDIR GSOCK_INSTALLED \
	  GSOCK_WRITE \
	  GSOCK_HARDENING LOCPATH LC_ALL PATH TEST_WRAPPER G_TEST_SRCDIR G_TEST_BUILDDIR \
	  G_DEBUG GIO_USE_PROXY_RESOLVER GIO_USE_VFS GSETTINGS_BACKEND INPUTRC \
	  ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS; \
	test -n '$(TESTED_LOCALEDIR)' || unset GSOCK_LOCALEDIR;

# Spanish from the build tree, on a machine that has no locale but C.
check_DATA = %D%/locpath/stamp
%D%/locpath/stamp:
	$(AM_V_GEN)$(MKDIR_P) %D%/locpath && \
	  { $(LOCALEDEF) $(LOCALEDEF_FLAGS) --no-archive -i es_ES -f UTF-8 \
	      %D%/locpath/es_ES.UTF-8 >%D%/locpath/log 2>&1 || :; } && \
	  if test '$(host)' != '$(build)'; then \
	    $(LOCALEDEF) $(LOCALEDEF_FLAGS) --no-archive -i C -f UTF-8 \
	      %D%/locpath/C.UTF-8 >>%D%/locpath/log 2>&1 || :; \
	  fi && : > $@
if USE_NLS
check_DATA += %D%/locale/es/LC_MESSAGES/gsock.mo
%D%/locale/es/LC_MESSAGES/gsock.mo: $(top_srcdir)/po/es.gmo
	$(AM_V_GEN)$(MKDIR_P) $(@D) && cp $(top_srcdir)/po/es.gmo $@
endif

# The scripts again, on what "make install" made.
installcheck-local: $(check_PROGRAMS) $(check_DATA)
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(E2E_TESTS)' \
	  TEST_SUITE_LOG=%D%/installed-suite.log \
	  GSOCK_INSTALLED=1 TESTED_BINDIR='$(DESTDIR)$(bindir)' \
	  TESTED_LOCALEDIR="`test -z '$(DESTDIR)' || echo '$(DESTDIR)$(localedir)'`"

# What goes wrong, each fault by itself: more than "make check" has time for.
# GSOCK_FAULTS='P1 L' chooses; "make reliability" keeps what it found.
FAULTS = %D%/faults/run.py
EXTRA_DIST += $(FAULTS) %D%/faults/children.py %D%/faults/classes.py \
	%D%/faults/datagrams.py %D%/faults/dns.py %D%/faults/faults.py %D%/faults/goals.py \
	%D%/faults/frames.py %D%/faults/load.py %D%/faults/network.py \
	%D%/faults/http.py %D%/faults/process.py %D%/faults/short-io.c \
	%D%/faults/tls.py
FAULTS_TIMEOUT = 1800
FAULT_REPORT = $(abs_top_builddir)/%D%/faults/RELIABILITY.md
check-faults: $(bin_PROGRAMS) $(check_DATA)
	$(MKDIR_P) %D%/faults
	GSOCK_FAULTS='$(GSOCK_FAULTS)' GSOCK_FAULT_REPORT='$(FAULT_REPORT)' \
	  $(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(FAULTS)' \
	    TEST_TIMEOUT=$(FAULTS_TIMEOUT) TEST_SUITE_LOG=%D%/faults/suite.log

# The same with more of everything, a row of the table as soon as it is
# measured; on a quiet machine, in some ten minutes.
FAULT_SETTINGS = \
	GSOCK_FAULT_ROUNDS=$${GSOCK_FAULT_ROUNDS:-200} \
	GSOCK_FAULT_COMMANDS=$${GSOCK_FAULT_COMMANDS:-10000} \
	GSOCK_SOAK=$${GSOCK_SOAK:-60} \
	GSOCK_FUZZ_SECONDS=$${GSOCK_FUZZ_SECONDS:-5} \
	GSOCK_FUZZ_COVERAGE=$${GSOCK_FUZZ_COVERAGE:-yes}
RELIABILITY = $(abs_top_srcdir)/docs/RELIABILITY.md
EXTRA_DIST += docs/RELIABILITY.md
reliability: $(bin_PROGRAMS) $(check_DATA)
	@$(AM_TESTS_ENVIRONMENT) \
	  GSOCK_FAULTS='$(GSOCK_FAULTS)' $(FAULT_SETTINGS) \
	  python3 $(srcdir)/$(FAULTS) --rows --report='$(RELIABILITY)'
.PHONY: check-faults reliability

# Half an hour of all kinds of clients; 10 s of it are in check-faults.
soak:
	GSOCK_SOAK=1800 $(MAKE) $(AM_MAKEFLAGS) check-faults GSOCK_FAULTS=L13 \
	  FAULTS_TIMEOUT=2400

# Each target for so long, made by clang for libFuzzer beside this build, which
# may be any; what is found belongs into the corpus.
FUZZ_SECONDS = 60
check-fuzz:
	$(MKDIR_P) %D%/fuzz
	GSOCK_FUZZ_SECONDS='$(FUZZ_SECONDS)' \
	  $(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(FUZZING)' \
	    TEST_TIMEOUT=3000 TEST_SUITE_LOG=%D%/fuzz/suite.log
fuzz:
	@$(AM_TESTS_ENVIRONMENT) python3 $(srcdir)/$(FUZZING) $(FUZZ_SECONDS)
fuzz-targets: $(FUZZ_TARGETS)
list-fuzz-targets:
	@for target in $(FUZZ_TARGETS); do echo $$target; done
# What they reach, in a build with CFLAGS='--coverage -O0'.
fuzz-coverage: $(FUZZ_TARGETS)
	find . -name '*.gcda' -delete
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(FUZZ_TARGETS)'
	$(SHELL) $(srcdir)/%D%/fuzz/coverage.sh .
.PHONY: check-fuzz fuzz fuzz-coverage fuzz-targets list-fuzz-targets soak

MOSTLYCLEANFILES = %D%/installed-suite.log %D%/faults/suite.log \
	%D%/faults/RELIABILITY.md %D%/faults/soak %D%/fuzz/suite.log
clean-tests:
	rm -rf %D%/fuzz/clang %D%/fuzz/coverage %D%/locale %D%/locpath \
	  %D%/valgrind
.PHONY: clean-tests
