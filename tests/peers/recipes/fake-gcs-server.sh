#!/usr/bin/env bash
# fake-gcs-server: an emulator of Google Cloud Storage.
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

go_server "$1" github.com/fsouza/fake-gcs-server@v1.56.1 fake-gcs-server
