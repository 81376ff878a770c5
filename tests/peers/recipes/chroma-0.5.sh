#!/usr/bin/env bash
# Chroma, the release whose client Dify pins: both APIs, and a login by token or password.
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

# A newer FastAPI does not read its requests, a newer NumPy lacks a type that it names.
pip_server "$1" chromadb==0.5.20 fastapi==0.115.6 'numpy<2' bcrypt==4.2.1
