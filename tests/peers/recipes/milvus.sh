#!/usr/bin/env bash
# Milvus, the standalone server that the wheel brings.
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

pip_server "$1" milvus==2.3.5
