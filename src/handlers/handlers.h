/* handlers.h: the table of handlers, and what each one is given
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/connection.h"
#include "core/input.h"
#include "core/output.h"

G_BEGIN_DECLS

/* Each takes its own struct as GsockConnectionConfig.handler_data; all belong
 * to the main thread. */
extern const GsockHandler gsock_echo_handler;    /* handler_data: NULL */
extern const GsockHandler gsock_discard_handler; /* handler_data: NULL */
extern const GsockHandler gsock_greet_handler;   /* handler_data: GBytes */
extern const GsockHandler gsock_chat_handler;    /* handler_data: GsockChat */
extern const GsockHandler
    gsock_forward_handler;                     /* handler_data: GsockForward */
extern const GsockHandler gsock_print_handler; /* handler_data: GsockPrint */
extern const GsockHandler gsock_stdio_handler; /* handler_data: GsockStdio */
extern const GsockHandler gsock_exec_handler;  /* handler_data: GsockExec */

/* By name; NULL where there is none. */
const GsockHandler *gsock_handler_find (const char *name);

/* How many of @size bytes are shown as a line: where the socket keeps messages
 * apart, one LF at the end (others' tools send it along) is no part of it. */
gsize gsock_handler_line_size (const GsockConnection *connection,
                               const char *data, gsize size);

/* The lab sheet's greeting, with its LF. */
#define GSOCK_GREETING "This is a test string from server!\n"

G_END_DECLS
