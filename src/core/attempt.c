/* attempt.c: one address being connected to: its socket, and what came of it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/attempt.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gi18n-lib.h>

#include "core/call.h"
#include "core/dgram-socket.h"
#include "core/fd.h"
#include "core/log.h"
#include "core/sockopt.h"
#include "core/units.h"

/* A full UNIX backlog is asked again after this, twice as long each time. */
#define AGAIN_FIRST (1 * G_TIME_SPAN_MILLISECOND)
#define AGAIN_LONGEST (128 * G_TIME_SPAN_MILLISECOND)

static void
attempt_stop (GsockAttempt *attempt)
{
  if (attempt->tag != NULL)
    g_source_remove_unix_fd (attempt->source, attempt->tag);
  attempt->tag = NULL;
  attempt->again = 0;
}

static void
attempt_close (GsockAttempt *attempt)
{
  int fd = attempt->fd;

  attempt_stop (attempt);
  gsock_fd_clear (&attempt->fd);
  if (fd >= 0 && gsock_explaining ())
    gsock_call (GSOCK_CALL_CLOSE, NULL, 0, 0, NULL, "%d", fd);
}

/**
 * gsock_attempt_new:
 * @address: what to connect to
 * @type: SOCK_STREAM and so on
 * @from: borrowed: what to bind to first; of no size: nothing
 * @sockopts: (element-type GsockSockopt) (nullable): borrowed
 * @source: borrowed: it gets the descriptor while the kernel is at work
 *
 * Returns: (transfer full): an attempt that has not begun
 */
GsockAttempt *
gsock_attempt_new (const GsockAddress *address, int type,
                   const GsockAddress *from, GPtrArray *sockopts,
                   GSource *source)
{
  GsockAttempt *attempt = g_new0 (GsockAttempt, 1);

  attempt->address = *address;
  attempt->type = type;
  attempt->from = from;
  attempt->sockopts = sockopts;
  attempt->source = source;
  attempt->fd = -1;
  attempt->code = GSOCK_ERROR_CONNECT;
  return attempt;
}

/**
 * gsock_attempt_free:
 * @attempt: (transfer full): one whose source still lives; its socket is
 *     closed
 */
void
gsock_attempt_free (GsockAttempt *attempt)
{
  attempt_close (attempt);
  g_free (attempt->reason);
  g_free (attempt);
}

/* --- Why not ------------------------------------------------------------- */

static GsockErrorCode
code_of (int errnum)
{
  switch (errnum)
    {
    case EACCES:
    case EPERM:
      return GSOCK_ERROR_DENIED;
    case ETIMEDOUT:
      return GSOCK_ERROR_TIMED_OUT;
    default:
      return GSOCK_ERROR_CONNECT;
    }
}

static GsockEndpoint *
endpoint_of (const GsockAttempt *attempt)
{
  return gsock_endpoint_new_from_native (&attempt->address.storage,
                                         attempt->address.size, attempt->type);
}

/* What to type after gsock-server to listen on a UNIX @endpoint. */
static char *
server_address (const GsockEndpoint *endpoint)
{
  g_autofree char *display = gsock_endpoint_to_display (endpoint);
  g_autofree char *text = NULL;

  if (gsock_endpoint_get_kind (endpoint) != GSOCK_ENDPOINT_UNIX)
    text = g_strdup (gsock_endpoint_to_string (endpoint));
  else if (gsock_endpoint_is_abstract (endpoint)
           || strchr (display, '/') != NULL)
    text = g_steal_pointer (&display);
  else
    text = g_strconcat ("unix:", display, NULL);
  if (strpbrk (text, " \t!\"#$&'()*;<>?[\\]^`{|}~") == NULL)
    return g_steal_pointer (&text);
  return g_shell_quote (text);
}

/* Why connect failed with @errnum, as a clause. */
static char *
connect_reason (const GsockAttempt *attempt, int errnum)
{
  g_autoptr (GsockEndpoint) endpoint = endpoint_of (attempt);
  const char *path = gsock_endpoint_get_path (endpoint);
  g_autofree char *address = NULL;
  g_autofree char *command = NULL;
  struct stat status;

  if (path == NULL || (errnum != ECONNREFUSED && errnum != ENOENT))
    return g_strdup (gsock_errno_text (errnum));

  /* To the kernel a regular file is a socket that nobody listens on. */
  if (!gsock_endpoint_is_abstract (endpoint) && stat (path, &status) == 0
      && !S_ISSOCK (status.st_mode))
    return g_strdup (gsock_errno_text (ENOTSOCK));

  address = server_address (endpoint);
  command = g_strconcat ("gsock-server ", address, NULL);
  /* TRANSLATORS: a clause after "Cannot connect to ADDRESS:"; in quotes the
   * command to type: gsock-server and an address. */
  return g_strdup_printf (_ ("nobody is listening there; start '%s' first"),
                          command);
}

