#!/usr/bin/env bash
# Watches for the end of this machine: spot's notice, two minutes before, or that the group ends it, at night or anew.
# From then on it takes no new work; what it has can still end and be fetched.
set -euo pipefail

metadata=${METADATA:-http://169.254.169.254/latest}
comfyui=${COMFYUI:-http://127.0.0.1:8188}
folder=${RUN_FOLDER:-/run/veil}
pause=${PAUSE_SECONDS:-5}

asked() { # an item of the instance's metadata; fails where there is none
  token=$(curl --fail --silent --max-time 2 --request PUT --header 'X-aws-ec2-metadata-token-ttl-seconds: 60' \
    "$metadata/api/token")
  curl --fail --silent --max-time 2 --header "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/$1"
}

ends() {
  asked spot/instance-action > /dev/null || [ "$(asked autoscaling/target-lifecycle-state)" = Terminated ]
}

busy() { # while it answers, and has something in its queue
  queue=$(curl --fail --silent --max-time 5 "$comfyui/queue") &&
    [ "$(jq '[.queue_running, .queue_pending] | map(length) | add' <<< "$queue")" != 0 ]
}

until ends; do
  sleep "$pause"
done
echo "this machine is about to stop: it takes no new work"
touch "$folder/draining"
while busy; do
  sleep "$pause"
done
curl --fail --silent --max-time 5 --output /dev/null --header 'content-type: application/json' \
  --data '{"unload_models": true, "free_memory": true}' "$comfyui/free" || echo "ComfyUI does not answer"
echo "nothing runs any more"
