/* acl-private.h: rules as the files of acl see them
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/acl.h"

G_BEGIN_DECLS

typedef enum
{
  GSOCK_ACL_RULE_MASK,
  GSOCK_ACL_RULE_UID,
  GSOCK_ACL_RULE_GID,
} GsockAclRuleKind;

/* Never changed once it is in a list. */
typedef struct
{
  GsockAclRuleKind kind;
  gboolean allow;
  guint32 id;             /* of UID and GID */
  GInetAddressMask *mask; /* of MASK */
  const char *text;       /* the list's */
} GsockAclRule;

/* acl-rule.c; GSOCK_ERROR_USAGE.  What is no rule at all is refused by the
 * second one, which returns FALSE. */
gboolean gsock_acl_rule_parse (GsockAclRule *rule, const char *text,
                               GError **error);
gboolean gsock_acl_rule_refuse (const char *text, GError **error);
/* @address: that of @peer, or NULL where it has none. */
gboolean gsock_acl_rule_matches (const GsockAclRule *rule,
                                 const GsockPeer *peer, GInetAddress *address);

/* acl-file.c: each rule of the file at @path goes to @add, until that returns
 * FALSE with an error.  @name, which errors begin with, is escaped. */
typedef gboolean (*GsockAclAddFunc) (const char *text, gpointer data,
                                     GError **error);
gboolean gsock_acl_file_read (const char *path, const char *name,
                              GsockAclAddFunc add, gpointer data,
                              GError **error);

G_END_DECLS
