/* account.c: users and groups of this machine, by name or number
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/account.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>

#include "core/units.h"

#define BUFFER_MAX (1024 * 1024)

/* 0, or an errno: ERANGE where @buffer is too small. */
typedef int (*AskFunc) (const char *name, char *buffer, gsize size,
                        guint32 *id);

static int
ask_user (const char *name, char *buffer, gsize size, guint32 *id)
{
  struct passwd entry, *found = NULL;
  int errnum = getpwnam_r (name, &entry, buffer, size, &found);

  if (found != NULL)
    *id = entry.pw_uid;
  return errnum == 0 && found == NULL ? ENOENT : errnum;
}

static int
ask_group (const char *name, char *buffer, gsize size, guint32 *id)
{
  struct group entry, *found = NULL;
  int errnum = getgrnam_r (name, &entry, buffer, size, &found);

  if (found != NULL)
    *id = entry.gr_gid;
  return errnum == 0 && found == NULL ? ENOENT : errnum;
}

/* 2^32 - 1 is "no id" to the kernel. */
static int
parse_id (const char *text, guint32 *id)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32 - 1, &number, NULL))
    return EINVAL;
  *id = (guint32) number;
  return 0;
}

static int
find (AskFunc ask, const char *text, guint32 *id)
{
  int errnum = ERANGE;

  if (*text == '\0' || gsock_is_digits (text))
    return parse_id (text, id);
  for (gsize size = 1024; errnum == ERANGE && size <= BUFFER_MAX; size *= 4)
    {
      g_autofree char *buffer = g_malloc (size);

      errnum = ask (text, buffer, size, id);
    }
  /* Sources of names have several ways to say that there is none. */
  return errnum == ESRCH ? ENOENT : errnum;
}

/**
 * gsock_find_user:
 * @text: a user's name, or a number: that is never looked up
 * @id: (out): the user
 *
 * Any thread may ask.
 *
 * Returns: 0, or an errno: ENOENT where there is no such user, EINVAL for ""
 *   and for a number that is no id
 */
int
gsock_find_user (const char *text, guint32 *id)
{
  return find (ask_user, text, id);
}

/**
 * gsock_find_account:
 * @text: a user's name, or the number of one who has a name
 * @uid: (out): the user
 * @gid: (out): the group it has by itself
 * @name: (out) (transfer full): its name
 *
 * Any thread may ask.
 *
 * Returns: 0, or an errno, as gsock_find_user()
 */
int
gsock_find_account (const char *text, guint32 *uid, guint32 *gid, char **name)
{
  int errnum = gsock_find_user (text, uid);
  struct passwd entry, *found = NULL;
  int result = ERANGE;

  for (gsize size = 1024; errnum == 0 && result == ERANGE && size <= BUFFER_MAX;
       size *= 4)
    {
      g_autofree char *buffer = g_malloc (size);

      result = getpwuid_r (*uid, &entry, buffer, size, &found);
      if (found == NULL)
        continue;
      *gid = found->pw_gid;
      /* Of several names for one number, the one that was asked for. */
      *name = g_strdup (gsock_is_digits (text) ? found->pw_name : text);
      return 0;
    }
  return errnum != 0 ? errnum : ENOENT;
}

/**
 * gsock_find_group:
 * @text: a group's name, or a number
 * @id: (out): the group
 *
 * As gsock_find_user().
 *
 * Returns: 0, or an errno
 */
int
gsock_find_group (const char *text, guint32 *id)
{
  return find (ask_group, text, id);
}
