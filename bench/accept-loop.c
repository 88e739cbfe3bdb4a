/* accept-loop.c: the bare accept4 loop, what churn is measured against
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One client at a time, blocking: accept4, recv, send, recv of the end, close.
 * No server can make fewer system calls for a connection; a client that stays
 * silent holds up all the others, so it is a measure and no server.  It sleeps
 * for each client's end, which costs more than a watch where the client's
 * answer is quick: on UNIX sockets epoll-echo beats it, on TCP it leads.  */

#include "config.h"

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BUFFER_SIZE 65536
#define BACKLOG 65535 /* The kernel cuts it to its own maximum.  */

static void
fail (const char *what)
{
  perror (what);
  exit (1);
}

/* ADDRESS is a path, or HOST:PORT with an IPv4 HOST.  */
static int
open_listener (const char *address)
{
  struct sockaddr_un un = { .sun_family = AF_UNIX };
  struct sockaddr_in in = { .sin_family = AF_INET };
  socklen_t length = sizeof in;
  char text[INET_ADDRSTRLEN];
  const char *colon = strrchr (address, ':');
  int yes = 1;
  int fd;

  if (strchr (address, '/') != NULL)
    {
      if (strlen (address) >= sizeof un.sun_path)
        {
          fprintf (stderr, "%s is too long\n", address);
          exit (2);
        }
      strcpy (un.sun_path, address);
      fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      if (fd < 0 || bind (fd, (struct sockaddr *) &un, sizeof un) < 0
          || listen (fd, BACKLOG) < 0)
        fail (address);
      printf ("unix:%s\n", address);
      fflush (stdout);
      return fd;
    }

  if (colon == NULL || colon - address >= (long) sizeof text)
    {
      fprintf (stderr, "%s is no address\n", address);
      exit (2);
    }
  memcpy (text, address, (size_t) (colon - address));
  text[colon - address] = '\0';
  in.sin_port = htons ((unsigned short) atoi (colon + 1));
  if (inet_pton (AF_INET, text, &in.sin_addr) != 1)
    {
      fprintf (stderr, "%s is no address\n", address);
      exit (2);
    }
  fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0
      || bind (fd, (struct sockaddr *) &in, sizeof in) < 0
      || listen (fd, BACKLOG) < 0
      || getsockname (fd, (struct sockaddr *) &in, &length) < 0)
    fail (address);
  printf ("%s:%d\n", text, ntohs (in.sin_port));
  fflush (stdout);
  return fd;
}

int
main (int argc, char **argv)
{
  static char buffer[BUFFER_SIZE];
  int listen_fd;

  if (argc != 2)
    {
      fprintf (stderr, "Usage: %s PATH|HOST:PORT\n", argv[0]);
      return 2;
    }
  listen_fd = open_listener (argv[1]);

  for (;;)
    {
      int fd = accept4 (listen_fd, NULL, NULL, SOCK_CLOEXEC);
      ssize_t n;

      if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
        continue;
      if (fd < 0)
        fail ("accept4");
      while ((n = recv (fd, buffer, sizeof buffer, 0)) > 0)
        if (send (fd, buffer, (size_t) n, MSG_NOSIGNAL) != n)
          break;
      close (fd);
    }
}
