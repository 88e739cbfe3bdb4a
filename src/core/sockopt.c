/* sockopt.c: socket options by the names users know: keepalive, nodelay, tos=…
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/sockopt.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include <glib/gi18n-lib.h>

#include "core/call.h"
#include "core/error.h"
#include "core/units.h"

/* What the value after = is. */
typedef enum
{
  VALUE_FLAG,      /* none, 1 or 0 */
  VALUE_NUMBER,    /* decimal or 0x… */
  VALUE_SIZE,      /* 64K */
  VALUE_INTERFACE, /* eth0 */
  VALUE_KEEPALIVE, /* none, or up to IDLE,INTERVAL,COUNT */
} ValueKind;

/* Sockets an option means something on; elsewhere it is skipped. */
typedef enum
{
  FOR_INET = 1 << 0,
  FOR_UNIX = 1 << 1,
  FOR_STREAM = 1 << 2, /* of those, only streams */
} Purpose;

/* An option as setsockopt(2) knows it. */
typedef struct
{
  int level;
  const char *level_name;
  int option;
  const char *option_name;
} Setting;

/* An option as users know it.  An AF_INET6 socket gets @inet6 and @inet: it
 * may serve IPv4 too, whose packets only @inet shapes. */
typedef struct
{
  const char *name;
  const char *form;
  ValueKind kind;
  guint purpose;
  guint32 minimum;
  guint32 maximum;
  Setting inet; /* and AF_UNIX */
  Setting inet6;
  const char *capability; /* that EPERM asks for */
} Option;

#define SETTING(level, option) \
  { \
    level, #level, option, #option \
  }

static const Option options[] = {
  { .name = "keepalive",
    .form = "keepalive[=IDLE,INTERVAL,COUNT]",
    .kind = VALUE_KEEPALIVE,
    .purpose = FOR_INET | FOR_STREAM,
    .inet = SETTING (SOL_SOCKET, SO_KEEPALIVE) },
  { .name = "nodelay",
    .form = "nodelay",
    .kind = VALUE_FLAG,
    .purpose = FOR_INET | FOR_STREAM,
    .inet = SETTING (IPPROTO_TCP, TCP_NODELAY) },
  { .name = "reuseport",
    .form = "reuseport",
    .kind = VALUE_FLAG,
    .purpose = FOR_INET,
    .inet = SETTING (SOL_SOCKET, SO_REUSEPORT) },
  { .name = "tos",
    .form = "tos=N",
    .kind = VALUE_NUMBER,
    .purpose = FOR_INET,
    .maximum = 255,
    .inet = SETTING (IPPROTO_IP, IP_TOS),
    .inet6 = SETTING (IPPROTO_IPV6, IPV6_TCLASS) },
  { .name = "ttl",
    .form = "ttl=N",
    .kind = VALUE_NUMBER,
    .purpose = FOR_INET,
    .minimum = 1,
    .maximum = 255,
    .inet = SETTING (IPPROTO_IP, IP_TTL),
    .inet6 = SETTING (IPPROTO_IPV6, IPV6_UNICAST_HOPS) },
  { .name = "rcvbuf",
    .form = "rcvbuf=SIZE",
    .kind = VALUE_SIZE,
    .purpose = FOR_INET | FOR_UNIX,
    .minimum = 1,
    .maximum = G_MAXINT / 2, /* the kernel doubles it */
    .inet = SETTING (SOL_SOCKET, SO_RCVBUF) },
  { .name = "sndbuf",
    .form = "sndbuf=SIZE",
    .kind = VALUE_SIZE,
    .purpose = FOR_INET | FOR_UNIX,
    .minimum = 1,
    .maximum = G_MAXINT / 2,
    .inet = SETTING (SOL_SOCKET, SO_SNDBUF) },
  { .name = "device",
    .form = "device=INTERFACE",
    .kind = VALUE_INTERFACE,
    .purpose = FOR_INET,
    .inet = SETTING (SOL_SOCKET, SO_BINDTODEVICE),
    .capability = "CAP_NET_RAW" },
  { .name = "freebind",
    .form = "freebind",
    .kind = VALUE_FLAG,
    .purpose = FOR_INET,
    /* Of both families: IPv6 sockets look at the same flag. */
    .inet = SETTING (IPPROTO_IP, IP_FREEBIND) },
  { .name = "mark",
    .form = "mark=N",
    .kind = VALUE_NUMBER,
    .purpose = FOR_INET,
    .maximum = G_MAXUINT32,
    .inet = SETTING (SOL_SOCKET, SO_MARK),
    .capability = "CAP_NET_ADMIN" },
};

