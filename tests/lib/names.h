/* names.h: a getaddrinfo of the tests' own, which knows what it is told
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* For one file of a program: what a program has itself comes before libc's. */

#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

/* Set between two questions; its lock is for what the asking threads do. */
static struct
{
  const char *addresses[8]; /* "::1", "fe80::1%lo"; NULL ends */
  int result;               /* an EAI constant instead */
  int errnum;
  gboolean mute; /* no answer before names_speak */
  /* What has been asked. */
  guint asked;
  guint answered;
  char *host;
  char *port;
  struct addrinfo hints;
  GMutex lock;
  GCond spoken;
} names;

G_GNUC_UNUSED static void
use_names (const char *first, const char *second, const char *third)
{
  g_free (names.host);
  g_free (names.port);
  memset (&names, 0, sizeof names);
  g_mutex_init (&names.lock);
  g_cond_init (&names.spoken);
  names.addresses[0] = first;
  names.addresses[1] = second;
  names.addresses[2] = third;
}

static guint
names_count (const guint *counter)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker)
      locker = g_mutex_locker_new (&names.lock);

  return *counter;
}

/* What was mute answers, and is waited for. */
G_GNUC_UNUSED static void
names_speak (void)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker)
      locker = g_mutex_locker_new (&names.lock);

  names.mute = FALSE;
  g_cond_broadcast (&names.spoken);
  while (names.answered < names.asked)
    g_cond_wait (&names.spoken, &names.lock);
}

static struct addrinfo *
names_inet6 (const char *address, guint16 port)
{
  struct addrinfo *info = g_new0 (struct addrinfo, 1);
  struct sockaddr_in6 *inet6 = g_new0 (struct sockaddr_in6, 1);
  g_auto (GStrv) parts = g_strsplit (address, "%", 2);

  inet6->sin6_family = AF_INET6;
  inet6->sin6_port = g_htons (port);
  inet_pton (AF_INET6, parts[0], &inet6->sin6_addr);
  if (parts[1] != NULL)
    inet6->sin6_scope_id = if_nametoindex (parts[1]);
  info->ai_family = AF_INET6;
  info->ai_addrlen = sizeof *inet6;
  info->ai_addr = (struct sockaddr *) inet6;
  return info;
}

static struct addrinfo *
names_inet (const char *address, guint16 port)
{
  struct addrinfo *info = g_new0 (struct addrinfo, 1);
  struct sockaddr_in *inet = g_new0 (struct sockaddr_in, 1);

  inet->sin_family = AF_INET;
  inet->sin_port = g_htons (port);
  inet_pton (AF_INET, address, &inet->sin_addr);
  info->ai_family = AF_INET;
  info->ai_addrlen = sizeof *inet;
  info->ai_addr = (struct sockaddr *) inet;
  return info;
}

int
getaddrinfo (const char *host, const char *port, const struct addrinfo *hints,
             struct addrinfo **info)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker)
      locker = g_mutex_locker_new (&names.lock);
  struct addrinfo **end = info;

  g_free (names.host);
  g_free (names.port);
  names.host = g_strdup (host);
  names.port = g_strdup (port);
  names.hints = *hints;
  names.asked++;
  while (names.mute)
    g_cond_wait (&names.spoken, &names.lock);
  *info = NULL;
  for (gsize i = 0; names.result == 0 && names.addresses[i] != NULL; i++)
    {
      gboolean six = strchr (names.addresses[i], ':') != NULL;
      guint16 number = port != NULL ? (guint16) atoi (port) : 0;

      if (hints->ai_family == (six ? AF_INET : AF_INET6))
        continue;
      *end = six ? names_inet6 (names.addresses[i], number)
                 : names_inet (names.addresses[i], number);
      end = &(*end)->ai_next;
    }
  names.answered++;
  g_cond_broadcast (&names.spoken);
  errno = names.errnum;
  return names.result;
}

void
freeaddrinfo (struct addrinfo *info)
{
  while (info != NULL)
    {
      struct addrinfo *next = info->ai_next;

      g_free (info->ai_addr);
      g_free (info);
      info = next;
    }
}
