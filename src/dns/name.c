/* name.c: names as the wire has them, compared and taken apart
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "dns/name.h"

/**
 * gsock_dns_name_equal:
 * @a: a name
 * @b: another
 *
 * Sizes of labels are no letters, so they are never taken for such.
 *
 * Returns: %TRUE if DNS takes them for the same
 */
gboolean
gsock_dns_name_equal (GsockDnsName a, GsockDnsName b)
{
  if (a.size != b.size)
    return FALSE;
  for (gsize i = 0; i < a.size; i++)
    if (g_ascii_tolower ((char) a.data[i])
        != g_ascii_tolower ((char) b.data[i]))
      return FALSE;
  return TRUE;
}

/**
 * gsock_dns_name_parent:
 * @name: a name
 *
 * Returns: the rest of it behind its first label
 */
GsockDnsName
gsock_dns_name_parent (GsockDnsName name)
{
  gsize step;

  if (name.size <= 1 || name.data[0] == 0)
    return name;
  step = MIN ((gsize) name.data[0] + 1, name.size - 1);
  return (GsockDnsName) { name.data + step, name.size - step };
}

/**
 * gsock_dns_name_is_within:
 * @name: a name
 * @zone: where it may be
 *
 * Returns: %TRUE if @name is @zone, or below it
 */
gboolean
gsock_dns_name_is_within (GsockDnsName name, GsockDnsName zone)
{
  while (name.size > zone.size && name.size > 1)
    name = gsock_dns_name_parent (name);
  return gsock_dns_name_equal (name, zone);
}

/**
 * gsock_dns_name_labels:
 * @name: a name
 *
 * Returns: how many labels it has
 */
guint
gsock_dns_name_labels (GsockDnsName name)
{
  guint labels = 0;

  for (; name.size > 1; name = gsock_dns_name_parent (name))
    labels++;
  return labels;
}

/**
 * gsock_dns_name_last:
 * @name: a name
 * @labels: how many of its labels
 *
 * Returns: the name of its last @labels labels
 */
GsockDnsName
gsock_dns_name_last (GsockDnsName name, guint labels)
{
  for (guint left = gsock_dns_name_labels (name); left > labels; left--)
    name = gsock_dns_name_parent (name);
  return name;
}
