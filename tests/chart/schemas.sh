#!/usr/bin/env bash
# Puts the strict JSON schemas of the oldest and the newest Kubernetes into <cache>/kubernetes-schemas and prints the folder.
# They come from the Python package kubernetes-validate, which carries them for use without a network; those of custom resources
# from the Go module that defines them.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dify-preflight"
target="$cache/kubernetes-schemas-2"
declare -A packages=([1.23.0]=1.23.4 [1.37.0]=1.37.0)

unpack() {
  case $1 in
    *.whl) python3 -m zipfile -e "$1" "$2" ;;
    *) tar -xzf "$1" -C "$2" ;;
  esac
}

# Kubernetes' version, the package's version
fetch() {
  local work folder
  work=$(mktemp -d)
  # No dependencies: only its data is wanted, nothing of it is run.
  python3 -m pip download --quiet --no-deps --dest "$work" "kubernetes-validate==$2"
  unpack "$(find "$work" -name 'kubernetes*validate*' -type f | head -1)" "$work"
  folder=$(find "$work" -type d -name "v$1-local-strict" | head -1)
  cp -r "$folder" "$partial/v$1-strict"
  # Newer packages refer to their definitions by a path that only their own program understands.
  sed -i "s#\"/api/_definitions.json#\"file://$target/v$1-strict/_definitions.json#g" "$partial/v$1-strict"/*.json
  rm -rf "$work"
}

# Gateway API: the standard channel, strict as the others are.
fetch_gateway_api() {
  local work module version
  work=$(mktemp -d)
  module=$(cd "$work" && go mod init schemas 2>/dev/null && go mod download -json sigs.k8s.io/gateway-api@v1.3.0 |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["Dir"])')
  python3 -m pip install --quiet --target "$work/python" pyyaml==6.0.2
  for version in "${!packages[@]}"; do
    PYTHONPATH="$work/python" python3 "$here/crd_schemas.py" "$partial/v$version-strict" "$module"/config/crd/standard/*.yaml
  done
  rm -rf "$work"
}

need_pip() {
  python3 -m pip --version >/dev/null 2>&1 && return
  apt-get -o DPkg::Lock::Timeout=300 update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -qq -y --no-install-recommends python3-pip >/dev/null
}

mkdir -p "$cache"
exec 9>"$target.lock"
flock 9
if [ ! -d "$target" ]; then
  need_pip >&2
  partial=$(mktemp -d "$target.XXXX")
  for version in "${!packages[@]}"; do
    fetch "$version" "${packages[$version]}" >&2
  done
  fetch_gateway_api >&2
  chmod 755 "$partial"
  mv "$partial" "$target"
fi
echo "$target"
