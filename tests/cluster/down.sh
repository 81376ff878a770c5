#!/usr/bin/env bash
# Deletes the cluster and stops the engine. What was downloaded or built stays in the cache.
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

step "delete the cluster" cluster_delete
forward_stop api
forward_stop url
if engine_is_own; then step "stop the container engine" engine_stop; fi
rm -rf "$KUBECONFIG_FILE" "$PORTS_FILE" "$STATE_DIR"/{kind.yaml,node-image,daemon.json,runc-wrap,docker-config}
