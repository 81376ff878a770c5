# Paths, progress lines and the lock that every script here shares. Sourced, never run.
# shellcheck shell=bash disable=SC2034

CLUSTER_NAME=dify-preflight
CLUSTER_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE_DIR=${XDG_CACHE_HOME:-$HOME/.cache}/dify-preflight
STATE_DIR=${XDG_STATE_HOME:-$HOME/.local/state}/dify-preflight
LOG_DIR=$STATE_DIR/log
LOG_FILE=$LOG_DIR/$(basename "$0" .sh).log
TOOLS_BIN=$CACHE_DIR/tools/bin
KUBECONFIG_FILE=$STATE_DIR/kubeconfig

mkdir -p "$CACHE_DIR" "$LOG_DIR" "$TOOLS_BIN"
export PATH="$TOOLS_BIN:$PATH:/usr/local/sbin:/usr/sbin:/sbin"

say() { printf '%s\n' "$*"; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Runs a command quietly: one line with its seconds, details in the log, the end of the log on failure.
# Do not call it in a condition: the command relies on `set -e`.
step() {
  local title=$1 started rc
  shift
  started=$(now_ms)
  printf '  %-58s' "$title"
  printf '\n=== %s: %s\n' "$(date -u +%FT%TZ)" "$title" >>"$LOG_FILE"
  set +e
  (
    set -e
    "$@"
  ) >>"$LOG_FILE" 2>&1
  rc=$?
  set -e
  if [ "$rc" -eq 0 ]; then
    printf '%8s s\n' "$(seconds_since "$started")"
    return 0
  fi
  printf '  failed (%s)\n' "$rc"
  tail -n 20 "$LOG_FILE" | sed 's/^/    | /' >&2
  die "\"$title\" failed; the whole log: $LOG_FILE"
}

now_ms() { date +%s%3N; }

seconds_since() {
  local ms=$(($(now_ms) - $1))
  printf '%d.%d' $((ms / 1000)) $((ms % 1000 / 100))
}

# Calls a command every 0.2 s until it succeeds or the given seconds are over.
retry() {
  local end=$(($(date +%s) + $1))
  shift
  until "$@"; do
    [ "$(date +%s)" -lt "$end" ] || return 1
    sleep 0.2
  done
}

# One cluster command at a time; a script called by another one inherits the lock.
# Long-lived children must be started with `9>&-`, or they would keep it.
lock() {
  : >"$LOG_FILE"
  [ -z "${DIFY_PREFLIGHT_LOCKED:-}" ] || return 0
  exec 9>"$STATE_DIR/lock"
  flock -n 9 || { say "waiting for another cluster command to end"; flock 9; }
  export DIFY_PREFLIGHT_LOCKED=1
}

need_root() { [ "$(id -u)" -eq 0 ] || die "$1 needs root"; }

# A short hash over the content of files, for the names of cached products.
content_key() { cat "$@" | sha256sum | cut -c1-12; }
