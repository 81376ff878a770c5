#!/usr/bin/env bash
# Packs the chart: package.sh [OUT]. With PACKAGE_KEY, the name of a key in PACKAGE_KEYRING, its provenance is signed; with
# PACKAGE_SBOM=1 the components of the binaries are listed beside it (CycloneDX).
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/ci/versions.sh
. tests/ci/versions.sh
# shellcheck source=tests/ci/cargo-tool.sh
. tests/ci/cargo-tool.sh

out=${1:-dist}
mkdir -p "$out"
out=$(cd "$out" && pwd)
PATH="$tools:$PATH"

signed=()
if [ -n "${PACKAGE_KEY:-}" ]; then
  signed=(--sign --key "$PACKAGE_KEY" --keyring "${PACKAGE_KEYRING:?names the keyring with the private key}")
  if [ -n "${PACKAGE_PASSPHRASE_FILE:-}" ]; then signed+=(--passphrase-file "$PACKAGE_PASSPHRASE_FILE"); fi
fi
helm package chart --destination "$out" "${signed[@]}" >/dev/null

if [ "${PACKAGE_SBOM:-}" = 1 ]; then
  cargo_tool cargo-cyclonedx "$CYCLONEDX_VERSION"
  cargo cyclonedx --quiet --format json --override-filename sbom.cdx
  for tool in "${BINARIES[@]}"; do mv "crates/$tool/sbom.cdx.json" "$out/$tool.cdx.json"; done
  find . -name sbom.cdx.json -not -path './target/*' -delete
fi
cd "$out"
rm -f SHA256SUMS
sums=$(find . -maxdepth 1 -type f -printf '%f\n' | sort | xargs sha256sum)
echo "$sums" | tee SHA256SUMS
