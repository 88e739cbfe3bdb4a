/* acl.c: who may connect: an ordered list of allow and deny rules
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the user gave (the sources) is kept beside what came out of it (the
 * rules): a reload makes all rules anew from the sources, and takes them only
 * if every one is good.  Where a mistake can't be told from an attack, the
 * list closes: an --allow=@FILE that has become empty still denies the rest,
 * and a peer the kernel can't name is let in by no list that has rules. */

#include "config.h"

#include "core/acl.h"

#include <string.h>
#include <sys/socket.h>

#include "core/acl-private.h"
#include "core/escape.h"

/* What --allow or --deny was given. */
typedef struct
{
  gboolean allow;
  char *text;
  char *path; /* of an @FILE, absolute: a reload may run elsewhere */
} Source;

/* What was ever added, whatever is left of it after a reload. */
enum
{
  HAS_RULES = 1 << 0,
  HAS_ALLOW = 1 << 1,
};

/* The main thread adds and reloads; any thread may ask.  @mutex guards
 * @rules and @has; the array itself is never changed once @rules points to
 * it. */
struct _GsockAcl
{
  GPtrArray *sources;
  GMutex *mutex; /* a pointer, so that a const list can be asked */
  GArray *rules;
  guint has;
  GStringChunk *texts; /* each text once, so that reloads don't add up */
};

static void
source_free (gpointer data)
{
  Source *source = data;

  g_free (source->text);
  g_free (source->path);
  g_free (source);
}

static void
rule_clear (gpointer data)
{
  GsockAclRule *rule = data;

  g_clear_object (&rule->mask);
}

static GArray *
rules_new (void)
{
  GArray *rules = g_array_new (FALSE, TRUE, sizeof (GsockAclRule));

  g_array_set_clear_func (rules, rule_clear);
  return rules;
}

/**
 * gsock_acl_new:
 *
 * Returns: (transfer full): a list without rules, which allows everybody
 */
GsockAcl *
gsock_acl_new (void)
{
  GsockAcl *acl = g_atomic_rc_box_new0 (GsockAcl);

  acl->mutex = g_new (GMutex, 1);
  g_mutex_init (acl->mutex);
  acl->sources = g_ptr_array_new_with_free_func (source_free);
  acl->rules = rules_new ();
  acl->texts = g_string_chunk_new (256);
  return acl;
}

static void
acl_clear (gpointer data)
{
  GsockAcl *acl = data;

  g_ptr_array_unref (acl->sources);
  g_array_unref (acl->rules);
  g_string_chunk_free (acl->texts);
  g_mutex_clear (acl->mutex);
  g_free (acl->mutex);
}

/**
 * gsock_acl_ref:
 * @acl: a list
 *
 * Returns: (transfer full): @acl; any thread may do it
 */
GsockAcl *
gsock_acl_ref (GsockAcl *acl)
{
  return g_atomic_rc_box_acquire (acl);
}

/**
 * gsock_acl_unref:
 * @acl: (transfer full): a list
 *
 * Gives a reference back; the last one frees it.  Any thread may do it.
 */
void
gsock_acl_unref (GsockAcl *acl)
{
  g_atomic_rc_box_release_full (acl, acl_clear);
}

/* --- The rules of a source --------------------------------------------- */

/* Rules on their way into a list; lives on the stack. */
typedef struct
{
  GsockAcl *acl;
  GArray *rules;
  gboolean allow;
} Addition;

static gboolean
add_rule_cb (const char *text, gpointer data, GError **error)
{
  Addition *addition = data;
  GsockAclRule rule = { .allow = addition->allow };

  if (!gsock_acl_rule_parse (&rule, text, error))
    return FALSE;
  rule.text = g_string_chunk_insert_const (addition->acl->texts, text);
  g_array_append_val (addition->rules, rule);
  return TRUE;
}

static gboolean
add_source (GsockAcl *acl, GArray *rules, const Source *source, GError **error)
{
  Addition addition = { acl, rules, source->allow };
  g_autofree char *name = NULL;

  if (source->path == NULL)
    return add_rule_cb (source->text, &addition, error);
  name = gsock_escape_brief (source->text + 1);
  return gsock_acl_file_read (source->path, name, add_rule_cb, &addition,
                              error);
}

/* --- The list ---------------------------------------------------------- */

static GArray *
get_rules (const GsockAcl *acl, guint *has)
{
  GArray *rules;

  g_mutex_lock (acl->mutex);
  rules = g_array_ref (acl->rules);
  *has = acl->has;
  g_mutex_unlock (acl->mutex);
  return rules;
}

static void
take_rules (GsockAcl *acl, GArray *rules, guint more)
{
  GArray *old;

  g_mutex_lock (acl->mutex);
  old = acl->rules;
  acl->rules = rules;
  acl->has |= more;
  g_mutex_unlock (acl->mutex);
  g_array_unref (old);
}

static GArray *
copy_rules (const GsockAcl *acl)
{
  guint has;
  g_autoptr (GArray) old = get_rules (acl, &has);
  GArray *rules = rules_new ();

  for (guint i = 0; i < old->len; i++)
    {
      GsockAclRule rule = g_array_index (old, GsockAclRule, i);

      if (rule.mask != NULL)
        g_object_ref (rule.mask);
      g_array_append_val (rules, rule);
    }
  return rules;
}

static Source *
source_new (gboolean allow, const char *text)
{
  Source *source = g_new0 (Source, 1);

  source->allow = allow;
  source->text = g_strdup (text);
  if (*text == '@')
    source->path = g_canonicalize_filename (text + 1, NULL);
  return source;
}

