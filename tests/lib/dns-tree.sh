# dns-tree.sh: a root, a top-level domain and zones below it, in a network of
# their own
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# To be read before functions.sh, which is read here: the test starts itself
# again in a namespace, where it may have port 53.
#
#   tree_zone NAME <RECORDS   a zone's file: SOA and NS (ns.lab.test) stand
#                             before what is on stdin
#   tree_sign NAME [OPTION...]  signs it, by ldns-signzone's options; its DS is
#                             in NAME.ds
#   tree_serve N NAME...      nsd at 127.0.0.N with these zones; ready when it
#                             returns
#   hints                     the file of the root's servers

if test -z "${GSOCK_NAMESPACE:-}"; then
  PATH=$PATH:/usr/sbin:/sbin
  if ! unshare -rn ip link set lo up 2>/dev/null; then
    echo '1..0 # SKIP needs network namespaces for everybody'
    exit 0
  fi
  GSOCK_NAMESPACE=1
  export GSOCK_NAMESPACE PATH
  exec unshare -rn sh "$0" "$@"
fi
ip link set lo up
. "${0%/*}/../lib/functions.sh"
. "$GSOCK_SRCDIR/tests/lib/name-server.sh"
requires gsock-resolve nsd dig ldns-keygen ldns-signzone

echo '. 3600 NS a.root.
a.root. 3600 A 127.0.0.1' >hints

tree_zone ()
{
  {
    printf '$ORIGIN %s\n$TTL 300\n' "${1%.}."
    echo '@ SOA ns.lab.test. root.lab.test. 1 3600 600 86400 60'
    test "$1" = . || test -n "${TREE_NS:-}" || echo '@ NS ns.lab.test.'
    cat
  } >"$1zone"
  cp "$1zone" "$1zone.signed"
}

tree_sign ()
{
  tree_name=$1
  shift
  tree_key=$(ldns-keygen -a ECDSAP256SHA256 -k "$tree_name")
  cp "$tree_key.ds" "$tree_name.ds"
  cp "$tree_key.key" "$tree_name.key"
  ldns-signzone "$@" -o "$tree_name" -f "${tree_name}zone.signed" \
    "${tree_name}zone" "$tree_key" 2>"$tree_name.err" || diag "cannot sign $tree_name"
}

tree_answers ()
{
  dig +time=1 +tries=1 +norecurse "@127.0.0.$1" "$2" SOA 2>/dev/null |
    grep -q 'status: NOERROR'
}

tree_serve ()
{
  tree_n=$1
  shift
  tree_first=$1
  for tree_zone; do
    set -- "$@" "$tree_zone=${tree_zone}zone.signed"
    shift
  done
  nsd_conf "nsd$tree_n" "127.0.0.$tree_n" "$@"
  background "nsd$tree_n" nsd -c "nsd$tree_n.conf" -d
  wait_for "$DEADLINE" tree_answers "$tree_n" "$tree_first" ||
    skip_all "nsd does not start: $(tail -n 1 "nsd$tree_n.err")"
}
