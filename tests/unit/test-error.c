/* test-error.c: codes, exit statuses, and what an errno is called
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>

#include "core/error.h"

static void
test_codes (void)
{
  static const struct
  {
    int code;
    const char *name;
    int status;
  } rows[] = {
    { GSOCK_ERROR_FAILED, "failed", 1 },
    { GSOCK_ERROR_RESET, "reset", 1 },
    { GSOCK_ERROR_CUT, "cut", 1 },
    { GSOCK_ERROR_FRAME_TOO_BIG, "frame-too-big", 1 },
    { GSOCK_ERROR_FRAME_BAD, "frame-bad", 1 },
    { GSOCK_ERROR_LIMIT, "limit", 1 },
    { GSOCK_ERROR_USAGE, "usage", 2 },
    { GSOCK_ERROR_NAME, "name", 3 },
    { GSOCK_ERROR_CONNECT, "connect", 4 },
    { GSOCK_ERROR_BIND, "bind", 4 },
    { GSOCK_ERROR_TLS, "tls", 5 },
    { GSOCK_ERROR_DENIED, "denied", 6 },
    { GSOCK_ERROR_OUTPUT, "output", 7 },
    { GSOCK_ERROR_REMOTE, "remote", 8 },
    { GSOCK_ERROR_TIMED_OUT, "timed-out", 124 },
    { -1, "failed", 1 },
    { GSOCK_ERROR_COMMAND, "command", 4 },
    { GSOCK_ERROR_COMMAND + 1, "failed", 1 },
    { G_MAXINT, "failed", 1 },
    { G_MININT, "failed", 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError)
          error = g_error_new_literal (GSOCK_ERROR, rows[i].code, "x");

      g_assert_cmpstr (gsock_error_code_name (rows[i].code), ==, rows[i].name);
      g_assert_cmpint (gsock_error_exit_status (error), ==, rows[i].status);
    }

  g_assert_cmpstr (g_quark_to_string (GSOCK_ERROR), ==, "gsock-error-quark");
}

static void
test_foreign (void)
{
  const struct
  {
    GQuark domain;
    int code;
    int status;
  } rows[] = {
    { G_IO_ERROR, G_IO_ERROR_FAILED, 1 },
    { G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, 1 },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, 1 },
    { G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, 1 },
    { G_IO_ERROR, G_IO_ERROR_CANCELLED, 1 },
    { G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND, 3 },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, 4 },
    { G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE, 4 },
    { G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE, 4 },
    { G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, 4 },
    { G_IO_ERROR, G_IO_ERROR_NOT_FOUND, 4 },
    { G_IO_ERROR, G_IO_ERROR_PROXY_FAILED, 4 },
    { G_IO_ERROR, G_IO_ERROR_PROXY_NOT_ALLOWED, 6 },
    { G_IO_ERROR, G_IO_ERROR_PROXY_AUTH_FAILED, 6 },
    { G_IO_ERROR, G_IO_ERROR_PROXY_NEED_AUTH, 6 },
    { G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, 6 },
    { G_IO_ERROR, G_IO_ERROR_NO_SPACE, 7 },
    { G_IO_ERROR, G_IO_ERROR_READ_ONLY, 7 },
    { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, 124 },
    { G_IO_ERROR, -1, 1 },
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, 3 },
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE, 3 },
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_INTERNAL, 3 },
    { G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, 5 },
    { G_TLS_ERROR, G_TLS_ERROR_HANDSHAKE, 5 },
    { G_TLS_ERROR, G_TLS_ERROR_EOF, 1 },
    { G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION, 2 },
    { G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, 2 },
    { G_CONVERT_ERROR, G_CONVERT_ERROR_ILLEGAL_SEQUENCE, 2 },
    { G_FILE_ERROR, G_FILE_ERROR_ACCES, 6 },
    { G_FILE_ERROR, G_FILE_ERROR_NOSPC, 7 },
    { G_FILE_ERROR, G_FILE_ERROR_IO, 1 },
    { G_SPAWN_ERROR, G_SPAWN_ERROR_FORK, 1 },
  };

  g_assert_cmpint (gsock_error_exit_status (NULL), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError)
          error = g_error_new_literal (rows[i].domain, rows[i].code, "x");

      g_test_message ("%s %d", g_quark_to_string (rows[i].domain),
                      rows[i].code);
      g_assert_cmpint (gsock_error_exit_status (error), ==, rows[i].status);
    }
}

/* What a program with sockets, files and limits can be told: each must have a
 * clause of ours, in the form that follows a colon. */
