/* connect.c: from an endpoint to a connected socket: attempts, time limit
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One GSource is the whole of it: its ready time is whatever is due first (the
 * next attempt, another try at a full backlog, the time limit), and each
 * attempt under way has its descriptor in it.  Everything happens in its
 * dispatch, so the caller is never called back before start has returned.
 *
 *   begin:    address, descriptor or name -> addresses
 *   advance:  addresses -> attempts, as RFC 8305 (Happy Eyeballs) times them
 *   finish:   the first one that is connected, or every one's reason
 *
 * GSocketClient does as much, but tells nothing of the attempts that failed,
 * and loads proxy resolvers and TLS before it looks at an address.  Here are
 * bare descriptors: a GSocket costs a short program a tenth of its time. */

#include "config.h"

#include "core/connect.h"

#include <errno.h>

#include <glib/gi18n-lib.h>

#include "core/attempt.h"
#include "core/connect-srv.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/fd.h"
#include "core/resolve.h"
#include "core/sockopt.h"
#include "core/units.h"

/* RFC 8305 section 5, Connection Attempt Delay. */
#define ATTEMPT_DELAY (250 * G_TIME_SPAN_MILLISECOND)

/* Of how many addresses an error tells. */
#define TOLD_MAX 12

struct _GsockConnect
{
  GsockEndpoint *endpoint;
  GsockConnectOptions options;
  GMainContext *context;
  GsockConnectFunc func;
  gpointer data;
  GSource *source;
  GsockResolve *resolve; /* while the name is asked for, or NULL */
  GsockConnectSrv *srv;  /* while a service's hosts are tried, or NULL */
  GPtrArray *attempts; /* (element-type GsockAttempt), in the order of trying */
  guint started;       /* how many of them have been begun */
  gint64 next;         /* when the next one begins */
  gint64 deadline;     /* 0: none */
  gboolean begun;
  GsockFd winner;
  GError *error; /* that of all, when it isn't the attempts' */
};

typedef struct
{
  GSource source;
  GsockConnect *connect;
} ConnectSource;

static void
connect_free (GsockConnect *self)
{
  g_clear_pointer (&self->resolve, gsock_resolve_cancel);
  g_clear_pointer (&self->srv, gsock_connect_srv_cancel);
  g_ptr_array_unref (self->attempts);
  g_source_destroy (self->source);
  g_source_unref (self->source);
  gsock_fd_clear (&self->winner);
  g_clear_error (&self->error);
  g_clear_pointer (&self->options.sockopts, g_ptr_array_unref);
  gsock_endpoint_unref (self->endpoint);
  g_main_context_unref (self->context);
  g_free (self);
}

static void
wake (GsockConnect *self)
{
  g_source_set_ready_time (self->source, 0);
}

/* --- The end ------------------------------------------------------------- */

static void
finish (GsockConnect *self)
{
  GsockConnectFunc func = self->func;
  gpointer data = self->data;
  int fd = gsock_fd_steal (&self->winner);
  g_autoptr (GError) error = g_steal_pointer (&self->error);

  connect_free (self);
  func (fd, error, data);
}

/* The attempts that failed as the @first one did: "REASON" where that is all
 * there is to say, else "REASON (ADDRESS, ADDRESS)". */
static void
append_reason (GsockConnect *self, GString *text, guint first)
{
  GsockAttempt *attempt = g_ptr_array_index (self->attempts, first);
  guint same = 0;

  g_string_append (text, attempt->reason);
  if (self->attempts->len == 1)
    return;

  for (guint i = first; i < self->attempts->len; i++)
    {
      GsockAttempt *other = g_ptr_array_index (self->attempts, i);
      g_autofree char *host = NULL;

      if (g_strcmp0 (other->reason, attempt->reason) != 0)
        continue;
      if (same++ == TOLD_MAX)
        {
          g_string_append (text, ", ...");
          break;
        }
      host = gsock_address_host_to_string (&other->address);
      g_string_append_printf (text, "%s%s", same == 1 ? " (" : ", ", host);
    }
  g_string_append_c (text, ')');
}

