#!/usr/bin/env bash
# Takes this machine off the list, unless a newer one stands there already.
set -euo pipefail

# shellcheck source=/dev/null
. "${MACHINE_ENV:-/etc/veil/machine.env}" # STAGE, REGION, SERVICE_ID, TOKEN_SECRET, PUBLIC_URL, HOST, PORT
folder=${RUN_FOLDER:-/run/veil}

address=$(aws servicediscovery get-instance --region "$REGION" --service-id "$SERVICE_ID" --instance-id machine \
  --query Instance.Attributes.AWS_INSTANCE_IPV4 --output text) || address=
if [ "$address" = "$HOST" ]; then
  aws servicediscovery deregister-instance --region "$REGION" --service-id "$SERVICE_ID" --instance-id machine
fi
rm -f "$folder/registered"
