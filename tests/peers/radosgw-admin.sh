#!/usr/bin/env bash
# Stands before radosgw-admin, which without a cluster often hangs in its own end on a busy machine (a
# lost wake-up between its threads), after the work is done and printed. Its output is complete when a
# closing bracket stands alone in its line; from then on it may be killed, and the exit code is 0.
set -euo pipefail

out="$(mktemp)"
trap 'rm -f "$out"' EXIT

complete() { grep -qE '^[]}]$|^\[\]$' "$out"; }

/usr/lib/ceph/radosgw-admin "$@" >"$out" &
pid=$!
trap 'kill -KILL "$pid" 2>/dev/null; exit 143' TERM INT

# Ends by itself in time, or is killed: when all is said, or after 15 seconds.
for _ in {1..300}; do
    kill -0 "$pid" 2>/dev/null || break
    if complete; then
        sleep 0.05
        break
    fi
    sleep 0.05
done
code=0
kill -KILL "$pid" 2>/dev/null || true
# The shell's own remark on the killed program is not wanted.
wait "$pid" 2>/dev/null || code=$?
cat "$out"
if [[ "$code" == 137 ]] && complete; then code=0; fi
exit "$code"
