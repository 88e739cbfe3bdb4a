/* load.c: the load client of the benchmarks, one JSON object a run
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One thread, one edge-triggered epoll.  Every mode but noread and start is
 * one engine, open_clients: it opens so many connections, so many at a time,
 * and has each echo one message if asked, which proves that the server holds
 * it and not only the kernel's backlog.  rr then plays ping-pong on some of
 * them, hold looks at the server while nothing happens, churn closes each as
 * soon as it was served.
 *
 * What the server spends is read from /proc: the process given with --pid and
 * all its descendants, so that a forking server is counted whole.  */

#include "config.h"

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_SIZE 64
#define EVENTS 512
#define SECOND 1000000u   /* All times are in microseconds.  */
#define SLOW (SECOND / 5) /* The burst's limit: 0.2 s.  */
#define MAX_COMMANDS 16
#define LIFETIME 600 /* Seconds; no run is worth more.  */

/* Options, in their order in the usage text.  */
static pid_t server_pid;
static unsigned idle = 0;
static unsigned active = 100;
static unsigned total = 1000;
static unsigned parallel = 64;
static unsigned sources = 4;
static double seconds = 3;
static double wait_seconds = 60;
static double warm_seconds = 0.5;
static double mebibytes = 256;
static int ping = 1;
static const char *input_path = "/dev/null";
static const char *expected = "";

typedef enum
{
  CLOSED,
  CONNECTING,
  WAITING, /* For the echo of its message.  */
  READY
} State;

typedef struct
{
  int fd;
  State state;
  unsigned got; /* Bytes of the echo so far.  */
  uint64_t started;
} Client;

/* What one run of open_clients came to.  */
typedef struct
{
  unsigned connected;
  unsigned served;
  unsigned failed;
  unsigned slow_connects;
  unsigned slow_replies;
  uint64_t slowest_connect;
  uint64_t elapsed;
} Opened;

typedef struct
{
  double cpu; /* Seconds.  */
  long pss;   /* KiB; -1 where it could not be read.  */
} Usage;

/* Log-linear: exact up to 2 ms, then to a thousandth.  */
#define BUCKETS (24 * 1024)
static uint64_t histogram[BUCKETS];
static uint64_t samples;

static struct sockaddr_storage server_address;
static socklen_t server_length;
static int epoll_fd;
static Client *clients;
static unsigned *free_slots;
static unsigned n_free;
static char message[MESSAGE_SIZE];

/* Base */

static void __attribute__ ((format (printf, 1, 2), noreturn))
die (const char *format, ...)
{
  va_list arguments;

  fputs ("load: ", stderr);
  va_start (arguments, format);
  vfprintf (stderr, format, arguments);
  va_end (arguments);
  fputc ('\n', stderr);
  exit (1);
}

static uint64_t
now (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return (uint64_t) t.tv_sec * SECOND + (uint64_t) t.tv_nsec / 1000;
}

static uint64_t
microseconds (double s)
{
  return (uint64_t) (s * SECOND);
}

/* Milliseconds from now to END, rounded up; 0 once it is past.  */
static int
remaining (uint64_t end)
{
  uint64_t t = now ();

  return t >= end ? 0 : (int) ((end - t + 999) / 1000);
}

static void
histogram_add (uint64_t us)
{
  unsigned index = (unsigned) us;

  if (us >= 2048)
    {
      int shift = 53 - __builtin_clzll (us);
      uint64_t wide = (uint64_t) shift * 1024 + (us >> shift);

      index = wide < BUCKETS ? (unsigned) wide : BUCKETS - 1;
    }
  histogram[index]++;
  samples++;
}

static void
histogram_clear (void)
{
  memset (histogram, 0, sizeof histogram);
  samples = 0;
}

/* The time that FRACTION of the samples did not exceed; -1 without any.  */
static double
histogram_quantile (double fraction)
{
  uint64_t rank = (uint64_t) (fraction * (double) samples);
  uint64_t seen = 0;

  for (unsigned i = 0; i < BUCKETS; i++)
    {
      seen += histogram[i];
      if (histogram[i] > 0 && (seen > rank || seen == samples))
        {
          unsigned shift = i < 2048 ? 0 : i / 1024 - 1;

          return (double) ((uint64_t) (i - 1024 * shift) << shift);
        }
    }
  return -1;
}

/* JSON: one flat object, no spaces, negative numbers are null. */

static char json_separator = '{';

