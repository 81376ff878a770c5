#!/usr/bin/env bash
# The lab's container engine: engine.sh start | stop | status | env | enter COMMAND...
set -euo pipefail
# shellcheck source=tests/cluster/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=tests/cluster/lib/engine.sh
source "$CLUSTER_HOME/lib/engine.sh"

status() {
  if ! engine_answers; then
    say "engine: stopped"
    exit 3
  fi
  say "engine: docker $(docker version --format '{{.Server.Version}}') at ${DOCKER_HOST:-its default address}"
}

# For `eval "$(tests/cluster/engine.sh env)"`.
print_env() {
  if engine_is_own; then
    printf 'export DOCKER_HOST=%q DOCKER_CONFIG=%q\n' "$DOCKER_HOST" "$DOCKER_CONFIG"
  fi
}

case ${1:-} in
start)
  lock
  engine_start
  ;;
stop)
  lock
  step "stop the container engine" engine_stop
  ;;
status) status ;;
env) print_env ;;
enter)
  shift
  engine_enter "$@"
  ;;
*)
  echo "usage: engine.sh start | stop | status | env | enter COMMAND..." >&2
  exit 2
  ;;
esac
