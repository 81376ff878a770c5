#!/usr/bin/env bash
# Provides the kind node image in the engine, and prints its name: kindest/node where it can be had, else one built from packages.
# DIFY_PREFLIGHT_NODE_IMAGE=build | pull | NAME:TAG overrides the choice.
set -euo pipefail
# shellcheck source=tests/cluster/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=tests/cluster/lib/versions.sh
source "$CLUSTER_HOME/lib/versions.sh"
# shellcheck source=tests/cluster/lib/gobuild.sh
source "$CLUSTER_HOME/lib/gobuild.sh"
# shellcheck source=tests/cluster/lib/engine.sh
source "$CLUSTER_HOME/lib/engine.sh"
# shellcheck source=tests/cluster/lib/node-programs.sh
source "$CLUSTER_HOME/lib/node-programs.sh"
lock

CHOICE=${DIFY_PREFLIGHT_NODE_IMAGE:-auto}
KEY=$(content_key "$CLUSTER_HOME"/lib/{versions,archive,gobuild,node-build}.sh "$CLUSTER_HOME"/node/*)
BUILT=$CACHE_DIR/node-image-v$KUBERNETES-$KEY.tar.zst
PULLED=$CACHE_DIR/kindest-node-v$KUBERNETES.tar
REFERENCE_FILE=$STATE_DIR/node-image

image_present() { docker image inspect "$1" >/dev/null 2>&1; }
built_image_present() { [ "$(docker image inspect -f '{{index .Config.Labels "dify-preflight.key"}}' "$NODE_IMAGE" 2>/dev/null)" = "$KEY" ]; }

use() {
  echo "$1" >"$REFERENCE_FILE"
  say "node image: $1"
}

# Our engine has no way out of its namespace, so the download goes past it.
probe_kindest() { timeout 8 skopeo inspect --raw "docker://$KINDEST_IMAGE" >/dev/null 2>>"$LOG_FILE"; }

pull_kindest() {
  if engine_is_own; then
    skopeo copy "docker://$KINDEST_IMAGE" "docker-archive:$PULLED.new:$KINDEST_IMAGE"
    mv "$PULLED.new" "$PULLED"
    docker load -q -i "$PULLED"
  else
    docker pull -q "$KINDEST_IMAGE"
  fi
}

build_root() {
  unshare --mount --pid --fork --kill-child --mount-proc bash "$CLUSTER_HOME/lib/node-build.sh" "$CACHE_DIR/node-build"
}

import_root() {
  tar -C "$CACHE_DIR/node-build/root" --one-file-system --xattrs -c . | docker import \
    --change 'ENV container=docker' --change 'ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]' \
    --change "LABEL dify-preflight.key=$KEY" - "$NODE_IMAGE-root"
  # systemd's wish for its own stop signal cannot be given to import.
  printf 'FROM %s\nSTOPSIGNAL SIGRTMIN+3\n' "$NODE_IMAGE-root" | docker build -q -t "$NODE_IMAGE" -
  docker image rm "$NODE_IMAGE-root"
}

save_built() {
  docker save "$NODE_IMAGE" | zstd -q -3 -T0 -o "$BUILT.new"
  # One is kept; older ones belong to scripts that are gone.
  rm -f "$CACHE_DIR/node-image-v$KUBERNETES"-*.tar.zst
  mv "$BUILT.new" "$BUILT"
}

load_built() { zstd -q -dc "$BUILT" | docker load -q; }

build() {
  go_check "the node image"
  need_root "building the node image"
  node_programs
  step "make the node's root and its images" build_root
  step "import the node image" import_root
  step "keep the node image in the cache" save_built
  rm -rf "$CACHE_DIR/node-build"
  use "$NODE_IMAGE"
}

pull() {
  step "pull $KINDEST_IMAGE" pull_kindest
  use "$KINDEST_IMAGE"
}

# Each of these ends with the image in the engine, or says that it is not to be had this way.
use_kindest_at_hand() {
  if ! image_present "$KINDEST_IMAGE"; then
    if ! engine_is_own || [ ! -s "$PULLED" ]; then return 1; fi
    docker load -q -i "$PULLED" >>"$LOG_FILE" || return 1
  fi
  use "$KINDEST_IMAGE"
}

use_built_at_hand() {
  if ! built_image_present; then
    [ -s "$BUILT" ] || return 1
    say "  loading the node image from the cache"
    load_built >>"$LOG_FILE" || return 1
  fi
  use "$NODE_IMAGE"
}

main() {
  engine_start
  case $CHOICE in
  auto)
    use_kindest_at_hand || use_built_at_hand && return 0
    if probe_kindest; then pull; else build; fi
    ;;
  pull)
    use_kindest_at_hand && return 0
    probe_kindest || die "$KINDEST_IMAGE cannot be pulled from here; see $LOG_FILE"
    pull
    ;;
  build)
    use_built_at_hand && return 0
    build
    ;;
  *)
    image_present "$CHOICE" || die "the engine has no image $CHOICE"
    use "$CHOICE"
    ;;
  esac
}

main