static gboolean
reason_is_new (GsockConnect *self, guint index)
{
  GsockAttempt *attempt = g_ptr_array_index (self->attempts, index);

  for (guint i = 0; i < index; i++)
    {
      GsockAttempt *earlier = g_ptr_array_index (self->attempts, i);

      if (g_strcmp0 (earlier->reason, attempt->reason) == 0)
        return FALSE;
    }
  return TRUE;
}

/* Every attempt has failed: what they agree on, or that nothing connects. */
static void
fail_by_attempts (GsockConnect *self)
{
  GsockAttempt *first = g_ptr_array_index (self->attempts, 0);
  g_autofree char *who = gsock_endpoint_to_display (self->endpoint);
  g_autoptr (GString) reasons = g_string_new (NULL);
  GsockErrorCode code = first->code;

  for (guint i = 0; i < self->attempts->len; i++)
    {
      GsockAttempt *attempt = g_ptr_array_index (self->attempts, i);

      if (attempt->code != code)
        code = GSOCK_ERROR_CONNECT;
      if (!reason_is_new (self, i))
        continue;
      if (reasons->len > 0)
        g_string_append (reasons, "; ");
      append_reason (self, reasons, i);
    }

  /* TRANSLATORS: an address, then why; or several clauses, each with the
   * addresses it is about: "connection refused (::1); timed out (10.0.0.1)" */
  g_set_error (&self->error, GSOCK_ERROR, code, _ ("Cannot connect to %s: %s"),
               who, reasons->str);
}

static void
fail_by_time (GsockConnect *self)
{
  g_autofree char *who = gsock_endpoint_to_display (self->endpoint);
  g_autofree char *time = gsock_format_time (self->options.timeout);

  if (self->srv != NULL)
    {
      g_set_error (&self->error, GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT,
                   /* TRANSLATORS: a service, a time ("5 s") and an option. */
                   _ ("Cannot connect to %s: no name server told its hosts "
                      "within %s (%s)"),
                   who, time, "--timeout");
      return;
    }
  if (self->resolve != NULL)
    {
      g_autofree char *host = gsock_escape (
          gsock_endpoint_get_host (self->endpoint), -1);

      g_set_error (&self->error, GSOCK_ERROR, GSOCK_ERROR_TIMED_OUT,
                   /* TRANSLATORS: an address, the name in it, a time ("5 s")
                    * and an option. */
                   _ ("Cannot connect to %s: no name server told the address "
                      "of '%s' within %s (%s)"),
                   who, host, time, "--timeout");
      return;
    }

  for (guint i = 0; i < self->attempts->len; i++)
    gsock_attempt_expire (g_ptr_array_index (self->attempts, i),
                          self->options.timeout);
  fail_by_attempts (self);
  self->error->code = GSOCK_ERROR_TIMED_OUT;
}

/* --- Beginning ----------------------------------------------------------- */

/* fd:N: connected already, by whoever started us. */
static void
take_fd (GsockConnect *self)
{
  int fd = gsock_endpoint_get_fd (self->endpoint);
  GsockAddress peer = { .size = sizeof peer.storage };
  socklen_t type_size = sizeof (int);
  int type = 0;

  if (getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &type_size) != 0)
    gsock_set_error_errno (&self->error, GSOCK_ERROR_USAGE, errno,
                           _ ("Cannot use descriptor %d"), fd);
  else if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_SEQPACKET)
    gsock_set_error_errno (&self->error, GSOCK_ERROR_USAGE, EPROTOTYPE,
                           _ ("Cannot use descriptor %d"), fd);
  else if (getpeername (fd, &peer.any, &peer.size) != 0)
    gsock_set_error_errno (&self->error, GSOCK_ERROR_CONNECT, errno,
                           _ ("Cannot use descriptor %d"), fd);
  if (self->error == NULL && gsock_fd_set_nonblocking (fd, &self->error)
      && gsock_sockopt_apply (self->options.sockopts, fd, peer.any.sa_family,
                              &self->error))
    self->winner = fd;
}

