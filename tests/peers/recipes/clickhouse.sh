#!/usr/bin/env bash
# ClickHouse, which MyScale is built from: the release that Debian has (18.16).
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

debian_root bookworm "$1" clickhouse-server