static void
json_text (const char *key, const char *value)
{
  printf ("%c\"%s\":\"%s\"", json_separator, key, value);
  json_separator = ',';
}

static void
json_number (const char *key, double value, int digits)
{
  if (value < 0)
    printf ("%c\"%s\":null", json_separator, key);
  else
    printf ("%c\"%s\":%.*f", json_separator, key, digits, value);
  json_separator = ',';
}

static void
json_end (void)
{
  puts ("}");
  fflush (stdout);
  json_separator = '{';
}

/* What the server spends */

/* utime, stime, and those of the children it has waited for.  */
static double
process_cpu (pid_t pid)
{
  unsigned long utime, stime;
  long cutime, cstime;
  char path[64];
  char line[1024];
  char *after_name;
  size_t n;
  FILE *file;

  snprintf (path, sizeof path, "/proc/%d/stat", (int) pid);
  file = fopen (path, "r");
  if (file == NULL)
    return 0;
  n = fread (line, 1, sizeof line - 1, file);
  fclose (file);
  line[n] = '\0';
  after_name = strrchr (line, ')');
  if (after_name == NULL
      || sscanf (
             after_name,
             ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld",
             &utime, &stime, &cutime, &cstime)
             != 4)
    return 0;
  return (double) (utime + stime + (unsigned long) (cutime + cstime))
         / (double) sysconf (_SC_CLK_TCK);
}

static long
process_pss (pid_t pid)
{
  char path[64];
  char line[256];
  long pss = -1;
  FILE *file;

  snprintf (path, sizeof path, "/proc/%d/smaps_rollup", (int) pid);
  file = fopen (path, "r");
  if (file == NULL)
    return -1;
  while (pss < 0 && fgets (line, sizeof line, file) != NULL)
    sscanf (line, "Pss: %ld kB", &pss);
  fclose (file);
  return pss;
}

/* What is done to each process of a tree, children before their parent.  */
typedef void Visit (pid_t pid, void *data);

static void walk_tree (pid_t pid, Visit *visit, void *data);

/* The children of one thread: /proc/PID/task/TID/children.  */
static void
walk_children (pid_t pid, const char *thread, Visit *visit, void *data)
{
  char path[PATH_MAX];
  FILE *file;
  int child;

  snprintf (path, sizeof path, "/proc/%d/task/%s/children", (int) pid, thread);
  file = fopen (path, "r");
  if (file == NULL)
    return;
  while (fscanf (file, "%d", &child) == 1)
    walk_tree (child, visit, data);
  fclose (file);
}

static void
walk_tree (pid_t pid, Visit *visit, void *data)
{
  char path[64];
  struct dirent *entry;
  DIR *directory;

  snprintf (path, sizeof path, "/proc/%d/task", (int) pid);
  directory = opendir (path);
  while (directory != NULL && (entry = readdir (directory)) != NULL)
    if (entry->d_name[0] != '.')
      walk_children (pid, entry->d_name, visit, data);
  if (directory != NULL)
    closedir (directory);
  visit (pid, data);
}

static void
add_usage (pid_t pid, void *data)
{
  Usage *usage = data;
  long pss = process_pss (pid);

  usage->cpu += process_cpu (pid);
  if (pss > 0)
    usage->pss += pss;
}

static Usage
server_usage (void)
{
  Usage usage = { 0, 0 };

  if (server_pid > 0)
    {
      if (kill (server_pid, 0) < 0 && errno == ESRCH)
        die ("the server with process id %d is gone", (int) server_pid);
      walk_tree (server_pid, add_usage, &usage);
    }
  if (usage.pss == 0)
    usage.pss = -1;
  return usage;
}

static void
json_usage (const Usage *before, const Usage *after)
{
  double cpu = server_pid > 0 ? after->cpu - before->cpu : -1;

  json_number ("server_cpu_seconds", cpu, 2);
  json_number ("pss_before_kib", (double) before->pss, 0);
  json_number ("pss_after_kib", (double) after->pss, 0);
}

/* Connections */

