#!/usr/bin/env bash
# Valkey of Debian trixie.
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

debian_root trixie "$1" valkey-server,valkey-sentinel