static void
test_errno_text (void)
{
  static const int rows[] = {
    EPERM,         ENOENT,          EINTR,        EIO,          ENXIO,
    EBADF,         EAGAIN,          ENOMEM,       EACCES,       EBUSY,
    EEXIST,        ENODEV,          ENOTDIR,      EISDIR,       EINVAL,
    ENFILE,        EMFILE,          EFBIG,        ENOSPC,       EROFS,
    EPIPE,         ENAMETOOLONG,    ENOSYS,       ELOOP,        EPROTO,
    EOVERFLOW,     ENOTSOCK,        EDESTADDRREQ, EMSGSIZE,     EPROTOTYPE,
    ENOPROTOOPT,   EPROTONOSUPPORT, EOPNOTSUPP,   EAFNOSUPPORT, EADDRINUSE,
    EADDRNOTAVAIL, ENETDOWN,        ENETUNREACH,  ENETRESET,    ECONNABORTED,
    ECONNRESET,    ENOBUFS,         EISCONN,      ENOTCONN,     ESHUTDOWN,
    ETOOMANYREFS,  ETIMEDOUT,       ECONNREFUSED, EHOSTDOWN,    EHOSTUNREACH,
    EALREADY,      EINPROGRESS,     EDQUOT,       ECANCELED,    ESOCKTNOSUPPORT,
    EPFNOSUPPORT,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *text = gsock_errno_text (rows[i]);

      g_test_message ("%s: %s", gsock_errno_name (rows[i]), text);
      g_assert_cmpstr (text, !=, g_strerror (rows[i]));
      g_assert_true (g_ascii_islower (text[0]));
      g_assert_true (g_ascii_isalnum (text[strlen (text) - 1]));
    }

  g_assert_cmpstr (gsock_errno_text (ECONNREFUSED), ==,
                   "connection refused: nobody is listening there");
}

static void
test_errno_unknown (void)
{
  static const int rows[] = { -1, G_MININT, 0, 4000, G_MAXINT, EXDEV };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (gsock_errno_text (rows[i]), ==, g_strerror (rows[i]));
}

static void
test_errno_name (void)
{
  static const struct
  {
    int errnum;
    const char *name;
  } rows[] = {
    { ECONNREFUSED, "ECONNREFUSED" },
    { EWOULDBLOCK, "EAGAIN" },
    { ENOTSUP, "EOPNOTSUPP" },
    { EPERM, "EPERM" },
    { EXDEV, "EXDEV" },
    { EINPROGRESS, "EINPROGRESS" },
    { 0, NULL },
    { -1, NULL },
    { 4000, NULL },
    { G_MAXINT, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (gsock_errno_name (rows[i].errnum), ==, rows[i].name);
}

static void
test_set_error (void)
{
  g_autoptr (GError) error = NULL;

  errno = EINTR;
  gsock_set_error_errno (&error, GSOCK_ERROR_BIND, EADDRINUSE,
                         "Cannot listen on %s port %d", "here", 7);
  g_assert_cmpint (errno, ==, EINTR);
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_BIND);
  g_assert_cmpstr (
      error->message, ==,
      "Cannot listen on here port 7: the address is already in use");

  gsock_set_error_errno (NULL, GSOCK_ERROR_BIND, EADDRINUSE, "x %d", 1);
}

static void
test_refuse (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (gsock_refuse (&error, "'%s' is no %d", "x", 7));
  g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
  g_assert_cmpstr (error->message, ==, "'x' is no 7");
  g_assert_false (gsock_refuse (NULL, "'%s' is no %d", "x", 7));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/error/codes", test_codes);
  g_test_add_func ("/error/foreign", test_foreign);
  g_test_add_func ("/error/errno-text", test_errno_text);
  g_test_add_func ("/error/errno-unknown", test_errno_unknown);
  g_test_add_func ("/error/errno-name", test_errno_name);
  g_test_add_func ("/error/set-error", test_set_error);
  g_test_add_func ("/error/refuse", test_refuse);

  return g_test_run ();
}