/* TEXT is what servers announce: [unix:]PATH or [tcp:]HOST:PORT.  */
static void
parse_address (const char *text)
{
  struct sockaddr_un *un = (struct sockaddr_un *) &server_address;
  struct sockaddr_in *in = (struct sockaddr_in *) &server_address;
  char host[INET_ADDRSTRLEN] = "";
  const char *colon;

  if (strncmp (text, "unix:", 5) == 0 || strchr (text, '/') != NULL)
    {
      const char *path = strncmp (text, "unix:", 5) == 0 ? text + 5 : text;

      if (strlen (path) >= sizeof un->sun_path)
        die ("the path %s is too long", path);
      un->sun_family = AF_UNIX;
      strcpy (un->sun_path, path);
      server_length = sizeof *un;
      return;
    }

  if (strncmp (text, "tcp:", 4) == 0)
    text += 4;
  colon = strrchr (text, ':');
  if (colon != NULL && (size_t) (colon - text) < sizeof host)
    memcpy (host, text, (size_t) (colon - text));
  in->sin_family = AF_INET;
  if (colon == NULL || inet_pton (AF_INET, host, &in->sin_addr) != 1)
    die ("%s is neither PATH nor IPV4:PORT", text);
  in->sin_port = htons ((unsigned short) atoi (colon + 1));
  server_length = sizeof *in;
}

/* So that more connections fit than one address has ports.  */
static void
bind_source (int fd)
{
  static unsigned next;
  struct sockaddr_in source = { .sin_family = AF_INET };
  int yes = 1;

  if (sources == 0 || server_address.ss_family != AF_INET)
    return;
  source.sin_addr.s_addr = htonl (INADDR_LOOPBACK + 1 + next++ % sources);
  setsockopt (fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  if (bind (fd, (struct sockaddr *) &source, sizeof source) < 0)
    die ("cannot bind to a source address: %s", strerror (errno));
}

static int
new_socket (int flags)
{
  int fd = socket (server_address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | flags,
                   0);

  if (fd < 0)
    die ("cannot make a socket: %s", strerror (errno));
  bind_source (fd);
  return fd;
}

static int
send_message (const Client *client)
{
  return send (client->fd, message, sizeof message, MSG_NOSIGNAL)
         == (ssize_t) sizeof message;
}

/* 1 when the whole echo is there, 0 when not yet, -1 when it never will be.  */
static int
receive_echo (Client *client)
{
  char data[MESSAGE_SIZE];
  ssize_t n = recv (client->fd, data, sizeof data - client->got, 0);

  if (n < 0 && errno == EAGAIN)
    return 0;
  if (n <= 0 || memcmp (data, message + client->got, (size_t) n) != 0)
    return -1;
  client->got += (unsigned) n;
  if (client->got < MESSAGE_SIZE)
    return 0;
  client->got = 0;
  return 1;
}

static void
close_client (Client *client)
{
  close (client->fd);
  client->state = CLOSED;
  client->started = 0;
  client->got = 0;
  free_slots[n_free++] = (unsigned) (client - clients);
}

static int
begin_connection (Client *client)
{
  struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET };
  int result;

  client->fd = new_socket (SOCK_NONBLOCK);
  result = connect (client->fd, (struct sockaddr *) &server_address,
                    server_length);
  if (result < 0 && errno != EINPROGRESS)
    {
      result = errno;
      close (client->fd);
      errno = result;
      return 0;
    }
  client->state = CONNECTING;
  event.data.u32 = (unsigned) (client - clients);
  if (epoll_ctl (epoll_fd, EPOLL_CTL_ADD, client->fd, &event) < 0)
    die ("cannot watch a socket: %s", strerror (errno));
  return 1;
}

/* Moves CLIENT on as far as it goes; 1 when it has come to an end, good or
 * bad, with its figures in OPENED.  */
static int
advance (Client *client, unsigned events, Opened *opened)
{
  uint64_t took;
  int echoed;

  if (client->state == CONNECTING)
    {
      int error = 0;
      socklen_t length = sizeof error;

      if ((events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) == 0)
        return 0;
      getsockopt (client->fd, SOL_SOCKET, SO_ERROR, &error, &length);
      if (error != 0 || (ping && !send_message (client)))
        {
          opened->failed++;
          close_client (client);
          return 1;
        }
      took = now () - client->started;
      opened->connected++;
      opened->slow_connects += took > SLOW;
      if (took > opened->slowest_connect)
        opened->slowest_connect = took;
      client->state = ping ? WAITING : READY;
      return !ping;
    }
  if (client->state != WAITING)
    return 0;

  echoed = receive_echo (client);
  if (echoed == 0)
    return 0;
  if (echoed < 0)
    {
      opened->failed++;
      close_client (client);
      return 1;
    }
  took = now () - client->started;
  histogram_add (took);
  opened->served++;
  opened->slow_replies += took > SLOW;
  client->state = READY;
  return 1;
}

