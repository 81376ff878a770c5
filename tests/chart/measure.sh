#!/usr/bin/env bash
# Measures the chart: what it renders, how long that takes, and how large Helm's own record of a release becomes, which must fit
# into a Secret (1 MiB). A further chart is measured beside it: measure.sh CHART VALUES, such as a checkout of the reference
# chart without its dependencies, and values that name external stores.
set -euo pipefail

cd "$(dirname "$(readlink -f "$0")")/../.."
runs=${RUNS:-15}
helm=${HELM_3:-helm}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# median COMMAND...: milliseconds.
median() {
  for ((run = 0; run < runs; run++)); do
    local from
    from=$(date +%s%N)
    "$@" >/dev/null
    echo $((($(date +%s%N) - from) / 1000000))
  done | sort -n | sed -n "$(((runs + 1) / 2))p"
}

# record CHART RENDERED: the bytes of a release as Helm keeps it: JSON, compressed, as base64.
record() {
  python3 - "$1" "$2" <<'PYTHON'
import base64, gzip, json, pathlib, sys

chart, rendered = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
text = lambda path: base64.b64encode(path.read_bytes()).decode()
files = [path for path in sorted(chart.rglob("*")) if path.is_file()]
release = {"manifest": rendered.read_text(), "chart": [{"name": str(path.relative_to(chart)), "data": text(path)} for path in files]}
print(len(base64.b64encode(gzip.compress(json.dumps(release).encode()))))
PYTHON
}

# row NAME CHART ARGUMENTS...
row() {
  local name=$1 chart=$2
  shift 2
  local render=("$helm" template demo "$chart" --namespace dify --kube-version 1.30.0 "$@")
  "${render[@]}" >"$work/rendered.yaml"
  printf '| %s | %s | %s | %s | %s ms |\n' "$name" "$(grep -c '^kind:' "$work/rendered.yaml")" \
    "$(wc -c <"$work/rendered.yaml")" "$(record "$chart" "$work/rendered.yaml")" "$(median "${render[@]}")"
}

cargo build --quiet -p chartgen
generator=${CARGO_TARGET_DIR:-target}/debug/chartgen

echo "| values | objects | bytes rendered | bytes of the release's record | render, median of $runs |"
echo "|---|---|---|---|---|"
row "the defaults" chart
row "all stores external" chart --values examples/external-services.yaml
row "high availability" chart --values examples/high-availability.yaml
if [[ $# -ge 2 ]]; then
  row "$(basename "$2" .yaml), another chart" "$1" --values "$2"
fi
echo
echo "The generator writes the chart in $(median "$generator" generate --check) ms (not optimised)."
