/* test-netrc.c: users and passwords of machines, out of a .netrc
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "http/netrc.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "core/fd.h"

static void
test_find (void)
{
  static const struct
  {
    const char *text;
    const char *user; /* wanted, or NULL */
    const char *login;
    const char *password;
  } rows[] = {
    { "machine h login u password p", NULL, "u", "p" },
    { "machine H login u password p\n", NULL, "u", "p" },
    { "machine\th\n\tlogin u\r\n\tpassword p\r\n", NULL, "u", "p" },
    { "machine h password p login u", NULL, "u", "p" },
    { "machine h login u", NULL, "u", NULL },
    { "machine h password p", "v", "v", "p" },
    { "machine o login x password y\nmachine h login u password p", NULL, "u",
      "p" },
    { "machine h login x password y\nmachine h login u password p", "u", "u",
      "p" },
    { "machine h login x password y\nmachine h login u password p", NULL, "x",
      "y" },
    { "machine h login x password y", "u", NULL, NULL },
    { "machine o login x password y\ndefault login u password p", NULL, "u",
      "p" },
    { "default login u password p\nmachine h login x password y", NULL, "u",
      "p" },
    { "machine h.example login x password y", NULL, NULL, NULL },
    { "machine xh login x password y", NULL, NULL, NULL },
    { "machine h login \"u v\" password \"p \\\"q\\\\\\n\"", NULL, "u v",
      "p \"q\\\n" },
    { "machine h login u password p\"q", NULL, "u", "p\"q" },
    { "machine h login u password \"\"", NULL, "u", "" },
    { "# machine h login x\nmachine h # login y\n login u password #p", NULL,
      "u", "#p" },
    { "machine h login u account a password p", NULL, "u", "p" },
    { "macdef init\nmachine h login x password y\n\nmachine h login u "
      "password p",
      NULL, "u", "p" },
    { "macdef init\nmachine h login x password y", NULL, NULL, NULL },
    { "machine h login u password p\nmacdef x", NULL, "u", "p" },
    { "", NULL, NULL, NULL },
    { "\n# nothing\n", NULL, NULL, NULL },
    { "machine h login u password p machine h nonsense", NULL, "u", "p" },
    { "machine h login u password \"unfinished", NULL, "u", "unfinished" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *login = NULL;
      g_autofree char *password = NULL;

      g_test_message ("%s", rows[i].text);
      g_assert_true (gsock_netrc_find (rows[i].text, "h", rows[i].user, &login,
                                       &password, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (login, ==, rows[i].login);
      g_assert_cmpstr (password, ==, rows[i].password);
    }
}

/* Nothing of the file is told: it may be a password. */
static void
test_wrong (void)
{
  static const char *const texts[] = {
    "machine",
    "machine h login",
    "machine h login u password",
    "machine o login u password secret secret",
    "secret",
    "machine h login u pass secret",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *login = NULL;
      g_autofree char *password = NULL;

      g_assert_false (
          gsock_netrc_find (texts[i], "h", NULL, &login, &password, &error));
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_assert_null (strstr (error->message, "secret"));
      g_assert_null (login);
      g_assert_null (password);
    }
}

static void
test_read (void)
{
  static const struct
  {
    mode_t mode;
    int code; /* -1: good */
  } rows[] = {
    { 0600, -1 },
    { 0400, -1 },
    { 0700, -1 },
    { 0640, GSOCK_ERROR_DENIED },
    { 0604, GSOCK_ERROR_DENIED },
    { 0644, GSOCK_ERROR_DENIED },
    { 0620, GSOCK_ERROR_DENIED },
    { 0602, GSOCK_ERROR_DENIED },
  };
  g_autofree char *path = NULL;
  g_auto (GsockFd) fd = g_file_open_tmp ("gsock-XXXXXX", &path, NULL);

  g_assert_true (gsock_fd_write_all (fd, "machine h", 9));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      g_assert_no_errno (fchmod (fd, rows[i].mode));
      text = gsock_netrc_read (path, &error);
      if (rows[i].code < 0)
        {
          g_assert_no_error (error);
          g_assert_cmpstr (text, ==, "machine h");
          continue;
        }
      g_assert_null (text);
      g_assert_error (error, GSOCK_ERROR, rows[i].code);
      g_assert_nonnull (strstr (error->message, "chmod 600"));
    }
  g_unlink (path);
}

static void
test_read_fails (void)
{
  static const char *const paths[] = { "/nonexistent/netrc", "/", "/dev/zero",
                                       "/proc/self/fd/0/x" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (gsock_netrc_read (paths[i], &error));
      g_assert_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE);
      g_assert_nonnull (strstr (error->message, paths[i]));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/netrc/find", test_find);
  g_test_add_func ("/netrc/wrong", test_wrong);
  g_test_add_func ("/netrc/read", test_read);
  g_test_add_func ("/netrc/read/fails", test_read_fails);

  return g_test_run ();
}
