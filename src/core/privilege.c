/* privilege.c: the rights of root given up for those of a user
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/privilege.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/account.h"
#include "core/call.h"
#include "core/error.h"
#include "core/escape.h"

/* A number need not have a name; then it has no groups, either. */
static gboolean
find_user (GsockUser *user, const char *name, gboolean has_group,
           GError **error)
{
  g_autofree char *shown = gsock_escape_brief (name);

  if (gsock_find_account (name, &user->uid, &user->gid, &user->name) == 0)
    return TRUE;
  if (gsock_find_user (name, &user->uid) != 0)
    return gsock_refuse (error, _ ("There is no user '%s' here"), shown);
  if (has_group)
    return TRUE;
  return gsock_refuse (error,
                       /* TRANSLATORS: a number, an example of an option */
                       _ ("The user %s has no name here, and so no group; give "
                          "one, as in %s"),
                       shown, "--user=1000:1000");
}

static gboolean
find_group (GsockUser *user, const char *name, GError **error)
{
  g_autofree char *shown = gsock_escape_brief (name);

  return gsock_find_group (name, &user->gid) == 0
         || gsock_refuse (error, _ ("There is no group '%s' here"), shown);
}

/**
 * gsock_user_parse:
 * @user: gets it; to be cleared
 * @text: NAME or NAME:GROUP
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %TRUE if there are such a user and group, and it isn't root
 */
gboolean
gsock_user_parse (GsockUser *user, const char *text, GError **error)
{
  const char *colon = strchr (text, ':');
  g_autofree char *name = g_strndup (
      text, colon != NULL ? (gsize) (colon - text) : strlen (text));

  *user = (GsockUser) { .name = NULL };
  if (!find_user (user, name, colon != NULL, error)
      || (colon != NULL && !find_group (user, colon + 1, error)))
    return FALSE;
  return user->uid != 0
         || gsock_refuse (error, _ ("As root nothing would be given up; name "
                                    "another user"));
}

void
gsock_user_clear (GsockUser *user)
{
  g_clear_pointer (&user->name, g_free);
}

/* One step, told; each is for all threads, which is the C library's work. */
static gboolean
tell_step (GsockCall call, int result, const char *arguments, GError **error)
{
  int errnum = result < 0 ? errno : 0;

  gsock_call (call, NULL, result, errnum, NULL, "%s", arguments);
  if (result == 0)
    return TRUE;
  gsock_set_error_errno (error, GSOCK_ERROR_DENIED, errnum,
                         /* TRANSLATORS: a system call with its arguments,
                          * "setresuid (65534, 65534, 65534)" */
                         _ ("The rights of another user can't be taken on: "
                            "%s (%s)"),
                         gsock_call_name (call), arguments);
  return FALSE;
}

static gboolean
set_groups (const GsockUser *user, GError **error)
{
  g_autofree char *arguments = NULL;
  gid_t gid = user->gid;

  if (user->name != NULL)
    {
      g_autofree char *shown = gsock_escape_brief (user->name);

      arguments = g_strdup_printf ("%s, %u", shown, user->gid);
      return tell_step (GSOCK_CALL_INITGROUPS,
                        initgroups (user->name, user->gid), arguments, error);
    }
  arguments = g_strdup_printf ("1, [%u]", user->gid);
  return tell_step (GSOCK_CALL_SETGROUPS, setgroups (1, &gid), arguments,
                    error);
}

static gboolean
set_ids (const GsockUser *user, GError **error)
{
  g_autofree char *group = g_strdup_printf ("%u, %u, %u", user->gid, user->gid,
                                            user->gid);
  g_autofree char *owner = g_strdup_printf ("%u, %u, %u", user->uid, user->uid,
                                            user->uid);

  return tell_step (GSOCK_CALL_SETRESGID,
                    setresgid (user->gid, user->gid, user->gid), group, error)
         && tell_step (GSOCK_CALL_SETRESUID,
                       setresuid (user->uid, user->uid, user->uid), owner,
                       error);
}

static gboolean
is_user (const GsockUser *user)
{
  uid_t r, e, s;
  gid_t rg, eg, sg;

  return getresuid (&r, &e, &s) == 0 && getresgid (&rg, &eg, &sg) == 0
         && r == user->uid && e == user->uid && s == user->uid
         && rg == user->gid && eg == user->gid && sg == user->gid;
}

/* Whoever leaves user 0 loses them by itself, unless somebody has asked the
 * kernel to keep them. */
static gboolean
drop_capabilities (void)
{
  struct __user_cap_header_struct header = { .version =
                                                 _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

  (void) prctl (PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0L, 0L, 0L);
  if (syscall (SYS_capset, &header, data) != 0)
    return FALSE;
  memset (data, 0xff, sizeof data);
  if (syscall (SYS_capget, &header, data) != 0)
    return FALSE;
  for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
    if ((data[i].effective | data[i].permitted | data[i].inheritable) != 0)
      return FALSE;
  return TRUE;
}

/**
 * gsock_privilege_drop:
 * @user: whom to become
 * @error: %GSOCK_ERROR_DENIED
 *
 * User, group, the groups the user is in, and no capability; and it is looked
 * whether there is a way back.  Whoever is that user already needs no right
 * for it.
 *
 * Returns: %FALSE where not all of it could be done: end then
 */
gboolean
gsock_privilege_drop (const GsockUser *user, GError **error)
{
  gboolean hidden = prctl (PR_GET_DUMPABLE, 0L, 0L, 0L, 0L) == 0;

  if (!is_user (user) && (!set_groups (user, error) || !set_ids (user, error)))
    return FALSE;
  /* What another user's memory may show is the system's choice. */
  if (hidden)
    (void) prctl (PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
  if (is_user (user) && drop_capabilities () && setresuid (0, 0, 0) < 0
      && (user->gid == 0 || setresgid (0, 0, 0) < 0))
    return TRUE;
  g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_DENIED,
                       _ ("The rights of root are still there after they were "
                          "given up; not going on with them"));
  return FALSE;
}

/**
 * gsock_privilege_hide_memory:
 *
 * For the life of the process, which then leaves no core file.
 */
void
gsock_privilege_hide_memory (void)
{
  int result;

  if (prctl (PR_GET_DUMPABLE, 0L, 0L, 0L, 0L) == 0)
    return;
  result = prctl (PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
  gsock_call (GSOCK_CALL_PRCTL, "PR_SET_DUMPABLE", result,
              result < 0 ? errno : 0, NULL, "PR_SET_DUMPABLE, 0");
}
