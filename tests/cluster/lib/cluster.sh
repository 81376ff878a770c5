# The kind cluster: its configuration, its creation, and when it is really ready. Sourced.
# shellcheck shell=bash

# The chart's NodePort that the URL leads to.
URL_NODE_PORT=30080
PORTS_FILE=$STATE_DIR/ports

export KUBECONFIG=$KUBECONFIG_FILE

# API_PORT and URL_PORT of the cluster that runs, or that is about to.
ports_load() {
  [ -s "$PORTS_FILE" ] || return 1
  # shellcheck disable=SC1090
  source "$PORTS_FILE"
}

ports_choose() {
  # Not 8080: a kubectl without configuration asks there. Below the range that the kernel gives to outgoing connections.
  URL_PORT=${DIFY_PREFLIGHT_URL_PORT:-$(free_port 8088 {18080..18099})}
  API_PORT=$(free_port {26443..26543})
  printf 'API_PORT=%s\nURL_PORT=%s\n' "$API_PORT" "$URL_PORT" >"$PORTS_FILE"
}

cluster_write_config() {
  local default_cni=true
  # The image built here brings its own pod network; kindest/node waits for kind to install one.
  case $1 in *kindest/node*) default_cni=false ;; esac
  cat >"$STATE_DIR/kind.yaml" <<YAML
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
name: $CLUSTER_NAME
networking:
  ipFamily: ipv4
  apiServerAddress: 127.0.0.1
  apiServerPort: $API_PORT
  disableDefaultCNI: $default_cni
nodes:
  - role: control-plane
    image: $1
    extraPortMappings:
      - {containerPort: $URL_NODE_PORT, hostPort: $URL_PORT, listenAddress: 127.0.0.1}
YAML
}

node_container() { echo "$CLUSTER_NAME-control-plane"; }
node_runs() { [ "$(docker container inspect -f '{{.State.Running}}' "$(node_container)" 2>/dev/null)" = true ]; }
api_ready() { [ "$(timeout 3 kubectl get --raw /readyz 2>/dev/null)" = ok ]; }

cluster_healthy() {
  ports_load && [ -s "$KUBECONFIG_FILE" ] && engine_answers && node_runs &&
    forward_runs api && forward_runs url && api_ready
}

# The node lives and only the way to it is broken: nothing to create anew.
cluster_reconnect() {
  ports_load && [ -s "$KUBECONFIG_FILE" ] && engine_answers && node_runs || return 1
  cluster_forward
}

cluster_create() {
  rm -f "$KUBECONFIG_FILE"
  kind create cluster --config "$STATE_DIR/kind.yaml" --kubeconfig "$KUBECONFIG_FILE" --retain
}

# The URL's port is answered by the engine although no pod serves it yet, so this proves the way and nothing more.
cluster_forward() {
  forward_start api "$API_PORT" && forward_start url "$URL_PORT" && retry 10 api_ready
}

# The lab's engine has no way out, and names outside the cluster would cost a query's whole time limit.
# Answered at once, a mistyped host is "no such name", as it is in a cluster with an upstream.
cluster_dns() {
  engine_is_own || return 0
  kubectl -n kube-system create configmap coredns --from-file="$CLUSTER_HOME/node/Corefile" --dry-run=client -o yaml |
    kubectl replace -f -
  # The pods that run already would notice within a minute; new ones are there in seconds. One is enough for one node.
  kubectl -n kube-system patch deployment coredns --type merge \
    -p '{"spec": {"replicas": 1, "template": {"metadata": {"annotations": {"dify-preflight/corefile": "isolated"}}}}}'
}

# Pods that are created before these hold are refused, or start without names and volumes.
cluster_settle() {
  cluster_dns
  kubectl wait --for=condition=Ready node --all --timeout=120s
  retry 60 kubectl -n default get serviceaccount default
  kubectl -n kube-system rollout status deployment/coredns --timeout=120s
  kubectl -n local-path-storage rollout status deployment/local-path-provisioner --timeout=120s
  kubectl get storageclass standard
}

cluster_delete() {
  engine_answers || return 0
  kind delete cluster --name "$CLUSTER_NAME" --kubeconfig "$KUBECONFIG_FILE"
  # Kept from one cluster to the next by kind; it is ours.
  if engine_is_own; then docker network rm kind >/dev/null 2>&1 || true; fi
}