static void
make_slots (unsigned n)
{
  clients = calloc (n, sizeof *clients);
  free_slots = calloc (n, sizeof *free_slots);
  if (clients == NULL || free_slots == NULL)
    die ("no memory for %u clients", n);
  for (n_free = 0; n_free < n; n_free++)
    free_slots[n_free] = n - 1 - n_free;
}

/* Starts as many connections as PARALLEL allows; returns how many.  *TRY_AGAIN
 * is set where the server's backlog, or the ports, must empty first.  */
static unsigned
begin_connections (unsigned wanted, int *try_again, Opened *opened)
{
  unsigned begun = 0;

  *try_again = 0;
  while (begun < wanted && n_free > 0)
    {
      Client *client = &clients[free_slots[n_free - 1]];

      if (client->started == 0)
        client->started = now ();
      if (begin_connection (client))
        {
          n_free--;
          begun++;
          continue;
        }
      if (errno == EAGAIN || errno == EADDRNOTAVAIL)
        {
          *try_again = 1;
          break;
        }
      client->started = 0;
      opened->failed++;
      break;
    }
  return begun;
}

/* Opens COUNT connections, at most LIMIT at a time, and stops when all are
 * done or at the deadline.  CLOSING: each is closed once done.  */
static Opened
open_clients (unsigned count, unsigned limit, int closing)
{
  struct epoll_event events[EVENTS];
  Opened opened = { 0 };
  uint64_t started = now ();
  uint64_t end = started + microseconds (wait_seconds);
  unsigned begun = 0;
  unsigned done = 0;

  while (done < count && now () < end)
    {
      unsigned failed = opened.failed;
      unsigned wanted = count - begun;
      int try_again = 0;
      int n;

      if (wanted > limit - (begun - done))
        wanted = limit - (begun - done);
      if (wanted > 0)
        begun += begin_connections (wanted, &try_again, &opened);
      begun += opened.failed - failed;
      done += opened.failed - failed;

      n = epoll_wait (epoll_fd, events, EVENTS,
                      try_again       ? 1
                      : begun == done ? 0
                                      : remaining (end));
      for (int i = 0; i < n; i++)
        {
          Client *client = &clients[events[i].data.u32];

          if (!advance (client, events[i].events, &opened))
            continue;
          done++;
          if (closing && client->state == READY)
            close_client (client);
        }
    }
  opened.elapsed = now () - started;
  return opened;
}

/* Modes */

static int
ping_pong_event (Client *client, uint64_t t)
{
  int echoed = receive_echo (client);

  if (echoed < 0)
    die ("the server closed a client or changed its bytes");
  if (echoed == 0)
    return 0;
  histogram_add (t - client->started);
  client->started = t;
  if (!send_message (client))
    die ("the server closed a client");
  return 1;
}

static uint64_t
ping_pong (uint64_t end)
{
  struct epoll_event events[EVENTS];
  uint64_t requests = 0;

  while (now () < end)
    {
      int n = epoll_wait (epoll_fd, events, EVENTS, remaining (end));

      for (int i = 0; i < n; i++)
        if (events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP))
          requests += (unsigned) ping_pong_event (&clients[events[i].data.u32],
                                                  now ());
    }
  return requests;
}

static void
json_latency (void)
{
  json_number ("p50_us", histogram_quantile (0.50), 0);
  json_number ("p99_us", histogram_quantile (0.99), 0);
  json_number ("max_us", histogram_quantile (1), 0);
}

static double
per_cpu_second (double requests, const Usage *before, const Usage *after)
{
  double cpu = after->cpu - before->cpu;

  return server_pid > 0 && cpu > 0 ? requests / cpu : -1;
}

static int
run_rr (void)
{
  unsigned all = idle + active;
  uint64_t requests;
  uint64_t started;
  double took;
  Opened opened;
  Usage before;
  Usage after;

  make_slots (all);
  opened = open_clients (all, parallel, 0);
  if (opened.served < all)
    die ("only %u of %u connections were served in %.0f s", opened.served, all,
         wait_seconds);
  for (unsigned i = 0; i < active; i++)
    {
      clients[i].started = now ();
      if (!send_message (&clients[i]))
        die ("the server closed a client");
    }
  ping_pong (now () + microseconds (warm_seconds));
  histogram_clear ();

  before = server_usage ();
  started = now ();
  requests = ping_pong (started + microseconds (seconds));
  took = (double) (now () - started) / SECOND;
  after = server_usage ();

  json_text ("mode", "rr");
  json_number ("idle", idle, 0);
  json_number ("active", active, 0);
  json_number ("connect_seconds", (double) opened.elapsed / SECOND, 3);
  json_number ("requests", (double) requests, 0);
  json_number ("seconds", took, 3);
  json_number ("requests_per_second", (double) requests / took, 0);
  json_number ("requests_per_cpu_second",
               per_cpu_second ((double) requests, &before, &after), 0);
  json_usage (&before, &after);
  json_latency ();
  json_end ();
  return 0;
}

