#!/usr/bin/env bash
# PgBouncer of Debian sid (1.26): it passes the server's codes on, and takes start-up options.
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

debian_root sid "$1" pgbouncer
