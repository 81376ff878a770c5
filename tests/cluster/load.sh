#!/usr/bin/env bash
# Loads images of the engine into the cluster's node: load.sh IMAGE... Those that the node has already are left out,
# the others travel in one archive, so that layers they share travel once.
set -euo pipefail
# shellcheck source=tests/cluster/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=tests/cluster/lib/engine.sh
source "$CLUSTER_HOME/lib/engine.sh"
# shellcheck source=tests/cluster/lib/cluster.sh
source "$CLUSTER_HOME/lib/cluster.sh"
[ $# -gt 0 ] || { echo "usage: load.sh IMAGE..." >&2; exit 2; }
lock

# The node knows images by another digest than the engine does, so the engine's id is kept there as a label.
LABEL=dify-preflight/engine-id

node_ctr() { docker exec -i "$(node_container)" ctr -n k8s.io "$@"; }

# The name as the node has it: short names belong to Docker's library.
full_name() {
  local name=$1 first=${1%%/*}
  case $name in *:*) ;; *) name=$name:latest ;; esac
  case $1 in
  */*) case $first in *.* | *:* | localhost) echo "$name" ;; *) echo "docker.io/$name" ;; esac ;;
  *) echo "docker.io/library/$name" ;;
  esac
}

engine_id() { docker image inspect -f '{{.Id}}' "$1" 2>/dev/null || die "the engine has no image $1"; }

# Stops the upload if any of the commands in the pipe fails.
transfer() {
  local image
  docker save "$@" | node_ctr images import --snapshotter overlayfs -
  for image in "$@"; do
    node_ctr images label "$(full_name "$image")" "$LABEL=$(engine_id "$image")"
  done
}

node_runs || die "the cluster is not up; run tests/cluster/up.sh"
present=$(node_ctr images ls)
wanted=()
for image in "$@"; do
  id=$(engine_id "$image")
  if awk -v name="$(full_name "$image")" -v label="$LABEL=$id" '$1 == name && index($0, label) {found = 1} END {exit !found}' <<<"$present"; then
    say "  $image is in the node already"
  else
    wanted+=("$image")
  fi
done
[ "${#wanted[@]}" -eq 0 ] || step "load ${wanted[*]}" transfer "${wanted[@]}"