/* Why this can't be tried at all, as a clause; NULL: it can. */
static const char *
objection (GsockConnect *self)
{
  const GsockEndpoint *endpoint = self->endpoint;
  const GsockAddress *source = &self->options.source;
  GsockEndpointKind kind = gsock_endpoint_get_kind (endpoint);

  /* TRANSLATORS: these clauses come after "Cannot connect to ADDRESS:". */
  if (kind == GSOCK_ENDPOINT_SD)
    return _ ("systemd gives its sockets to servers only");
  if (gsock_endpoint_is_any (endpoint))
    return _ ("'*' is every address of this machine, for a server to listen "
              "on; name one host");
  if (gsock_endpoint_is_unix (endpoint) && source->size > 0)
    return _ ("a source address is for TCP and UDP; leave --source out");
  if (source->size > 0 && !gsock_address_is_any6 (source)
      && !gsock_address_is_of_family (source, self->options.family))
    return _ ("the source address is of another family; leave -4, -6 or "
              "--source out");
  return NULL;
}

/* Which addresses -4, -6 and --source leave. */
static GsockResolveWish
wish_of (const GsockConnectOptions *options)
{
  const GsockAddress *source = &options->source;

  if (options->family != AF_UNSPEC)
    return (GsockResolveWish) { options->family,
                                options->family == AF_INET6 ? "-6" : "-4" };
  if (source->size > 0 && !gsock_address_is_any6 (source))
    return (GsockResolveWish) { source->any.sa_family, "--source" };
  return (GsockResolveWish) { AF_UNSPEC, NULL };
}

static void
add_attempt (GsockConnect *self, const GsockAddress *address)
{
  GsockAttempt *attempt = gsock_attempt_new (
      address, gsock_endpoint_get_socket_type (self->endpoint),
      &self->options.source, self->options.sockopts, self->source);

  attempt->index = gsock_endpoint_get_interface (self->endpoint);
  g_ptr_array_add (self->attempts, attempt);
}

static void
resolved_cb (const GArray *addresses, const GError *error, gpointer data)
{
  GsockConnect *self = data;

  self->resolve = NULL;
  if (addresses != NULL && self->options.resolved != NULL)
    *self->options.resolved = g_get_monotonic_time ();
  if (addresses == NULL)
    self->error = g_error_copy (error);
  else
    for (guint i = 0; i < addresses->len; i++)
      add_attempt (self, &g_array_index (addresses, GsockAddress, i));
  wake (self);
}

/* A service's hosts have been tried, or there are none. */
static void
srv_cb (int fd, const GError *error, gpointer data)
{
  GsockConnect *self = data;

  self->srv = NULL;
  self->winner = fd;
  if (fd < 0)
    self->error = g_error_copy (error);
  wake (self);
}

static void
begin (GsockConnect *self)
{
  const GsockResolveWish wish = wish_of (&self->options);
  const char *why = objection (self);
  GsockAddress address;

  if (why != NULL)
    {
      g_autofree char *text = gsock_escape (
          gsock_endpoint_to_string (self->endpoint), -1);

      g_set_error (&self->error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   _ ("Cannot connect to %s: %s"), text, why);
    }
  else if (gsock_endpoint_get_kind (self->endpoint) == GSOCK_ENDPOINT_FD)
    take_fd (self);
  else if (gsock_endpoint_get_kind (self->endpoint) == GSOCK_ENDPOINT_SRV)
    self->srv = gsock_connect_srv_start (self->endpoint, &self->options,
                                         self->context, srv_cb, self);
  else if (gsock_resolve_is_name (self->endpoint))
    self->resolve = gsock_resolve_start (self->endpoint, &wish, self->context,
                                         resolved_cb, self);
  else if (gsock_resolve_literal (&address, self->endpoint, &wish,
                                  &self->error))
    add_attempt (self, &address);
}

/* --- The source ---------------------------------------------------------- */

static void
decided (GsockConnect *self, GsockAttempt *attempt)
{
  if (attempt->connected)
    self->winner = gsock_fd_steal (&attempt->fd);
  else
    self->next = g_get_monotonic_time ();
}

static void
go_on (GsockConnect *self, gint64 now)
{
  GsockAttempt *attempt;

  for (guint i = 0; i < self->started && self->winner < 0; i++)
    {
      attempt = g_ptr_array_index (self->attempts, i);
      if (gsock_attempt_go_on (attempt, now))
        decided (self, attempt);
    }

  while (self->winner < 0 && self->started < self->attempts->len
         && self->next <= g_get_monotonic_time ())
    {
      attempt = g_ptr_array_index (self->attempts, self->started++);
      self->next = g_get_monotonic_time () + ATTEMPT_DELAY;
      if (gsock_attempt_begin (attempt))
        decided (self, attempt);
    }
}

