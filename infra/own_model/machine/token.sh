#!/usr/bin/env bash
# Reads the token that the functions send, and lets the proxy know when it has changed.
set -euo pipefail

# shellcheck source=/dev/null
. "${MACHINE_ENV:-/etc/veil/machine.env}" # STAGE, REGION, SERVICE_ID, TOKEN_SECRET, PUBLIC_URL, HOST, PORT
file=${TOKEN_FILE:-/run/veil/token}
umask 077
mkdir -p "$(dirname "$file")"
chmod 0755 "$(dirname "$file")"
aws secretsmanager get-secret-value --region "$REGION" --secret-id "$TOKEN_SECRET" --query SecretString --output text \
  > "$file.new"
if [ ! -s "$file.new" ] || cmp --silent "$file.new" "$file"; then
  rm -f "$file.new"
  exit 0
fi
chown comfyui:comfyui "$file.new"
mv "$file.new" "$file"
systemctl restart veil-proxy.service
