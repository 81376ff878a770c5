#!/usr/bin/env bash
# MySQL, the version that Debian sid has. 8.0 and 8.4 are in no suite.
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

debian_root sid "$1" mysql-server-core,mysql-client-core
