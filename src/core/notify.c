/* notify.c: what the service manager gives and is told: sockets, readiness
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/fd.h"

/* The first descriptor a service manager passes: sd_listen_fds(3). */
#define FIRST 3

/* A manager whose queue is full must not stop the service for longer. */
#define SEND_SECONDS 2

/* A path, or an abstract name as @NAME; a vsock: address is of a virtual
 * machine's manager and not ours to speak to.  0: neither, or too long. */
static socklen_t
make_address (struct sockaddr_un *address, const char *text)
{
  gsize size = strlen (text);

  if (size < 2 || (text[0] != '/' && text[0] != '@'))
    return 0;
  if (size > sizeof address->sun_path - (text[0] == '/' ? 1 : 0))
    return 0;

  *address = (struct sockaddr_un) { .sun_family = AF_UNIX };
  memcpy (address->sun_path, text, size);
  if (text[0] == '/')
    return (socklen_t) sizeof *address;

  /* An abstract name has no end but the address's. */
  address->sun_path[0] = '\0';
  return (socklen_t) (offsetof (struct sockaddr_un, sun_path) + size);
}

/**
 * gsock_notify:
 * @state: lines of sd_notify(3): "READY=1", "STOPPING=1"
 *
 * One datagram to $NOTIFY_SOCKET, with our credentials, as sd_notify(3) sends
 * it; the variable stays, for it may be told more later.
 *
 * Returns: %FALSE, with errno, if there is a $NOTIFY_SOCKET and it could not
 *   be told; nobody to tell is success
 */
gboolean
gsock_notify (const char *state)
{
  static const struct timeval limit = { .tv_sec = SEND_SECONDS };
  const char *text = g_getenv ("NOTIFY_SOCKET");
  struct sockaddr_un address;
  g_auto (GsockFd) fd = -1;
  socklen_t size;
  gssize n;

  if (text == NULL || *text == '\0')
    return TRUE;

  size = make_address (&address, text);
  if (size == 0)
    {
      errno = EINVAL;
      return FALSE;
    }
  fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return FALSE;
  (void) setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);

  do
    n = sendto (fd, state, strlen (state), MSG_NOSIGNAL,
                (const struct sockaddr *) &address, size);
  while (n < 0 && errno == EINTR);

  return n >= 0;
}

/**
 * gsock_notify_reloading:
 *
 * RELOADING=1 with the time it began, by which the manager tells it from a
 * reload asked for later (Type=notify-reload).  READY=1 ends it.
 *
 * Returns: as gsock_notify()
 */
gboolean
gsock_notify_reloading (void)
{
  g_autofree char *state = g_strdup_printf (
      "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
      (int64_t) g_get_monotonic_time ());

  return gsock_notify (state);
}

static void
inherited_clear_cb (gpointer data)
{
  g_free (((GsockInherited *) data)->name);
}

/* How many descriptors are passed to this very process. */
static guint
count_sockets (void)
{
  const char *pid = g_getenv ("LISTEN_PID");
  const char *fds = g_getenv ("LISTEN_FDS");
  guint64 number;

  if (pid == NULL || fds == NULL)
    return 0;
  /* Variables meant for a parent of ours that exec'ed a shell, say. */
  if (!g_ascii_string_to_unsigned (pid, 10, 1, G_MAXINT, &number, NULL)
      || (pid_t) number != getpid ())
    return 0;
  if (!g_ascii_string_to_unsigned (fds, 10, 0, G_MAXINT - FIRST, &number, NULL))
    return 0;

  return (guint) number;
}

/**
 * gsock_notify_take_sockets:
 *
 * $LISTEN_PID, $LISTEN_FDS and $LISTEN_FDNAMES are gone afterwards, whomever
 * they were meant for.  Call it once, before there are threads.
 *
 * Returns: (transfer full) (element-type GsockInherited): the sockets in the
 *   manager's order; free it with g_array_unref(), which frees the names and
 *   leaves the descriptors open: they are the caller's
 */
GArray *
gsock_notify_take_sockets (void)
{
  GArray *sockets = g_array_new (FALSE, FALSE, sizeof (GsockInherited));
  guint n = count_sockets ();
  const char *text = g_getenv ("LISTEN_FDNAMES");
  g_auto (GStrv) names = g_strsplit (text != NULL ? text : "", ":", -1);
  guint n_names = g_strv_length (names);

  g_array_set_clear_func (sockets, inherited_clear_cb);
  for (guint i = 0; i < n; i++)
    {
      GsockInherited inherited = { .fd = FIRST + (int) i };
      int flags = fcntl (inherited.fd, F_GETFD);

      /* Fewer than promised: what was there is served, the rest is not
       * counted through up to two thousand million. */
      if (flags < 0)
        break;
      (void) fcntl (inherited.fd, F_SETFD, flags | FD_CLOEXEC);
      inherited.name = g_strdup (i < n_names ? names[i] : "");
      g_array_append_val (sockets, inherited);
    }

  g_unsetenv ("LISTEN_PID");
  g_unsetenv ("LISTEN_FDS");
  g_unsetenv ("LISTEN_FDNAMES");
  return sockets;
}
