#!/usr/bin/env bash
# Build the one Debian root that holds every real server the tests use, and its tar
# (the base layer of the stand-in images). The last line printed is the root's path.
#
#   PEERS_MIRROR   Debian mirror to use; default: that of the machine's own apt sources.
#   PEERS_SUITE    Debian suite; default trixie, the first with PostgreSQL 17 and pgvector.
#
# The folder's name holds a hash of everything that decides its content, so a change makes a new
# root and an old one is never modified. Needs root.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
suite="${PEERS_SUITE:-trixie}"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dify-preflight"

say() { printf 'peers: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

content_hash() {
    { printf '%s\n' "$suite"; cat "$here/root.sh" "$here/thin.sh" "$here/radosgw-admin.sh" "$here/packages.txt"; } |
        sha256sum | cut -c1-12
}

install_mmdebstrap() {
    command -v mmdebstrap >/dev/null && return
    say "installing mmdebstrap"
    apt-get -o DPkg::Lock::Timeout=300 -qq update >&2
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq -y \
        --no-install-recommends install mmdebstrap >&2
}

# Prints the mirror of the machine's own Debian sources, or nothing (mmdebstrap then uses its
# own default, which also serves a machine that is not Debian).
machine_mirror() {
    if [[ -n "${PEERS_MIRROR:-}" ]]; then
        printf '%s\n' "$PEERS_MIRROR"
        return
    fi
    # shellcheck disable=SC2016  # these are apt's variables
    apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(COMPONENT) $(REPO_URI)' \
        'Created-By: Packages' 2>/dev/null |
        awk '$1 == "Debian" && $2 !~ /-/ && $3 == "main" { print $4; exit }' || true
}

bootstrap() {
    local target="$1" mirror packages
    packages="$(paste -sd, "$here/packages.txt")"
    mirror="$(machine_mirror)"
    # A mirror that is a snapshot serves release files past their date.
    mmdebstrap --quiet --mode=root --variant=minbase \
        --aptopt='Acquire::Check-Valid-Until "false"' \
        --aptopt='APT::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-exclude=/usr/share/info/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --include="$packages" "$suite" "$target" ${mirror:+"$mirror"} >&2
}

pack() {
    tar -C "$1" --numeric-owner --sort=name \
        --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' -cf "$2" .
}

build() {
    local dest="$1" work started=$SECONDS
    work="$(mktemp -d "$cache/.peers-XXXXXX")"
    # shellcheck disable=SC2064  # the path is fixed now
    trap "rm -rf --one-file-system '$work'" EXIT
    install_mmdebstrap
    say "building the $suite root (about a minute)"
    bootstrap "$work/root"
    bash "$here/thin.sh" "$work/root"
    pack "$work/root" "$work/root.tar"
    chmod 0755 "$work"
    mv -T "$work" "$dest"
    say "built in $((SECONDS - started)) s: $(du -sm "$dest/root" | cut -f1) MB"
}

main() {
    [[ "$(id -u)" == 0 ]] || die "must run as root: a Debian root holds files of many owners"
    mkdir -p "$cache"
    local dest
    dest="$cache/peers-$(content_hash)"
    exec 9>"$cache/peers.lock"
    flock 9
    [[ -e "$dest/root.tar" ]] || build "$dest"
    printf '%s\n' "$dest/root"
}

main "$@"
