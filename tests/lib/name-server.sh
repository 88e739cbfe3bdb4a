# name-server.sh: nsd for the shell tests, and what JSON about names keeps to
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# To be read after functions.sh.
#
#   nsd_conf NAME ADDRESS ZONE=FILE...  writes NAME.conf for "nsd -c NAME.conf
#                             -d"; ADDRESS is 127.0.0.1 or 127.0.0.1@5353
#   keeps_to_schema FILE TEXT one point: each line of FILE is JSON of
#                             gsock-resolve's; skipped without jsonschema

PATH=$PATH:/usr/sbin:/sbin

nsd_conf ()
{
  nsd_name=$1
  cat >"$nsd_name.conf" <<END
server:
  ip-address: $2
  zonesdir: "$TMP"
  pidfile: "$TMP/$nsd_name.pid"
  database: ""
  username: ""
  chroot: ""
  xfrdfile: "$TMP/$nsd_name.xfrd"
  zonelistfile: "$TMP/$nsd_name.zones"
  cookie-secret-file: "$TMP/$nsd_name.cookies"
  server-count: 1
  rrl-ratelimit: 0
remote-control:
  control-enable: no
END
  shift 2
  for nsd_zone; do
    printf 'zone:\n  name: %s\n  zonefile: "%s/%s"\n' "${nsd_zone%%=*}" "$TMP" \
      "${nsd_zone#*=}"
  done >>"$nsd_name.conf"
}

keeps_to_schema ()
{
  if ! python3 -c 'import jsonschema; jsonschema.Draft202012Validator' \
    2>/dev/null; then
    skip 1 'needs python3-jsonschema'
    return
  fi
  python3 - "$1" >verdict <<'END'
import json, os, sys, jsonschema
schema = json.load(open(os.environ['GSOCK_SRCDIR'] +
                        '/tests/names.schema.json'))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for line in open(sys.argv[1]):
    for error in validator.iter_errors(json.loads(line)):
        print(line.strip(), error.message)
bad = {'name': 'x', 'source': 'dns', 'seconds': 0, 'verdict': 'perhaps'}
print(validator.is_valid(bad))
END
  is "$(cat verdict)" False "$2"
}
