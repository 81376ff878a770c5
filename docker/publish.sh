#!/usr/bin/env bash
# Builds and pushes the image for both architectures from the release binaries, with provenance: publish.sh REFERENCE.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tests/ci/versions.sh
. tests/ci/versions.sh

reference=${1:?the reference of the image}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
references=()
for pair in amd64=x86_64 arm64=aarch64; do
  platform=${pair%=*}
  context=$work/$platform
  mkdir -p "$context/bin"
  for tool in "${BINARIES[@]}"; do cp "target/${pair#*=}-unknown-linux-musl/release/$tool" "$context/bin/"; done
  cp LICENSE docker/Dockerfile "$context/"
  docker buildx build --platform "linux/$platform" --provenance mode=max --push --tag "$reference-$platform" "$context"
  references+=("$reference-$platform")
done
docker buildx imagetools create --tag "$reference" "${references[@]}"
