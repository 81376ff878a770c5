#!/usr/bin/env bash
# Remove from a freshly made root what no test and no stand-in image uses, and give the servers
# the user ids of the official images. The result has no working apt, dpkg or perl.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="${1:?usage: thin.sh ROOT}"
lib="usr/lib/x86_64-linux-gnu"
[[ -d "$root/$lib" ]] || lib="usr/lib/aarch64-linux-gnu"

cd "$root"

drop_jit() {
    # PostgreSQL runs without its JIT: pg_jit_available() is then false.
    rm -rf "$lib"/libLLVM* "$lib"/libz3.so* usr/lib/postgresql/17/lib/bitcode \
        usr/lib/postgresql/17/lib/llvmjit* usr/lib/llvm-*
}

drop_perl() {
    rm -rf "$lib"/perl "$lib"/perl-base "$lib"/libperl.so* usr/share/perl usr/share/perl5 usr/bin/perl*
    # Debian's PostgreSQL commands are wrappers in perl; the real programs take their names.
    local link target
    for link in usr/bin/*; do
        target="$(readlink "$link" || true)"
        [[ "$target" == *postgresql-common* ]] && rm -f "$link"
    done
    for target in usr/lib/postgresql/17/bin/*; do
        ln -sf "/$target" "usr/bin/${target##*/}"
    done
    rm -rf usr/share/postgresql-common
}

drop_ceph_extras() {
    rm -rf "$lib"/librbd.so* "$lib"/librgw.so* "$lib"/libcephfs.so* "$lib"/libradosstriper.so* \
        usr/lib/python3/dist-packages/{rbd,rados,cephfs,ceph}* usr/share/ceph
    local program
    for program in usr/bin/{ceph*,rbd*,rados,rgw-*,radosgw-es,radosgw-token,radosgw-object-expirer} \
        usr/bin/{monmaptool,osdmaptool,crushtool,librados-config,mount.*}; do
        rm -f "$program"
    done
}

drop_system() {
    rm -rf usr/lib/systemd usr/lib/udev "$lib"/systemd usr/share/i18n "$lib"/gconv \
        usr/share/locale usr/lib/locale/[!C]* usr/share/squid-langpack usr/share/info \
        usr/include usr/share/gcc usr/share/gdb usr/share/bash-completion usr/share/zsh
    rm -rf usr/lib/apt "$lib"/libapt-* usr/bin/apt* var/lib/apt var/cache/apt var/cache/debconf \
        var/lib/dpkg/info var/log/* var/lib/postgresql/* var/lib/redis/*
    # squid names this folder in its default configuration and refuses to start without it.
    mkdir -p usr/share/squid-langpack
}

# user NAME UID HOME: gives a user of the root, present or not, this uid and a group alike.
user() {
    sed -i "/^$1:/d" etc/passwd etc/group etc/shadow
    printf '%s:x:%s:%s::%s:/bin/sh\n' "$1" "$2" "$2" "$3" >>etc/passwd
    printf '%s:x:%s:\n' "$1" "$2" >>etc/group
}

set_users() {
    sed -i '/^systemd-/d' etc/passwd etc/group etc/shadow
    user postgres 999 /var/lib/postgresql
    user redis 998 /var/lib/redis
    user nginx 101 /nonexistent
    user dify 1001 /home/dify
    user nonroot 65532 /nonexistent
    chown 999:999 var/lib/postgresql
    rm -rf var/lib/redis etc/redis etc/postgresql
    install -d -m 3777 -o 999 -g 999 run/postgresql
    install -d -o 1001 -g 1001 home/dify
}

guard_radosgw_admin() {
    install -d usr/lib/ceph
    mv usr/bin/radosgw-admin usr/lib/ceph/radosgw-admin
    install -m 0755 "$here/radosgw-admin.sh" usr/bin/radosgw-admin
}

add_tools() {
    # A helper's shell and downloader, as images of the real software have one.
    local applet
    for applet in wget nc nslookup ping vi ps top killall less; do
        [[ -e "usr/bin/$applet" ]] || ln -s busybox "usr/bin/$applet"
    done
    mkdir -p srv/work
}

drop_jit
drop_perl
drop_ceph_extras
drop_system
guard_radosgw_admin
set_users
add_tools
