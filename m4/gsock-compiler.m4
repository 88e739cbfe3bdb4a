# gsock-compiler.m4: warnings, hardening, sanitizers and coverage, each in
# variables of its own, for CFLAGS and LDFLAGS belong to the user
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later

m4_pattern_forbid([^_?GSOCK_])

# GSOCK_TRY_CFLAG(VARIABLE, FLAG, [PROGRAM])
# ------------------------------------------
# Appends FLAG to VARIABLE if the compiler takes it, and PROGRAM with it,
# without a word.
AC_DEFUN([GSOCK_TRY_CFLAG],
[AS_VAR_PUSHDEF([cache], [gsock_cv_cflag_$2])dnl
AC_CACHE_CHECK([whether $CC takes $2], [cache],
  [gsock_save_CFLAGS=$CFLAGS
   CFLAGS="$CFLAGS -Werror $2"
   AC_COMPILE_IFELSE([m4_default([$3], [AC_LANG_PROGRAM()])],
     [AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
   CFLAGS=$gsock_save_CFLAGS])
AS_VAR_IF([cache], [yes], [AS_VAR_APPEND([$1], [" $2"])])
AS_VAR_POPDEF([cache])dnl
])

# GSOCK_TRY_LDFLAG(VARIABLE, FLAG, [CFLAG])
# -----------------------------------------
# Appends FLAG to VARIABLE if a program compiled with CFLAG links with it.
AC_DEFUN([GSOCK_TRY_LDFLAG],
[AS_VAR_PUSHDEF([cache], [gsock_cv_ldflag_$2])dnl
AC_CACHE_CHECK([whether the linker takes $2], [cache],
  [gsock_save_CFLAGS=$CFLAGS
   gsock_save_LDFLAGS=$LDFLAGS
   CFLAGS="$CFLAGS -Werror $3"
   LDFLAGS="$LDFLAGS $2"
   AC_LINK_IFELSE([AC_LANG_PROGRAM()],
     [AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
   CFLAGS=$gsock_save_CFLAGS
   LDFLAGS=$gsock_save_LDFLAGS])
AS_VAR_IF([cache], [yes], [AS_VAR_APPEND([$1], [" $2"])])
AS_VAR_POPDEF([cache])dnl
])

# GSOCK_WARNINGS
# --------------
# Sets WARN_CFLAGS; --enable-werror makes each of them an error.  After
# GSOCK_GLIB: the _() of <glib/gi18n-lib.h> casts const away, and clang looks
# into the macros of system headers, so there would speak of each
# message.
AC_DEFUN([GSOCK_WARNINGS],
[AC_ARG_ENABLE([werror],
  [AS_HELP_STRING([--enable-werror], [make every compiler warning an error])],
  [], [enable_werror=no])
WARN_CFLAGS=
m4_map_args_w([-Wall -Wextra -Wdate-time -Wduplicated-cond
    -Wformat=2 -Wimplicit-fallthrough -Wmissing-declarations
    -Wmissing-prototypes -Wnested-externs -Wold-style-definition
    -Wpointer-arith -Wredundant-decls -Wshadow -Wstrict-prototypes -Wundef
    -Wvla -Wwrite-strings],
  [GSOCK_TRY_CFLAG([WARN_CFLAGS], ], [)
])
gsock_save_CPPFLAGS=$CPPFLAGS
CPPFLAGS="$CPPFLAGS $GLIB_CFLAGS"
GSOCK_TRY_CFLAG([WARN_CFLAGS], [],
  [AC_LANG_PROGRAM([[
#undef GETTEXT_PACKAGE
#define GETTEXT_PACKAGE "x"
#include <glib/gi18n-lib.h>
]], [[return _("x") == 0;]])])
CPPFLAGS=$gsock_save_CPPFLAGS
AS_IF([test "x$enable_werror" = xyes], [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
AC_SUBST([WARN_CFLAGS])
])

# GSOCK_SANITIZERS
# ----------------
# Sets SAN_CFLAGS from --enable-sanitizers[=LIST].
AC_DEFUN([GSOCK_SANITIZERS],
[AC_ARG_ENABLE([sanitizers],
  [AS_HELP_STRING([--enable-sanitizers@<:@=LIST@:>@],
     [run-time checks for the developer, separated by commas
      (address,undefined)])],
  [], [enable_sanitizers=no])
AS_IF([test "x$enable_sanitizers" = xyes],
  [enable_sanitizers=address,undefined])
SAN_CFLAGS=
AS_IF([test "x$enable_sanitizers" != xno],
  [SAN_CFLAGS="-fsanitize=$enable_sanitizers -fno-sanitize-recover=all"
   SAN_CFLAGS="$SAN_CFLAGS -fno-omit-frame-pointer"
   AC_MSG_CHECKING([whether $CC links with -fsanitize=$enable_sanitizers])
   gsock_save_CFLAGS=$CFLAGS
   CFLAGS="$CFLAGS $SAN_CFLAGS"
   AC_LINK_IFELSE([AC_LANG_PROGRAM()],
     [AC_MSG_RESULT([yes])],
     [AC_MSG_RESULT([no])
      AC_MSG_ERROR([$CC has no sanitizers «$enable_sanitizers» or lacks their libraries])])
   CFLAGS=$gsock_save_CFLAGS])
AC_SUBST([SAN_CFLAGS])
])

# GSOCK_HARDENING
# ---------------
# Sets HARDEN_CFLAGS and HARDEN_LDFLAGS.  After GSOCK_SANITIZERS, which do not
# go with _FORTIFY_SOURCE.  A level that CPPFLAGS or CFLAGS give already (a
# distribution's) stays; without optimization glibc has none.  What they leave in
# the programs is read back by tests/e2e/test-hardening.sh.
AC_DEFUN([GSOCK_HARDENING],
[AC_REQUIRE([GSOCK_SANITIZERS])dnl
HARDEN_CFLAGS=
HARDEN_LDFLAGS=
AS_IF([test "x$SAN_CFLAGS" = x],
  [AC_CACHE_CHECK([for the level of _FORTIFY_SOURCE to add],
    [gsock_cv_fortify],
    [gsock_cv_fortify=none
     gsock_save_CFLAGS=$CFLAGS
     for level in 3 2; do
       CFLAGS="$gsock_save_CFLAGS -Werror"
       AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[
#if !defined __OPTIMIZE__ || defined _FORTIFY_SOURCE
# error "not optimizing, or chosen already"
#endif]])], [], [break])
       CFLAGS="$CFLAGS -D_FORTIFY_SOURCE=$level"
       AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <string.h>]])],
         [gsock_cv_fortify=$level; break])
     done
     CFLAGS=$gsock_save_CFLAGS])
   AS_IF([test "x$gsock_cv_fortify" != xnone],
     [HARDEN_CFLAGS="-D_FORTIFY_SOURCE=$gsock_cv_fortify"])])
m4_map_args_w([-fstack-protector-strong -fstack-clash-protection
    -fcf-protection -ftrivial-auto-var-init=zero],
  [GSOCK_TRY_CFLAG([HARDEN_CFLAGS], ], [)
])
GSOCK_TRY_LDFLAG([HARDEN_LDFLAGS], [-pie], [-fPIE])
AS_CASE([$HARDEN_LDFLAGS], [*-pie*], [HARDEN_CFLAGS="$HARDEN_CFLAGS -fPIE"])
GSOCK_TRY_LDFLAG([HARDEN_LDFLAGS], [[-Wl,-z,relro,-z,now]])
GSOCK_TRY_LDFLAG([HARDEN_LDFLAGS], [[-Wl,-z,noexecstack]])
AC_SUBST([HARDEN_CFLAGS])
AC_SUBST([HARDEN_LDFLAGS])
])

# GSOCK_AS_NEEDED
# ---------------
# Sets LINK_LDFLAGS so that a program loads only libraries it calls.
AC_DEFUN([GSOCK_AS_NEEDED],
[LINK_LDFLAGS=
GSOCK_TRY_LDFLAG([LINK_LDFLAGS], [[-Wl,--as-needed]])
AC_SUBST([LINK_LDFLAGS])
])

# GSOCK_COVERAGE
# --------------
# Sets COVERAGE_CFLAGS and GCOVR from --enable-coverage, for "make coverage".
AC_DEFUN([GSOCK_COVERAGE],
[AC_ARG_ENABLE([coverage],
  [AS_HELP_STRING([--enable-coverage],
     [count which lines the tests reach, for "make coverage" (needs gcovr)])],
  [], [enable_coverage=no])
COVERAGE_CFLAGS=
AC_PATH_PROG([GCOVR], [gcovr], [])
AS_IF([test "x$enable_coverage" = xyes],
  [AS_IF([test "x$GCOVR" = x],
     [AC_MSG_ERROR([--enable-coverage needs gcovr, which is missing])])
   COVERAGE_CFLAGS="--coverage -O0 -DCOVERAGE"])
AC_SUBST([COVERAGE_CFLAGS])
])

# GSOCK_FUZZERS
# -------------
# Sets FUZZ_CFLAGS and FUZZ_MAIN from --enable-fuzzers: programs for libFuzzer,
# which is clang's.  Without it the same targets run over their corpora only.
AC_DEFUN([GSOCK_FUZZERS],
[AC_ARG_ENABLE([fuzzers],
  [AS_HELP_STRING([--enable-fuzzers],
     [make the programs in tests/fuzz fuzzers (needs clang)])],
  [], [enable_fuzzers=no])
FUZZ_CFLAGS=
FUZZ_MAIN=
AS_IF([test "x$enable_fuzzers" = xyes],
  [FUZZ_CFLAGS=-fsanitize=fuzzer-no-link
   FUZZ_MAIN=-fsanitize=fuzzer
   AC_MSG_CHECKING([whether $CC links with -fsanitize=fuzzer])
   gsock_save_CFLAGS=$CFLAGS
   CFLAGS="$CFLAGS -fsanitize=fuzzer"
   AC_LINK_IFELSE([AC_LANG_SOURCE([[
int LLVMFuzzerTestOneInput (const unsigned char *, unsigned long);
int
LLVMFuzzerTestOneInput (const unsigned char *data, unsigned long size)
{
  return data == 0 && size == 1;
}
]])],
     [AC_MSG_RESULT([yes])],
     [AC_MSG_RESULT([no])
      AC_MSG_ERROR([--enable-fuzzers needs clang with its libFuzzer: CC=clang])])
   CFLAGS=$gsock_save_CFLAGS])
AC_SUBST([FUZZ_CFLAGS])
AC_SUBST([FUZZ_MAIN])
AM_CONDITIONAL([FUZZERS], [test "x$enable_fuzzers" = xyes])
])

# GSOCK_QUICK_EXIT
# ----------------
# Sanitizers and coverage write their reports in exit(); without them a tool
# may leave past it.  After GSOCK_SANITIZERS and GSOCK_COVERAGE.
AC_DEFUN([GSOCK_QUICK_EXIT],
[AS_IF([test "x$SAN_CFLAGS$COVERAGE_CFLAGS" = x],
  [AC_CHECK_FUNC([quick_exit],
     [AC_DEFINE([QUICK_EXIT], [1],
        [Define to 1 to leave without calling destructors.])])])
])
