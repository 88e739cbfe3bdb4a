# man/local.mk: POD -> po4a -> pod2man.  The pages are made in the source tree
# and shipped, so a release needs neither tool.
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Set at each release: a page's date is not that of the build.
MAN_DATE = 2026-11-26

MAN_POD = %D%/gsock-client.pod %D%/gsock-get.pod %D%/gsock-resolve.pod %D%/gsock-server.pod %D%/gsock.pod
# $(srcdir) in the names keeps make from looking for them in two places, and
# from running po4a twice at once.
MAN_EN = \
	$(srcdir)/%D%/gsock-client.1 \
	$(srcdir)/%D%/gsock-get.1 \
	$(srcdir)/%D%/gsock-resolve.1 \
	$(srcdir)/%D%/gsock-server.1 \
	$(srcdir)/%D%/gsock.7
MAN_ES = \
	$(srcdir)/%D%/es/gsock-client.1 \
	$(srcdir)/%D%/es/gsock-get.1 \
	$(srcdir)/%D%/es/gsock-resolve.1 \
	$(srcdir)/%D%/es/gsock-server.1 \
	$(srcdir)/%D%/es/gsock.7
PO4A_STAMP = $(srcdir)/%D%/po4a.stamp

dist_man_MANS = $(MAN_EN)
EXTRA_DIST += $(MAN_POD) %D%/po4a.cfg %D%/po/es.po
MAINTAINERCLEANFILES += $(MAN_EN) $(MAN_ES) $(PO4A_STAMP)

# One page: $(call) is GNU make's, so the shell does it.  The page appears whole
# or not at all; $$1 is the POD, $$2 the page.  Perl takes arguments for Latin 1
# unless told.
MAKE_PAGE = make_page () { \
	section=`echo $$2 | sed 's/.*\.//'`; \
	name=`basename $$2 .$$section | tr a-z A-Z`; \
	case $$2 in \
	  */es/*.1) center='Órdenes de usuario' ;; \
	  */es/*) center='Manual de $(PACKAGE)' ;; \
	  *.1) center='User Commands' ;; \
	  *) center='$(PACKAGE) Manual' ;; \
	esac; \
	PERL_UNICODE=A $(POD2MAN) --utf8 --errors=die --section=$$section --name=$$name \
	  --center="$$center" --release='$(PACKAGE_STRING)' \
	  --date='$(MAN_DATE)' $$1 $$2.tmp$$$$ && \
	mv -f $$2.tmp$$$$ $$2 || { rm -f $$2.tmp$$$$; return 1; }; \
	}; make_page

if HAVE_POD2MAN
$(srcdir)/%D%/gsock-client.1: %D%/gsock-client.pod
	$(AM_V_GEN)$(MAKE_PAGE) $(srcdir)/%D%/gsock-client.pod $@
$(srcdir)/%D%/gsock-resolve.1: %D%/gsock-resolve.pod
	$(AM_V_GEN)$(MAKE_PAGE) $(srcdir)/%D%/gsock-resolve.pod $@
$(srcdir)/%D%/gsock-get.1: %D%/gsock-get.pod
	$(AM_V_GEN)$(MAKE_PAGE) $(srcdir)/%D%/gsock-get.pod $@
$(srcdir)/%D%/gsock-server.1: %D%/gsock-server.pod
	$(AM_V_GEN)$(MAKE_PAGE) $(srcdir)/%D%/gsock-server.pod $@
$(srcdir)/%D%/gsock.7: %D%/gsock.pod
	$(AM_V_GEN)$(MAKE_PAGE) $(srcdir)/%D%/gsock.pod $@
endif

if HAVE_MAN_ES
EXTRA_DIST += $(MAN_ES) $(PO4A_STAMP)
dist-man:
else
dist-man:
	@echo 'dist: po4a is missing, the Spanish pages cannot be shipped' >&2
	@exit 1
endif

# install-man knows --program-prefix and how to undo itself.
MAN_ES_ARGS = mandir='$(mandir)/es' man_MANS= dist_man_MANS='$(MAN_ES)'
if INSTALL_MAN_ES
all-local: $(MAN_ES)
install-data-local: $(MAN_ES)
	$(MAKE) $(AM_MAKEFLAGS) $(MAN_ES_ARGS) install-man
uninstall-local:
	$(MAKE) $(AM_MAKEFLAGS) $(MAN_ES_ARGS) uninstall-man
endif

# --keep 0: what is not translated yet stays English, but the page is there.
PO4A_FLAGS = --quiet --keep 0 --master-charset UTF-8 \
	--localized-charset UTF-8 --srcdir $(srcdir) \
	--package-name $(PACKAGE)-man --package-version $(VERSION) \
	--copyright-holder 'The gsock authors' --porefs file --wrap-po no \
	--previous

$(MAN_ES): $(PO4A_STAMP) ;
if HAVE_PO4A
$(PO4A_STAMP): $(MAN_POD) %D%/po/es.po %D%/po4a.cfg
	$(AM_V_GEN)rm -rf %D%/po4a.tmp && \
	$(MKDIR_P) %D%/po4a.tmp $(srcdir)/%D%/es && \
	$(PO4A) $(PO4A_FLAGS) --destdir %D%/po4a.tmp --no-update --force \
	  $(srcdir)/%D%/po4a.cfg
	$(AM_V_at)for page in $(MAN_ES); do \
	  pod=`basename $$page | sed 's/\.[0-9]$$/.pod/'`; \
	  $(MAKE_PAGE) %D%/po4a.tmp/%D%/es/$$pod $$page || exit 1; \
	done
	$(AM_V_at)rm -rf %D%/po4a.tmp && echo 'made by po4a' > $@
else
$(PO4A_STAMP):
	@echo 'po4a or pod2man is missing: $@ cannot be remade' >&2; exit 1
endif

update-man-po:
	$(AM_V_GEN)$(PO4A) $(PO4A_FLAGS) --destdir $(srcdir) --no-translations \
	  $(srcdir)/%D%/po4a.cfg

# Where what the tools show has changed: the pages' sessions are played, and
# what was shown goes into them, and into the catalogue.
update-sessions: all
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS=tests/e2e/test-manual.sh \
	  GSOCK_WRITE=yes || :
	$(MAKE) $(AM_MAKEFLAGS) update-po
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS=tests/e2e/test-manual-es.sh \
	  GSOCK_WRITE=yes || :

# "make html": the pages of both languages as HTML, linked to each other.
html-local: $(MAN_EN) $(MAN_ES)
	@test -n '$(MANDOC)' || \
	  { echo 'html: mandoc is missing' >&2; exit 1; }
	$(AM_V_GEN)for page in $(MAN_EN) $(MAN_ES); do \
	  case $$page in */es/*) lang=es ;; *) lang=en ;; esac; \
	  file=`basename $$page`; \
	  $(MKDIR_P) html/$$lang && \
	  $(MANDOC) -K utf-8 -T html -O toc $$page | \
	    sed -e "s|<html>|<html lang=\"$$lang\">|" \
	      -e 's|<b>\(gsock[a-z-]*\)</b>(\([17]\))|<a href="\1.\2.html"><b>\1</b>(\2)</a>|g' \
	    >html/$$lang/$$file.html || exit 1; \
	done

clean-man:
	rm -rf %D%/po4a.tmp html
.PHONY: clean-man dist-man update-sessions
