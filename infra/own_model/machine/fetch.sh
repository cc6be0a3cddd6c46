#!/usr/bin/env bash
# Fetches one file, and keeps it only if it is the one that is meant: fetch.sh URL SHA256 FILE
set -euo pipefail

url=$1 sha256=$2 file=$3
if [ -f "$file" ] && echo "$sha256  $file" | sha256sum --check --status; then
  exit 0
fi
mkdir -p "$(dirname "$file")"
curl --fail --silent --show-error --location --retry 5 --retry-all-errors --connect-timeout 10 \
  --output "$file.part" "$url"
if ! echo "$sha256  $file.part" | sha256sum --check --status; then
  rm -f "$file.part"
  echo "$file: what $url holds is another file" >&2
  exit 1
fi
mv "$file.part" "$file"
