#!/bin/sh
# Start coturn for production. Needs TURN_SECRET (the same as the product's) and TURN_REALM; optional: TURN_EXTERNAL_IP
# (the public address, behind NAT `public/private`), TURN_CERT and TURN_KEY (files, for TLS on 443).
set -eu

missing() {
    echo "$1 is missing: $2" >&2
    exit 2
}

secret=${TURN_SECRET:-}
[ "${#secret}" -ge 32 ] || missing TURN_SECRET "set the secret that the product has, at least 32 characters."
[ -n "${TURN_REALM:-}" ] || missing TURN_REALM "set the host name under which browsers reach this server, e.g. turn.example.com."

here=$(dirname "$0")
conf=$(mktemp)
trap 'rm -f "$conf"' EXIT
sed "s/REALM/$TURN_REALM/" "$here/turnserver.conf" >"$conf"
# In the file, because the list of processes shows command lines to everybody on the machine; readable by us only.
chmod 600 "$conf"
echo "static-auth-secret=$secret" >>"$conf"
[ -z "${TURN_EXTERNAL_IP:-}" ] || echo "external-ip=$TURN_EXTERNAL_IP" >>"$conf"
if [ -n "${TURN_CERT:-}" ]; then
    printf 'cert=%s\npkey=%s\n' "$TURN_CERT" "${TURN_KEY:?TURN_KEY is missing: set the key that belongs to TURN_CERT.}" >>"$conf"
else
    echo "no-tls" >>"$conf"
    echo "no-dtls" >>"$conf"
fi
turnserver -c "$conf" "$@"
