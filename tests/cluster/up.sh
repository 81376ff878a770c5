#!/usr/bin/env bash
# Brings up the kind cluster, or finds it running. Prints the kubeconfig's path and the URL's port.
set -euo pipefail
# shellcheck source=tests/cluster/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=tests/cluster/lib/engine.sh
source "$CLUSTER_HOME/lib/engine.sh"
# shellcheck source=tests/cluster/lib/forward.sh
source "$CLUSTER_HOME/lib/forward.sh"
# shellcheck source=tests/cluster/lib/cluster.sh
source "$CLUSTER_HOME/lib/cluster.sh"
lock

report() {
  say "kubeconfig: $KUBECONFIG_FILE"
  say "url port: $URL_PORT"
}

if cluster_healthy || cluster_reconnect >>"$LOG_FILE" 2>&1; then
  say "cluster $CLUSTER_NAME is up"
  report
  exit 0
fi

"$CLUSTER_HOME/deps.sh"
"$CLUSTER_HOME/tools.sh"
"$CLUSTER_HOME/node-image.sh"
step "remove what is left of an older cluster" cluster_delete
forward_stop api
forward_stop url
ports_choose
cluster_write_config "$(cat "$STATE_DIR/node-image")"
step "create the cluster" cluster_create
step "open its ports on the loopback" cluster_forward
step "wait for DNS, storage and accounts" cluster_settle
report
