# gsock-deps.m4: the libraries gsock stands on
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

m4_pattern_forbid([^_?GSOCK_])
m4_pattern_forbid([^PKG_(PROG|CHECK)_])

# GSOCK_GLIB(VERSION)
# -------------------
# Sets GLIB_CFLAGS and GLIB_LIBS, and keeps the API window at VERSION: an older
# GLib has all that is used, a newer one does not complain.  Its headers are
# system headers: the _() of <glib/gi18n-lib.h> casts const away, and our
# warnings are for our code.
AC_DEFUN([GSOCK_GLIB],
[AC_REQUIRE([PKG_PROG_PKG_CONFIG])dnl
PKG_CHECK_MODULES([GLIB],
  [glib-2.0 >= $1 gobject-2.0 >= $1 gio-2.0 >= $1 gio-unix-2.0 >= $1])
GLIB_CFLAGS=`AS_ECHO([" $GLIB_CFLAGS"]) | sed 's/ -I/ -isystem /g'`
AC_DEFINE([GLIB_VERSION_MIN_REQUIRED],
  [GLIB_VERSION_]m4_translit([$1], [.], [_]),
  [Warn about what this version of GLib deprecates.])
AC_DEFINE([GLIB_VERSION_MAX_ALLOWED],
  [GLIB_VERSION_]m4_translit([$1], [.], [_]),
  [Warn about what came after this version of GLib.])
AC_DEFINE([G_LOG_DOMAIN], ["gsock"], [Whose messages g_debug and its kin log.])
])

# GSOCK_LINUX
# -----------
# The poller is Linux's epoll; say so here and not in a compiler's error.
AC_DEFUN([GSOCK_LINUX],
[AC_CHECK_HEADERS([sys/epoll.h], [],
  [AC_MSG_ERROR([gsock is built on epoll(7) and needs Linux's <sys/epoll.h>])])
])

# GSOCK_READLINE
# --------------
# Sets READLINE_CFLAGS, and defines HAVE_READLINE and READLINE_SONAME: the
# library is not linked but loaded when a conversation begins, so a client that
# sends one message doesn't pay for it.  Its name is read off a program that is
# linked with it; nothing is run.
AC_DEFUN([GSOCK_READLINE],
[AC_REQUIRE([PKG_PROG_PKG_CONFIG])dnl
AC_ARG_WITH([readline],
  [AS_HELP_STRING([--with-readline],
     [edit and recall lines in a conversation on a terminal
      (default: if GNU readline is there)])],
  [], [with_readline=check])
have_readline=no
AS_IF([test "x$with_readline" != xno],
  [PKG_CHECK_MODULES([READLINE], [readline >= 7.0],
     [GSOCK_READLINE_SONAME],
     [gsock_cv_readline_soname=none])
   AS_IF([test "x$gsock_cv_readline_soname" != xnone],
     [have_readline=$gsock_cv_readline_soname
      AC_SEARCH_LIBS([dlopen], [dl])
      AC_DEFINE([HAVE_READLINE], [1], [Define to 1 to use GNU readline.])
      AC_DEFINE_UNQUOTED([READLINE_SONAME], ["$gsock_cv_readline_soname"],
        [What dlopen loads for it.])],
     [test "x$with_readline" != xcheck],
     [AC_MSG_ERROR([--with-readline was given, but GNU readline 7.0 or later is missing])])])
])

# GSOCK_READLINE_SONAME
# ---------------------
AC_DEFUN([GSOCK_READLINE_SONAME],
[AC_CHECK_TOOLS([READELF], [readelf llvm-readelf eu-readelf], [false])
AC_CACHE_CHECK([for the soname of GNU readline], [gsock_cv_readline_soname],
  [gsock_cv_readline_soname=none
   gsock_save_CPPFLAGS=$CPPFLAGS
   gsock_save_LIBS=$LIBS
   CPPFLAGS="$CPPFLAGS $READLINE_CFLAGS"
   LIBS="$READLINE_LIBS $LIBS"
   AC_LINK_IFELSE([AC_LANG_PROGRAM([[
#include <stdio.h>
#include <readline/readline.h>
]], [[return rl_initialize ();]])],
     [gsock_cv_readline_soname=`$READELF -d conftest$ac_exeext |
        sed -n 's/.*NEEDED.*@<:@@<:@ @:>@\(libreadline@<:@^@:>@@:>@*\).*/\1/p'`
      test -n "$gsock_cv_readline_soname" || gsock_cv_readline_soname=none])
   CPPFLAGS=$gsock_save_CPPFLAGS
   LIBS=$gsock_save_LIBS])
])
