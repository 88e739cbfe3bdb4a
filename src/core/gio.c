/* gio.c: what core does with GIO, for programs that are linked with it
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* To load GIO takes as long as all the rest of a client that sends one message.
 * So core calls what needs it through a pointer or from a file of its own, and
 * a program that never says gsock_use_gio() is linked without it. */

#include "config.h"

#include "core/gio.h"

#include <gio/gio.h>

#include "core/event.h"
#include "core/resolve-gio.h"
#include "core/srv-gio.h"

/* GLib's enumerations know their names: "connection-refused". */
static char *
name_error (const GError *error)
{
  g_autoptr (GEnumClass) names = NULL;
  const GEnumValue *value = NULL;

  if (error->domain == G_IO_ERROR)
    names = g_type_class_ref (G_TYPE_IO_ERROR_ENUM);
  else if (error->domain == G_RESOLVER_ERROR)
    names = g_type_class_ref (G_TYPE_RESOLVER_ERROR);
  else if (error->domain == G_TLS_ERROR)
    names = g_type_class_ref (G_TYPE_TLS_ERROR);
  if (names != NULL)
    value = g_enum_get_value (names, error->code);
  return value != NULL ? g_strdup (value->value_nick) : NULL;
}

/**
 * gsock_use_gio:
 *
 * Names and services may be asked of a GResolver, and GIO's errors have their
 * names in JSON.  At start, by the main thread.
 */
void
gsock_use_gio (void)
{
  gsock_event_set_error_namer (name_error);
  gsock_resolve_use_gio ();
  gsock_srv_use_gio ();
}
