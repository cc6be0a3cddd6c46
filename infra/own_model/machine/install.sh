#!/usr/bin/env bash
# Makes a machine that has just been started into one that serves images: run once, as root, by its user data.
# What is installed stands in pins.toml; a file that is not what it should be stops it, and the alarm tells.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "${MACHINE_ENV:-/etc/veil/machine.env}" # STAGE, REGION, SERVICE_ID, TOKEN_SECRET, PUBLIC_URL, HOST, PORT
readonly home=/opt/veil
export UV_PYTHON_DOWNLOADS=never

say() { echo "veil: $*"; }

say "packages of the system"
dnf install --quiet --assumeyes git-core python3.12 python3.12-pip jq

say "users and folders"
id comfyui > /dev/null 2>&1 || useradd --system --home-dir "$home" --shell /usr/sbin/nologin comfyui
install -d -o root -g root -m 0755 "$home" /srv/veil
install -d -o comfyui -g comfyui -m 0700 "$home/state"
install -m 0755 "$here"/*.sh "$home/"
install -m 0644 "$here/serve.py" "$home/"
install -m 0644 "$here"/units/* /etc/systemd/system/

# Photos and images are in memory alone (srv-veil-scratch.mount), and so nothing of that memory goes to a disk.
swapoff --all
install -d /etc/systemd/journald.conf.d
printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=64M\n' > /etc/systemd/journald.conf.d/veil.conf
systemctl restart systemd-journald

say "ComfyUI $(jq -r .comfyui.version "$here/pins.json")"
commit=$(jq -r .comfyui.commit "$here/pins.json")
git init --quiet "$home/comfyui"
git -C "$home/comfyui" fetch --quiet --depth 1 "$(jq -r .comfyui.repository "$here/pins.json")" "$commit"
git -C "$home/comfyui" checkout --quiet --detach "$commit"

say "Python packages"
python3.12 -m venv "$home/uv"
"$home/uv/bin/pip" install --quiet "uv==$(jq -r .uv.version "$here/pins.json")"
uv="$home/uv/bin/uv"
"$uv" venv --quiet --python python3.12 "$home/comfyui-venv"
"$uv" pip install --quiet --python "$home/comfyui-venv" \
  --exclude-newer "$(jq -r .comfyui.packages_until "$here/pins.json")T00:00:00Z" \
  --requirement "$home/comfyui/requirements.txt"
"$uv" venv --quiet --python python3.12 "$home/proxy-venv"
"$uv" pip install --quiet --python "$home/proxy-venv" --require-hashes --requirement "$here/proxy-requirements.txt"

say "weights"
jq -r '.weights[] | [.sha256, .file, .url] | @tsv' "$here/pins.json" | while IFS=$'\t' read -r sha256 file url; do
  "$here/fetch.sh" "$url" "$sha256" "$home/comfyui/models/$file"
done

say "services"
systemctl daemon-reload
systemctl enable --now srv-veil-scratch.mount veil-token.timer veil-comfyui.service veil-drain.service veil-heartbeat.timer veil-tidy.timer
say "done; the heartbeat lets the machine in once it answers"
