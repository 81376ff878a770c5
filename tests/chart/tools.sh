#!/usr/bin/env bash
# Puts what the chart is proven with, and no cluster needs, into <cache>/tools/bin: the newest Helm 4, kube-score, checkov,
# actionlint.
# Helm 3 and kubeconform come from tests/cluster/tools.sh, yamllint from Debian.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=tests/cluster/lib/common.sh
source "$here/../cluster/lib/common.sh"
# shellcheck source=tests/cluster/lib/versions.sh
source "$CLUSTER_HOME/lib/versions.sh"
# shellcheck source=tests/cluster/lib/gobuild.sh
source "$CLUSTER_HOME/lib/gobuild.sh"
# shellcheck source=tests/ci/versions.sh
source "$here/../ci/versions.sh"
: >"$LOG_FILE"
exec 8>"$CACHE_DIR/chart-tools.lock"
flock 8

# name, version, package
program() {
  local target=$CACHE_DIR/tools/$1-$2
  if [ ! -x "$target" ]; then
    go_check "$1 $2"
    step "build $1 $2" go_tool "$target" "$3" "$2"
  fi
  ln -sf "$target" "$TOOLS_BIN/$1"
}

# In a folder of its own: its many dependencies are nobody else's.
checkov_install() {
  rm -rf "$1" "$1.new"
  python3 -m pip install --quiet --no-warn-script-location --root-user-action ignore --target "$1.new" "checkov==$CHECKOV"
  mv "$1.new" "$1"
}

need_pip() {
  python3 -m pip --version >/dev/null 2>&1 && return
  apt-get -o DPkg::Lock::Timeout=300 update -qq
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -qq -y --no-install-recommends python3-pip
}

checkov() {
  local folder=$CACHE_DIR/tools/checkov-$CHECKOV
  if [ ! -d "$folder" ]; then
    step "pip for checkov" need_pip
    step "install checkov $CHECKOV" checkov_install "$folder"
  fi
  printf '#!/bin/sh\nPYTHONPATH=%s exec python3 -m checkov.main "$@"\n' "$folder" >"$TOOLS_BIN/checkov.new"
  chmod 755 "$TOOLS_BIN/checkov.new"
  mv "$TOOLS_BIN/checkov.new" "$TOOLS_BIN/checkov"
}

program helm-4 "$HELM_4" helm.sh/helm/v4/cmd/helm
program kube-score "$KUBE_SCORE" github.com/zegl/kube-score/cmd/kube-score
program actionlint "$ACTIONLINT" github.com/rhysd/actionlint/cmd/actionlint
checkov
"$here/schemas.sh" >/dev/null
