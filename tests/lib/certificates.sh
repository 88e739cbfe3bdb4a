# certificates.sh: an authority and what it signs, made when a test runs
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# To be read after functions.sh.  Everything is in $TMP/tls, elliptic keys.
#
#   make_authority NAME            NAME.pem and NAME.key
#   make_certificate NAME NAMES [FROM TO [AUTHORITY [USE]]]
#                                  NAME.pem and NAME.key, for NAMES as openssl
#                                  writes them ("DNS:localhost,IP:127.0.0.1"),
#                                  valid FROM TO (YYMMDDHHMMSSZ), signed by
#                                  AUTHORITY (ca) for USE (serverAuth)
#   make_self_signed NAME NAMES
#   revoke NAME                    ca-and-list.pem: the authority, and the list
#   pin_of NAME                    "sha256:9f86…"
#   s_server ARG...                openssl s_server in the background; sets
#                                  S_PORT and S_PID when it listens
#   end_s_server

requires openssl

TLS=$TMP/tls
mkdir -p "$TLS"
VALID='200101000000Z 491231235959Z'
EXPIRED='200101000000Z 210101000000Z'
FUTURE='480101000000Z 491231235959Z'

cat >"$TLS/config" <<'EOC'
[ca]
default_ca = authority
[authority]
database = $ENV::TLS/index
serial = $ENV::TLS/serial
new_certs_dir = $ENV::TLS
default_md = sha256
default_crl_days = 3650
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
[req]
distinguished_name = subject
[subject]
[authority_extensions]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
EOC
: >"$TLS/index"
echo 1000 >"$TLS/serial"
export TLS

made ()
{
  "$@" >"$TLS/log" 2>&1 || bail_out "$*: $(tail -n 3 "$TLS/log")"
}

make_key ()
{
  made openssl ecparam -name prime256v1 -genkey -noout -out "$TLS/$1.key"
  chmod 600 "$TLS/$1.key"
}

make_authority ()
{
  make_key "$1"
  made openssl req -x509 -new -config "$TLS/config" -key "$TLS/$1.key" \
    -subj "/CN=Authority $1" -days 3650 -extensions authority_extensions \
    -out "$TLS/$1.pem"
}

make_certificate ()
{
  make_key "$1"
  made openssl req -new -config "$TLS/config" -key "$TLS/$1.key" \
    -subj "/CN=$1" -addext "subjectAltName=$2" \
    -addext "extendedKeyUsage=${6:-serverAuth}" -out "$TLS/$1.csr"
  # shellcheck disable=SC2086 # two words
  set -- "$1" "$2" ${3:-$VALID} ${4:-} "${5:-ca}"
  made openssl ca -batch -notext -config "$TLS/config" -in "$TLS/$1.csr" \
    -cert "$TLS/$5.pem" -keyfile "$TLS/$5.key" -startdate "$3" -enddate "$4" \
    -out "$TLS/$1.pem"
}

make_self_signed ()
{
  make_key "$1"
  made openssl req -x509 -new -config "$TLS/config" -key "$TLS/$1.key" \
    -subj "/CN=$1" -addext "subjectAltName=$2" -days 3650 -out "$TLS/$1.pem"
}

revoke ()
{
  made openssl ca -config "$TLS/config" -cert "$TLS/ca.pem" \
    -keyfile "$TLS/ca.key" -revoke "$TLS/$1.pem"
  made openssl ca -config "$TLS/config" -cert "$TLS/ca.pem" \
    -keyfile "$TLS/ca.key" -gencrl -out "$TLS/list.pem"
  cat "$TLS/ca.pem" "$TLS/list.pem" >"$TLS/ca-and-list.pem"
}

pin_of ()
{
  openssl x509 -in "$TLS/$1.pem" -noout -fingerprint -sha256 |
    sed 's/.*=/sha256:/' | tr -d : | sed 's/^sha256/sha256:/' | tr A-F a-f
}

s_server ()
{
  S_COUNT=$((${S_COUNT:-0} + 1))
  S_OUT=$TMP/s_server-$S_COUNT.out
  openssl s_server -accept 127.0.0.1:0 "$@" </dev/null >"$S_OUT" 2>&1 &
  S_PID=$!
  wait_for "$DEADLINE" grep -q '^ACCEPT 127' "$S_OUT" ||
    bail_out "s_server $*: $(cat "$S_OUT")"
  S_PORT=$(sed -n 's/^ACCEPT 127.0.0.1:\([0-9]*\).*/\1/p' "$S_OUT" | head -n 1)
}

end_s_server ()
{
  kill "$S_PID"
  wait "$S_PID" 2>/dev/null
}
