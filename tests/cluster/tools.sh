#!/usr/bin/env bash
# Puts pinned kind, Helm (oldest and newest supported), kubeconform and a kubectl into <cache>/tools/bin.
set -euo pipefail
# shellcheck source=tests/cluster/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=tests/cluster/lib/versions.sh
source "$CLUSTER_HOME/lib/versions.sh"
# shellcheck source=tests/cluster/lib/gobuild.sh
source "$CLUSTER_HOME/lib/gobuild.sh"
lock

# tool NAME VERSION PACKAGE [LDFLAGS]
tool() {
  local program=$CACHE_DIR/tools/$1-$2
  if [ ! -x "$program" ]; then
    go_check "$1 $2"
    step "build $1 $2" go_tool "$program" "$3" "$2" "${4:-}"
  fi
  ln -sf "$program" "$TOOLS_BIN/$1"
}

# helm NAME VERSION MINOR: a Helm that was not told takes the cluster for Kubernetes 1.20 and refuses charts that ask for more.
helm() {
  local package=helm.sh/helm/v3
  tool "$1" "$2" "$package/cmd/helm" "-X $package/internal/version.version=v$2 \
    -X $package/pkg/chartutil.k8sVersionMinor=$3 -X $package/pkg/lint/rules.k8sVersionMinor=$3"
}

# Ours where it was built anyway, else the machine's if it is new enough.
kubectl_tool() {
  if [ ! -x "$KUBERNETES_BIN/kubectl" ]; then
    local own
    own=$(own_kubectl)
    if [ -n "$own" ]; then
      ln -sf "$own" "$TOOLS_BIN/kubectl"
      return 0
    fi
    go_check kubectl
    step "build kubectl $KUBERNETES" kubernetes_program kubectl
  fi
  ln -sf "$KUBERNETES_BIN/kubectl" "$TOOLS_BIN/kubectl"
}

own_kubectl() {
  local path minor
  path=$(PATH=${PATH//"$TOOLS_BIN:"/} command -v kubectl) || return 0
  minor=$("$path" version --client -o json 2>/dev/null | jq -r '.clientVersion.minor // ""' | tr -cd 0-9)
  [ "${minor:-0}" -lt 23 ] || echo "$path"
}

tool kind "$KIND" sigs.k8s.io/kind
helm helm-3.12 "$HELM_OLD" "$HELM_OLD_MINOR"
helm helm "$HELM_NEW" "$HELM_NEW_MINOR"
tool kubeconform "$KUBECONFORM" github.com/yannh/kubeconform/cmd/kubeconform
kubectl_tool
say "tools: $TOOLS_BIN"
