/* error.c: the errors of gsock, and the exit status each one means
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/error.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>

typedef struct
{
  const char *name;
  int status;
} ErrorCode;

static const ErrorCode error_codes[] = {
  [GSOCK_ERROR_FAILED] = { "failed", GSOCK_EXIT_BROKEN },
  [GSOCK_ERROR_RESET] = { "reset", GSOCK_EXIT_BROKEN },
  [GSOCK_ERROR_CUT] = { "cut", GSOCK_EXIT_BROKEN },
  [GSOCK_ERROR_FRAME_TOO_BIG] = { "frame-too-big", GSOCK_EXIT_BROKEN },
  [GSOCK_ERROR_FRAME_BAD] = { "frame-bad", GSOCK_EXIT_BROKEN },
  [GSOCK_ERROR_LIMIT] = { "limit", GSOCK_EXIT_BROKEN },
  [GSOCK_ERROR_USAGE] = { "usage", GSOCK_EXIT_USAGE },
  [GSOCK_ERROR_NAME] = { "name", GSOCK_EXIT_NAME },
  [GSOCK_ERROR_CONNECT] = { "connect", GSOCK_EXIT_CONNECT },
  [GSOCK_ERROR_BIND] = { "bind", GSOCK_EXIT_CONNECT },
  [GSOCK_ERROR_TLS] = { "tls", GSOCK_EXIT_TLS },
  [GSOCK_ERROR_BOGUS] = { "bogus", GSOCK_EXIT_TLS },
  [GSOCK_ERROR_DENIED] = { "denied", GSOCK_EXIT_DENIED },
  [GSOCK_ERROR_OUTPUT] = { "output", GSOCK_EXIT_OUTPUT },
  [GSOCK_ERROR_REMOTE] = { "remote", GSOCK_EXIT_REMOTE },
  [GSOCK_ERROR_TIMED_OUT] = { "timed-out", GSOCK_EXIT_TIMED_OUT },
  [GSOCK_ERROR_COMMAND] = { "command", GSOCK_EXIT_CONNECT },
};

typedef struct
{
  const char *name;
  const char *text; /* NULL: the C library's own words serve */
} Errno;

/* Indexed by errno: constants that share a number (EWOULDBLOCK, ENOTSUP,
 * EDEADLOCK) are here once, under the name that strace(1) shows.  The clauses
 * begin with words a user of other tools knows, where there are some. */
#define E(constant, clause) [constant] = { #constant, clause }