/**
 * gsock_acl_add:
 * @acl: a list
 * @allow: %TRUE for --allow, %FALSE for --deny
 * @rule: CIDR, address, `uid:ID|NAME`, `gid:ID|NAME` or `@FILE`
 * @error: %GSOCK_ERROR_USAGE; names the rule and, of a file, its line
 *
 * Adds @rule behind those that are there.  After an error @acl is as before.
 * The main thread's.
 *
 * Returns: %TRUE if it was added
 */
gboolean
gsock_acl_add (GsockAcl *acl, gboolean allow, const char *rule, GError **error)
{
  g_autoptr (GArray) rules = NULL;
  Source *source;

  if (strcmp (rule, "@") == 0)
    return gsock_acl_rule_refuse (rule, error);
  rules = copy_rules (acl);
  source = source_new (allow, rule);
  if (!add_source (acl, rules, source, error))
    {
      source_free (source);
      return FALSE;
    }
  g_ptr_array_add (acl->sources, source);
  take_rules (acl, g_steal_pointer (&rules),
              allow ? HAS_RULES | HAS_ALLOW : HAS_RULES);
  return TRUE;
}

/**
 * gsock_acl_reload:
 * @acl: a list
 * @error: as gsock_acl_add() has it
 *
 * Reads every `@FILE` again and looks names of users and groups up again.
 * After an error all rules are the old ones.  The main thread's.
 *
 * Returns: %TRUE if the new rules are in force
 */
gboolean
gsock_acl_reload (GsockAcl *acl, GError **error)
{
  g_autoptr (GArray) rules = rules_new ();

  for (guint i = 0; i < acl->sources->len; i++)
    if (!add_source (acl, rules, g_ptr_array_index (acl->sources, i), error))
      return FALSE;
  take_rules (acl, g_steal_pointer (&rules), 0);
  return TRUE;
}

/**
 * gsock_acl_get_files:
 * @acl: a list
 *
 * Returns: (transfer container): the paths that a reload reads; NULL ends
 */
const char **
gsock_acl_get_files (const GsockAcl *acl)
{
  const char **files = g_new0 (const char *, acl->sources->len + 1);
  gsize n = 0;

  for (guint i = 0; i < acl->sources->len; i++)
    {
      const Source *source = g_ptr_array_index (acl->sources, i);

      if (source->path != NULL)
        files[n++] = source->path;
    }
  return files;
}

/**
 * gsock_acl_is_empty:
 * @acl: a list
 *
 * Returns: %TRUE if nothing was ever added, not even an empty `@FILE`
 */
gboolean
gsock_acl_is_empty (const GsockAcl *acl)
{
  guint has;

  g_array_unref (get_rules (acl, &has));
  return has == 0;
}

/* --- The question ------------------------------------------------------ */

static gboolean
is_unknown (const GsockPeer *peer)
{
  if (peer->family == AF_UNIX)
    return peer->local.uid == (uid_t) -1;
  return peer->family != AF_INET && peer->family != AF_INET6;
}

/* NULL for a peer that has none. */
static GInetAddress *
peer_address (const GsockPeer *peer)
{
  if (peer->family == AF_INET)
    return g_inet_address_new_from_bytes (peer->inet.address,
                                          G_SOCKET_FAMILY_IPV4);
  if (peer->family == AF_INET6)
    return g_inet_address_new_from_bytes (peer->inet.address,
                                          G_SOCKET_FAMILY_IPV6);
  return NULL;
}

/**
 * gsock_acl_allows:
 * @acl: a list
 * @peer: who wants to connect
 * @rule: (out) (optional) (nullable) (transfer none): the text of the rule
 *   that decided, or %NULL for the default; owned by @acl, valid as long as
 *   it, also over reloads
 *
 * The first rule that matches @peer decides.  Without one it is denied if
 * there was an --allow, were it an empty `@FILE`, and allowed otherwise.  A
 * peer that the kernel can't name is denied by any list that isn't empty.
 * Any thread may ask.
 *
 * Returns: %TRUE if @peer may connect
 */
gboolean
gsock_acl_allows (const GsockAcl *acl, const GsockPeer *peer, const char **rule)
{
  guint has;
  g_autoptr (GArray) rules = get_rules (acl, &has);
  g_autoptr (GInetAddress) address = NULL;

  if (rule != NULL)
    *rule = NULL;
  if (has == 0)
    return TRUE;
  if (is_unknown (peer))
    return FALSE;

  address = peer_address (peer);
  for (guint i = 0; i < rules->len; i++)
    {
      const GsockAclRule *candidate = &g_array_index (rules, GsockAclRule, i);

      if (!gsock_acl_rule_matches (candidate, peer, address))
        continue;
      if (rule != NULL)
        *rule = candidate->text;
      return candidate->allow;
    }
  return (has & HAS_ALLOW) == 0;
}

/**
 * gsock_acl_names_users:
 * @acl: a list
 *
 * Networks don't count: a local peer is in none.  A group does, as whoever is
 * in it is not named.  An `@FILE` may change the answer when it is reloaded.
 *
 * Returns: %TRUE if the local peers @acl lets in are users it names
 */
gboolean
gsock_acl_names_users (const GsockAcl *acl)
{
  guint has;
  g_autoptr (GArray) rules = get_rules (acl, &has);
  gboolean named = FALSE;

  for (guint i = 0; i < rules->len; i++)
    {
      const GsockAclRule *rule = &g_array_index (rules, GsockAclRule, i);

      if (rule->allow && rule->kind == GSOCK_ACL_RULE_GID)
        return FALSE;
      named = named || (rule->allow && rule->kind == GSOCK_ACL_RULE_UID);
    }
  return named;
}