static int
run_churn (void)
{
  Opened opened;
  Usage before;
  Usage after;

  make_slots (parallel);
  before = server_usage ();
  opened = open_clients (total, parallel, 1);
  after = server_usage ();

  json_text ("mode", "churn");
  json_number ("requests", opened.served, 0);
  json_number ("failed", total - opened.served, 0);
  json_number ("seconds", (double) opened.elapsed / SECOND, 3);
  json_number ("requests_per_second",
               (double) opened.served * SECOND / (double) opened.elapsed, 0);
  json_number ("requests_per_cpu_second",
               per_cpu_second (opened.served, &before, &after), 0);
  json_usage (&before, &after);
  json_latency ();
  json_end ();
  return 0;
}

static int
run_hold (void)
{
  Opened opened;
  uint64_t started;
  Usage first;
  Usage before;
  Usage after;
  double took;
  char byte;

  make_slots (total);
  first = server_usage ();
  opened = open_clients (total, parallel, 0);

  /* Nothing is asked of the server now; what it spends is its own doing.  */
  before = server_usage ();
  started = now ();
  poll (NULL, 0, (int) (seconds * 1000));
  took = (double) (now () - started) / SECOND;
  after = server_usage ();

  json_text ("mode", "hold");
  json_number ("connections", total, 0);
  json_number ("connected", opened.connected, 0);
  json_number ("served", opened.served, 0);
  json_number ("connect_seconds", (double) opened.elapsed / SECOND, 3);
  json_number ("seconds", took, 3);
  json_number ("idle_cpu_percent",
               server_pid > 0 ? (after.cpu - before.cpu) / took * 100 : -1, 2);
  before.pss = first.pss;
  json_usage (&before, &after);
  json_number ("pss_per_connection_bytes",
               opened.connected == 0 || after.pss < first.pss
                   ? 0
                   : (double) (after.pss - first.pss) * 1024 / opened.connected,
               0);
  json_end ();
  alarm (0);
  while (read (STDIN_FILENO, &byte, 1) > 0)
    continue;
  return 0;
}

static int
run_burst (void)
{
  Opened opened;
  Usage before;
  Usage after;

  make_slots (total);
  before = server_usage ();
  opened = open_clients (total, total, 0);
  after = server_usage ();

  json_text ("mode", "burst");
  json_number ("connections", total, 0);
  json_number ("connected", opened.connected, 0);
  json_number ("served", opened.served, 0);
  json_number ("slow_connects", total - opened.connected + opened.slow_connects,
               0);
  json_number ("slow_replies", total - opened.served + opened.slow_replies, 0);
  json_number ("slowest_connect_us", (double) opened.slowest_connect, 0);
  json_number ("seconds", (double) opened.elapsed / SECOND, 3);
  json_usage (&before, &after);
  json_latency ();
  json_end ();
  return 0;
}

/* One echo, then it is closed: what a server needs once is not counted.  */
static void
touch_server (void)
{
  make_slots (1);
  if (open_clients (1, 1, 1).served != 1)
    die ("the server does not echo");
}

/* Sends until SIZE bytes are out or none has gone for a second.  */
static uint64_t
send_unread (int fd, uint64_t size, Usage *most)
{
  static char data[65536];
  uint64_t last = now ();
  uint64_t sampled = last;
  uint64_t sent = 0;

  while (sent < size && now () - last < SECOND)
    {
      size_t length = size - sent < sizeof data ? (size_t) (size - sent)
                                                : sizeof data;
      ssize_t n = send (fd, data, length, MSG_NOSIGNAL);

      if (n > 0)
        {
          sent += (uint64_t) n;
          last = now ();
        }
      else if (n < 0 && errno == EAGAIN)
        {
          struct pollfd writable = { .fd = fd, .events = POLLOUT };

          poll (&writable, 1, 50);
        }
      else
        break; /* The server got rid of us, which is its right.  */
      if (now () - sampled > SECOND / 20)
        {
          Usage usage = server_usage ();

          if (usage.pss > most->pss)
            most->pss = usage.pss;
          sampled = now ();
        }
    }
  return sent;
}