static const Errno errnos[] = {
  /* TRANSLATORS: these clauses say why something failed.  They come after a
   * colon: "Cannot connect to ADDRESS: connection refused: nobody ...", so
   * they begin with no capital and end with no full stop. */
  E (EPERM, N_ ("the system does not permit it")),
  E (ENOENT, N_ ("no such file or directory")),
  E (ESRCH, NULL),
  E (EINTR, N_ ("interrupted by a signal")),
  E (EIO, N_ ("input/output error: the device or terminal failed")),
  E (ENXIO, N_ ("no such device, or nobody has the other end open")),
  E (E2BIG, NULL),
  E (ENOEXEC, NULL),
  E (EBADF, N_ ("the descriptor is not open, or not open for this use")),
  E (ECHILD, NULL),
  E (EAGAIN, N_ ("not ready now, try again later")),
  E (ENOMEM, N_ ("the system is out of memory")),
  E (EACCES, N_ ("permission denied")),
  E (EFAULT, NULL),
  E (ENOTBLK, NULL),
  E (EBUSY, N_ ("busy: something else is using it")),
  E (EEXIST, N_ ("a file of that name exists already")),
  E (EXDEV, NULL),
  E (ENODEV, N_ ("no such network interface or device")),
  E (ENOTDIR, N_ ("a part of the path is not a directory")),
  E (EISDIR, N_ ("it is a directory")),
  E (EINVAL, N_ ("the system does not accept that value here")),
  E (ENFILE, N_ ("the whole system has too many open files")),
  E (EMFILE, N_ ("this process has too many open files")),
  E (ENOTTY, NULL),
  E (ETXTBSY, NULL),
  E (EFBIG, N_ ("the file is larger than is allowed")),
  E (ENOSPC, N_ ("no space left on the device")),
  E (ESPIPE, NULL),
  E (EROFS, N_ ("the file system is read-only")),
  E (EMLINK, NULL),
  E (EPIPE, N_ ("broken pipe: the other side reads no more")),
  E (EDOM, NULL),
  E (ERANGE, NULL),
  E (EDEADLK, NULL),
  E (ENAMETOOLONG, N_ ("the name is too long")),
  E (ENOLCK, NULL),
  E (ENOSYS, N_ ("this kernel does not have that call")),
  E (ENOTEMPTY, NULL),
  E (ELOOP, N_ ("too many symbolic links in the path, or one where none "
                "is allowed")),
  E (ENOMSG, NULL),
  E (EIDRM, NULL),
  E (ENOSTR, NULL),
  E (ENODATA, NULL),
  E (ETIME, NULL),
  E (ENONET, NULL),
  E (EREMOTE, NULL),
  E (ENOLINK, NULL),
  E (ECOMM, NULL),
  E (EPROTO, N_ ("protocol error")),
  E (EBADMSG, NULL),
  E (EOVERFLOW, N_ ("the value is too large")),
  E (ENOTUNIQ, NULL),
  E (EBADFD, NULL),
  E (EREMCHG, NULL),
  E (EILSEQ, NULL),
  E (ERESTART, NULL),
  E (EUSERS, NULL),
  E (ENOTSOCK, N_ ("it is not a socket")),
  E (EDESTADDRREQ, N_ ("no destination address was given")),
  E (EMSGSIZE, N_ ("the message is too long for one datagram")),
  E (EPROTOTYPE, N_ ("there is a socket of another type there")),
  E (ENOPROTOOPT, N_ ("the system does not have that option for this "
                      "protocol")),
  E (EPROTONOSUPPORT, N_ ("the system does not support that protocol")),
  E (ESOCKTNOSUPPORT, N_ ("the system does not support that type of "
                          "socket")),
  E (EOPNOTSUPP, N_ ("this kind of socket or file cannot do that")),
  E (EPFNOSUPPORT, N_ ("the system does not support that protocol family")),
  E (EAFNOSUPPORT, N_ ("the system does not support that address family")),
  E (EADDRINUSE, N_ ("the address is already in use")),
  E (EADDRNOTAVAIL, N_ ("this machine does not have that address, or no "
                        "port is free")),
  E (ENETDOWN, N_ ("the network is down")),
  E (ENETUNREACH, N_ ("network unreachable: there is no route to that "
                      "address")),
  E (ENETRESET, N_ ("the network dropped the connection")),
  E (ECONNABORTED, N_ ("the connection was aborted")),
  E (ECONNRESET, N_ ("connection reset by the other side")),
  E (ENOBUFS, N_ ("the system has no room left for network data")),
  E (EISCONN, N_ ("the socket is connected already")),
  E (ENOTCONN, N_ ("the socket is not connected")),
  E (ESHUTDOWN, N_ ("this side of the connection is closed already")),
  E (ETOOMANYREFS, N_ ("too many descriptors are being passed between "
                       "processes")),
  E (ETIMEDOUT, N_ ("timed out: the other side does not answer")),
  E (ECONNREFUSED, N_ ("connection refused: nobody is listening there")),
  E (EHOSTDOWN, N_ ("the host is down")),
  E (EHOSTUNREACH, N_ ("host unreachable: it does not answer on its "
                       "network, or a firewall refuses")),
  E (EALREADY, N_ ("a connection attempt is already under way")),
  E (EINPROGRESS, N_ ("the connection attempt goes on in the background")),
  E (ESTALE, NULL),
  E (EREMOTEIO, NULL),
  E (EDQUOT, N_ ("the disk quota is used up")),
  E (ECANCELED, N_ ("the operation was cancelled")),
  E (ENOKEY, NULL),
  E (EKEYEXPIRED, NULL),
  E (EKEYREVOKED, NULL),
  E (EKEYREJECTED, NULL),
  E (EOWNERDEAD, NULL),
  E (ENOTRECOVERABLE, NULL),
  E (ERFKILL, NULL),
};

#undef E

GQuark
gsock_error_quark (void)
{
  return g_quark_from_static_string ("gsock-error-quark");
}

static int
status_of_io (int code)
{
  switch (code)
    {
    case G_IO_ERROR_HOST_NOT_FOUND:
      return GSOCK_EXIT_NAME;

    case G_IO_ERROR_CONNECTION_REFUSED:
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
    case G_IO_ERROR_ADDRESS_IN_USE:
    case G_IO_ERROR_PROXY_FAILED:
    /* From a socket's path that isn't there: nobody can answer. */
    case G_IO_ERROR_NOT_FOUND:
      return GSOCK_EXIT_CONNECT;

    case G_IO_ERROR_PERMISSION_DENIED:
    case G_IO_ERROR_PROXY_AUTH_FAILED:
    case G_IO_ERROR_PROXY_NEED_AUTH:
    case G_IO_ERROR_PROXY_NOT_ALLOWED:
      return GSOCK_EXIT_DENIED;

    case G_IO_ERROR_NO_SPACE:
    case G_IO_ERROR_READ_ONLY:
      return GSOCK_EXIT_OUTPUT;

    case G_IO_ERROR_TIMED_OUT:
      return GSOCK_EXIT_TIMED_OUT;

    /* G_IO_ERROR_CONNECTION_CLOSED too: the same number as BROKEN_PIPE. */
    default:
      return GSOCK_EXIT_BROKEN;
    }
}

