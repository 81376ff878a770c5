#!/usr/bin/env bash
# Installs what a bare Debian machine lacks for building and testing; does nothing where all of it is there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/ci/versions.sh
. "$here/versions.sh"
# shellcheck source=tests/ci/cargo-tool.sh
. "$here/cargo-tool.sh"

# command → Debian package
packages() {
  local missing=()
  command -v musl-gcc >/dev/null || missing+=(musl-tools)
  command -v cc >/dev/null || missing+=(gcc libc6-dev)
  command -v shellcheck >/dev/null || missing+=(shellcheck)
  command -v mmdebstrap >/dev/null || missing+=(mmdebstrap)
  command -v jq >/dev/null || missing+=(jq)
  command -v setpriv >/dev/null || missing+=(util-linux)
  command -v yamllint >/dev/null || missing+=(yamllint)
  command -v gpg >/dev/null || missing+=(gnupg)
  ((${#missing[@]} == 0)) && return
  echo "deps: installing ${missing[*]}"
  apt-get -o DPkg::Lock::Timeout=300 update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
}

rust() {
  # Also for machines where rustup may not install the pinned toolchain by itself.
  rustup toolchain list | grep -q "^$RUST_VERSION" ||
    rustup toolchain install "$RUST_VERSION" --profile minimal -c clippy -c rustfmt
  rustup target list --installed | grep -q "^$MUSL_TARGET$" || rustup target add "$MUSL_TARGET"
}

packages
rust
cargo_tool cargo-nextest "$NEXTEST_VERSION"
cargo_tool cargo-deny "$DENY_VERSION"
