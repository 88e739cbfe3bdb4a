/* readline.h: GNU readline, loaded when the first line is to be edited
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdio.h>

#include <glib.h>

#include <readline/history.h>
#include <readline/readline.h>

G_BEGIN_DECLS

/* Each symbol that we use of it. */
#define GSOCK_READLINE_SYMBOLS(USE) \
  USE (add_history) \
  USE (append_history) \
  USE (history_base) \
  USE (history_get) \
  USE (history_length) \
  USE (history_truncate_file) \
  USE (read_history) \
  USE (rl_bind_key) \
  USE (rl_callback_handler_install) \
  USE (rl_callback_handler_remove) \
  USE (rl_callback_read_char) \
  USE (rl_catch_signals) \
  USE (rl_catch_sigwinch) \
  USE (rl_change_environment) \
  USE (rl_clear_visible_line) \
  USE (rl_deprep_terminal) \
  USE (rl_forced_update_display) \
  USE (rl_insert) \
  USE (rl_on_new_line) \
  USE (rl_outstream) \
  USE (rl_prep_terminal) \
  USE (rl_readline_name) \
  USE (rl_redisplay) \
  USE (rl_resize_terminal) \
  USE (rl_variable_bind) \
  USE (using_history)

/* Pointers to its functions and variables, by the names they have there. */
typedef struct
{
#define GSOCK_READLINE_MEMBER(symbol) __typeof__ (symbol) *symbol;
  GSOCK_READLINE_SYMBOLS (GSOCK_READLINE_MEMBER)
#undef GSOCK_READLINE_MEMBER
} GsockReadline;

/* NULL with GSOCK_ERROR_FAILED where this machine has none.  Never unloaded. */
const GsockReadline *gsock_readline_load (GError **error);

G_END_DECLS
