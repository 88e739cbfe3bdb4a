/* flow.c: the ends of a stream: one that takes all of it, one that makes it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* flow sink ADDRESS    listens, says where, and takes one client after the
 *                      other to its end; then it ends its own side.  What comes
 *                      is dropped in the kernel (MSG_TRUNC of TCP): copied, it
 *                      would be the sink that is measured
 * flow pour MIB        gives so much to standard output, a pipe, which is not
 *                      copied into it either (vmsplice)  */

#include "config.h"

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define PIECE (256 * 1024)
#define LIFETIME 600 /* Seconds; no run is worth more.  */

static char piece[PIECE];

static void __attribute__ ((noreturn)) fail (const char *what)
{
  fprintf (stderr, "flow: %s: %s\n", what, strerror (errno));
  exit (1);
}

static void __attribute__ ((noreturn)) usage (void)
{
  fputs ("Usage: flow sink IPV4:PORT | flow pour MIB\n", stderr);
  exit (2);
}

static int
open_listener (const char *address)
{
  struct sockaddr_in in = { .sin_family = AF_INET };
  socklen_t length = sizeof in;
  char text[INET_ADDRSTRLEN] = "";
  const char *colon = strrchr (address, ':');
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (colon == NULL || (size_t) (colon - address) >= sizeof text)
    usage ();
  memcpy (text, address, (size_t) (colon - address));
  in.sin_port = htons ((unsigned short) atoi (colon + 1));
  if (inet_pton (AF_INET, text, &in.sin_addr) != 1)
    usage ();
  if (fd < 0 || bind (fd, (struct sockaddr *) &in, sizeof in) < 0
      || listen (fd, 64) < 0
      || getsockname (fd, (struct sockaddr *) &in, &length) < 0)
    fail (address);
  printf ("%s:%d\n", text, ntohs (in.sin_port));
  fflush (stdout);
  return fd;
}

static int
run_sink (const char *address)
{
  int listener = open_listener (address);

  for (;;)
    {
      int fd = accept (listener, NULL, NULL);
      ssize_t n = 0;

      if (fd < 0)
        fail ("accept");
      do
        n = recv (fd, piece, sizeof piece, MSG_TRUNC);
      while (n > 0 || (n < 0 && errno == EINTR));
      close (fd);
    }
}

static int
run_pour (const char *text)
{
  unsigned long long left = strtoull (text, NULL, 10) << 20;

  while (left > 0)
    {
      size_t size = left < sizeof piece ? (size_t) left : sizeof piece;
      struct iovec bytes = { .iov_base = piece, .iov_len = size };
      ssize_t n = vmsplice (STDOUT_FILENO, &bytes, 1, 0);

      if (n < 0 && errno != EINTR)
        fail ("vmsplice");
      left -= n > 0 ? (unsigned long long) n : 0;
    }
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc != 3)
    usage ();
  alarm (LIFETIME);
  memset (piece, '.', sizeof piece);
  if (strcmp (argv[1], "sink") == 0)
    return run_sink (argv[2]);
  if (strcmp (argv[1], "pour") == 0)
    return run_pour (argv[2]);
  usage ();
}