static int
status_of_file (int code)
{
  switch (code)
    {
    case G_FILE_ERROR_ACCES:
    case G_FILE_ERROR_PERM:
      return GSOCK_EXIT_DENIED;

    case G_FILE_ERROR_NOSPC:
    case G_FILE_ERROR_ROFS:
      return GSOCK_EXIT_OUTPUT;

    default:
      return GSOCK_EXIT_BROKEN;
    }
}

/* By its name: an error of GIO can be known without loading GIO. */
static gboolean
is_of (const GError *error, const char *domain)
{
  return g_strcmp0 (g_quark_to_string (error->domain), domain) == 0;
}

/**
 * gsock_error_exit_status:
 * @error: (nullable): an error of any domain
 *
 * The one place where errors become exit statuses.  Besides GSOCK_ERROR it
 * knows what GIO reports by itself: G_IO_ERROR, G_RESOLVER_ERROR (always a
 * name), G_TLS_ERROR (G_TLS_ERROR_EOF, an end without close_notify, is a
 * broken stream and no failed check), and the command line's G_OPTION_ERROR
 * and G_CONVERT_ERROR (GOption reports text that isn't in the locale's
 * charset with it).
 *
 * Returns: 0 for %NULL, else a GSOCK_EXIT value, GSOCK_EXIT_BROKEN for what
 *   is not known
 */
int
gsock_error_exit_status (const GError *error)
{
  if (error == NULL)
    return GSOCK_EXIT_OK;

  if (error->domain == GSOCK_ERROR)
    {
      guint code = (guint) error->code;

      return code < G_N_ELEMENTS (error_codes) ? error_codes[code].status
                                               : GSOCK_EXIT_BROKEN;
    }
  if (is_of (error, "g-io-error-quark"))
    return status_of_io (error->code);
  if (is_of (error, "g-resolver-error-quark"))
    return GSOCK_EXIT_NAME;
  if (is_of (error, "g-tls-error-quark"))
    return error->code == G_TLS_ERROR_EOF ? GSOCK_EXIT_BROKEN : GSOCK_EXIT_TLS;
  if (error->domain == G_OPTION_ERROR || error->domain == G_CONVERT_ERROR)
    return GSOCK_EXIT_USAGE;
  if (error->domain == G_FILE_ERROR)
    return status_of_file (error->code);

  return GSOCK_EXIT_BROKEN;
}

/**
 * gsock_error_code_name:
 * @code: a GsockErrorCode
 *
 * Returns: its name in JSON; "failed" for a number that is no code
 */
const char *
gsock_error_code_name (int code)
{
  if (code < 0 || (gsize) code >= G_N_ELEMENTS (error_codes))
    code = GSOCK_ERROR_FAILED;

  return error_codes[code].name;
}

static const Errno *
find_errno (int errnum)
{
  if (errnum < 0 || (gsize) errnum >= G_N_ELEMENTS (errnos))
    return NULL;

  return &errnos[errnum];
}

/**
 * gsock_errno_text:
 * @errnum: an errno
 *
 * Why a call failed, as the clause after a colon, in the user's language.
 * The C library's words are used only for numbers that no socket gives: its
 * translations are its own, and may be missing where ours are installed.
 *
 * Returns: never %NULL, owned by the library
 */
const char *
gsock_errno_text (int errnum)
{
  const Errno *found = find_errno (errnum);

  if (found == NULL || found->text == NULL)
    return g_strerror (errnum);

  return _ (found->text);
}

/**
 * gsock_errno_name:
 * @errnum: an errno
 *
 * Returns: (nullable): the constant's name, never translated
 */
const char *
gsock_errno_name (int errnum)
{
  const Errno *found = find_errno (errnum);

  return found != NULL ? found->name : NULL;
}

/**
 * gsock_set_error_errno:
 * @error: (optional): where to put it
 * @code: the code
 * @errnum: the errno that tells why
 * @format: what failed, on what: no final punctuation
 * @...: its arguments
 *
 * errno itself is left as it was.
 */
void
gsock_set_error_errno (GError **error, GsockErrorCode code, int errnum,
                       const char *format, ...)
{
  int saved_errno = errno;
  g_autofree char *message = NULL;
  va_list args;

  if (error == NULL)
    return;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  /* TRANSLATORS: what failed, then why: "Cannot read x: permission denied". */
  g_set_error (error, GSOCK_ERROR, code, _ ("%s: %s"), message,
               gsock_errno_text (errnum));
  errno = saved_errno;
}

/**
 * gsock_refuse:
 * @error: (optional): where to put it
 * @format: a whole sentence: what can't be taken, and what to write instead
 * @...: its arguments
 *
 * Sets %GSOCK_ERROR_USAGE: for what a user wrote.
 *
 * Returns: %FALSE
 */
gboolean
gsock_refuse (GError **error, const char *format, ...)
{
  va_list args;

  if (error == NULL)
    return FALSE;
  va_start (args, format);
  *error = g_error_new_valist (GSOCK_ERROR, GSOCK_ERROR_USAGE, format, args);
  va_end (args);
  return FALSE;
}