/* --- The calls ----------------------------------------------------------- */

static void
attempt_fail (GsockAttempt *attempt, int errnum, GsockErrorCode code,
              char *reason)
{
  attempt_close (attempt);
  attempt->code = code;
  attempt->reason = reason;

  if (gsock_log_wants (GSOCK_EVENT_ATTEMPT_FAILED))
    {
      g_autoptr (GsockEndpoint) remote = endpoint_of (attempt);

      gsock_log (GSOCK_EVENT_ATTEMPT_FAILED, .remote = remote,
                 .errnum = errnum);
    }
}

static void
attempt_fail_errno (GsockAttempt *attempt, int errnum)
{
  attempt_fail (attempt, errnum, code_of (errnum),
                connect_reason (attempt, errnum));
}

static gboolean
attempt_prepare (GsockAttempt *attempt, GError **error)
{
  int family = attempt->address.any.sa_family;

  if (attempt->type == SOCK_DGRAM
      && gsock_address_is_multicast (&attempt->address)
      && !gsock_dgram_send_by (attempt->fd, &attempt->address, attempt->index,
                               error))
    return FALSE;
  if (family != AF_UNIX && attempt->type == SOCK_STREAM
      && (!gsock_sockopt_set_int (attempt->fd, SOL_SOCKET, "SOL_SOCKET",
                                  SO_KEEPALIVE, "SO_KEEPALIVE", 1, error)
          || !gsock_sockopt_set_int (attempt->fd, SOL_SOCKET, "SOL_SOCKET",
                                     SO_OOBINLINE, "SO_OOBINLINE", 1, error)
          || !gsock_sockopt_set_int (attempt->fd, IPPROTO_TCP, "IPPROTO_TCP",
                                     TCP_NODELAY, "TCP_NODELAY", 1, error)))
    return FALSE;
  /* A port that an earlier connection had can be taken at once: the kernel
   * lets no two connections be the same. */
  if (attempt->from->size > 0
      && !gsock_sockopt_set_int (attempt->fd, SOL_SOCKET, "SOL_SOCKET",
                                 SO_REUSEADDR, "SO_REUSEADDR", 1, error))
    return FALSE;
  /* The user's come last, so that they prevail. */
  return gsock_sockopt_apply (attempt->sockopts, attempt->fd, family, error);
}

/* The source address in the family of @attempt; [::] stands for both. */
static GsockAddress
source_for (const GsockAttempt *attempt)
{
  const GsockAddress *source = attempt->from;
  GsockAddress any = { .size = sizeof any.inet };

  if (gsock_address_is_of_family (source, attempt->address.any.sa_family))
    return *source;

  any.inet.sin_family = AF_INET;
  any.inet.sin_port = source->inet6.sin6_port;
  return any;
}

/* bind or connect, which take the same. */
static void
tell_call (GsockCall call, const GsockAttempt *attempt,
           const GsockAddress *address, int errnum)
{
  g_autofree char *shown = gsock_call_sockaddr (&address->storage,
                                                address->size);

  const char *topic = gsock_call_family (address->any.sa_family);

  if (call == GSOCK_CALL_CONNECT && attempt->type == SOCK_DGRAM && errnum == 0)
    topic = "SOCK_DGRAM";
  gsock_call (call, topic, errnum == 0 ? 0 : -1, errnum, NULL, "%d, %s",
              attempt->fd, shown);
}

/* To a UNIX socket without a name nobody can answer.  The kernel invents an
 * abstract one, which leaves no file behind; and as we are connected then, only
 * the one we talk to can send to it. */
