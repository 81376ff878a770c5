#!/usr/bin/env bash
# Debian bookworm: PostgreSQL 15, which Dify's own Compose file runs, and PgBouncer 1.18, which gives every error one code.
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

debian_root bookworm "$1" postgresql-15,pgbouncer
