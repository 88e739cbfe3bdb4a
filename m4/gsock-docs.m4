# gsock-docs.m4: languages and manual pages
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

m4_pattern_forbid([^_?GSOCK_])

# GSOCK_NLS
# ---------
# The text domain, and for the tests a way to make a locale for the target:
# localedef writes in its byte order.
AC_DEFUN([GSOCK_NLS],
[AC_SUBST([GETTEXT_PACKAGE], [AC_PACKAGE_TARNAME])
AC_DEFINE([GETTEXT_PACKAGE], ["AC_PACKAGE_TARNAME"],
  [The text domain of the messages.])
AM_CONDITIONAL([USE_NLS], [test "x$USE_NLS" = xyes])
AC_PATH_PROG([LOCALEDEF], [localedef], [false])
AC_C_BIGENDIAN([LOCALEDEF_FLAGS=--big-endian],
  [LOCALEDEF_FLAGS=--little-endian], [LOCALEDEF_FLAGS=], [LOCALEDEF_FLAGS=])
AC_SUBST([LOCALEDEF_FLAGS])
])

# GSOCK_MAN
# ---------
# A release has its pages made; a checkout makes them with po4a and pod2man.
AC_DEFUN([GSOCK_MAN],
[AC_REQUIRE([GSOCK_NLS])dnl
AC_PATH_PROG([POD2MAN], [pod2man], [])
AC_PATH_PROG([PO4A], [po4a], [])
AC_PATH_PROG([MANDOC], [mandoc], [])
AM_CONDITIONAL([HAVE_POD2MAN], [test "x$POD2MAN" != x])
AM_CONDITIONAL([HAVE_PO4A], [test "x$POD2MAN" != x && test "x$PO4A" != x])
AS_IF([test "x$POD2MAN" = x && test ! -f "$srcdir/man/gsock-server.1"],
  [AC_MSG_ERROR([pod2man is missing: a checkout makes its manual pages with it])])
have_man_es=no
AS_IF([test "x$PO4A" != x || test -f "$srcdir/man/es/gsock-server.1"],
  [have_man_es=yes],
  [AC_MSG_WARN([po4a is missing: there will be no translated manual pages])])
AM_CONDITIONAL([HAVE_MAN_ES], [test "x$have_man_es" = xyes])
AM_CONDITIONAL([INSTALL_MAN_ES],
  [test "x$have_man_es" = xyes && test "x$USE_NLS" = xyes])
])