static gboolean
attempt_autobind (GsockAttempt *attempt)
{
  const struct sockaddr unnamed = { .sa_family = AF_UNIX };
  int errnum = 0;

  if (bind (attempt->fd, &unnamed, sizeof unnamed.sa_family) != 0)
    errnum = errno;
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_BIND, "AUTOBIND", errnum == 0 ? 0 : -1, errnum, NULL,
                "%d, AF_UNIX", attempt->fd);
  if (errnum == 0)
    return TRUE;
  attempt_fail_errno (attempt, errnum);
  return FALSE;
}

static gboolean
attempt_bind (GsockAttempt *attempt)
{
  g_autofree char *host = NULL;
  GsockAddress source;
  int errnum = 0;

  if (attempt->type == SOCK_DGRAM && attempt->address.any.sa_family == AF_UNIX)
    return attempt_autobind (attempt);
  if (attempt->from->size == 0)
    return TRUE;

  source = source_for (attempt);
  if (bind (attempt->fd, &source.any, source.size) != 0)
    errnum = errno;
  if (gsock_explaining ())
    tell_call (GSOCK_CALL_BIND, attempt, &source, errnum);
  if (errnum == 0)
    return TRUE;

  host = gsock_address_host_to_string (&source);
  attempt_fail (attempt, errnum, code_of (errnum),
                /* TRANSLATORS: a clause after "Cannot connect to ADDRESS:";
                 * the address of --source, then why it can't be used. */
                g_strdup_printf (_ ("not from the source address %s: %s"), host,
                                 gsock_errno_text (errnum)));
  return FALSE;
}

/* A TCP port of this very machine may be given to the socket that is about to
 * call it, and then it reaches itself; it does so sooner or later when a dead
 * server is called again and again. */
static gboolean
is_its_own_peer (const GsockAttempt *attempt)
{
  GsockAddress local = { .size = sizeof local.storage };
  GsockAddress remote = { .size = sizeof remote.storage };

  if (gsock_address_is_of_family (&attempt->address, AF_UNIX))
    return FALSE;
  return getsockname (attempt->fd, &local.any, &local.size) == 0
         && getpeername (attempt->fd, &remote.any, &remote.size) == 0
         && gsock_address_equal (&local, &remote);
}

static void
attempt_connected (GsockAttempt *attempt)
{
  if (is_its_own_peer (attempt))
    {
      attempt_fail_errno (attempt, ECONNREFUSED);
      return;
    }
  attempt_stop (attempt);
  attempt->connected = TRUE;
}

static void
wait_for_room (GsockAttempt *attempt)
{
  attempt->delay = attempt->delay == 0
                       ? AGAIN_FIRST
                       : MIN (attempt->delay * 2, AGAIN_LONGEST);
  attempt->again = g_get_monotonic_time () + attempt->delay;
}

/* Which addresses are broadcast ones, only the kernel's routes know: it says
 * EACCES of those. */
static gboolean
allow_broadcast (GsockAttempt *attempt)
{
  int allowed = 0;
  socklen_t size = sizeof allowed;

  if (attempt->type != SOCK_DGRAM || attempt->address.any.sa_family != AF_INET
      || getsockopt (attempt->fd, SOL_SOCKET, SO_BROADCAST, &allowed, &size)
             != 0
      || allowed)
    return FALSE;
  if (gsock_explaining ())
    tell_call (GSOCK_CALL_CONNECT, attempt, &attempt->address, EACCES);
  return gsock_sockopt_set_int (attempt->fd, SOL_SOCKET, "SOL_SOCKET",
                                SO_BROADCAST, "SO_BROADCAST", 1, NULL);
}

static void
attempt_connect (GsockAttempt *attempt)
{
  const GsockAddress *address = &attempt->address;
  int errnum = 0;

  attempt->again = 0;
  if (connect (attempt->fd, &address->any, address->size) != 0)
    errnum = errno;
  if (errnum == EACCES && allow_broadcast (attempt))
    {
      attempt_connect (attempt);
      return;
    }
  /* A full backlog is told once, not at each try. */
  if (gsock_explaining () && (errnum != EAGAIN || attempt->delay == 0))
    tell_call (GSOCK_CALL_CONNECT, attempt, address, errnum);

  if (errnum == 0)
    attempt_connected (attempt);
  else if (errnum == EINPROGRESS)
    attempt->tag = g_source_add_unix_fd (attempt->source, attempt->fd,
                                         G_IO_OUT);
  else if (errnum == EAGAIN && address->any.sa_family == AF_UNIX)
    wait_for_room (attempt);
  else
    attempt_fail_errno (attempt, errnum);
}

