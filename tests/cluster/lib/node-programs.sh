# The programs of the node image, each built once per version. Sourced.
# shellcheck shell=bash

node_programs() {
  local program
  for program in $KUBERNETES_PROGRAMS; do
    [ -x "$KUBERNETES_BIN/$program" ] || step "build $program $KUBERNETES" kubernetes_program "$program"
  done
  [ -x "$CACHE_DIR/etcd-$ETCD/etcd" ] || step "build etcd $ETCD" etcd_program
  program_of_module coredns "$COREDNS" github.com/coredns/coredns
  program_of_module local-path-provisioner "$LOCAL_PATH" github.com/rancher/local-path-provisioner
}

program_of_module() {
  local target=$CACHE_DIR/$1-$2/$1
  [ -x "$target" ] || step "build $1 $2" go_tool "$target" "$3" "$2"
}
