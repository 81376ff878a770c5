#!/usr/bin/env bash
# toxiproxy: a fault proxy whose faults are not ours.
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

go_server "$1" github.com/Shopify/toxiproxy/v2/cmd/server@v2.5.0 toxiproxy
