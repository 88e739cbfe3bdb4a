/* server-options.c: what gsock-server's command line can say, checked
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tools/server-options.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "core/account.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/log.h"
#include "core/units.h"
#include "handlers/exec.h"
#include "handlers/handlers.h"
#include "tools/options.h"
#include "tools/send-proxy.h"
#include "tools/tls-options.h"

#define GRACE (5 * G_TIME_SPAN_SECOND)
#define MAX_WORKERS 256u
/* A client that was told all (a greeting) has so long to close its end. */
#define LINGER (5 * G_TIME_SPAN_SECOND)

static GsockServerOptions options = {
  .grace = GRACE,
  .rights = { .mode = 0600, .owner = (uid_t) -1, .group = (gid_t) -1 },
};
static gboolean print, echo, greet, chat, discard, forwards, command;
static char *shell_text;

static gboolean
banner_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
           GError **error)
{
  return gsock_options_take_text (&options.banner, option, text, error);
}

static gboolean
greet_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
          GError **error)
{
  greet = TRUE;
  if (text == NULL)
    text = GSOCK_GREETING;
  return gsock_options_take_text (&options.greeting, option, text, error);
}

static gboolean
forward_cb (const char *option, const char *address,
            G_GNUC_UNUSED gpointer data, GError **error)
{
  forwards = TRUE;
  g_clear_pointer (&options.upstream, gsock_endpoint_unref);
  options.upstream = gsock_options_parse_address (
      address, GSOCK_ENDPOINT_FOR_CLIENT, error);
  return gsock_options_check (options.upstream != NULL, option, error);
}

static gboolean
rule_cb (const char *option, const char *rule, G_GNUC_UNUSED gpointer data,
         GError **error)
{
  if (options.acl == NULL)
    options.acl = gsock_acl_new ();
  return gsock_options_check (
      gsock_acl_add (options.acl, g_str_equal (option, "--allow"), rule, error),
      option, error);
}

static gboolean
balancer_cb (const char *option, const char *rule, G_GNUC_UNUSED gpointer data,
             GError **error)
{
  if (options.balancers == NULL)
    options.balancers = gsock_acl_new ();
  return gsock_options_check (
      gsock_acl_add (options.balancers, TRUE, rule, error), option, error);
}

static gboolean
workers_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
            GError **error)
{
  guint64 n;

  if (g_str_equal (text, "auto"))
    n = MIN (g_get_num_processors (), MAX_WORKERS);
  else if (!g_ascii_string_to_unsigned (text, 10, 1, MAX_WORKERS, &n, NULL))
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   /* TRANSLATORS: an option, its value, the largest one */
                   _ ("%s: '%s' is neither 'auto' nor a number from 1 to %u"),
                   option, text, MAX_WORKERS);
      return FALSE;
    }
  options.workers = (guint) n;
  return TRUE;
}

/* An octal number, as chmod takes it. */
static gboolean
mode_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
         GError **error)
{
  gsize digits = strspn (text, "01234567");
  guint64 mode = g_ascii_strtoull (text, NULL, 8);

  if (digits == 0 || digits > 5 || text[digits] != '\0' || mode > 0777)
    {
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   /* TRANSLATORS: an option, its value */
                   _ ("%s: '%s' is no file mode; write three octal digits, as "
                      "in 660"),
                   option, text);
      return FALSE;
    }
  options.rights.mode = (mode_t) mode;
  return TRUE;
}

static gboolean
find_user (const char *name, GError **error)
{
  if (gsock_find_user (name, &options.rights.owner) == 0)
    return TRUE;
  return gsock_refuse (error, _ ("There is no user '%s' here"), name);
}

static gboolean
find_group (const char *name, GError **error)
{
  if (gsock_find_group (name, &options.rights.group) == 0)
    return TRUE;
  return gsock_refuse (error, _ ("There is no group '%s' here"), name);
}

