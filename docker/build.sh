#!/usr/bin/env bash
# Builds the image localhost/dify-preflight:dev from the release binaries. DOCKER names the docker command.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tests/ci/versions.sh
. tests/ci/versions.sh

tag=${1:-localhost/dify-preflight:dev}
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT

mkdir "$context/bin"
for tool in "${BINARIES[@]}"; do
  cp "target/$MUSL_TARGET/release/$tool" "$context/bin/"
done
cp LICENSE docker/Dockerfile "$context/"
# shellcheck disable=SC2086  # DOCKER may be a command with arguments
${DOCKER:-docker} build -q -t "$tag" "$context" >/dev/null