static gboolean
all_failed (GsockConnect *self)
{
  for (guint i = 0; i < self->attempts->len; i++)
    {
      GsockAttempt *attempt = g_ptr_array_index (self->attempts, i);

      if (attempt->reason == NULL)
        return FALSE;
    }
  return self->attempts->len > 0;
}

/* When nothing is waited for any more.  A service's hosts have their shares of
 * the time. */
static gint64
end_of_time (const GsockConnect *self)
{
  if (self->deadline == 0
      || (self->srv != NULL && !gsock_connect_srv_is_asking (self->srv)))
    return G_MAXINT64;
  return self->deadline;
}

static void
sleep_until_due (GsockConnect *self)
{
  gint64 due = end_of_time (self);

  if (self->started < self->attempts->len)
    due = MIN (due, self->next);
  for (guint i = 0; i < self->started; i++)
    {
      GsockAttempt *attempt = g_ptr_array_index (self->attempts, i);

      if (attempt->again != 0)
        due = MIN (due, attempt->again);
    }
  g_source_set_ready_time (self->source, due == G_MAXINT64 ? -1 : due);
}

static gboolean
connect_dispatch (GSource *source, GSourceFunc func G_GNUC_UNUSED,
                  gpointer data G_GNUC_UNUSED)
{
  GsockConnect *self = ((ConnectSource *) source)->connect;
  gint64 now = g_get_monotonic_time ();

  if (!self->begun)
    {
      self->begun = TRUE;
      begin (self);
    }
  if (self->error == NULL)
    go_on (self, now);
  if (self->winner < 0 && self->error == NULL && all_failed (self))
    fail_by_attempts (self);
  if (self->winner < 0 && self->error == NULL && now >= end_of_time (self))
    fail_by_time (self);

  if (self->winner >= 0 || self->error != NULL)
    finish (self);
  else
    sleep_until_due (self);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs connect_funcs = { .dispatch = connect_dispatch };

/**
 * gsock_connect_start:
 * @endpoint: what to reach
 * @options: how
 * @context: the context whose thread calls this, and in which @func is called
 * @func: told the outcome, once
 * @data: for @func
 *
 * Of a service (`srv:`) the hosts are tried in turn, as RFC 2782 orders them.
 * Tries every address of @endpoint, IPv6 and IPv4 in turn; the next one is
 * begun when one fails or after 250 ms, and the first to be connected wins.
 * @options' time limit covers the names too.
 *
 * A UNIX server whose backlog is full is asked again, less and less often,
 * until the time limit.
 *
 * What @endpoint and @options can't mean together (-6 with an IPv4 address,
 * `*`, kinds of sockets that are not streams) is %GSOCK_ERROR_USAGE, told by
 * @func like the rest.
 *
 * Returns: (transfer none): it frees itself when it calls @func
 */
GsockConnect *
gsock_connect_start (const GsockEndpoint *endpoint,
                     const GsockConnectOptions *options, GMainContext *context,
                     GsockConnectFunc func, gpointer data)
{
  GsockConnect *self = g_new0 (GsockConnect, 1);

  self->endpoint = gsock_endpoint_ref ((GsockEndpoint *) (guintptr) endpoint);
  self->options = *options;
  if (options->sockopts != NULL)
    g_ptr_array_ref (options->sockopts);
  self->context = context != NULL
                      ? g_main_context_ref (context)
                      : g_main_context_ref (g_main_context_default ());
  self->func = func;
  self->data = data;
  self->winner = -1;
  self->attempts = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_attempt_free);
  if (options->timeout > 0)
    self->deadline = g_get_monotonic_time () + options->timeout;

  self->source = g_source_new (&connect_funcs, sizeof (ConnectSource));
  ((ConnectSource *) self->source)->connect = self;
  g_source_set_static_name (self->source, "gsock-connect");
  wake (self);
  g_source_attach (self->source, self->context);
  return self;
}

/**
 * gsock_connect_cancel:
 * @connect: (transfer full): one whose func has not been called
 *
 * Closes what it has opened and frees it; its func is not called any more.
 */
void
gsock_connect_cancel (GsockConnect *connect)
{
  connect_free (connect);
}
