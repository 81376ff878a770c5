#!/usr/bin/env bash
# Installs the packages that the cluster needs and the machine lacks. Quick when there is nothing to do.
set -euo pipefail
# shellcheck source=tests/cluster/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
lock

# command:package pairs; a package is installed only where its command is missing.
WANTED="jq:jq socat:socat zstd:zstd mmdebstrap:mmdebstrap buildah:buildah skopeo:skopeo iptables:iptables ip:iproute2
  unshare:util-linux flock:util-linux ps:procps sysctl:procps ldd:libc-bin gcc:gcc curl:curl git:git"

missing_packages() {
  local pair
  for pair in $WANTED; do
    command -v "${pair%%:*}" >/dev/null || echo "${pair#*:}"
  done
  [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || echo debian-archive-keyring
  [ -e /usr/include/signal.h ] || echo libc6-dev
  is_static_busybox || echo busybox-static
  if ! engine_present; then echo docker.io; fi
}

is_static_busybox() { command -v busybox >/dev/null && ! ldd "$(command -v busybox)" >/dev/null 2>&1; }

# A docker client alone is not enough: clusters run in an engine.
engine_present() {
  command -v docker >/dev/null || return 1
  command -v dockerd >/dev/null && command -v runc >/dev/null && return 0
  [ "${DIFY_PREFLIGHT_ENGINE:-}" = host ]
}

# The package would start an engine in the machine's own network, and at each boot; the lab starts its own in a sandbox.
install_without_starting() {
  local policy=/usr/sbin/policy-rc.d made="" rc=0
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    made=1
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" || rc=$?
  [ -z "$made" ] || rm -f "$policy"
  return "$rc"
}

keep_installed_engine_off() {
  [ -d /run/systemd/system ] || return 0
  systemctl disable docker.service docker.socket || true
}

main() {
  local packages
  mapfile -t packages < <(missing_packages | sort -u)
  if [ "${#packages[@]}" -gt 0 ]; then
    need_root "installing ${packages[*]}"
    command -v apt-get >/dev/null || die "install these by hand, this machine has no apt-get: ${packages[*]}"
    step "update the package lists" apt-get update -qq
    step "install ${packages[*]}" install_without_starting "${packages[@]}"
    case " ${packages[*]} " in *" docker.io "*) step "keep the packaged engine off" keep_installed_engine_off ;; esac
  fi
  # From trixie on the client is a package of its own.
  command -v docker >/dev/null || step "install docker-cli" install_without_starting docker-cli
}

main
