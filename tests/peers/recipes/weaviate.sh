#!/usr/bin/env bash
# Weaviate, a release that Dify's pinned client works with.
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

go_server "$1" github.com/weaviate/weaviate/cmd/weaviate-server@v1.35.2 weaviate-server
