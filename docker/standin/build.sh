#!/usr/bin/env bash
# Build the stand-in images: build.sh [--all | NAME...]; without a name, those that Dify's own pods and the usual
# scenarios need, with --all the stores too.
#
#   DOCKER   the docker command (default docker)
#
# Every image is one layer on localhost/standin-base, the tar of tests/peers. No step runs a program, so
# that any builder does; a server that is not in the tar is copied from its folder of tests/peers/get.sh.
# Prints the tags it made, one in a line.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
docker="${DOCKER:-docker}"
base="localhost/standin-base"

declare -A images
declare -a order stores
# shellcheck source=/dev/null
. "$here/images.sh"

say() { printf 'standin: %s\n' "$*" >&2; }

# The old builder is asked for: it is in every docker, and knows local images by name.
# shellcheck disable=SC2086  # DOCKER may be a command with arguments
run_docker() { DOCKER_BUILDKIT=0 $docker "$@"; }

import_base() {
    local root digest
    root="$("$here/../../tests/peers/root.sh")"
    digest="$(basename "$(dirname "$root")")"
    if [[ "$(run_docker image inspect -f '{{.Comment}}' "$base:latest" 2>/dev/null)" == "$digest" ]]; then
        return
    fi
    say "importing the base from $digest"
    run_docker import --message "$digest" "$(dirname "$root")/root.tar" "$base:latest" >/dev/null
}

# build_one TAG FOLDER [--peer NAME] [BUILD-OPTION...]
build_one() {
    local tag="localhost/$1" folder="$2" context="$here" log
    shift 2
    if [[ "${1:-}" == --peer ]]; then
        context="$("$here/../../tests/peers/get.sh" "$2")"
        shift 2
    fi
    # The old builder says at length that it is old; only a failure is worth reading.
    if ! log="$(run_docker build -q -t "$tag" -f "$here/$folder/Dockerfile" "$@" "$context" 2>&1)"; then
        say "$tag: $log"
        return 1
    fi
    printf '%s\n' "$tag"
}

main() {
    local name line known=" ${!images[*]} "
    if [[ "${1:-}" == --all ]]; then set -- "${order[@]}" "${stores[@]}"; fi
    for name in "$@"; do
        if [[ "$known" != *" $name "* ]]; then
            say "no image $name; known:$known"
            exit 2
        fi
    done
    [[ $# -gt 0 ]] || set -- "${order[@]}"
    import_base
    for name in "$@"; do
        while read -r line; do
            # shellcheck disable=SC2086  # a line is a list of words
            [[ -z "$line" ]] || build_one $line
        done <<<"${images[$name]}"
    done
}

main "$@"
