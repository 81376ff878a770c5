#!/usr/bin/env bash
# Installs the tools that a user would pick instead, so that both sides are measured in one run.
set -euo pipefail

missing=()
command -v wait-for-it >/dev/null || missing+=(wait-for-it)
command -v pg_isready >/dev/null || missing+=(postgresql-client)
command -v curl >/dev/null || missing+=(curl)
command -v redis-cli >/dev/null || missing+=(redis-tools)
((${#missing[@]} == 0)) && exit
echo "bench: installing ${missing[*]}"
apt-get -o DPkg::Lock::Timeout=300 update -qq >/dev/null
DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
