#!/usr/bin/env bash
# Redis 7.0 of Debian bookworm, whose ACLs and sharded channels are older than those of the main root.
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

debian_root bookworm "$1" redis-server,redis-sentinel
