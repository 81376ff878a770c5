# Builds of pinned Go programs into the cache. Sourced.
# shellcheck shell=bash

GO_MINIMUM_MINOR=24

# Say it before ten minutes of work, not after.
go_check() {
  command -v go >/dev/null || die "Go 1.$GO_MINIMUM_MINOR or newer is needed to build $1, and there is no go on PATH"
  local minor
  minor=$(GOTOOLCHAIN=local go env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
  [ "${minor:-0}" -ge "$GO_MINIMUM_MINOR" ] || die "Go 1.$GO_MINIMUM_MINOR or newer is needed to build $1, this is 1.$minor"
}

go_settings() {
  export GOTOOLCHAIN=local CGO_ENABLED=0 GOFLAGS=-trimpath
}

# go_tool TARGET PACKAGE VERSION [EXTRA-LDFLAGS]: one program of a module that can be installed as it is.
go_tool() {
  local target=$1 package=$2 version=$3 extra=${4:-} work
  [ ! -x "$target" ] || return 0
  work=$(mktemp -d "$CACHE_DIR/go.XXXXXX")
  go_settings
  GOBIN=$work go install -ldflags "-s -w $extra" "$package@v$version"
  mkdir -p "$(dirname "$target")"
  mv "$work/$(basename "$package")" "$target"
  rmdir "$work"
}

KUBERNETES_BIN=$CACHE_DIR/kubernetes-v$KUBERNETES/bin
KUBERNETES_PROGRAMS="kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet kubeadm kubectl"
# The modules that Kubernetes publishes from its own tree and refers to by local path.
KUBERNETES_STAGING="api apiextensions-apiserver apimachinery apiserver cli-runtime client-go cloud-provider cluster-bootstrap
  code-generator component-base component-helpers controller-manager cri-api cri-client csi-translation-lib
  dynamic-resource-allocation endpointslice externaljwt kms kube-aggregator kube-controller-manager kube-proxy
  kube-scheduler kubectl kubelet metrics mount-utils pod-security-admission sample-apiserver sample-cli-plugin sample-controller"

# A module whose only content is the wish for the Kubernetes programs, with the local paths turned into published versions.
kubernetes_module() {
  local module program
  go_settings
  mkdir -p "$1"
  cd "$1" || return
  [ -s go.sum ] && return 0
  rm -f go.mod
  go mod init kubernetes
  for module in $KUBERNETES_STAGING; do
    go mod edit -replace="k8s.io/$module=k8s.io/$module@v0.${KUBERNETES#1.}"
  done
  go mod edit -require="k8s.io/kubernetes@v$KUBERNETES"
  {
    printf '//go:build tools\n\npackage tools\n\nimport (\n'
    for program in $KUBERNETES_PROGRAMS; do printf '\t_ "k8s.io/kubernetes/cmd/%s"\n' "$program"; done
    printf ')\n'
  } >tools.go
  go mod tidy
}

# kubernetes_program NAME: a program that does not know its version would not join a cluster.
kubernetes_program() {
  local target=$KUBERNETES_BIN/$1 minor=${KUBERNETES#1.}
  [ ! -x "$target" ] || return 0
  mkdir -p "$KUBERNETES_BIN"
  kubernetes_module "$CACHE_DIR/kubernetes-v$KUBERNETES/module"
  minor=${minor%%.*}
  local version="-X k8s.io/component-base/version.gitVersion=v$KUBERNETES -X k8s.io/component-base/version.gitMajor=1"
  version+=" -X k8s.io/component-base/version.gitMinor=$minor -X k8s.io/client-go/pkg/version.gitVersion=v$KUBERNETES"
  go build -ldflags "-s -w $version" -o "$target.new" "k8s.io/kubernetes/cmd/$1"
  mv "$target.new" "$target"
}

# etcd's own main package is not installable at this version; its server can be called from three lines.
etcd_program() {
  local target=$CACHE_DIR/etcd-$ETCD/etcd work=$CACHE_DIR/etcd-$ETCD/module
  [ ! -x "$target" ] || return 0
  go_settings
  mkdir -p "$work"
  cd "$work" || return
  [ -f go.mod ] || go mod init etcd
  printf 'package main\n\nimport (\n\t"os"\n\n\t"go.etcd.io/etcd/server/v3/etcdmain"\n)\n\nfunc main() { etcdmain.Main(os.Args) }\n' >main.go
  go get "go.etcd.io/etcd/server/v3@v$ETCD"
  go mod tidy
  go build -ldflags '-s -w' -o "$target.new" .
  mv "$target.new" "$target"
}
