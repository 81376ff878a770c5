#!/usr/bin/env bash
# Prove the stand-in images: selftest.sh [NAME...]; each is run as a strict chart would run it (read-only
# root, no capabilities, no new privileges) and asked something. No network is used but a container's own.
#
#   DOCKER   the docker command (default docker)
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
docker="${DOCKER:-docker}"
started=()
scratch="$(mktemp -d)"

# shellcheck disable=SC2086  # DOCKER may be a command with arguments
dk() { $docker "$@"; }

cleanup() {
    rm -rf "$scratch"
    [[ ${#started[@]} -eq 0 ]] || dk rm -f -v "${started[@]}" >/dev/null 2>&1 || true
}
trap cleanup EXIT

strict=(--read-only --cap-drop ALL --security-opt no-new-privileges --tmpfs "/tmp:mode=1777")

# start NET OPTIONS-AND-IMAGE...: prints the container; NET is "none" or a container whose loopback to share.
start() {
    local net="$1" id
    shift
    [[ "$net" == none ]] || net="container:$net"
    id="$(dk run -d --network "$net" "${strict[@]}" "$@")"
    started+=("$id")
    last="$id"
}

# stop_it ID SECONDS: it must obey its stop signal in time, not be killed.
stop_it() {
    local from=$SECONDS
    dk stop -t 20 "$1" >/dev/null
    ok "$2 stops on a signal" test $((SECONDS - from)) -lt 15
}

# ok WHAT CMD...: retries for fifteen seconds.
ok() {
    local what="$1" out=""
    shift
    for _ in {1..75}; do
        if out="$("$@" 2>&1)"; then printf 'ok   %s\n' "$what"; return; fi
        sleep 0.2
    done
    printf 'FAIL %s\n%s\n' "$what" "$out"
    dk top "$last" || true
    dk logs --tail 20 "$last" 2>&1
    exit 1
}

# says WANT CMD...
says() {
    local want="$1" out
    shift
    out="$("$@" 2>&1)" || true
    printf '%s\n' "$out"
    [[ "$out" == *"$want"* ]]
}

# exits CODE CMD...
exits() {
    local want="$1" code=0
    shift
    "$@" || code=$?
    [[ "$code" == "$want" ]]
}

# http ID METHOD URL [HEADER...]: prints the status and the body, asked from inside.
http() {
    local id="$1"
    shift
    dk exec -i "$id" python3 - "$@" <"$here/selftest/http.py"
}

# shellcheck source=/dev/null
for part in "$here"/selftest/*.sh; do . "$part"; done

[[ $# -gt 0 ]] || set -- postgres redis weaviate milvus s3 nginx squid api plugin-daemon services
for name in "$@"; do
    printf -- '-- %s\n' "$name"
    "test_${name//-/_}"
done