/* What keepalive's values are for, in their order; 0 of them is what the
 * system has.  The bounds are the kernel's. */
static const struct
{
  Setting setting;
  guint32 maximum;
} keepalive_parts[] = {
  { SETTING (IPPROTO_TCP, TCP_KEEPIDLE), 32767 },
  { SETTING (IPPROTO_TCP, TCP_KEEPINTVL), 32767 },
  { SETTING (IPPROTO_TCP, TCP_KEEPCNT), 127 },
};

#define KEEPALIVE_COUNT 2

/* Made by the main thread with the command line and never changed, so any
 * thread may apply it. */
struct _GsockSockopt
{
  const Option *option;
  char *text; /* as it was written */
  int value;
  int keepalive[G_N_ELEMENTS (keepalive_parts)];
  char interface[IFNAMSIZ];
};

/* Parsing */

static const Option *
find_option (const char *text, gsize size)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      if (strlen (options[i].name) == size
          && memcmp (options[i].name, text, size) == 0)
        return &options[i];
    }

  return NULL;
}

static gboolean
refuse_name (const char *text, GError **error)
{
  g_autoptr (GString) forms = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    g_string_append_printf (forms, "%s%s", i > 0 ? " " : "", options[i].form);

  g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
               /* TRANSLATORS: what the user wrote, then all the names there
                * are, with spaces between. */
               _ ("'%s' is not a socket option known here; there are: %s"),
               text, forms->str);
  return FALSE;
}

static gboolean
refuse_value (const Option *option, GError **error)
{
  switch (option->kind)
    {
    case VALUE_FLAG:
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   /* TRANSLATORS: the name of a socket option, three times:
                    * 'nodelay' ... nodelay=0. */
                   _ ("The socket option '%s' is written %s, or %s=0 to turn "
                      "it off"),
                   option->name, option->name, option->name);
      break;
    case VALUE_INTERFACE:
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   /* TRANSLATORS: 'device'; then a number of bytes. */
                   _ ("The socket option '%s' takes the name of a network "
                      "interface, up to %d bytes"),
                   option->name, IFNAMSIZ - 1);
      break;
    case VALUE_KEEPALIVE:
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   /* TRANSLATORS: 'keepalive'; how to write it; the largest
                    * number of seconds and of times. */
                   _ ("The socket option '%s' is written %s: two times of 1 "
                      "to %d seconds, and how often to ask, 1 to %d"),
                   option->name, "keepalive=2m,10s,6", 32767, 127);
      break;
    case VALUE_NUMBER:
    case VALUE_SIZE:
    default:
      g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_USAGE,
                   /* TRANSLATORS: the name of a socket option, how to write
                    * it, and the least and the largest value. */
                   _ ("The socket option '%s' is written %s, with a value "
                      "from %u to %u"),
                   option->name, option->form, option->minimum,
                   option->maximum);
      break;
    }

  return FALSE;
}

static gboolean
parse_flag (GsockSockopt *option, const char *value)
{
  option->value = value == NULL || strcmp (value, "1") == 0;
  return option->value == 1 || strcmp (value, "0") == 0;
}

static gboolean
parse_number (GsockSockopt *option, const char *value)
{
  guint64 minimum = option->option->minimum;
  guint64 maximum = option->option->maximum;
  guint64 number;
  gboolean ok;

  if (option->option->kind == VALUE_SIZE)
    ok = gsock_parse_size (value, &number, NULL) && number >= minimum
         && number <= maximum;
  else if (g_str_has_prefix (value, "0x"))
    ok = g_ascii_string_to_unsigned (value + 2, 16, minimum, maximum, &number,
                                     NULL);
  else
    ok = g_ascii_string_to_unsigned (value, 10, minimum, maximum, &number,
                                     NULL);
  if (ok)
    option->value = (int) (guint32) number;

  return ok;
}

