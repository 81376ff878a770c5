#!/usr/bin/env bash
# MariaDB of Debian trixie.
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

debian_root trixie "$1" mariadb-server-core,mariadb-client-core
