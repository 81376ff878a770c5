#!/usr/bin/env bash
# Puts strict JSON schemas into <cache>/kubernetes-schemas and prints the folder: those of four Kubernetes versions, from the
# oldest to the newest, and below crds/ those of the custom resources that the chart can make.
# The former come from the Python package kubernetes-validate, which carries them for use without a network; the latter from the
# Go modules that define them.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=tests/ci/versions.sh
. "$here/../ci/versions.sh"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dify-preflight"
# Made anew when one of these changes, and only then.
made_of() {
  cat "${BASH_SOURCE[0]}" "$here/crd_schemas.py"
  declare -p KUBERNETES_SCHEMAS PYYAML GATEWAY_API KEDA PROMETHEUS_OPERATOR EXTERNAL_SECRETS
}
target="$cache/kubernetes-schemas-$(made_of | sha256sum | cut -c1-12)"

unpack() {
  case $1 in
    *.whl) python3 -m zipfile -e "$1" "$2" ;;
    *) tar -xzf "$1" -C "$2" ;;
  esac
}

# the package's version, Kubernetes' versions in it
fetch() {
  local work folder package=$1
  shift
  work=$(mktemp -d)
  # No dependencies: only its data is wanted, nothing of it is run.
  python3 -m pip download --quiet --no-deps --dest "$work" "kubernetes-validate==$package"
  unpack "$(find "$work" -name 'kubernetes*validate*' -type f | head -1)" "$work"
  for version in "$@"; do
    folder=$(find "$work" -type d -name "v$version-local-strict" | head -1)
    cp -r "$folder" "$partial/v$version-strict"
    # Newer packages refer to their definitions by a path that only their own program understands.
    sed -i "s#\"/api/_definitions.json#\"file://$target/v$version-strict/_definitions.json#g" "$partial/v$version-strict"/*.json
  done
  rm -rf "$work"
}

# module@version, then the files in it that define custom resources
fetch_crds() {
  local module=$1 folder files=()
  shift
  folder=$(cd "$python" && go mod download -json "$module" | python3 -c 'import json, sys; print(json.load(sys.stdin)["Dir"])')
  for file in "$@"; do files+=("$folder/$file"); done
  PYTHONPATH="$python" python3 "$here/crd_schemas.py" "$partial/crds" "${files[@]}"
}

custom_resources() {
  local operator=example/prometheus-operator-crd/monitoring.coreos.com_
  mkdir "$partial/crds"
  python=$(mktemp -d)
  (cd "$python" && go mod init schemas 2>/dev/null)
  python3 -m pip install --quiet --target "$python" "pyyaml==$PYYAML"
  fetch_crds "sigs.k8s.io/gateway-api@v$GATEWAY_API" config/crd/standard/gateway.networking.k8s.io_{httproutes,grpcroutes,gateways}.yaml
  fetch_crds "github.com/kedacore/keda/v2@v$KEDA" config/crd/bases/keda.sh_{scaledobjects,triggerauthentications}.yaml
  fetch_crds "github.com/prometheus-operator/prometheus-operator@v$PROMETHEUS_OPERATOR" \
    "$operator"{servicemonitors,podmonitors,prometheusrules}.yaml
  fetch_crds "github.com/external-secrets/external-secrets@v$EXTERNAL_SECRETS" \
    config/crds/bases/external-secrets.io_{externalsecrets,secretstores}.yaml
  rm -rf "$python"
}

need_pip() {
  python3 -m pip --version >/dev/null 2>&1 && return
  apt-get -o DPkg::Lock::Timeout=300 update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -qq -y --no-install-recommends python3-pip >/dev/null
}

if [ -d "$target" ]; then
  echo "$target"
  exit
fi
mkdir -p "$cache"
exec 9>"$target.lock"
flock 9
if [ ! -d "$target" ]; then
  need_pip >&2
  partial=$(mktemp -d "$target.XXXX")
  for package in "${!KUBERNETES_SCHEMAS[@]}"; do
    read -ra versions <<<"${KUBERNETES_SCHEMAS[$package]}"
    fetch "$package" "${versions[@]}" >&2
  done
  custom_resources >&2
  chmod 755 "$partial"
  mv "$partial" "$target"
fi
echo "$target"
