/* lab-socket-client.c: the lab sheet's program 2, a foreign peer for the tests
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Sends TEXT as one message to the UNIX stream socket at PATH: a C int in
 * host order, which counts the bytes with their closing NUL, then the
 * bytes.  */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void
fail (const char *what)
{
  perror (what);
  exit (1);
}

static void
write_all (int fd, const void *data, size_t length)
{
  const char *next = data;

  while (length > 0)
    {
      ssize_t n = write (fd, next, length);

      if (n < 0)
        fail ("write");
      next += n;
      length -= (size_t) n;
    }
}

int
main (int argc, char **argv)
{
  struct sockaddr_un name = { .sun_family = AF_UNIX };
  int length;
  int fd;

  if (argc != 3 || strlen (argv[1]) >= sizeof name.sun_path)
    {
      fprintf (stderr, "Usage: %s PATH TEXT\n", argv[0]);
      return 2;
    }
  strcpy (name.sun_path, argv[1]);

  fd = socket (PF_LOCAL, SOCK_STREAM, 0);
  if (fd < 0)
    fail ("socket");
  if (connect (fd, (struct sockaddr *) &name, sizeof name) < 0)
    fail ("connect");

  length = (int) strlen (argv[2]) + 1;
  write_all (fd, &length, sizeof length);
  write_all (fd, argv[2], (size_t) length);
  close (fd);
  return 0;
}