/* The kernel counts in seconds, and 0 would be refused. */
static gboolean
parse_keepalive_part (const char *text, gsize part, int *value)
{
  guint64 number;
  gint64 time;

  if (part == KEEPALIVE_COUNT)
    {
      if (!gsock_parse_count (text, 1, keepalive_parts[part].maximum, &number,
                              NULL))
        return FALSE;
      *value = (int) number;
      return TRUE;
    }

  if (!gsock_parse_time (text, &time, NULL) || time <= 0
      || time > (gint64) keepalive_parts[part].maximum * G_USEC_PER_SEC)
    return FALSE;

  *value = MAX ((int) ((time + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC), 1);
  return TRUE;
}

static gboolean
parse_keepalive (GsockSockopt *option, const char *value)
{
  g_auto (GStrv) parts = NULL;

  if (parse_flag (option, value))
    return TRUE;

  option->value = 1;
  parts = g_strsplit (value, ",", -1);
  if (*value == '\0' || g_strv_length (parts) > G_N_ELEMENTS (keepalive_parts))
    return FALSE;
  for (gsize i = 0; parts[i] != NULL; i++)
    {
      if (!parse_keepalive_part (parts[i], i, &option->keepalive[i]))
        return FALSE;
    }

  return TRUE;
}

static gboolean
parse_value (GsockSockopt *option, const char *value)
{
  switch (option->option->kind)
    {
    case VALUE_FLAG:
      return parse_flag (option, value);
    case VALUE_KEEPALIVE:
      return parse_keepalive (option, value);
    case VALUE_INTERFACE:
      return value != NULL && *value != '\0'
             && g_strlcpy (option->interface, value, IFNAMSIZ) < IFNAMSIZ;
    case VALUE_NUMBER:
    case VALUE_SIZE:
    default:
      return value != NULL && parse_number (option, value);
    }
}

/**
 * gsock_sockopt_parse:
 * @text: NAME or NAME=VALUE; see the table above for what there is
 * @error: GSOCK_ERROR_USAGE, one sentence with the names or the right form
 *
 * "keepalive=1" and "keepalive=0" turn it on and off as they do for the other
 * flags; one second to the first question is "keepalive=1s".  Parts left out
 * at its end stay as the system has them.
 *
 * Returns: (transfer full) (nullable): the option
 */
GsockSockopt *
gsock_sockopt_parse (const char *text, GError **error)
{
  const char *equals = strchr (text, '=');
  gsize size = equals != NULL ? (gsize) (equals - text) : strlen (text);
  const Option *found = find_option (text, size);
  GsockSockopt *option;

  if (found == NULL)
    {
      refuse_name (text, error);
      return NULL;
    }

  option = g_new0 (GsockSockopt, 1);
  option->option = found;
  option->text = g_strdup (text);
  if (!parse_value (option, equals != NULL ? equals + 1 : NULL))
    {
      refuse_value (found, error);
      gsock_sockopt_free (option);
      return NULL;
    }

  return option;
}

/**
 * gsock_sockopt_free:
 * @option: (nullable) (transfer full): an option
 */
void
gsock_sockopt_free (GsockSockopt *option)
{
  if (option == NULL)
    return;

  g_free (option->text);
  g_free (option);
}

/* Setting */

static void
narrate (int fd, const Setting *setting, const char *value, int errnum)
{
  gsock_call (GSOCK_CALL_SETSOCKOPT, setting->option_name, errnum == 0 ? 0 : -1,
              errnum, NULL, "%d, %s, %s, %s", fd, setting->level_name,
              setting->option_name, value);
}

/* 0 or an errno. */
static int
set_int (int fd, const Setting *setting, int value)
{
  int errnum = 0;

  if (setsockopt (fd, setting->level, setting->option, &value, sizeof value)
      < 0)
    errnum = errno;

  if (gsock_explaining ())
    {
      /* A mark is the one value that may be over G_MAXINT. */
      gint64 shown = setting->option == SO_MARK && setting->level == SOL_SOCKET
                         ? (gint64) (guint32) value
                         : value;
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, shown);

      narrate (fd, setting, text, errnum);
    }
  return errnum;
}

static int
set_string (int fd, const Setting *setting, const char *value)
{
  int errnum = 0;

  if (setsockopt (fd, setting->level, setting->option, value,
                  (socklen_t) strlen (value) + 1)
      < 0)
    errnum = errno;

  if (gsock_explaining ())
    {
      g_autofree char *text = g_strdup_printf ("\"%s\"", value);

      narrate (fd, setting, text, errnum);
    }
  return errnum;
}

