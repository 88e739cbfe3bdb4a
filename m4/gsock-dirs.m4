# gsock-dirs.m4: where the shells look for completions
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

m4_pattern_forbid([^_?GSOCK_])

# GSOCK_SHELL_DIR(SHELL, DEFAULT)
# -------------------------------
# --with-SHELL-completion-dir[=DIR]; sets SHELLcompletiondir and the
# conditional INSTALL_SHELL.
AC_DEFUN([GSOCK_SHELL_DIR],
[AC_ARG_WITH([$1-completion-dir],
  [AS_HELP_STRING([--with-$1-completion-dir=DIR],
     [where $1 looks for completions; "no" installs none])],
  [], [with_$1_completion_dir=yes])
AS_CASE([$with_$1_completion_dir],
  [yes], [$1completiondir=$2],
  [no], [$1completiondir=],
  [$1completiondir=$with_$1_completion_dir])
AC_SUBST([$1completiondir])
AM_CONDITIONAL([INSTALL_]m4_toupper([$1]), [test "x$$1completiondir" != x])
])

# GSOCK_COMPLETION_DIRS
# ---------------------
# bash-completion names its directory below its own prefix; ask with marks in
# place of that, to stay inside ours.
AC_DEFUN([GSOCK_COMPLETION_DIRS],
[AC_REQUIRE([PKG_PROG_PKG_CONFIG])dnl
gsock_bash_dir=`$PKG_CONFIG --define-variable=prefix=/@prefix@ \
    --define-variable=datadir=/@datadir@ \
    --variable=completionsdir bash-completion 2>/dev/null |
  sed -e 's|^/@prefix@|${prefix}|' -e 's|^/@datadir@|${datadir}|'`
AS_CASE([$gsock_bash_dir],
  ['${prefix}'/*|'${datadir}'/*], [],
  [gsock_bash_dir='${datadir}/bash-completion/completions'])
GSOCK_SHELL_DIR([bash], [$gsock_bash_dir])
GSOCK_SHELL_DIR([zsh], ['${datadir}/zsh/site-functions'])
GSOCK_SHELL_DIR([fish], ['${datadir}/fish/vendor_completions.d'])
])