static int
run_noread (void)
{
  uint64_t size = (uint64_t) (mebibytes * 1048576);
  uint64_t started;
  uint64_t sent;
  Usage before;
  Usage after;
  Usage most;
  int fd;

  touch_server ();
  fd = new_socket (0);
  if (connect (fd, (struct sockaddr *) &server_address, server_length) < 0)
    die ("cannot connect: %s", strerror (errno));
  fcntl (fd, F_SETFL, O_NONBLOCK);

  before = most = server_usage ();
  started = now ();
  sent = send_unread (fd, size, &most);
  after = server_usage ();
  if (after.pss > most.pss)
    most.pss = after.pss;

  json_text ("mode", "noread");
  json_number ("offered_bytes", (double) size, 0);
  json_number ("taken_bytes", (double) sent, 0);
  json_number ("seconds", (double) (now () - started) / SECOND, 3);
  json_usage (&before, &after);
  json_number ("pss_most_kib", (double) most.pss, 0);
  json_number ("pss_growth_kib",
               most.pss > before.pss ? (double) (most.pss - before.pss) : 0, 0);
  json_end ();
  close (fd);
  return 0;
}

/* All of it, in large pieces; then the end of our side, and the server's is
 * waited for: so all has arrived.  */
static void
push (int fd, uint64_t size)
{
  static char data[262144];
  char byte;

  while (size > 0)
    {
      size_t length = size < sizeof data ? (size_t) size : sizeof data;
      ssize_t n = send (fd, data, length, MSG_NOSIGNAL);

      if (n < 0 && errno != EINTR)
        die ("cannot send: %s", strerror (errno));
      size -= n > 0 ? (uint64_t) n : 0;
    }
  shutdown (fd, SHUT_WR);
  if (recv (fd, &byte, 1, 0) != 0)
    die ("the server did not end its side");
}

static int
run_push (void)
{
  uint64_t size = (uint64_t) (mebibytes * 1048576);
  uint64_t started;
  double took;
  Usage before;
  Usage after;
  int fd = new_socket (0);

  if (connect (fd, (struct sockaddr *) &server_address, server_length) < 0)
    die ("cannot connect: %s", strerror (errno));
  before = server_usage ();
  started = now ();
  push (fd, size);
  took = (double) (now () - started) / SECOND;
  after = server_usage ();
  close (fd);

  json_text ("mode", "push");
  json_number ("seconds", took, 3);
  json_number ("mib_per_second", mebibytes / took, 0);
  json_number ("mib_per_cpu_second",
               per_cpu_second (mebibytes, &before, &after), 0);
  json_usage (&before, &after);
  json_end ();
  return 0;
}

/* Until the server answers: for those that can't say when they are ready.  */
static int
run_wait (void)
{
  uint64_t end = now () + microseconds (wait_seconds);

  while (now () < end)
    {
      int fd = new_socket (0);
      int result = connect (fd, (struct sockaddr *) &server_address,
                            server_length);

      close (fd);
      if (result == 0)
        return 0;
      poll (NULL, 0, 10);
    }
  die ("nobody answers");
}

/* A port of loopback that is free now: for those that can't choose one.  */
static int
run_port (void)
{
  struct sockaddr_in in = { .sin_family = AF_INET };
  socklen_t length = sizeof in;
  int fd = socket (AF_INET, SOCK_STREAM, 0);

  in.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (fd < 0 || bind (fd, (struct sockaddr *) &in, sizeof in) < 0
      || getsockname (fd, (struct sockaddr *) &in, &length) < 0)
    die ("cannot find a port: %s", strerror (errno));
  printf ("%d\n", ntohs (in.sin_port));
  return 0;
}

static void
kill_process (pid_t pid, void *data)
{
  (void) data;
  kill (pid, SIGKILL);
}

/* Ends a server with its descendants: of the forking ones, some outlive both
 * their parent and their client.  */
static int
run_stop (void)
{
  if (server_pid <= 1)
    die ("stop needs --pid");
  /* Stopped first, so that it has no more of them meanwhile.  */
  kill (server_pid, SIGSTOP);
  walk_tree (server_pid, kill_process, NULL);
  return 0;
}