/**
 * gsock_sockopt_set_int:
 * @fd: a socket
 * @level: SOL_SOCKET and so on
 * @level_name: its name in C, for --explain
 * @option: SO_REUSEADDR and so on
 * @option_name: its name in C, which is the lesson's topic too
 * @value: the value
 * @error: GSOCK_ERROR_DENIED for EPERM, else GSOCK_ERROR_FAILED
 */
gboolean
gsock_sockopt_set_int (int fd, int level, const char *level_name, int option,
                       const char *option_name, int value, GError **error)
{
  const Setting setting = { level, level_name, option, option_name };
  int errnum = set_int (fd, &setting, value);

  if (errnum == 0)
    return TRUE;

  gsock_set_error_errno (
      error, errnum == EPERM ? GSOCK_ERROR_DENIED : GSOCK_ERROR_FAILED, errnum,
      _ ("Cannot set the socket option %s"), option_name);
  return FALSE;
}

static gboolean
fail (const GsockSockopt *option, const Setting *setting, int errnum,
      GError **error)
{
  const char *capability = option->option->capability;

  if (errnum == EPERM && capability != NULL)
    g_set_error (error, GSOCK_ERROR, GSOCK_ERROR_DENIED,
                 /* TRANSLATORS: an option as the user wrote it, its name in C,
                  * and a capability(7): CAP_NET_ADMIN. */
                 _ ("Cannot set the socket option '%s' (%s): it takes root or "
                    "the capability %s"),
                 option->text, setting->option_name, capability);
  else
    gsock_set_error_errno (
        error, errnum == EPERM ? GSOCK_ERROR_DENIED : GSOCK_ERROR_FAILED,
        errnum,
        /* TRANSLATORS: an option as the user wrote it, and its name in C. */
        _ ("Cannot set the socket option '%s' (%s)"), option->text,
        setting->option_name);

  return FALSE;
}

static gboolean
apply_setting (const GsockSockopt *option, int fd, const Setting *setting,
               int value, GError **error)
{
  int errnum = option->option->kind == VALUE_INTERFACE
                   ? set_string (fd, setting, option->interface)
                   : set_int (fd, setting, value);

  return errnum == 0 || fail (option, setting, errnum, error);
}

static gboolean
makes_sense (const Option *option, int fd, int family)
{
  int type = 0;
  socklen_t size = sizeof type;

  if (family == AF_UNIX)
    return (option->purpose & FOR_UNIX) != 0;
  if (family != AF_INET && family != AF_INET6)
    return FALSE;
  if ((option->purpose & FOR_STREAM) == 0)
    return TRUE;

  return getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0
         || type == SOCK_STREAM;
}

static gboolean
apply_option (const GsockSockopt *option, int fd, int family, GError **error)
{
  const Option *known = option->option;

  if (!makes_sense (known, fd, family))
    return TRUE;
  if (family == AF_INET6 && known->inet6.option_name != NULL
      && !apply_setting (option, fd, &known->inet6, option->value, error))
    return FALSE;
  if (!apply_setting (option, fd, &known->inet, option->value, error))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (keepalive_parts); i++)
    {
      if (option->keepalive[i] > 0
          && !apply_setting (option, fd, &keepalive_parts[i].setting,
                             option->keepalive[i], error))
        return FALSE;
    }

  return TRUE;
}

/**
 * gsock_sockopt_apply:
 * @sockopts: (nullable) (element-type GsockSockopt): in the user's order
 * @fd: a socket, before bind or connect
 * @family: AF_INET, AF_INET6, AF_UNIX
 * @error: GSOCK_ERROR_DENIED for EPERM, else GSOCK_ERROR_FAILED; it names the
 *   option as the user wrote it
 *
 * Returns: %FALSE at the first that failed; those before it are set
 */
gboolean
gsock_sockopt_apply (GPtrArray *sockopts, int fd, int family, GError **error)
{
  for (guint i = 0; sockopts != NULL && i < sockopts->len; i++)
    {
      if (!apply_option (g_ptr_array_index (sockopts, i), fd, family, error))
        return FALSE;
    }

  return TRUE;
}
