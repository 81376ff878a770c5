#!/usr/bin/env bash
# Makes real servers that are not in the Debian root, once, and prints the folder of each.
#
#   get.sh NAME...     those whose recipe is tests/peers/recipes/NAME.sh
#   get.sh --all       every recipe; says which
#
# A recipe is called with one argument, an empty folder that it fills. The folder is moved when it is done, so nothing in
# it may hold its own path. It is kept by a hash of the recipe: a change makes a new one.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dify-preflight"

say() { printf 'peers: %s\n' "$*" >&2; }

make() {
    local name="$1" dest="$2" work log started=$SECONDS
    work="$(mktemp -d "$cache/.peer-$name-XXXXXX")"
    log="$cache/peer-$name.log"
    # shellcheck disable=SC2064  # the path is fixed now
    trap "rm -rf --one-file-system '$work'" EXIT
    say "making $name (once)"
    if ! "$BASH" "$here/recipes/$name.sh" "$work" >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        say "$name could not be made; all of it: $log"
        exit 1
    fi
    chmod 0755 "$work"
    mv -T "$work" "$dest"
    trap - EXIT
    say "$name: $((SECONDS - started)) s, $(du -sm "$dest" | cut -f1) MB"
}

get() {
    local name="$1" recipe="$here/recipes/$1.sh" dest
    if [[ ! -f "$recipe" ]]; then
        say "there is no recipe for $name"
        exit 2
    fi
    dest="$cache/peer-$name-$(cat "$here"/recipes/lib.sh "$recipe" | sha256sum | cut -c1-12)"
    exec 9>"$cache/peer-$name.lock"
    flock 9
    [[ -d "$dest" ]] || (make "$name" "$dest")
    printf '%s\n' "$dest"
}

names() {
    local recipe
    for recipe in "$here"/recipes/*.sh; do
        recipe="$(basename "$recipe" .sh)"
        [[ "$recipe" == lib ]] || printf '%s\n' "$recipe"
    done
}

main() {
    mkdir -p "$cache"
    local wanted=("$@") name
    [[ "${1:-}" != --all ]] || mapfile -t wanted < <(names)
    for name in "${wanted[@]}"; do get "$name"; done
}

main "$@"