/* Start: commands, from their start to their exit */

typedef struct
{
  char **argv;
  double *wall; /* Milliseconds, one a round.  */
  double *cpu;
  unsigned failed;
} Command;

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
quantile (double *values, unsigned n, double fraction)
{
  qsort (values, n, sizeof *values, compare_doubles);
  return values[(unsigned) (fraction * (n - 1) + 0.5)];
}

static pid_t
spawn_command (char **argv, int output)
{
  posix_spawn_file_actions_t actions;
  pid_t pid;
  int error;

  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_addopen (&actions, 0, input_path, O_RDONLY, 0);
  posix_spawn_file_actions_adddup2 (&actions, output, 1);
  posix_spawn_file_actions_addopen (&actions, 2, "/dev/null", O_WRONLY, 0);
  error = posix_spawnp (&pid, argv[0], &actions, NULL, argv, environ);
  posix_spawn_file_actions_destroy (&actions);
  if (error != 0)
    die ("cannot start %s: %s", argv[0], strerror (error));
  return pid;
}

/* Reads to the end of FD, or to the deadline; 1 if EXPECTED was in it.  */
static int
read_reply (int fd, uint64_t end)
{
  char text[4096];
  size_t length = 0;
  struct pollfd readable = { .fd = fd, .events = POLLIN };

  while (length < sizeof text - 1 && poll (&readable, 1, remaining (end)) > 0)
    {
      ssize_t n = read (fd, text + length, sizeof text - 1 - length);

      if (n <= 0)
        {
          text[length] = '\0';
          return strstr (text, expected) != NULL;
        }
      length += (size_t) n;
    }
  return 0;
}

