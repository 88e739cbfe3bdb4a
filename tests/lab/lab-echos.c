/* lab-echos.c: the lab sheet's program 3, a foreign peer for the tests
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A UNIX stream echo server: bytes go back as they come, up to 100 at a time,
 * one client after another.  The sheet's listens at echo_socket in the working
 * directory; this one takes the PATH.  As the sheet's does, it takes the path
 * from whoever has it, and leaves the socket file behind.  */

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
echo (int client)
{
  char text[100];
  ssize_t n;

  while ((n = recv (client, text, sizeof text, 0)) > 0)
    {
      ssize_t sent = 0;

      while (sent < n)
        {
          ssize_t m = send (client, text + sent, (size_t) (n - sent), 0);

          if (m < 0)
            {
              perror ("send");
              return;
            }
          sent += m;
        }
    }
  if (n < 0)
    perror ("recv");
}

int
main (int argc, char **argv)
{
  struct sockaddr_un local = { .sun_family = AF_UNIX };
  int fd;

  if (argc != 2 || strlen (argv[1]) >= sizeof local.sun_path)
    {
      fprintf (stderr, "Usage: %s PATH\n", argv[0]);
      return 2;
    }
  strcpy (local.sun_path, argv[1]);

  fd = socket (AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0)
    fail ("socket");
  unlink (local.sun_path);
  if (bind (fd, (struct sockaddr *) &local, sizeof local) < 0)
    fail ("bind");
  if (listen (fd, 5) < 0)
    fail ("listen");

  for (;;)
    {
      int client;

      printf ("Waiting for a connection...\n");
      fflush (stdout);
      client = accept (fd, NULL, NULL);
      if (client < 0)
        fail ("accept");
      printf ("Connected.\n");
      fflush (stdout);
      echo (client);
      close (client);
    }
}
