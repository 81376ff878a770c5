# Brings a port of the engine's network to the same port of the machine's loopback. Sourced.
# A pair of socats with a socket file between them: files are shared between network namespaces, so nothing of the
# machine's network is touched, and addresses and certificates stay as they are.
# shellcheck shell=bash

forward_start() {
  local name=$1 port=$2 pid socket=$STATE_DIR/forward-$1.sock
  engine_is_own || return 0
  forward_stop "$name"
  pid=$(engine_pid)
  # In the sandbox's process namespace too, so that it cannot outlive the sandbox.
  forward_launch "$name-inner" nsenter --target "$pid" --net --pid -- \
    socat "UNIX-LISTEN:$socket,fork,mode=600,unlink-early" "TCP:127.0.0.1:$port"
  forward_launch "$name-outer" socat "TCP-LISTEN:$port,bind=127.0.0.1,fork,reuseaddr" "UNIX-CONNECT:$socket"
  retry 5 test -S "$socket" && retry 5 port_answers "$port"
}

# -t: a half-closed connection may take its time over the other half.
forward_launch() {
  local file=$STATE_DIR/forward-$1.pid
  shift
  setsid "$@" >>"$LOG_DIR/forward.log" 2>&1 </dev/null 9>&- &
  echo "$! $(process_start "$!")" >"$file"
}

forward_stop() {
  local file pid start
  for file in "$STATE_DIR/forward-$1"-*.pid; do
    [ -s "$file" ] || continue
    read -r pid start <"$file"
    # The number of the process is that of its group too: connections that are open have children.
    [ "$(process_start "$pid")" != "$start" ] || kill -TERM -- "-$pid" 2>/dev/null || true
    rm -f "$file"
  done
  rm -f "$STATE_DIR/forward-$1.sock"
}

forward_runs() {
  local file pid start
  engine_is_own || return 0
  for file in "$STATE_DIR/forward-$1"-{inner,outer}.pid; do
    [ -s "$file" ] || return 1
    read -r pid start <"$file"
    [ "$(process_start "$pid")" = "$start" ] || return 1
  done
}

port_answers() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The first free port of those given.
free_port() {
  local port
  for port in "$@"; do
    port_answers "$port" || { echo "$port"; return 0; }
  done
  die "none of these loopback ports is free: $*"
}
