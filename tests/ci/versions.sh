# shellcheck shell=bash disable=SC2034
# Pinned versions of the tools that tests use, and the names of our own binaries, in one place.
RUST_VERSION=1.95.0
MUSL_TARGET=x86_64-unknown-linux-musl
NEXTEST_VERSION=0.9.151
DENY_VERSION=0.20.2
FUZZ_VERSION=0.13.2
CYCLONEDX_VERSION=0.5.9
# What the image holds.
BINARIES=(db-migrate redis-check storage-bootstrap vector-probe plugin-keys gate)
# The newest Helm 4; those of Helm 3 are in tests/cluster/lib/versions.sh, because the cluster part is installed by them.
HELM_4=4.2.4
# What the rendered chart is linted with.
KUBE_SCORE=1.20.0
CHECKOV=3.3.30
# What the workflows are linted with.
ACTIONLINT=1.7.12
# Version of the package kubernetes-validate → versions of Kubernetes whose schemas are taken from it.
declare -A KUBERNETES_SCHEMAS=([1.23.4]="1.23.0" [1.37.0]="1.27.0 1.30.0 1.37.0")
PYYAML=6.0.2
# The Go modules that define the custom resources.
GATEWAY_API=1.3.0
KEDA=2.21.0
PROMETHEUS_OPERATOR=0.85.0
EXTERNAL_SECRETS=1.3.2
