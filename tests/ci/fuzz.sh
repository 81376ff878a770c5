#!/usr/bin/env bash
# Runs the fuzz targets: fuzz.sh [PART OF A NAME] [SECONDS EACH]. A finding ends with its input under fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/ci/versions.sh
. tests/ci/versions.sh
# shellcheck source=tests/ci/cargo-tool.sh
. tests/ci/cargo-tool.sh

wanted=${1:-}
seconds=${2:-600}

cargo_tool cargo-fuzz "$FUZZ_VERSION"
# The sanitizer is a switch that the stable compiler has, behind this variable.
export RUSTC_BOOTSTRAP=1 PATH="$tools:$PATH"

mapfile -t targets < <(cargo fuzz list | grep -F -- "$wanted")
((${#targets[@]} > 0)) || { echo "fuzz: no target has $wanted in its name" >&2; exit 2; }
for target in "${targets[@]}"; do
  echo "fuzz: $target, $seconds s"
  log="$(mktemp)"
  ended=0
  cargo fuzz run "$target" -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
    >"$log" 2>&1 || ended=$?
  # One that could not be built or did not run its time has shown nothing.
  if ((ended != 0)) || ! grep -E '^Done [1-9][0-9]* runs' "$log"; then
    tail -n 40 "$log" >&2
    echo "fuzz: $target ended with $ended; a finding has its input under fuzz/artifacts/$target" >&2
    exit 1
  fi
  rm "$log"
done
echo "fuzz: ${#targets[@]} targets, no finding"
