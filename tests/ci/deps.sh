#!/usr/bin/env bash
# Installs what a bare Debian machine lacks for building and testing; does nothing where all of it is there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/ci/versions.sh
. "$here/versions.sh"

cache="${XDG_CACHE_HOME:-$HOME/.cache}/dify-preflight"
tools="$cache/tools/bin"
mkdir -p "$tools"

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

# name, version
cargo_tool() {
  [[ -x "$tools/$1-$2" ]] && return
  echo "deps: building $1 $2 (once; a few minutes)"
  # Built to be used a few times, not to be fast: half the time of a full release build.
  CARGO_PROFILE_RELEASE_LTO=false CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    cargo install --quiet --locked --root "$cache/cargo-$1-$2" --version "$2" "$1"
  ln -sf "$cache/cargo-$1-$2/bin/$1" "$tools/$1"
  ln -sf "$cache/cargo-$1-$2/bin/$1" "$tools/$1-$2"
}

packages
rust
cargo_tool cargo-nextest "$NEXTEST_VERSION"
cargo_tool cargo-deny "$DENY_VERSION"
