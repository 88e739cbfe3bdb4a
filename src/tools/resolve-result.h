/* resolve-result.h: what is known of one name, and how it is printed
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "dns/answer.h"
#include "dns/system.h"

G_BEGIN_DECLS

/* Main thread. */
typedef struct
{
  char *asked;        /* as the user wrote it */
  char *host;         /* as DNS has it */
  const char *source; /* who was asked: "system", "dns", "both" */
  GPtrArray *answers; /* (element-type GsockDnsAnswer) of DNS, or NULL */
  GsockNames *names;  /* what the system said, or NULL */
  gboolean compared;  /* both have said all about the addresses */
  GError *error;      /* why there is no answer, or not all of it */
  gint64 duration;    /* µs */
} GsockResult;

void gsock_result_clear (GsockResult *result);

/* A block for people, in their language; or with @brief the answers alone, one
 * a line.  Nothing where there is an error only. */
void gsock_result_append_text (GString *string, const GsockResult *result,
                               gboolean brief);
/* One JSON object and a newline, errors too. */
void gsock_result_append_json (GString *string, const GsockResult *result);

/* @value: NULL: nothing is written. */
void gsock_result_append_member (GString *string, const char *key,
                                 const char *value);

/* Calls @func with each GsockDnsRecord, repeated ones once; with @brief those
 * of what was found alone. */
void gsock_result_foreach_record (const GsockResult *result, gboolean brief,
                                  GFunc func, gpointer data);
/* (element-type utf8) Adds the addresses that only one of the two has; TRUE if
 * there is one that both have.  Of a @result that is compared. */
gboolean gsock_result_differences (const GsockResult *result, GPtrArray *system,
                                   GPtrArray *dns);

/* What DNSSEC says: a line in the user's language, or a member of JSON, where
 * it was asked. */
void gsock_result_append_security_text (GString *string,
                                        const GsockResult *result);
void gsock_result_append_security_json (GString *string,
                                        const GsockResult *result);
gboolean gsock_result_is_doubtful (const GsockResult *result);
/* GSOCK_ERROR_BOGUS; TRUE if it was set. */
gboolean gsock_answers_set_bogus_error (const GPtrArray *answers,
                                        const char *host, GError **error);

/* The steps of traces, a line each in the user's language; a member of JSON,
 * where there are any. */
void gsock_result_append_steps_text (GString *string,
                                     const GsockResult *result);
void gsock_result_append_steps_json (GString *string,
                                     const GsockResult *result);

/* --families, a table in the user's language; @json: an object a line. */
void gsock_families_append (GString *string, gboolean json);

G_END_DECLS
