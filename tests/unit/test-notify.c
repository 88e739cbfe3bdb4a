/* test-notify.c: a service manager of our own that listens and passes sockets
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "core/fd.h"
#include "core/notify.h"

#define DEADLINE_MS 10000

/* Binds a datagram socket where @text ("@name" or a path) says. */
static int
manage (const char *text)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  socklen_t size = (socklen_t) (offsetof (struct sockaddr_un, sun_path)
                                + strlen (text));
  int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpuint (strlen (text), <=, sizeof address.sun_path);
  memcpy (address.sun_path, text, strlen (text));
  if (text[0] == '@')
    address.sun_path[0] = '\0';
  else
    size++;
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, size), ==, 0);
  return fd;
}

static char *
hear (int fd)
{
  struct pollfd ready = { .fd = fd, .events = POLLIN };
  char text[256];
  gssize n;

  g_assert_cmpint (poll (&ready, 1, DEADLINE_MS), ==, 1);
  n = recv (fd, text, sizeof text, 0);
  g_assert_cmpint (n, >, 0);
  return g_strndup (text, (gsize) n);
}

static void
hear_ready (const char *address)
{
  g_auto (GsockFd) fd = manage (address);
  g_autofree char *heard = NULL;

  g_assert_true (g_setenv ("NOTIFY_SOCKET", address, TRUE));
  g_assert_true (gsock_notify ("READY=1"));
  heard = hear (fd);
  g_assert_cmpstr (heard, ==, "READY=1");
  /* More may be told later. */
  g_assert_cmpstr (g_getenv ("NOTIFY_SOCKET"), ==, address);
  g_unsetenv ("NOTIFY_SOCKET");
}

