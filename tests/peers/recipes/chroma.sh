#!/usr/bin/env bash
# Chroma, a present server: the API v2 alone, and no login.
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

pip_server "$1" chromadb==1.5.9
