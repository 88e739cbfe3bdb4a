/* srv-system.c: asks the system's name servers for the hosts of a service
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* As getaddrinfo, res_nquery has no time limit of ours and can't be ended, so it
 * runs in a thread of its own, which nobody waits for.  Not res_nsearch: a
 * service's name is a whole one, and in another domain it is another's.  The
 * answer is taken apart here: what would do it is in a library of its own, which
 * every start would pay for. */

#include "config.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <resolv.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/call.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/log.h"
#include "core/srv-private.h"

/* The longest message there is. */
#define ANSWER_MAX 65535

/* Handed over whole from one thread to the other, but for @srv, which the
 * asker's thread alone looks at. */
typedef struct
{
  GsockSrv *srv;
  GMainContext *context;
  char *name;
  int result;  /* bytes of the answer, or -1 */
  int problem; /* h_errno */
  GPtrArray *hosts;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_clear_pointer (&question->srv, srv_free);
  g_clear_pointer (&question->hosts, g_ptr_array_unref);
  g_main_context_unref (question->context);
  g_free (question->name);
  g_free (question);
}

/* --- The message --------------------------------------------------------- */

/* What is left of a message. */
typedef struct
{
  const guint8 *start, *at, *end;
} Message;

static gboolean
skip (Message *message, gsize size)
{
  if ((gsize) (message->end - message->at) < size)
    return FALSE;
  message->at += size;
  return TRUE;
}

static gboolean
skip_name (Message *message)
{
  int size = dn_skipname (message->at, message->end);

  return size >= 0 && skip (message, (gsize) size);
}

static guint16
read_16 (const guint8 *at)
{
  return (guint16) (at[0] << 8 | at[1]);
}

/* One record; one of another type (the aliases on the way) says nothing here. */
static gboolean
read_record (Message *message, GPtrArray *hosts)
{
  const guint8 *head;
  char host[NS_MAXDNAME];
  guint16 size;

  if (!skip_name (message))
    return FALSE;
  head = message->at;
  if (!skip (message, NS_RRFIXEDSZ))
    return FALSE;
  size = read_16 (head + 8);
  if (!skip (message, size))
    return FALSE;
  if (read_16 (head) != ns_t_srv)
    return TRUE;
  head += NS_RRFIXEDSZ;
  if (size < 7
      || dn_expand (message->start, message->at, head + 6, host, sizeof host)
             < 0)
    return FALSE;
  g_ptr_array_add (hosts,
                   gsock_srv_host_new (read_16 (head), read_16 (head + 2),
                                       read_16 (head + 4), host));
  return TRUE;
}

/**
 * gsock_srv_parse:
 * @data: a DNS message; may hold anything
 * @size: its bytes
 *
 * Returns: (transfer full) (nullable) (element-type GsockSrvHost): its answers of
 *   type SRV, in its order; %NULL where it can't be read
 */
GPtrArray *
gsock_srv_parse (const guint8 *data, gsize size)
{
  g_autoptr (GPtrArray) hosts = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_srv_host_free);
  Message message = { .start = data, .at = data, .end = data + size };
  guint questions, answers;

  if (!skip (&message, NS_HFIXEDSZ))
    return NULL;
  questions = read_16 (data + 4);
  answers = read_16 (data + 6);
  for (guint i = 0; i < questions; i++)
    if (!skip_name (&message) || !skip (&message, NS_QFIXEDSZ))
      return NULL;
  for (guint i = 0; i < answers; i++)
    if (!read_record (&message, hosts))
      return NULL;
  return g_steal_pointer (&hosts);
}

/* --- Errors -------------------------------------------------------------- */

static GError *
new_error (const Question *question)
{
  g_autofree char *name = gsock_escape (question->name, -1);

  switch (question->problem)
    {
    case HOST_NOT_FOUND:
      return g_error_new (GSOCK_ERROR, GSOCK_ERROR_NAME,
                          /* TRANSLATORS: a service: _imap._tcp.example.org. */
                          _ ("DNS knows no service '%s'"), name);
    case NO_DATA:
      return g_error_new (GSOCK_ERROR, GSOCK_ERROR_NAME,
                          _ ("DNS names no host for '%s'"), name);
    case TRY_AGAIN:
      return g_error_new (
          GSOCK_ERROR, GSOCK_ERROR_NAME,
          _ ("The hosts of '%s' can't be found out now: no name "
             "server answers"),
          name);
    default:
      return g_error_new (GSOCK_ERROR, GSOCK_ERROR_NAME,
                          _ ("The hosts of '%s' can't be found out: the name "
                             "server's answer is of no use"),
                          name);
    }
}

static const char *
problem_name (int problem)
{
  switch (problem)
    {
    case HOST_NOT_FOUND:
      return "HOST_NOT_FOUND";
    case NO_DATA:
      return "NO_DATA";
    case TRY_AGAIN:
      return "TRY_AGAIN";
    default:
      return "NO_RECOVERY";
    }
}

/* --- Asking -------------------------------------------------------------- */

static void
tell (const Question *question)
{
  const char *tail = question->result < 0 ? problem_name (question->problem)
                                          : NULL;
  g_autofree char *name = gsock_escape (question->name, -1);

  gsock_call (GSOCK_CALL_RES_NQUERY, NULL, question->result, 0, tail,
              "\"%s\", C_IN, T_SRV", name);
}

static gboolean
answered_cb (gpointer data)
{
  Question *question = data;
  GsockSrv *srv = g_steal_pointer (&question->srv);
  g_autoptr (GError) error = NULL;

  if (srv->func != NULL && gsock_explaining ())
    tell (question);
  if (question->hosts == NULL)
    error = new_error (question);
  gsock_srv_answer (srv, g_steal_pointer (&question->hosts), error);
  return G_SOURCE_REMOVE;
}

static void
ask (Question *question)
{
  g_autofree guint8 *answer = g_malloc (ANSWER_MAX);
  struct __res_state state;

  memset (&state, 0, sizeof state);
  question->result = -1;
  question->problem = NO_RECOVERY;
  if (res_ninit (&state) != 0)
    return;
  question->result = res_nquery (&state, question->name, ns_c_in, ns_t_srv,
                                 answer, ANSWER_MAX);
  question->problem = state.res_h_errno;
  res_nclose (&state);
  if (question->result < 0)
    return;
  question->problem = NO_RECOVERY; /* if it can't be read */
  question->hosts = gsock_srv_parse (
      answer, MIN ((gsize) question->result, ANSWER_MAX));
}

static gpointer
ask_thread (gpointer data)
{
  Question *question = data;
  g_autoptr (GSource) source = g_idle_source_new ();

  ask (question);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, answered_cb, question, question_free);
  g_source_attach (source, question->context);
  return NULL;
}

/* One that is cancelled stays until its thread has come back. */
void
srv_ask_system (GsockSrv *srv)
{
  Question *question = g_new0 (Question, 1);
  GThread *thread;

  question->srv = srv;
  question->context = g_main_context_ref (srv->context);
  question->name = g_strdup (srv->name);
  thread = g_thread_try_new ("gsock-names", ask_thread, question, NULL);
  if (thread != NULL)
    g_thread_unref (thread);
  else
    ask_thread (question); /* no thread to be had: everybody waits */
}
