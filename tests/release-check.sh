#!/usr/bin/env bash
# What our data lack for a release of Dify: release-check.sh VERSION DIFY [PLUGIN_DAEMON [SANDBOX]]
# Each is a folder of sources, or a git directory that has the tag: VERSION, or that of the image that Dify's compose file names.
set -euo pipefail

version=${1:?usage: release-check.sh VERSION DIFY [PLUGIN_DAEMON [SANDBOX]]}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# sources NAME SOURCE TAG PATH...: prints the folder with these paths of the sources.
sources() {
    local name=$1 source=$2 tag=$3 file
    shift 3
    if [[ -e $source/$1 ]]; then
        echo "$source"
        return
    fi
    mkdir "$work/$name"
    git -C "$source" ls-tree -r --name-only "$tag" -- "$@" | grep -E '[.](py|go|sh|ts|yaml)$' | while read -r file; do
        mkdir -p "$work/$name/$(dirname "$file")"
        git -C "$source" show "$tag:$file" >"$work/$name/$file"
    done
    echo "$work/$name"
}

# tag IMAGE: the tag of the image that the release's compose file names.
tag() {
    sed -n "s|.*image: langgenius/$1:||p" "$dify/docker/docker-compose.yaml" | sed 's/-local$//' | head -n 1
}

dify=$(sources dify "${2:?a folder or git directory of Dify}" "$version" \
    api web/docker web/env.ts docker/docker-compose.yaml dify-agent/src/dify_agent/server)
arguments=(--dify "$dify")
if [[ -n ${3:-} ]]; then
    arguments+=(--plugin-daemon "$(sources plugin-daemon "$3" "$(tag dify-plugin-daemon)" internal/types/app)")
fi
if [[ -n ${4:-} ]]; then
    arguments+=(--sandbox "$(sources sandbox "$4" "$(tag dify-sandbox)" internal/static internal/core/lib)")
fi
cargo run --quiet -p chartgen -- release-check "$version" "${arguments[@]}"
