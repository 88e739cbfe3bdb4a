/* resolve-system.c: asks the system for the addresses of a name
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* getaddrinfo() has no time limit and can't be ended, so it runs in a thread of
 * its own, which nobody waits for: what it was asked goes to it whole and comes
 * back whole, as a source of the context that asked. */

#include "config.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>

#include "core/call.h"
#include "core/log.h"
#include "core/resolve-private.h"

/* Handed over whole from one thread to the other, but for @resolve, which the
 * asker's thread alone looks at. */
typedef struct
{
  GsockResolve *resolve; /* NULL: nobody wants the answer any more */
  GMainContext *context;
  char *host;
  guint16 port;
  int family;
  int type;
  int result;
  int errnum;
  GArray *addresses; /* (element-type GsockAddress) */
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_clear_pointer (&question->resolve, resolve_free);
  g_main_context_unref (question->context);
  g_free (question->host);
  g_array_unref (question->addresses);
  g_free (question);
}

static void
question_add (Question *question, const struct addrinfo *info)
{
  for (; info != NULL; info = info->ai_next)
    {
      GsockAddress address = { .size = info->ai_addrlen };

      if (info->ai_family != AF_INET && info->ai_family != AF_INET6)
        continue;
      memcpy (&address.storage, info->ai_addr, info->ai_addrlen);
      g_array_append_val (question->addresses, address);
    }
}

static void
tell_getaddrinfo (const Question *question)
{
  g_autofree char *list = gsock_address_list_hosts (question->addresses);

  gsock_call (GSOCK_CALL_GETADDRINFO, NULL, question->result,
              question->result == EAI_SYSTEM ? question->errnum : 0,
              list[0] != '\0' ? list : NULL, "\"%s\", \"%u\", {%s, %s}",
              question->host, question->port,
              gsock_call_family (question->family),
              gsock_call_type (question->type));
}

static gboolean
answered_cb (gpointer data)
{
  Question *question = data;
  GsockResolve *resolve = g_steal_pointer (&question->resolve);

  if (resolve == NULL)
    return G_SOURCE_REMOVE;
  if (gsock_explaining ())
    tell_getaddrinfo (question);
  resolve_answer (resolve, question->addresses, question->result,
                  question->errnum);
  return G_SOURCE_REMOVE;
}

static gpointer
ask_thread (gpointer data)
{
  Question *question = data;
  /* One of each: without a type, an address comes once for each type. */
  struct addrinfo hints = { .ai_family = question->family,
                            .ai_socktype = question->type,
                            .ai_flags = AI_NUMERICSERV };
  struct addrinfo *info = NULL;
  g_autofree char *port = g_strdup_printf ("%u", question->port);
  g_autoptr (GSource) source = g_idle_source_new ();

  question->result = getaddrinfo (question->host, port, &hints, &info);
  question->errnum = errno;
  if (question->result == 0)
    {
      question_add (question, info);
      freeaddrinfo (info);
    }
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, answered_cb, question, question_free);
  g_source_attach (source, question->context);
  return NULL;
}

/* The question goes on alone; its thread may be the last to know it. */
static void
cancel (GsockResolve *resolve)
{
  Question *question = resolve->asked;

  question->resolve = NULL;
  resolve_free (resolve);
}

void
resolve_ask_system (GsockResolve *resolve, const char *host)
{
  Question *question = g_new0 (Question, 1);
  GThread *thread;

  question->resolve = resolve;
  question->context = g_main_context_ref (resolve->context);
  question->host = g_strdup (host);
  question->port = gsock_endpoint_get_port (resolve->endpoint);
  question->family = resolve->wish.family;
  question->type = gsock_endpoint_get_socket_type (resolve->endpoint);
  question->addresses = g_array_new (FALSE, FALSE, sizeof (GsockAddress));
  resolve->asked = question;
  resolve->cancel = cancel;
  thread = g_thread_try_new ("gsock-names", ask_thread, question, NULL);
  if (thread != NULL)
    g_thread_unref (thread);
  else
    ask_thread (question); /* no thread to be had: everybody waits */
}
