/* resolve-families.c: the address families, and which of them this kernel has
 * SPDX-FileCopyrightText: 2026 The gsock authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/fd.h"
#include "tools/resolve-result.h"

typedef struct
{
  const char *constant;
  int number;
  const char *what;
} Family;

#define ROW(constant, what) \
  { \
#constant, constant, what \
  }

static const Family families[] = {
  ROW (AF_UNIX, N_ ("processes of this machine, by paths (AF_LOCAL too)")),
  ROW (AF_INET, N_ ("the Internet, IPv4: addresses of 4 bytes")),
  ROW (AF_AX25, N_ ("amateur packet radio, AX.25")),
  ROW (AF_IPX, N_ ("Novell NetWare's IPX")),
  ROW (AF_APPLETALK, N_ ("Apple's AppleTalk (DDP)")),
  ROW (AF_NETROM, N_ ("amateur radio, NET/ROM")),
  ROW (AF_X25, N_ ("packet networks, X.25")),
  ROW (AF_INET6, N_ ("the Internet, IPv6: addresses of 16 bytes")),
  ROW (AF_ROSE, N_ ("amateur radio, ROSE")),
  ROW (AF_KEY, N_ ("the keys of IPsec")),
  ROW (AF_NETLINK, N_ ("talk with the kernel: interfaces, routes")),
  ROW (AF_PACKET, N_ ("frames of a network interface, below IP")),
  ROW (AF_RDS, N_ ("reliable datagrams over InfiniBand, RDS")),
  ROW (AF_LLC, N_ ("frames of IEEE 802.2, LLC")),
  ROW (AF_CAN, N_ ("the bus of vehicles and machines, CAN")),
  ROW (AF_TIPC, N_ ("the processes of a cluster, TIPC")),
  ROW (AF_BLUETOOTH, N_ ("Bluetooth")),
  ROW (AF_ALG, N_ ("the kernel's cryptography")),
  ROW (AF_NFC, N_ ("near-field communication, NFC")),
  ROW (AF_VSOCK, N_ ("a virtual machine and its host")),
  ROW (AF_XDP, N_ ("packets straight from the network driver, XDP")),
};

/* A family that is there refuses a protocol or a type, or asks for rights; one
 * that is not is refused itself. */
static int
try_family (int number)
{
  static const int types[] = { SOCK_DGRAM, SOCK_STREAM, SOCK_SEQPACKET,
                               SOCK_RAW };
  int errnum = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_auto (GsockFd) fd = socket (number, types[i] | SOCK_CLOEXEC, 0);

      if (fd >= 0)
        return 0;
      errnum = errno;
      if (errnum == EAFNOSUPPORT)
        return errnum;
    }
  return errnum == EPERM || errnum == EACCES ? errnum : 0;
}

static const char *
describe (int errnum)
{
  switch (errnum)
    {
    case 0:
      /* TRANSLATORS: this kernel has the family. */
      return _ ("yes");
    case EPERM:
    case EACCES:
      /* TRANSLATORS: perhaps the kernel has the family. */
      return _ ("not for this user");
    default:
      /* TRANSLATORS: this kernel does not have the family. */
      return _ ("no");
    }
}

static void
append_padded (GString *string, const char *text, glong width)
{
  glong used = g_utf8_strlen (text, -1);

  g_string_append (string, text);
  while (used++ < width)
    g_string_append_c (string, ' ');
}

static void
append_json (GString *string, const Family *family, int errnum)
{
  g_string_append_printf (
      string, "{\"family\":\"%s\",\"number\":%d,\"here\":%s", family->constant,
      family->number, errnum == 0 ? "true" : "false");
  if (errnum != 0)
    g_string_append_printf (string, ",\"errno\":\"%s\"",
                            gsock_errno_name (errnum));
  g_string_append (string, "}\n");
}

/**
 * gsock_families_append:
 * @string: what is printed
 * @json: an object a line, else a table in the user's language
 *
 * The lab sheet's table: constant, number, whether this kernel has it, what it
 * is.  Each one is tried.
 */
void
gsock_families_append (GString *string, gboolean json)
{
  glong width = MAX (g_utf8_strlen (_ ("This kernel"), -1),
                     g_utf8_strlen (_ ("not for this user"), -1))
                + 2;

  if (!json)
    {
      append_padded (string, _ ("Family"), 14);
      /* TRANSLATORS: the constant's number; at most 6 letters. */
      append_padded (string, _ ("Number"), 8);
      /* TRANSLATORS: heads a column: whether this kernel has the family. */
      append_padded (string, _ ("This kernel"), width);
      /* TRANSLATORS: heads a column: what the family is for. */
      g_string_append_printf (string, "%s\n", _ ("What for"));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    {
      int errnum = try_family (families[i].number);

      if (json)
        {
          append_json (string, &families[i], errnum);
          continue;
        }
      append_padded (string, families[i].constant, 14);
      g_string_append_printf (string, "%-8d", families[i].number);
      append_padded (string, describe (errnum), width);
      g_string_append_printf (string, "%s\n", _ (families[i].what));
    }
}
