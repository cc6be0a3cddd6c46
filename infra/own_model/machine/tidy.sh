#!/usr/bin/env bash
# Deletes photos and images that are older than an hour: the functions have fetched them, and take back what they pushed,
# but the proxy then forgets a file's name and leaves the file.
set -euo pipefail

find "${SCRATCH:-/srv/veil/scratch}" -mindepth 2 -type f -mmin "+${MINUTES:-60}" -delete
