# Every pinned version of the cluster part. Sourced.
# shellcheck shell=bash disable=SC2034

# 1.34 is the last Kubernetes minor whose kubelet takes cgroup v1 without being told to.
KUBERNETES=1.34.3
# kubeadm asks for exactly these tags of the images beside the control plane.
ETCD=3.6.5
ETCD_TAG=3.6.5-0
COREDNS=1.12.4
COREDNS_TAG=v1.12.1
PAUSE_TAG=3.10.1
# The newest that the Go module proxy has.
LOCAL_PATH=0.0.30
KIND=0.31.0
# The oldest Helm that the chart supports, and the newest of Helm 3; each with the minor of the Kubernetes API it was made for.
HELM_OLD=3.12.3 HELM_OLD_MINOR=27
HELM_NEW=3.21.4 HELM_NEW_MINOR=36
KUBECONFORM=0.7.0
# The Debian release that the node's root is made of.
NODE_SUITE=bookworm
NODE_IMAGE=localhost/kind-node:v$KUBERNETES
KINDEST_IMAGE=kindest/node:v$KUBERNETES