/* USER, USER:GROUP or :GROUP. */
static gboolean
owner_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
          GError **error)
{
  g_auto (GStrv) names = g_strsplit (text, ":", 2);
  const char *user = names[0] != NULL ? names[0] : "";
  const char *group = names[0] != NULL ? names[1] : NULL;

  gboolean found = TRUE;

  if (user[0] != '\0' || group == NULL)
    found = find_user (user, error);
  if (found && group != NULL)
    found = find_group (group, error);
  return gsock_options_check (found, option, error);
}

static gboolean
user_cb (const char *option, const char *text, G_GNUC_UNUSED gpointer data,
         GError **error)
{
  gsock_user_clear (&options.user);
  options.becomes = gsock_user_parse (&options.user, text, error);
  return gsock_options_check (options.becomes, option, error);
}

static const GOptionEntry mode_entries[] = {
  { "print", 0, GSOCK_OPTION_FLAG, &print,
    N_ ("print each message, send each line of stdin to all (default)"), NULL },
  { "echo", 0, GSOCK_OPTION_FLAG, &echo, N_ ("send back what comes"), NULL },
  { "greet", 0, G_OPTION_FLAG_FILENAME | G_OPTION_FLAG_OPTIONAL_ARG,
    G_OPTION_ARG_CALLBACK, greet_cb, N_ ("send a greeting and close"),
    N_ ("TEXT|@FILE") },
  { "chat", 0, GSOCK_OPTION_FLAG, &chat,
    N_ ("send each message to all other clients"), NULL },
  { "discard", 0, GSOCK_OPTION_FLAG, &discard, N_ ("read, count and forget"),
    NULL },
  { "forward", 0, GSOCK_OPTION_CALLBACK, forward_cb,
    N_ ("connect each client on to an address"), N_ ("ADDRESS") },
  { "sh", 0, GSOCK_OPTION_STRING, &shell_text,
    N_ ("run sh with this for each client, as COMMAND is"), N_ ("TEXT") },
  { "once", 0, GSOCK_OPTION_FLAG, &options.once,
    N_ ("serve one client, then exit; with --print, stdin goes to it"), NULL },
  G_OPTION_ENTRY_NULL,
};
static const GsockOptionGroup mode_group = { N_ ("Mode:"), mode_entries, NULL };

static const GOptionEntry message_entries[] = {
  { "tag", 0, GSOCK_OPTION_FLAG, &options.tag,
    N_ ("begin each printed message with its sender"), NULL },
  { "stop-word", 0, GSOCK_OPTION_STRING, &options.stop_word,
    N_ ("stop when any client sends this message; empty: never (quit, from "
        "your own processes on a UNIX socket)"),
    N_ ("WORD") },
  { "banner", 0, GSOCK_OPTION_CALLBACK, banner_cb,
    N_ ("send this to each client first"), N_ ("TEXT|@FILE") },
  G_OPTION_ENTRY_NULL,
};
static const GsockOptionGroup message_group = { N_ ("Messages:"),
                                                message_entries, NULL };

static const GOptionEntry access_entries[] = {
  { "allow", 0, GSOCK_OPTION_CALLBACK, rule_cb,
    N_ ("let in an address, CIDR block, uid:USER, gid:GROUP or the rules of "
        "@FILE; the first rule that fits decides"),
    N_ ("RULE") },
  { "deny", 0, GSOCK_OPTION_CALLBACK, rule_cb, N_ ("keep out, likewise"),
    N_ ("RULE") },
  { "accept-proxy", 0, GSOCK_OPTION_RARE_CALLBACK, balancer_cb,
    N_ ("balancers, and nobody else: each says first for whom it has "
        "connected, by HAProxy's PROXY protocol"),
    N_ ("RULE") },
  { "client-ca", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME,
    &options.client_ca,
    N_ ("let in over tls: only those whose certificate an authority in this "
        "file has signed"),
    N_ ("FILE") },
  { "max-connections", 'm', GSOCK_OPTION_CALLBACK, gsock_value_cb,
    N_ ("clients at once; more wait (what descriptors allow)"), N_ ("N") },
  { "max-per-host", 0, GSOCK_OPTION_RARE_CALLBACK, gsock_value_cb,
    N_ ("clients at once from one address"), N_ ("N") },
  G_OPTION_ENTRY_NULL,
};
static const GsockValue access_values[] = {
  { "--max-connections", GSOCK_VALUE_COUNT, &options.max_connections, 1,
    G_MAXUINT },
  { "--max-per-host", GSOCK_VALUE_COUNT, &options.max_per_host, 1, G_MAXUINT },
};
static const GsockOptionGroup access_group = { N_ ("Who may connect:"),
                                               access_entries, access_values };

