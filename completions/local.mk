# completions/local.mk: a shell finds a completion by the command's name
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Made of one table, in the source tree and shipped, as manual pages are.
BASH_COMPLETIONS = \
	$(srcdir)/%D%/gsock-client \
	$(srcdir)/%D%/gsock-get \
	$(srcdir)/%D%/gsock-resolve \
	$(srcdir)/%D%/gsock-server
ZSH_COMPLETIONS = \
	$(srcdir)/%D%/_gsock-client \
	$(srcdir)/%D%/_gsock-get \
	$(srcdir)/%D%/_gsock-resolve \
	$(srcdir)/%D%/_gsock-server
FISH_COMPLETIONS = \
	$(srcdir)/%D%/gsock-client.fish \
	$(srcdir)/%D%/gsock-get.fish \
	$(srcdir)/%D%/gsock-resolve.fish \
	$(srcdir)/%D%/gsock-server.fish
COMPLETIONS = $(BASH_COMPLETIONS) $(ZSH_COMPLETIONS) $(FISH_COMPLETIONS)
COMPLETION_INPUTS = %D%/options.table %D%/generate.awk %D%/bash.in \
	%D%/fish.in %D%/zsh.in
EXTRA_DIST += $(COMPLETION_INPUTS) $(COMPLETIONS)
MAINTAINERCLEANFILES += $(COMPLETIONS)

# Also where none is installed: the tests read them.
noinst_DATA = $(COMPLETIONS)
$(COMPLETIONS): $(COMPLETION_INPUTS)
	$(AM_V_GEN)file=`basename $@`; \
	case $$file in *.fish) shell=fish ;; _*) shell=zsh ;; *) shell=bash ;; esac; \
	tool=`echo $$file | sed 's/.*gsock-//; s/\.fish$$//'`; \
	cd $(srcdir)/%D% && \
	$(AWK) -v tool=$$tool -f generate.awk options.table $$shell.in > $$file.tmp && \
	mv -f $$file.tmp $$file

if INSTALL_BASH
bashcompletion_DATA = $(BASH_COMPLETIONS)
endif
if INSTALL_ZSH
zshcompletion_DATA = $(ZSH_COMPLETIONS)
endif
if INSTALL_FISH
fishcompletion_DATA = $(FISH_COMPLETIONS)
endif
