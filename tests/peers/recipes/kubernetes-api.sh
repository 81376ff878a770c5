#!/usr/bin/env bash
# The API server of Kubernetes with its etcd, as the lab's node image has them; built from Go modules once for both.
set -euo pipefail
home="$(cd "$(dirname "$0")/../../cluster" && pwd)"
# shellcheck disable=SC2034  # what is sourced reads it
CACHE_DIR="${XDG_CACHE_HOME:-$HOME/.cache}/dify-preflight"
die() {
    printf '%s\n' "$*" >&2
    exit 1
}
# shellcheck source=tests/cluster/lib/versions.sh
. "$home/lib/versions.sh"
# shellcheck source=tests/cluster/lib/gobuild.sh
. "$home/lib/gobuild.sh"

[[ -x "$KUBERNETES_BIN/kube-apiserver" ]] || go_check kube-apiserver
(kubernetes_program kube-apiserver)
(etcd_program)
cp "$KUBERNETES_BIN/kube-apiserver" "$CACHE_DIR/etcd-$ETCD/etcd" "$1/"
