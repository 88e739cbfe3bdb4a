/* acl-rule.c: one rule: an address, a network, a user or a group
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <glib/gi18n-lib.h>

#include "core/account.h"
#include "core/acl-private.h"
#include "core/error.h"
#include "core/escape.h"

static gboolean
refuse_account (const char *text, gboolean user, int errnum, GError **error)
{
  g_autofree char *rule = gsock_escape_brief (text);

  if (errnum == EINVAL)
    return gsock_refuse (error,
                         user ? _ ("The rule '%s' needs a user: a name, or a "
                                   "number under %u")
                              : _ ("The rule '%s' needs a group: a name, or a "
                                   "number under %u"),
                         rule, G_MAXUINT32);
  if (errnum == ENOENT)
    return gsock_refuse (error,
                         user ? _ ("The rule '%s': this machine has no such "
                                   "user")
                              : _ ("The rule '%s': this machine has no such "
                                   "group"),
                         rule);
  gsock_set_error_errno (error, GSOCK_ERROR_USAGE, errnum,
                         user ? _ ("The rule '%s': the user can't be looked "
                                   "up")
                              : _ ("The rule '%s': the group can't be looked "
                                   "up"),
                         rule);
  return FALSE;
}

static gboolean
parse_user (GsockAclRule *rule, const char *text, GError **error)
{
  int errnum = gsock_find_user (text + strlen ("uid:"), &rule->id);

  rule->kind = GSOCK_ACL_RULE_UID;
  return errnum == 0 || refuse_account (text, TRUE, errnum, error);
}

static gboolean
parse_group (GsockAclRule *rule, const char *text, GError **error)
{
  int errnum = gsock_find_group (text + strlen ("gid:"), &rule->id);

  rule->kind = GSOCK_ACL_RULE_GID;
  return errnum == 0 || refuse_account (text, FALSE, errnum, error);
}

/* The network that @address with @length bits lies in, as text. */
static char *
network_text (GInetAddress *address, guint length)
{
  gsize size = g_inet_address_get_native_size (address);
  guint8 bytes[16];
  g_autoptr (GInetAddress) network = NULL;
  g_autofree char *text = NULL;

  memcpy (bytes, g_inet_address_to_bytes (address), size);
  for (gsize bit = length; bit < size * 8; bit++)
    bytes[bit / 8] &= (guint8) ~(0x80 >> bit % 8);
  network = g_inet_address_new_from_bytes (bytes,
                                           g_inet_address_get_family (address));
  text = g_inet_address_to_string (network);
  return g_strdup_printf ("%s/%u", text, length);
}

/* Peers are told by the IPv4 address that is mapped into their IPv6 one (see
 * peer.c), so a rule over mapped addresses is one over IPv4 addresses. */
static void
fold_mapped (GInetAddress **address, guint *length)
{
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
  const guint8 *bytes = g_inet_address_to_bytes (*address);
  GInetAddress *folded;

  if (g_inet_address_get_family (*address) != G_SOCKET_FAMILY_IPV6
      || *length < 96 || memcmp (bytes, mapped, sizeof mapped) != 0)
    return;
  folded = g_inet_address_new_from_bytes (bytes + 12, G_SOCKET_FAMILY_IPV4);
  g_object_unref (*address);
  *address = folded;
  *length -= 96;
}

/* @slash points behind the '/', or is NULL for all of the address. */
static gboolean
parse_length (GInetAddress *address, const char *text, const char *slash,
              guint *length, GError **error)
{
  guint maximum = (guint) g_inet_address_get_native_size (address) * 8;
  guint64 number = maximum;
  g_autofree char *rule = gsock_escape_brief (text);

  if (slash != NULL
      && !g_ascii_string_to_unsigned (slash, 10, 0, maximum, &number, NULL))
    return gsock_refuse (error,
                         _ ("The rule '%s' needs a number of bits from 0 to %u "
                            "after the '/'"),
                         rule, maximum);
  *length = (guint) number;
  return TRUE;
}

/**
 * gsock_acl_rule_refuse:
 * @text: what is no rule
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %FALSE
 */
gboolean
gsock_acl_rule_refuse (const char *text, GError **error)
{
  g_autofree char *rule = gsock_escape_brief (text);

  return gsock_refuse (
      error,
      _ ("'%s' is not a rule; write an address, a network as in "
         "10.0.0.0/8, uid:USER, gid:GROUP or @FILE"),
      rule);
}

static gboolean
parse_mask (GsockAclRule *rule, const char *text, GError **error)
{
  gsize size = strcspn (text, "/");
  const char *slash = text[size] == '/' ? text + size + 1 : NULL;
  g_autofree char *head = g_strndup (text, size);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (head);
  g_autofree char *word = NULL;
  g_autofree char *write = NULL;
  guint length = 0;

  if (address == NULL)
    return gsock_acl_rule_refuse (text, error);
  if (!parse_length (address, text, slash, &length, error))
    return FALSE;
  fold_mapped (&address, &length);
  rule->kind = GSOCK_ACL_RULE_MASK;
  rule->mask = g_inet_address_mask_new (address, length, NULL);
  if (rule->mask != NULL)
    return TRUE;

  word = gsock_escape_brief (text);
  write = network_text (address, length);
  return gsock_refuse (
      error,
      _ ("The rule '%s' has bits after its prefix, so it may not "
         "mean what it says; write %s, or the address alone"),
      word, write);
}

/**
 * gsock_acl_rule_parse:
 * @rule: (out): the rule; who adds it to a list sets @allow and @text
 * @text: CIDR, address, `uid:ID|NAME` or `gid:ID|NAME`
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %TRUE if @text is a rule
 */
gboolean
gsock_acl_rule_parse (GsockAclRule *rule, const char *text, GError **error)
{
  if (g_str_has_prefix (text, "uid:"))
    return parse_user (rule, text, error);
  if (g_str_has_prefix (text, "gid:"))
    return parse_group (rule, text, error);
  return parse_mask (rule, text, error);
}

/**
 * gsock_acl_rule_matches:
 * @rule: a rule
 * @peer: who wants to connect
 * @address: (nullable): that of @peer; many rules ask for the same one
 *
 * Returns: %TRUE if @rule is about @peer
 */
gboolean
gsock_acl_rule_matches (const GsockAclRule *rule, const GsockPeer *peer,
                        GInetAddress *address)
{
  if (rule->kind == GSOCK_ACL_RULE_MASK)
    return address != NULL && g_inet_address_mask_matches (rule->mask, address);
  if (peer->family != AF_UNIX)
    return FALSE;
  if (rule->kind == GSOCK_ACL_RULE_UID)
    return peer->local.uid == rule->id;
  return peer->local.gid == rule->id;
}