static const GOptionEntry limit_entries[] = {
  { "accept-timeout", 0, GSOCK_OPTION_RARE_CALLBACK, gsock_value_cb,
    N_ ("fail if no client comes in this time"), N_ ("TIME") },
  { "exit-idle-time", 0, GSOCK_OPTION_RARE_CALLBACK, gsock_value_cb,
    N_ ("end after so long without a client"), N_ ("TIME") },
  { "grace", 0, GSOCK_OPTION_RARE_CALLBACK, gsock_value_cb,
    N_ ("when told to stop, give clients so long to finish (5s)"),
    N_ ("TIME") },
  { "workers", 0, GSOCK_OPTION_RARE_CALLBACK, workers_cb,
    N_ ("spread clients over N threads; auto: as many as there are "
        "processors (1)"),
    N_ ("N|auto") },
  G_OPTION_ENTRY_NULL,
};
static const GsockValue limit_values[] = {
  { "--accept-timeout", GSOCK_VALUE_TIME, &options.accept_timeout, 0, 0 },
  { "--exit-idle-time", GSOCK_VALUE_TIME, &options.exit_idle_time, 0, 0 },
  { "--grace", GSOCK_VALUE_TIME, &options.grace, 0, 0 },
};
static const GsockOptionGroup limit_group = { N_ ("Limits:"), limit_entries,
                                              limit_values };

static const GOptionEntry rights_entries[] = {
  { "user", 0, GSOCK_OPTION_RARE_CALLBACK, user_cb,
    N_ ("when all is bound, give up the rights of root for those of this "
        "user"),
    N_ ("NAME[:GROUP]") },
  G_OPTION_ENTRY_NULL,
};
static const GsockOptionGroup rights_group = { NULL, rights_entries, NULL };

static const GOptionEntry socket_entries[] = {
  { "mode", 0, GSOCK_OPTION_CALLBACK, mode_cb,
    N_ ("permissions of a socket file (0600)"), N_ ("MODE") },
  { "owner", 0, GSOCK_OPTION_RARE_CALLBACK, owner_cb,
    N_ ("owner of a socket file"), N_ ("USER[:GROUP]") },
  { "ready-fd", 0, GSOCK_OPTION_RARE_CALLBACK, gsock_value_cb,
    N_ ("write each bound address to this descriptor, then close it"),
    N_ ("N") },
  G_OPTION_ENTRY_NULL,
};
static const GsockValue socket_values[] = {
  { "--ready-fd", GSOCK_VALUE_COUNT, &options.ready_fd, 1, G_MAXINT },
};
static const GsockOptionGroup socket_group = { N_ ("Socket:"), socket_entries,
                                               socket_values };

const GsockOptionGroup *const gsock_server_option_groups[] = {
  &mode_group,
  &message_group,
  &gsock_options_frame,
  &access_group,
  &limit_group,
  &gsock_options_connect,
  &gsock_options_send_proxy,
  &gsock_options_limits,
  &gsock_options_tls,
  &socket_group,
  &rights_group,
  &gsock_options_socket,
  &gsock_options_shown,
  &gsock_options_events,
  &gsock_options_help,
  NULL,
};

/**
 * gsock_server_options_get:
 *
 * Returns: (transfer none): what the command line said
 */
const GsockServerOptions *
gsock_server_options_get (void)
{
  return &options;
}

