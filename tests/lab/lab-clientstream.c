/* lab-clientstream.c: the lab sheet's program 8, a foreign peer for the tests
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A TCP client that tells each step, reads once, up to 299 bytes, and prints
 * what it got up to the first NUL.  The sheet's port is 3490.  */

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DEFAULT_PORT 3490
#define LONGEST 300

static void
fail (const char *what)
{
  perror (what);
  exit (1);
}

int
main (int argc, char **argv)
{
  struct sockaddr_in theirs = { .sin_family = AF_INET };
  int port = argc > 2 ? atoi (argv[2]) : DEFAULT_PORT;
  char text[LONGEST];
  struct hostent *host;
  ssize_t n;
  int fd;

  if (argc < 2 || argc > 3 || port < 1 || port > 65535)
    {
      fprintf (stderr, "Usage: %s HOST [PORT]\n", argv[0]);
      return 2;
    }

  host = gethostbyname (argv[1]);
  if (host == NULL || host->h_addrtype != AF_INET
      || host->h_addr_list[0] == NULL)
    {
      fprintf (stderr, "gethostbyname: %s has no IPv4 address\n", argv[1]);
      return 1;
    }
  printf ("The remote host is %s\n", argv[1]);
  memcpy (&theirs.sin_addr, host->h_addr_list[0], sizeof theirs.sin_addr);
  theirs.sin_port = htons ((unsigned short) port);

  fd = socket (AF_INET, SOCK_STREAM, 0);
  if (fd < 0)
    fail ("socket");
  printf ("socket() is OK...\n");
  printf ("Using %s and port %d\n", inet_ntoa (theirs.sin_addr), port);
  fflush (stdout);
  if (connect (fd, (struct sockaddr *) &theirs, sizeof theirs) < 0)
    fail ("connect");
  printf ("connect() is OK...\n");
  fflush (stdout);

  n = recv (fd, text, sizeof text - 1, 0);
  if (n < 0)
    fail ("recv");
  text[n] = '\0';
  printf ("recv() is OK...\n");
  printf ("Received: %s", text);
  close (fd);
  printf ("close() is OK...\n");
  return 0;
}
