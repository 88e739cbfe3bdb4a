/* error.h: the errors of gsock, and the exit status each one means
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GSOCK_ERROR (gsock_error_quark ())

/* What went wrong, as far as a user can act on it.  Each code has one exit
 * status and one JSON name; see the table in error.c. */
typedef enum
{
  GSOCK_ERROR_FAILED,        /* 1: broken, and no better word for it */
  GSOCK_ERROR_RESET,         /* 1: the peer reset the connection */
  GSOCK_ERROR_CUT,           /* 1: the stream ended inside a frame */
  GSOCK_ERROR_FRAME_TOO_BIG, /* 1: a frame over --max-message */
  GSOCK_ERROR_FRAME_BAD,     /* 1: bytes that are no frame */
  GSOCK_ERROR_LIMIT,         /* 1: another limit was reached */
  GSOCK_ERROR_USAGE,         /* 2 */
  GSOCK_ERROR_NAME,          /* 3: a name was not found */
  GSOCK_ERROR_CONNECT,       /* 4: refused or unreachable */
  GSOCK_ERROR_BIND,          /* 4: cannot listen */
  GSOCK_ERROR_TLS,           /* 5 */
  GSOCK_ERROR_BOGUS,         /* 5: DNSSEC says that it is false */
  GSOCK_ERROR_DENIED,        /* 6: a rule, a permission */
  GSOCK_ERROR_OUTPUT,        /* 7: stdout or a file */
  GSOCK_ERROR_REMOTE,        /* 8: the server answered with an error */
  GSOCK_ERROR_TIMED_OUT,     /* 124 */
  GSOCK_ERROR_COMMAND,       /* 4: a program can't be run */
} GsockErrorCode;

enum
{
  GSOCK_EXIT_OK = 0,
  GSOCK_EXIT_BROKEN = 1,
  GSOCK_EXIT_USAGE = 2,
  GSOCK_EXIT_NAME = 3,
  GSOCK_EXIT_CONNECT = 4,
  GSOCK_EXIT_TLS = 5,
  GSOCK_EXIT_DENIED = 6,
  GSOCK_EXIT_OUTPUT = 7,
  GSOCK_EXIT_REMOTE = 8,
  GSOCK_EXIT_TIMED_OUT = 124,
};

GQuark gsock_error_quark (void);

/* Exit status for @error (any domain: G_IO_ERROR and G_RESOLVER_ERROR are
 * mapped too); 0 for NULL. */
int gsock_error_exit_status (const GError *error);

/* The code's name in JSON, never translated: "frame-too-big". */
const char *gsock_error_code_name (int code);

/* One translated clause for an errno, no capital, no full stop, from our own
 * table (so that languages don't mix), else g_strerror(). */
const char *gsock_errno_text (int errnum);

/* The constant's name, "ECONNREFUSED"; NULL where it is not known. */
const char *gsock_errno_name (int errnum);

/* Sets @error to "MESSAGE: gsock_errno_text (errnum)". */
void gsock_set_error_errno (GError **error, GsockErrorCode code, int errnum,
                            const char *format, ...) G_GNUC_PRINTF (4, 5);

/* GSOCK_ERROR_USAGE; always FALSE, for "return gsock_refuse (...)". */
gboolean gsock_refuse (GError **error, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

G_END_DECLS
