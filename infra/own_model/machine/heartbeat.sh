#!/usr/bin/env bash
# Once a minute: a machine that answers is found by the functions and tells so, one that does not is not.
set -euo pipefail

# shellcheck source=/dev/null
. "${MACHINE_ENV:-/etc/veil/machine.env}" # STAGE, REGION, SERVICE_ID, TOKEN_SECRET, PUBLIC_URL, HOST, PORT
folder=${RUN_FOLDER:-/run/veil}
comfyui=${COMFYUI:-http://127.0.0.1:8188}

answers() { curl --fail --silent --max-time 5 --output /dev/null "$1"; }

# One name for whichever machine is the newest: it takes the place of one that died and could not take itself off.
if ! { answers "$comfyui/system_stats" && answers "http://$HOST:$PORT/api/v2/health"; }; then
  echo "ComfyUI or its proxy does not answer"
  if [ -e "$folder/registered" ]; then
    "$(dirname "$0")/deregister.sh"
  fi
  exit 0
fi
if [ ! -e "$folder/registered" ]; then
  aws servicediscovery register-instance --region "$REGION" --service-id "$SERVICE_ID" --instance-id machine \
    --attributes "AWS_INSTANCE_IPV4=$HOST,AWS_INSTANCE_PORT=$PORT"
  touch "$folder/registered"
fi
aws cloudwatch put-metric-data --region "$REGION" --namespace Veil --metric-name OwnModelUp --value 1 \
  --dimensions "stage=$STAGE"
