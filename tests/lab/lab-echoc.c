/* lab-echoc.c: the lab sheet's program 4, a foreign peer for the tests
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A UNIX stream echo client: asks for lines with "> ", sends each, shows the
 * reply after "echo> ".  As the sheet's does, it takes whatever one recv gives
 * for the whole reply.  */

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
send_all (int fd, const char *text, size_t length)
{
  while (length > 0)
    {
      ssize_t n = send (fd, text, length, 0);

      if (n < 0)
        fail ("send");
      text += n;
      length -= (size_t) n;
    }
}

int
main (int argc, char **argv)
{
  struct sockaddr_un remote = { .sun_family = AF_UNIX };
  char text[100];
  int fd;

  if (argc != 2 || strlen (argv[1]) >= sizeof remote.sun_path)
    {
      fprintf (stderr, "Usage: %s PATH\n", argv[0]);
      return 2;
    }
  strcpy (remote.sun_path, argv[1]);

  fd = socket (AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0)
    fail ("socket");
  printf ("Trying to connect...\n");
  fflush (stdout);
  if (connect (fd, (struct sockaddr *) &remote, sizeof remote) < 0)
    fail ("connect");
  printf ("Connected.\n");

  for (;;)
    {
      ssize_t n;

      printf ("> ");
      fflush (stdout);
      if (fgets (text, sizeof text, stdin) == NULL)
        break;
      send_all (fd, text, strlen (text));
      n = recv (fd, text, sizeof text, 0);
      if (n < 0)
        fail ("recv");
      if (n == 0)
        {
          printf ("Server closed connection\n");
          return 1;
        }
      printf ("echo> ");
      fwrite (text, 1, (size_t) n, stdout);
    }

  close (fd);
  return 0;
}