/**
 * gsock_server_options_take_command:
 * @words: (nullable): what follows "--"
 * @error: %GSOCK_ERROR_USAGE
 *
 * Takes the command for each client, be it that or the text of --sh.
 *
 * Returns: FALSE where both were given, or an empty one
 */
gboolean
gsock_server_options_take_command (char **words, GError **error)
{
  const char *const shell[] = { "/bin/sh", "-c", shell_text, NULL };

  if (!gsock_tool_excludes (words != NULL, _ ("COMMAND"), shell_text != NULL,
                            "--sh", error))
    return FALSE;
  if (words != NULL && words[0] == NULL)
    return gsock_refuse (error, _ ("After -- a COMMAND is expected, as in "
                                   "\"gsock-server 3490 -- date\""));
  command = words != NULL || shell_text != NULL;
  if (command)
    options.command = g_strdupv (words != NULL ? words : (char **) shell);
  return TRUE;
}

/* An abstract name has no owner and no mode: any user of this machine would
 * run the command as us. */
static gboolean
check_abstract (const GPtrArray *endpoints, GError **error)
{
  if (!command || gsock_server_options_names_users ())
    return TRUE;
  for (guint i = 0; i < endpoints->len; i++)
    {
      const GsockEndpoint *endpoint = g_ptr_array_index (endpoints, i);
      g_autofree char *name = NULL;

      if (!gsock_endpoint_is_abstract (endpoint))
        continue;
      name = gsock_endpoint_to_display (endpoint);
      return gsock_refuse (
          error,
          /* TRANSLATORS: an abstract name, "@name"; an option */
          _ ("Every user of this machine can connect to %s, and would run the "
             "COMMAND with your rights; say who may with %s"),
          name, "--allow=uid:USER");
    }
  return TRUE;
}

/**
 * gsock_server_options_names_users:
 *
 * Returns: whether the rules let in only users that they name
 */
gboolean
gsock_server_options_names_users (void)
{
  return options.acl != NULL && gsock_acl_names_users (options.acl);
}

static const struct
{
  const char *option;
  const gboolean *given;
  const GsockHandler *handler;
} modes[] = {
  { "--print", &print, &gsock_print_handler },
  { "--echo", &echo, &gsock_echo_handler },
  { "--greet", &greet, &gsock_greet_handler },
  { "--chat", &chat, &gsock_chat_handler },
  { "--discard", &discard, &gsock_discard_handler },
  { "--forward", &forwards, &gsock_forward_handler },
  { "COMMAND", &command, &gsock_exec_handler },
};

/* Its row, the first if none was given; -1 with the error for two. */
static int
choose_mode (GError **error)
{
  int chosen = 0;

  for (int i = 1; i < (int) G_N_ELEMENTS (modes); i++)
    {
      if (!gsock_tool_excludes (*modes[chosen].given, _ (modes[chosen].option),
                                *modes[i].given, _ (modes[i].option), error))
        return -1;
      if (*modes[i].given)
        chosen = i;
    }
  return chosen;
}

/**
 * gsock_server_options_get_handler:
 * @error: %GSOCK_ERROR_USAGE
 *
 * With --once, the mode print is one end of a pipe: the stdio handler.
 *
 * Returns: (nullable): the handler
 */
const GsockHandler *
gsock_server_options_get_handler (GError **error)
{
  gboolean stops = options.stop_word != NULL;
  gboolean announces = gsock_send_proxy_get_version () != 0;
  int chosen = choose_mode (error);
  gboolean prints = chosen == 0;

  if (chosen < 0
      || !gsock_tool_requires (options.tag, "--tag", prints, "--print", error)
      || !gsock_tool_requires (announces, "--send-proxy", forwards, "--forward",
                               error)
      || !gsock_tool_requires (stops, "--stop-word", prints, "--print", error)
      || !gsock_tool_excludes (options.tag, "--tag", options.once, "--once",
                               error)
      || !gsock_tool_excludes (stops, "--stop-word", options.once, "--once",
                               error))
    return NULL;
  return prints && options.once ? &gsock_stdio_handler : modes[chosen].handler;
}

