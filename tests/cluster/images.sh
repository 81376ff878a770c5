#!/usr/bin/env bash
# Builds the lab's images (ours, and the stand-ins) and loads them into the node: images.sh [--all] [CONTEXT]
# With --all those too that only some scenarios need. With CONTEXT, the context of a kind cluster of yours, into that one,
# by your own docker.
set -euo pipefail
# shellcheck source=tests/cluster/lib/common.sh
source "$(dirname "$0")/lib/common.sh"

all=()
if [[ ${1:-} == --all ]]; then
  all=(--all)
  shift
fi
context=${1:-}
root=$(cd "$CLUSTER_HOME/../.." && pwd)
tags=$STATE_DIR/images

build_standins() { "$root/docker/standin/build.sh" "${all[@]}" >"$tags"; }

load() {
  local -a images
  mapfile -t images <"$tags"
  images+=(localhost/dify-preflight:dev)
  if [ -z "$context" ]; then
    "$CLUSTER_HOME/load.sh" "${images[@]}"
  else
    kind load docker-image --name "${context#kind-}" "${images[@]}"
  fi
}

if [ -n "$context" ]; then
  case $context in kind-*) ;; *) die "--context $context: images can be loaded into kind clusters only (kind-NAME)" ;; esac
  # Asked before minutes of building go by.
  kind get clusters 2>/dev/null | grep -qxF -- "${context#kind-}" || die "--context $context: kind knows no cluster ${context#kind-}; see: kind get clusters"
  export DIFY_PREFLIGHT_ENGINE=host
fi
# shellcheck source=tests/cluster/lib/engine.sh
source "$CLUSTER_HOME/lib/engine.sh"

step "build our image" "$root/docker/build.sh"
step "build the stand-in images" build_standins
step "load the images into the node" load
