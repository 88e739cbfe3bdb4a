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

# GSOCK_LOADED(NAME, OPTION, MODULES, LIBRARY, INCLUDES, CALL, PURPOSE, TITLE)
# --------------------------------------------------------------------------
# For a library that is not linked but loaded when it is needed, so that a
# program which has no use for it doesn't pay: with --with-OPTION (or unless
# --without-OPTION, if pkg-config knows MODULES) defines HAVE_NAME and
# NAME_SONAME, and sets NAME_CFLAGS and have_NAME, all with NAME in the case it
# should have.  The soname is read off a program that makes CALL and is linked
# with LIBRARY; nothing is run.
AC_DEFUN([GSOCK_LOADED],
[AC_REQUIRE([PKG_PROG_PKG_CONFIG])dnl
AC_REQUIRE([GSOCK_READELF])dnl
AC_ARG_WITH([$2],
  [AS_HELP_STRING([--with-$2], [$7 (default: if $8 is there)])],
  [], [with_$2=check])
have_$2=no
AS_IF([test "x$with_$2" != xno],
  [PKG_CHECK_MODULES([$1], [$3],
     [AC_CACHE_CHECK([for the soname of $8], [gsock_cv_$2_soname],
        [gsock_cv_$2_soname=none
         gsock_save_CPPFLAGS=$CPPFLAGS
         gsock_save_LIBS=$LIBS
         CPPFLAGS="$CPPFLAGS $$1_CFLAGS"
         LIBS="$$1_LIBS $LIBS"
         AC_LINK_IFELSE([AC_LANG_PROGRAM([[$5]], [[return $6;]])],
           [gsock_cv_$2_soname=`$READELF -d conftest$ac_exeext |
              sed -n 's/.*NEEDED.*@<:@@<:@ @:>@\($4@<:@^@:>@@:>@*\).*/\1/p'`
            test -n "$gsock_cv_$2_soname" || gsock_cv_$2_soname=none])
         CPPFLAGS=$gsock_save_CPPFLAGS
         LIBS=$gsock_save_LIBS])],
     [gsock_cv_$2_soname=none])
   AS_IF([test "x$gsock_cv_$2_soname" != xnone],
     [have_$2=$gsock_cv_$2_soname
      AC_SEARCH_LIBS([dlopen], [dl])
      AC_DEFINE([HAVE_$1], [1], [Define to 1 to load $8 when it is needed.])
      AC_DEFINE_UNQUOTED([$1_SONAME], ["$gsock_cv_$2_soname"],
        [What dlopen loads for $8.])],
     [test "x$with_$2" != xcheck],
     [AC_MSG_ERROR([--with-$2 was given, but $8 ($3) is missing])])])
])

# GSOCK_READELF
# -------------
AC_DEFUN([GSOCK_READELF],
[AC_CHECK_TOOLS([READELF], [readelf llvm-readelf eu-readelf], [false])])

# GSOCK_GNUTLS(VERSION)
# ---------------------
# TLS, which no build is without.
AC_DEFUN([GSOCK_GNUTLS],
[GSOCK_LOADED([GNUTLS], [gnutls], [gnutls >= $1], [libgnutls],
  [#include <gnutls/gnutls.h>], [gnutls_global_init ()],
  [speak TLS], [GnuTLS])
AS_IF([test "x$have_gnutls" = xno],
  [AC_MSG_ERROR([GnuTLS $1 or later is missing])])
])

# GSOCK_READLINE
# --------------
AC_DEFUN([GSOCK_READLINE],
[GSOCK_LOADED([READLINE], [readline], [readline >= 7.0], [libreadline],
  [#include <stdio.h>
#include <readline/readline.h>], [rl_initialize ()],
  [edit and recall lines in a conversation on a terminal], [GNU readline])
])

# GSOCK_CODINGS
# -------------
# Content codings of HTTP beside gzip and deflate, which GLib has.
AC_DEFUN([GSOCK_CODINGS],
[GSOCK_LOADED([BROTLI], [brotli], [libbrotlidec >= 1.0], [libbrotlidec],
  [#include <brotli/decode.h>], [(int) BrotliDecoderVersion ()],
  [decode bodies in the coding br], [libbrotlidec])
GSOCK_LOADED([ZSTD], [zstd], [libzstd >= 1.4], [libzstd],
  [#include <zstd.h>], [(int) ZSTD_versionNumber ()],
  [decode bodies in the coding zstd], [libzstd])
])

# GSOCK_PSL
# ---------
AC_DEFUN([GSOCK_PSL],
[GSOCK_LOADED([PSL], [psl], [libpsl >= 0.20], [libpsl],
  [#include <libpsl.h>], [psl_get_version () == 0],
  [know which domains may set cookies for all below them], [libpsl])
])

# GSOCK_NGHTTP2
# -------------
AC_DEFUN([GSOCK_NGHTTP2],
[GSOCK_LOADED([NGHTTP2], [nghttp2], [libnghttp2 >= 1.41], [libnghttp2],
  [#include <nghttp2/nghttp2.h>], [nghttp2_version (0) == 0],
  [speak HTTP/2], [libnghttp2])
])

# GSOCK_LDNS
# ----------
# Without it there is no gsock-resolve.  It brings a whole library of
# cryptography along, which look-ups by the system do without.
AC_DEFUN([GSOCK_LDNS],
[GSOCK_LOADED([LDNS], [ldns], [ldns >= 1.7], [libldns],
  [#include <ldns/ldns.h>], [ldns_pkt_new () == 0],
  [build gsock-resolve], [ldns])
LDNS_CFLAGS=`AS_ECHO([" $LDNS_CFLAGS"]) | sed 's/ -I/ -isystem /g'`
AM_CONDITIONAL([HAVE_LDNS], [test "x$have_ldns" != xno])
])
