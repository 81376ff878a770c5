#!/usr/bin/env bash
# Runs a command with the lab's kubectl, helm and docker: run.sh kubectl get pods -A
set -euo pipefail
# shellcheck source=tests/cluster/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=tests/cluster/lib/engine.sh
source "$CLUSTER_HOME/lib/engine.sh"
# shellcheck source=tests/cluster/lib/forward.sh
source "$CLUSTER_HOME/lib/forward.sh"
# shellcheck source=tests/cluster/lib/cluster.sh
source "$CLUSTER_HOME/lib/cluster.sh"

export KUBECONFIG=$KUBECONFIG_FILE
# Helm's own files of the user do not concern the lab.
export HELM_CACHE_HOME=$STATE_DIR/helm/cache HELM_CONFIG_HOME=$STATE_DIR/helm/config HELM_DATA_HOME=$STATE_DIR/helm/data
if ports_load; then export LAB_URL=http://127.0.0.1:$URL_PORT; fi
exec "$@"