static void
test_path (void)
{
  g_autofree char *directory = g_dir_make_tmp ("gsock-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "notify", NULL);

  hear_ready (path);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static void
test_abstract (void)
{
  g_autofree char *address = g_strdup_printf ("@gsock-test-%d", getpid ());
  g_autofree char *longest = NULL;

  hear_ready (address);
  /* "@" and 107 bytes fill sun_path. */
  longest = g_strdup_printf ("%s%0*d", address, 108 - (int) strlen (address),
                             0);
  hear_ready (longest);
}

static void
test_reloading (void)
{
  g_autofree char *address = g_strdup_printf ("@gsock-reload-%d", getpid ());
  g_auto (GsockFd) fd = manage (address);
  gint64 before = g_get_monotonic_time ();
  g_autofree char *heard = NULL;
  guint64 told;

  g_assert_true (g_setenv ("NOTIFY_SOCKET", address, TRUE));
  g_assert_true (gsock_notify_reloading ());
  g_unsetenv ("NOTIFY_SOCKET");
  heard = hear (fd);
  g_assert_true (g_str_has_prefix (heard, "RELOADING=1\nMONOTONIC_USEC="));
  g_assert_true (g_ascii_string_to_unsigned (strrchr (heard, '=') + 1, 10, 0,
                                             G_MAXINT64, &told, NULL));
  g_assert_cmpint ((gint64) told, >=, before);
  g_assert_cmpint ((gint64) told, <=, g_get_monotonic_time ());
}

static void
test_nobody (void)
{
  g_autofree char *too_long = g_strnfill (109, '@');
  g_autofree char *too_long_path = g_strnfill (108, '/');
  const char *addresses[] = { "/nonexistent/notify",
                              "@gsock-nobody-there",
                              "relative",
                              "/",
                              "@",
                              "vsock:2:9999",
                              too_long,
                              too_long_path };

  g_unsetenv ("NOTIFY_SOCKET");
  g_assert_true (gsock_notify ("READY=1"));
  g_assert_true (g_setenv ("NOTIFY_SOCKET", "", TRUE));
  g_assert_true (gsock_notify ("READY=1"));

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_assert_true (g_setenv ("NOTIFY_SOCKET", addresses[i], TRUE));
      errno = 0;
      g_assert_false (gsock_notify ("READY=1"));
      g_assert_cmpint (errno, !=, 0);
    }
  g_unsetenv ("NOTIFY_SOCKET");
}

/* Sockets */

typedef struct
{
  const char *pid;   /* NULL: none; "us": ours */
  const char *fds;   /* NULL: none */
  const char *names; /* NULL: none */
  int open;          /* descriptors there are from 3 on */
  const char *found; /* the names of those found, each ended by ';' */
} Passing;

static const Passing passings[] = {
  { NULL, NULL, NULL, 2, "" },
  { "us", NULL, NULL, 2, "" },
  { NULL, "2", NULL, 2, "" },
  { "1", "2", NULL, 2, "" },
  { "us", "0", NULL, 2, "" },
  { "us", "1", NULL, 2, ";" },
  { "us", "2", NULL, 2, ";;" },
  { "us", "2", "http:https", 2, "http;https;" },
  { "us", "2", "http", 2, "http;;" },
  { "us", "2", ":https:more", 2, ";https;" },
  { "us", "2", "", 2, ";;" },
  { "us", "2", "same:same", 2, "same;same;" },
  { "us", "2000000000", "a:b", 2, "a;b;" },
  { "us", "2", "a:b", 1, "a;" },
  { "us", "-1", NULL, 2, "" },
  { "us", "2x", NULL, 2, "" },
  { "us", "99999999999999999999", NULL, 2, "" },
  { "us ", "2", NULL, 2, "" },
};

static void
set_or_unset (const char *name, const char *value)
{
  if (value != NULL)
    g_setenv (name, value, TRUE);
  else
    g_unsetenv (name);
}

/* In a child, as a manager would start it: 0 if all is as it should be, else a
 * number that tells what is not. */
static int
take (const Passing *passing)
{
  g_autofree char *us = g_strdup_printf (
      "%d%s", getpid (), passing->pid != NULL ? passing->pid + 2 : "");
  g_autoptr (GString) found = g_string_new (NULL);
  g_autoptr (GArray) sockets = NULL;

  set_or_unset ("LISTEN_PID", passing->pid != NULL && passing->pid[0] == 'u'
                                  ? us
                                  : passing->pid);
  set_or_unset ("LISTEN_FDS", passing->fds);
  set_or_unset ("LISTEN_FDNAMES", passing->names);
  for (int fd = 3; fd < 32; fd++)
    {
      close (fd);
      if (fd < 3 + passing->open && dup2 (0, fd) != fd)
        return 1;
    }

  sockets = gsock_notify_take_sockets ();
  if (g_getenv ("LISTEN_PID") != NULL || g_getenv ("LISTEN_FDS") != NULL
      || g_getenv ("LISTEN_FDNAMES") != NULL)
    return 2;
  for (guint i = 0; i < sockets->len; i++)
    {
      GsockInherited *inherited = &g_array_index (sockets, GsockInherited, i);

      if (inherited->fd != 3 + (int) i)
        return 3;
      if ((fcntl (inherited->fd, F_GETFD) & FD_CLOEXEC) == 0)
        return 4;
      g_string_append_printf (found, "%s;", inherited->name);
    }

  return strcmp (found->str, passing->found) == 0 ? 0 : 5;
}

static void
test_sockets (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (passings); i++)
    {
      pid_t child = fork ();
      int status;

      g_assert_cmpint (child, >=, 0);
      if (child == 0)
        _exit (take (&passings[i]));
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_test_message ("passing %" G_GSIZE_FORMAT ": status %x", i, status);
      g_assert_true (WIFEXITED (status));
      g_assert_cmpint (WEXITSTATUS (status), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/notify/path", test_path);
  g_test_add_func ("/notify/abstract", test_abstract);
  g_test_add_func ("/notify/reloading", test_reloading);
  g_test_add_func ("/notify/nobody", test_nobody);
  g_test_add_func ("/notify/sockets", test_sockets);
  return g_test_run ();
}
