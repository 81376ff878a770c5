#!/usr/bin/env bash
# PyMySQL, the driver that Dify reaches MySQL with.
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

pip_server "$1" PyMySQL==1.1.2 cryptography==46.0.3