static gboolean
attempt_open (GsockAttempt *attempt)
{
  int family = attempt->address.any.sa_family;
  g_autoptr (GError) error = NULL;
  int errnum = 0;

  attempt->fd = socket (family, attempt->type | SOCK_NONBLOCK | SOCK_CLOEXEC,
                        0);
  if (attempt->fd < 0)
    errnum = errno;
  if (gsock_explaining ())
    gsock_call (GSOCK_CALL_SOCKET, gsock_call_family (family), attempt->fd,
                errnum, NULL, "%s, %s, 0", gsock_call_family (family),
                gsock_call_type (attempt->type));
  if (errnum != 0)
    {
      attempt_fail (attempt, errnum, code_of (errnum),
                    g_strdup (gsock_errno_text (errnum)));
      return FALSE;
    }

  if (attempt_prepare (attempt, &error))
    return attempt_bind (attempt);
  attempt_fail (attempt, EINVAL, error->code, g_strdup (error->message));
  return FALSE;
}

static gboolean
is_decided (const GsockAttempt *attempt)
{
  return attempt->connected || attempt->reason != NULL;
}

/**
 * gsock_attempt_begin:
 * @attempt: one that has not begun
 *
 * Returns: %TRUE if it is connected or has failed
 */
gboolean
gsock_attempt_begin (GsockAttempt *attempt)
{
  if (gsock_log_wants (GSOCK_EVENT_CONNECTING))
    {
      g_autoptr (GsockEndpoint) remote = endpoint_of (attempt);

      gsock_log (GSOCK_EVENT_CONNECTING, .remote = remote);
    }
  if (attempt_open (attempt))
    attempt_connect (attempt);
  return is_decided (attempt);
}

/* The kernel has decided. */
static void
attempt_completed (GsockAttempt *attempt)
{
  int errnum = 0;
  socklen_t size = sizeof errnum;
  const char *name;

  if (getsockopt (attempt->fd, SOL_SOCKET, SO_ERROR, &errnum, &size) != 0)
    errnum = errno;
  if (gsock_explaining ())
    {
      name = errnum == 0 ? "0" : gsock_errno_name (errnum);
      gsock_call (GSOCK_CALL_GETSOCKOPT, "SO_ERROR", 0, errnum, NULL,
                  "%d, SOL_SOCKET, SO_ERROR, [%s]", attempt->fd,
                  name != NULL ? name : "?");
    }
  if (errnum == 0)
    attempt_connected (attempt);
  else
    attempt_fail_errno (attempt, errnum);
}

/**
 * gsock_attempt_go_on:
 * @attempt: one that has begun
 * @now: monotonic microseconds
 *
 * Within a dispatch of its source.
 *
 * Returns: %TRUE if it is connected or has failed now, and wasn't before
 */
gboolean
gsock_attempt_go_on (GsockAttempt *attempt, gint64 now)
{
  if (attempt->tag != NULL
      && g_source_query_unix_fd (attempt->source, attempt->tag) != 0)
    attempt_completed (attempt);
  else if (attempt->again != 0 && attempt->again <= now)
    attempt_connect (attempt);
  else
    return FALSE;
  return is_decided (attempt);
}

/**
 * gsock_attempt_expire:
 * @attempt: one that is not connected
 * @timeout: how much time there was, in microseconds
 *
 * Time is up: it has failed by what it was waiting for.
 */
void
gsock_attempt_expire (GsockAttempt *attempt, gint64 timeout)
{
  g_autofree char *time = gsock_format_time (timeout);

  if (attempt->reason != NULL)
    return;

  if (attempt->delay != 0)
    attempt->reason = g_strdup_printf (
        /* TRANSLATORS: a clause after "Cannot connect to ADDRESS:"; a time
         * ("5 s"), then an option. */
        _ ("the server accepted nobody within %s, and its backlog is full "
           "(%s)"),
        time, "--timeout");
  else if (attempt->fd >= 0)
    attempt->reason
        /* TRANSLATORS: a clause after "Cannot connect to ADDRESS:"; a time
         * ("5 s"), then an option. */
        = g_strdup_printf (_ ("no answer within %s (%s)"), time, "--timeout");
  else
    attempt->reason = g_strdup (_ ("no time was left to try it"));
  attempt_close (attempt);
}
