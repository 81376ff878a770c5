#!/usr/bin/env bash
# Builds the static release binaries: binaries.sh [TARGET]. Minutes the first time, seconds after that.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/ci/versions.sh
. tests/ci/versions.sh
# shellcheck source=tests/cluster/lib/common.sh
. tests/cluster/lib/common.sh

target=${1:-$MUSL_TARGET}
packages=()
for tool in "${BINARIES[@]}"; do packages+=(-p "$tool"); done

step "build the binaries for $target" cargo build --release --locked --target "$target" --bins "${packages[@]}"
