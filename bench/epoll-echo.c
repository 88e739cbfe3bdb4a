/* epoll-echo.c: a bare epoll echo server, what the benchmarks measure against
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One thread, one level-triggered epoll, one buffer for everybody: nothing of a
 * client is kept but its descriptor, save the rest of an echo that its socket
 * did not take.  While there is one, that client is not read.  */

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
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BUFFER_SIZE 65536
#define EVENTS 256
#define BACKLOG 65535 /* The kernel cuts it to its own maximum.  */

typedef struct
{
  size_t length;
  size_t sent;
  char data[];
} Rest;

static char buffer[BUFFER_SIZE];
static Rest **rests; /* By descriptor.  */
static int epoll_fd;
static int listen_fd;
static int paused;

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
      fd = socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
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
  fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0 || setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0
      || bind (fd, (struct sockaddr *) &in, sizeof in) < 0
      || listen (fd, BACKLOG) < 0
      || getsockname (fd, (struct sockaddr *) &in, &length) < 0)
    fail (address);
  printf ("%s:%d\n", text, ntohs (in.sin_port));
  fflush (stdout);
  return fd;
}

static void
watch (int operation, int fd, unsigned events)
{
  struct epoll_event event = { .events = events, .data.fd = fd };

  if (epoll_ctl (epoll_fd, operation, fd, &event) < 0)
    fail ("epoll_ctl");
}

static void
close_client (int fd)
{
  free (rests[fd]);
  rests[fd] = NULL;
  close (fd);
  if (paused)
    watch (EPOLL_CTL_MOD, listen_fd, EPOLLIN);
  paused = 0;
}

static void
accept_clients (void)
{
  int fd;

  while ((fd = accept4 (listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC))
         >= 0)
    watch (EPOLL_CTL_ADD, fd, EPOLLIN);
  if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM)
    return;
  /* Level-triggered, it would be tried again at once and for ever.  */
  paused = 1;
  watch (EPOLL_CTL_MOD, listen_fd, 0);
}

static void
keep_rest (int fd, const char *data, size_t length)
{
  Rest *rest = malloc (sizeof *rest + length);

  if (rest == NULL)
    fail ("malloc");
  rest->length = length;
  rest->sent = 0;
  memcpy (rest->data, data, length);
  rests[fd] = rest;
  watch (EPOLL_CTL_MOD, fd, EPOLLOUT);
}

static void
echo (int fd)
{
  ssize_t n = recv (fd, buffer, sizeof buffer, 0);
  ssize_t sent;

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (n <= 0)
    {
      close_client (fd);
      return;
    }
  sent = send (fd, buffer, (size_t) n, MSG_NOSIGNAL);
  if (sent == n)
    return;
  if (sent < 0 && errno != EAGAIN)
    {
      close_client (fd);
      return;
    }
  if (sent < 0)
    sent = 0;
  keep_rest (fd, buffer + sent, (size_t) (n - sent));
}

static void
send_rest (int fd)
{
  Rest *rest = rests[fd];
  ssize_t sent = send (fd, rest->data + rest->sent, rest->length - rest->sent,
                       MSG_NOSIGNAL);

  if (sent < 0 && errno == EAGAIN)
    return;
  if (sent < 0)
    {
      close_client (fd);
      return;
    }
  rest->sent += (size_t) sent;
  if (rest->sent < rest->length)
    return;
  free (rest);
  rests[fd] = NULL;
  watch (EPOLL_CTL_MOD, fd, EPOLLIN);
}

int
main (int argc, char **argv)
{
  struct epoll_event events[EVENTS];
  struct rlimit limit;

  if (argc != 2)
    {
      fprintf (stderr, "Usage: %s PATH|HOST:PORT\n", argv[0]);
      return 2;
    }
  if (getrlimit (RLIMIT_NOFILE, &limit) < 0)
    fail ("getrlimit");
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit (RLIMIT_NOFILE, &limit) < 0)
    fail ("setrlimit");
  rests = calloc (limit.rlim_cur, sizeof *rests);
  epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (rests == NULL || epoll_fd < 0)
    fail ("epoll_create1");
  listen_fd = open_listener (argv[1]);
  watch (EPOLL_CTL_ADD, listen_fd, EPOLLIN);

  for (;;)
    {
      int n = epoll_wait (epoll_fd, events, EVENTS, -1);

      for (int i = 0; i < n; i++)
        {
          int fd = events[i].data.fd;

          if (fd == listen_fd)
            accept_clients ();
          else if (rests[fd] != NULL)
            send_rest (fd);
          else
            echo (fd);
        }
    }
}
