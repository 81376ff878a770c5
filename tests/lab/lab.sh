#!/usr/bin/env bash
# The lab's two programs on a cluster that is made for them, or with --context on a kind cluster of yours:
#
#   lab.sh up  [--context NAME] [options of `lab up`]     install, show progress, timeline and URL
#   lab.sh e2e [--context NAME] [filters of nextest]      the scenarios
set -euo pipefail
cd "$(dirname "$0")/../.."

program=${1:?up or e2e}
shift
context=
arguments=()
while (($#)); do
  if [[ $1 == --context ]]; then
    context=${2:?--context needs a name}
    shift 2
  else
    arguments+=("$1")
    shift
  fi
done

# Scenarios need more servers than an installation.
images=()
if [[ $program == e2e ]]; then images=(--all); fi

if [[ -n $context ]]; then
  tests/cluster/tools.sh
  tests/cluster/images.sh "${images[@]}" "$context"
  # Our kubectl and helm, your kubeconfig.
  run=(env "PATH=${XDG_CACHE_HOME:-$HOME/.cache}/dify-preflight/tools/bin:$PATH" "LAB_CONTEXT=$context")
else
  tests/cluster/up.sh
  tests/cluster/images.sh "${images[@]}"
  run=(tests/cluster/run.sh)
fi

case $program in
up)
  cargo build --quiet -p lab
  values=(--values tests/lab/values.yaml)
  if [[ -z $context ]]; then values+=(--values tests/lab/values-url.yaml); fi
  "${run[@]}" target/debug/lab up "${values[@]}" "${arguments[@]}"
  ;;
e2e) "${run[@]}" cargo nextest run -p lab --profile e2e "${arguments[@]}" ;;
*)
  echo "usage: lab.sh up | e2e" >&2
  exit 2
  ;;
esac