/* Whether systemd's variables are meant for us. */
static gboolean
inherits_sockets (void)
{
  const char *pid = g_getenv ("LISTEN_PID");

  return g_getenv ("LISTEN_FDS") != NULL && pid != NULL
         && g_ascii_strtoull (pid, NULL, 10) == (guint64) getpid ();
}

/**
 * gsock_server_options_get_endpoints:
 * @words: the ADDRESSes
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: (transfer full) (element-type GsockEndpoint) (nullable): in order
 */
GPtrArray *
gsock_server_options_get_endpoints (char **words, GError **error)
{
  g_autoptr (GPtrArray) endpoints = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gsock_endpoint_unref);

  if (words[0] == NULL && !inherits_sockets ())
    {
      g_set_error_literal (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                           _ ("An address to serve is missing, as in "
                              "\"gsock-server 3490\" or \"gsock-server "
                              "/tmp/socket\"; see gsock-server --help"));
      return NULL;
    }
  for (gsize i = 0; words[i] != NULL; i++)
    {
      GsockEndpoint *endpoint = gsock_options_parse_address (
          words[i], GSOCK_ENDPOINT_FOR_SERVER, error);

      if (endpoint == NULL)
        return NULL;
      g_ptr_array_add (endpoints, endpoint);
      if (!gsock_tool_excludes (options.balancers != NULL, "--accept-proxy",
                                !gsock_endpoint_is_stream (endpoint), words[i],
                                error))
        return NULL;
    }
  if (!check_abstract (endpoints, error))
    return NULL;
  return g_steal_pointer (&endpoints);
}

/* Who serves it owns the socket's file, or couldn't remove what he has. */
static void
give_to_user (GsockSocketFileRights *rights)
{
  if (!options.becomes || geteuid () != 0)
    return;
  if (rights->owner == (uid_t) -1)
    rights->owner = options.user.uid;
  if (rights->group == (gid_t) -1)
    rights->group = options.user.gid;
}

/**
 * gsock_server_options_fill:
 * @config: gets everything but the handler's data
 * @handler: from gsock_server_options_get_handler()
 * @endpoints: from gsock_server_options_get_endpoints()
 * @error: %GSOCK_ERROR_USAGE
 *
 * Returns: %TRUE if frame and TLS go with the rest
 */
gboolean
gsock_server_options_fill (GsockServerConfig *config,
                           const GsockHandler *handler, GPtrArray *endpoints,
                           GError **error)
{
  gboolean pipe = handler == &gsock_stdio_handler;

  config->endpoints = endpoints;

  config->connection.handler = handler;
  /* One client that is the other end of our stdin, or of another connection,
   * may take its time after we have ended; others may not. */
  config->connection.linger = pipe || handler->relays ? 0 : LINGER;
  config->descriptors = handler->relays ? 2 : 1;
  config->listen.rights = options.rights;
  give_to_user (&config->listen.rights);
  config->acl = options.acl;
  config->balancers = options.balancers;
  config->max_connections = (guint) options.max_connections;
  config->max_per_host = (guint) options.max_per_host;
  if (handler == &gsock_exec_handler)
    config->descriptors = GSOCK_EXEC_DESCRIPTORS_PIPED;
  config->workers = options.workers;
  config->banner = options.banner;
  config->answers = handler == &gsock_echo_handler
                    || handler == &gsock_greet_handler
                    || options.banner != NULL;
  config->once = options.once;
  config->accept_timeout = options.accept_timeout;
  config->exit_idle_time = options.exit_idle_time;
  config->grace = options.grace;
  config->ready_fd = options.ready_fd > 0 ? (int) options.ready_fd : -1;
  gsock_options_fill_listener (&config->listen);
  return gsock_options_fill_connection (&config->connection,
                                        pipe ? "line" : handler->frame, error)
         && gsock_tls_options_make_server (endpoints, options.client_ca,
                                           options.upstream, &config->tls,
                                           error);
}
