#!/usr/bin/env bash
# Run one program of the peers' root, as USER, on the host's own network.
#
#   enter.sh ROOT USER WORKDIR CMD...
#
# WORKDIR is seen as /srv/work (also the cwd and HOME), and is given to USER. The root itself is
# read-only; /tmp and /run are private and empty. Every mount lives in a mount namespace that ends
# with the program, and each step replaces the one before it, so this process id is the program's
# own. The program is killed when the thread that started it ends. It starts with a clean
# environment: pass variables with `env NAME=VALUE CMD...`.
set -euo pipefail

usage() {
    printf 'usage: enter.sh ROOT USER WORKDIR CMD...\n' >&2
    exit 2
}

outside() {
    local root="$1" user="$2" work="$3" ids
    shift 3
    if [[ ! -d "$root/usr/lib" || ! -d "$work" ]]; then
        printf 'enter: no folder %s or %s\n' "$root" "$work" >&2
        exit 2
    fi
    # A number that the root does not know is its own group.
    ids="$(awk -F: -v u="$user" '$1 == u || $3 == u { print $3 ":" $4; exit }' "$root/etc/passwd")"
    ids="${ids:-$user:$user}"
    chown "$ids" "$work"
    exec unshare --mount --propagation private -- \
        "$BASH" "${BASH_SOURCE[0]}" --inside "$root" "$ids" "$work" "$@"
}

inside() {
    local root="$1" ids="$2" work="$3"
    shift 3
    mount --bind "$root" "$root"
    mount -o remount,bind,ro "$root"
    mount --rbind /dev "$root/dev"
    mount --rbind /proc "$root/proc"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    mount -t tmpfs -o mode=1777 tmpfs "$root/run"
    mount --bind "$work" "$root/srv/work"
    # Two steps: the kernel forgets the death signal when the user id changes.
    exec chroot "$root" /usr/bin/env -i -C /srv/work HOME=/srv/work LANG=C.UTF-8 TZ=UTC \
        PATH=/usr/lib/postgresql/17/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        setpriv --reuid "${ids%:*}" --regid "${ids#*:}" --clear-groups -- \
        setpriv --pdeathsig KILL -- "$@"
}

if [[ "${1:-}" == --inside ]]; then
    shift
    inside "$@"
fi
[[ $# -ge 4 ]] || usage
outside "$@"
