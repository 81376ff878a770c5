#!/usr/bin/env bash
# Process 1 of the engine's own network, process and mount namespaces: prepares them, runs dockerd, reaps what it leaves.
# When it ends, the kernel takes every process, mount, link and rule of the sandbox with it.
set -euo pipefail

private_folders() {
  local folder
  mount -t tmpfs -o mode=755 tmpfs /run
  # The engine leaves a key in /etc/docker and folders in /opt; let these go to memory.
  for folder in etc opt; do
    mkdir -p "/run/upper/$folder" "/run/work/$folder"
    mount -t overlay -o "lowerdir=/$folder,upperdir=/run/upper/$folder,workdir=/run/work/$folder" overlay "/$folder" ||
      echo "/$folder is shared with the machine: no overlay here"
  done
}

main() {
  private_folders
  ip link set lo up
  dockerd --config-file "$1" --host "unix://$2" &
  local engine=$!
  trap 'kill -TERM $engine' TERM INT
  # A trapped signal ends the first wait; the second one is for the engine's orderly end.
  wait "$engine" || wait "$engine" || true
}

main "$@"