static void
run_command (Command *command, unsigned round)
{
  struct rusage usage;
  uint64_t started;
  int status;
  int pipes[2];
  int good;
  pid_t pid;

  if (pipe2 (pipes, O_CLOEXEC) < 0)
    die ("cannot make a pipe: %s", strerror (errno));
  started = now ();
  pid = spawn_command (command->argv, pipes[1]);
  close (pipes[1]);
  good = read_reply (pipes[0], started + microseconds (wait_seconds));
  close (pipes[0]);
  if (!good)
    kill (pid, SIGKILL);
  wait4 (pid, &status, 0, &usage);
  command->wall[round] = (double) (now () - started) / 1000;
  command->cpu[round] =
      (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000
      + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
  command->failed += !good || status != 0;
}

/* Cuts ARGV at each "--"; returns the number of commands.  */
static unsigned
split_commands (char **argv, Command *commands)
{
  unsigned n = 0;

  while (*argv != NULL)
    {
      if (n == MAX_COMMANDS)
        die ("more than %d commands", MAX_COMMANDS);
      commands[n].argv = argv;
      commands[n].wall = calloc (total, sizeof (double));
      commands[n].cpu = calloc (total, sizeof (double));
      commands[n].failed = 0;
      if (commands[n].wall == NULL || commands[n].cpu == NULL)
        die ("no memory for %u rounds", total);
      n++;
      while (*argv != NULL && strcmp (*argv, "--") != 0)
        argv++;
      if (*argv != NULL)
        *argv++ = NULL;
    }
  return n;
}

static int
run_start (char **argv)
{
  Command commands[MAX_COMMANDS];
  unsigned n = split_commands (argv, commands);

  for (unsigned round = 0; round < total; round++)
    for (unsigned i = 0; i < n; i++)
      run_command (&commands[i], round);

  for (unsigned i = 0; i < n; i++)
    {
      Command *command = &commands[i];

      json_text ("mode", "start");
      json_text ("command", basename (command->argv[0]));
      json_number ("runs", total, 0);
      json_number ("failed", command->failed, 0);
      json_number ("p10_ms", quantile (command->wall, total, 0.1), 2);
      json_number ("median_ms", quantile (command->wall, total, 0.5), 2);
      json_number ("p90_ms", quantile (command->wall, total, 0.9), 2);
      json_number ("cpu_ms", quantile (command->cpu, total, 0.5), 2);
      json_end ();
      free (command->wall);
      free (command->cpu);
    }
  return 0;
}

/* The command line */

static const char usage_text[] =
    "Usage: load MODE [OPTION...] ADDRESS\n"
    "       load start [OPTION...] -- COMMAND [ARG...] [-- COMMAND...]\n"
    "       load port | load stop --pid=PID\n"
    "Modes: rr churn hold noread push burst wait\n"
    "  --pid=PID        the server, whose CPU and memory are read\n"
    "  --idle=N         rr: connections that stay silent\n"
    "  --active=N       rr: connections that play ping-pong\n"
    "  --total=N        churn, hold, burst: connections; start: rounds\n"
    "  --parallel=N     connections being opened at a time\n"
    "  --sources=N      TCP: client addresses from 127.0.0.2 on, 0 = none\n"
    "  --seconds=S      rr: measured time; hold: time to look at idleness\n"
    "  --wait=S         longest time to open connections, or for a command\n"
    "  --warm=S         rr: ping-pong before it is measured\n"
    "  --size=MIB       noread, push: how much to send\n"
    "  --no-ping        hold: don't ask an echo of each connection\n"
    "  --input=FILE     start: standard input of the commands\n"
    "  --expect=TEXT    start: what their output must hold\n";

static const struct option options[] = {
  { "pid", required_argument, NULL, 'p' },
  { "idle", required_argument, NULL, 'i' },
  { "active", required_argument, NULL, 'a' },
  { "total", required_argument, NULL, 'n' },
  { "parallel", required_argument, NULL, 'c' },
  { "sources", required_argument, NULL, 's' },
  { "seconds", required_argument, NULL, 't' },
  { "wait", required_argument, NULL, 'w' },
  { "warm", required_argument, NULL, 'W' },
  { "size", required_argument, NULL, 'S' },
  { "no-ping", no_argument, NULL, 'P' },
  { "input", required_argument, NULL, 'I' },
  { "expect", required_argument, NULL, 'e' },
  { NULL, 0, NULL, 0 }
};

static void __attribute__ ((noreturn)) usage_error (void)
{
  fputs (usage_text, stderr);
  exit (2);
}

static double
number (const char *text)
{
  char *end;
  double value = strtod (text, &end);

  if (*text == '\0' || *end != '\0' || !(value >= 0 && value < 1e9))
    die ("%s is no number", text);
  return value;
}

static unsigned
whole (const char *text)
{
  return (unsigned) number (text);
}

static void
parse_option (int option)
{
  switch (option)
    {
    case 'p':
      server_pid = (pid_t) whole (optarg);
      break;
    case 'i':
      idle = whole (optarg);
      break;
    case 'a':
      active = whole (optarg);
      break;
    case 'n':
      total = whole (optarg);
      break;
    case 'c':
      parallel = whole (optarg);
      break;
    case 's':
      sources = whole (optarg);
      break;
    case 't':
      seconds = number (optarg);
      break;
    case 'w':
      wait_seconds = number (optarg);
      break;
    case 'W':
      warm_seconds = number (optarg);
      break;
    case 'S':
      mebibytes = number (optarg);
      break;
    case 'P':
      ping = 0;
      break;
    case 'I':
      input_path = optarg;
      break;
    case 'e':
      expected = optarg;
      break;
    default:
      usage_error ();
    }
}

static const struct
{
  const char *name;
  int (*run) (void);
} modes[] = {
  { "rr", run_rr },       { "churn", run_churn }, { "hold", run_hold },
  { "burst", run_burst }, { "wait", run_wait },   { "noread", run_noread },
  { "push", run_push },
};

static void
prepare (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) < 0)
    die ("cannot read the limit of descriptors: %s", strerror (errno));
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (epoll_fd < 0)
    die ("cannot make an epoll: %s", strerror (errno));
  for (unsigned i = 0; i < sizeof message; i++)
    message[i] = (char) ('!' + i);
}

int
main (int argc, char **argv)
{
  const char *mode = argc > 1 ? argv[1] : "";
  int option;

  if (strcmp (mode, "port") == 0)
    return run_port ();
  if (argc < 3)
    usage_error ();
  argv[1] = argv[0];
  argc--;
  argv++;
  while ((option = getopt_long (argc, argv, "+", options, NULL)) != -1)
    parse_option (option);
  if (strcmp (mode, "stop") == 0)
    return run_stop ();
  if (optind == argc || total == 0 || parallel == 0)
    usage_error ();
  alarm (LIFETIME);
  if (strcmp (mode, "start") == 0)
    return run_start (argv + optind);

  parse_address (argv[optind]);
  prepare ();
  for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
    if (strcmp (mode, modes[i].name) == 0)
      return modes[i].run ();
  usage_error ();
}
