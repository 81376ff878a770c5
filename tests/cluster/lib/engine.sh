# The container engine: a dockerd in a sandbox of our own, or the user's (DIFY_PREFLIGHT_ENGINE=host). Sourced.
# shellcheck shell=bash

ENGINE_KIND=${DIFY_PREFLIGHT_ENGINE:-own}
ENGINE_SOCKET=$STATE_DIR/docker.sock
ENGINE_PID_FILE=$STATE_DIR/engine.pid
ENGINE_DATA=$CACHE_DIR/engine
ENGINE_CGROUP=dify-preflight
ENGINE_SYSCTLS=$STATE_DIR/sysctls
# What a kubelet writes although it concerns the whole machine.
KUBELET_SYSCTLS="vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops kernel.keys.root_maxkeys kernel.keys.root_maxbytes"

if [ "$ENGINE_KIND" = own ]; then
  export DOCKER_HOST=unix://$ENGINE_SOCKET
  # The user's contexts and credential helpers do not concern our engine.
  export DOCKER_CONFIG=$STATE_DIR/docker-config
  mkdir -p "$DOCKER_CONFIG"
fi

engine_is_own() { [ "$ENGINE_KIND" = own ]; }
engine_answers() { timeout 5 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# The pid of the sandbox's process 1, if it lives. The start time guards against a number that was given away again.
engine_pid() {
  local pid start
  [ -s "$ENGINE_PID_FILE" ] || return 1
  read -r pid start <"$ENGINE_PID_FILE"
  [ "$(process_start "$pid")" = "$start" ] || return 1
  echo "$pid"
}

# Field 22 of stat, counted after the command name, which may hold spaces.
process_start() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

engine_start() {
  if ! engine_is_own; then
    engine_answers || die "DIFY_PREFLIGHT_ENGINE=host is set, and docker does not answer"
    return 0
  fi
  if engine_pid >/dev/null && engine_answers; then return 0; fi
  need_root "the lab's own container engine"
  engine_stop
  engine_write_config
  # shellcheck disable=SC2086
  sysctl -e $KUBELET_SYSCTLS >"$ENGINE_SYSCTLS"
  step "start the container engine in its own namespaces" engine_launch
}

engine_write_config() {
  local runtime='{}'
  if lacks_sys_resource; then
    install -m 755 "$CLUSTER_HOME/lib/runc-wrap" "$STATE_DIR/runc-wrap"
    runtime=$(jq -n --arg path "$STATE_DIR/runc-wrap" '{runtimes: {relaxed: {path: $path}}, "default-runtime": "relaxed"}')
  fi
  mkdir -p "$ENGINE_DATA"
  jq -n --arg data "$ENGINE_DATA" --arg cgroup "/$ENGINE_CGROUP" --argjson runtime "$runtime" \
    '{"data-root": $data, "cgroup-parent": $cgroup, "exec-opts": ["native.cgroupdriver=cgroupfs"], "log-level": "warn"} + $runtime' \
    >"$STATE_DIR/daemon.json"
}

# Bit 24 of the bounding set.
lacks_sys_resource() { (((0x$(sed -n 's/^CapBnd:\s*//p' /proc/self/status) >> 24 & 1) == 0)); }

engine_launch() {
  local supervisor
  # --kill-child: should unshare itself be killed, the sandbox goes too.
  setsid unshare --mount --net --pid --fork --kill-child --mount-proc \
    bash "$CLUSTER_HOME/lib/sandbox.sh" "$STATE_DIR/daemon.json" "$ENGINE_SOCKET" \
    >"$LOG_DIR/dockerd.log" 2>&1 </dev/null 9>&- &
  supervisor=$!
  retry 5 engine_record "$supervisor" || { cat "$LOG_DIR/dockerd.log"; return 1; }
  retry 30 engine_answers_or_died || true
  engine_answers || { tail -n 30 "$LOG_DIR/dockerd.log"; return 1; }
  engine_drop_leftovers
}

engine_record() {
  local init
  init=$(pgrep -P "$1") || return 1
  echo "$init $(process_start "$init")" >"$ENGINE_PID_FILE"
}

engine_answers_or_died() { engine_answers || ! engine_pid >/dev/null; }

# Containers of a run that was cut off: their sandbox is gone, and nothing of them can be resumed.
engine_drop_leftovers() {
  docker ps -aq | xargs -r docker rm -f -v >/dev/null
  docker volume ls -q | xargs -r docker volume rm -f >/dev/null
}

engine_stop() {
  engine_is_own || return 0
  local pid
  if pid=$(engine_pid); then
    kill -TERM "$pid"
    retry 20 engine_gone || kill -KILL "$pid"
    retry 5 engine_gone || return 1
  fi
  if [ -s "$ENGINE_SYSCTLS" ]; then sysctl -q -e -p "$ENGINE_SYSCTLS" || true; fi
  rm -f "$ENGINE_PID_FILE" "$ENGINE_SOCKET" "$ENGINE_SYSCTLS"
  retry 5 engine_remove_cgroups || true
}

engine_gone() { ! engine_pid >/dev/null; }

# Empty groups stay behind when their processes are killed; on cgroup v1 there is one tree per controller.
engine_remove_cgroups() {
  local top left=0
  for top in /sys/fs/cgroup/"$ENGINE_CGROUP" /sys/fs/cgroup/*/"$ENGINE_CGROUP"; do
    [ -d "$top" ] || continue
    find "$top" -depth -type d -exec rmdir {} \; 2>/dev/null || true
    [ ! -d "$top" ] || left=1
  done
  return "$left"
}

# Runs a command in the sandbox's network. The file system is the machine's.
engine_enter() {
  local pid
  engine_is_own || { "$@"; return; }
  pid=$(engine_pid) || die "the engine is not running"
  nsenter --target "$pid" --net -- "$@"
}
