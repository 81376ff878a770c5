# shellcheck shell=bash
# Builds a tool of the crate registry once, by version. Sets `cache` and `tools`.

cache="${XDG_CACHE_HOME:-$HOME/.cache}/dify-preflight"
tools="$cache/tools/bin"
mkdir -p "$tools"

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
