#!/usr/bin/env bash
# OceanBase seekdb: the server that the wheel brings.
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

pip_server "$1" pylibseekdb==1.4.0
