#!/usr/bin/env bash
# Makes the root of a kind node in WORK/root: node-build.sh WORK. Runs in mount and process namespaces of its own,
# so that nothing that is mounted or started here outlives it.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
work=$1
root=$work/root
CACHE_DIR=${XDG_CACHE_HOME:-$HOME/.cache}/dify-preflight
# shellcheck source=tests/cluster/lib/versions.sh
source "$here/lib/versions.sh"
# shellcheck source=tests/cluster/lib/archive.sh
source "$here/lib/archive.sh"
# shellcheck source=tests/cluster/lib/gobuild.sh
source "$here/lib/gobuild.sh"

# kindest/node's packages without network file systems, with Debian's own containerd.
PACKAGES=systemd,conntrack,iptables,nftables,iproute2,ethtool,util-linux,mount,kmod,libseccomp2,pigz,bash,ca-certificates,curl,jq,procps
PACKAGES+=,containerd,runc,containernetworking-plugins,socat,hostname,findutils,grep,sed,gawk

base_root() {
  local mirror
  # Where this machine gets its own packages from.
  # shellcheck disable=SC2016
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' | grep -v security | grep debian | head -n 1)
  mmdebstrap --quiet --variant=essential --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --include="$PACKAGES" "$NODE_SUITE" "$root" \
    "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $NODE_SUITE main"
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{man,doc,locale,info}
}

# kind's own entrypoint, units and containerd settings, as its module has them, for Debian's containerd and our pause image.
kind_files() {
  local files
  files=$(kind_module)/images/base/files
  cp -r "$files"/usr/local/bin/. "$root/usr/local/bin/"
  cp -r "$files/kind" "$root/"
  cp -r "$files"/etc/. "$root/etc/"
  chmod -R u+w,go+rX "$root/kind" "$root/etc" "$root/usr/local/bin"
  chmod 755 "$root"/usr/local/bin/* "$root"/kind/bin/*
  sed -i "s/restrict_oom_score_adj = false/restrict_oom_score_adj = true/; s#pause:3.10\"#pause:$PAUSE_TAG\"#" "$root/etc/containerd/config.toml"
  sed -i 's#/usr/local/bin/containerd#/usr/bin/containerd#g' "$root/etc/systemd/system/containerd.service"
  mkdir -p "$root/etc/kubernetes/manifests" "$root/kind/manifests" "$root/opt/cni/bin" "$root/etc/cni/net.d"
  echo "v$KUBERNETES" >"$root/kind/version"
}

kind_module() {
  GOTOOLCHAIN=local go mod download -json "sigs.k8s.io/kind@v$KIND" | jq -r .Dir
}

# Keeps systemd from starting what only a real machine needs.
units() {
  local wants=$root/lib/systemd/system
  rm -f "$wants"/multi-user.target.wants/* "$root"/etc/systemd/system/*.wants/* "$wants"/local-fs.target.wants/* \
    "$wants"/sockets.target.wants/*{udev,initctl}* "$wants/sysinit.target.wants/systemd-tmpfiles-setup.service"
  echo ReadKMsg=no >>"$root/etc/systemd/journald.conf"
  ln -sf /lib/systemd/systemd "$root/sbin/init"
  cp "$here/node/service-guard.service" "$root/etc/systemd/system/"
  chroot "$root" systemctl -q enable kubelet containerd undo-mount-hacks service-guard
  chroot "$root" systemctl -q mask systemd-binfmt
}

our_files() {
  local program
  for program in kubelet kubeadm kubectl; do install -m 755 "$KUBERNETES_BIN/$program" "$root/usr/bin/$program"; done
  cp "$root"/usr/lib/cni/{ptp,portmap,host-local,loopback} "$root/opt/cni/bin/"
  rm -rf "$root/usr/lib/cni"
  cp "$here/node/10-ptp.conflist" "$root/etc/cni/net.d/"
  sed "s/@LOCAL_PATH@/$LOCAL_PATH/" "$here/node/default-storage.yaml" >"$root/kind/manifests/default-storage.yaml"
  chroot "$root" ctr oci spec |
    jq '.hooks.createContainer[.hooks.createContainer | length] |= . + {path: "/kind/bin/mount-product-files.sh"} | del(.process.rlimits)' \
      >"$root/etc/containerd/cri-base.json"
}

images() {
  local out=$work/images program extra module
  mkdir -p "$out"
  for program in kube-apiserver kube-controller-manager kube-scheduler; do
    image_of_program "$out/$program.tar" "registry.k8s.io/$program:v$KUBERNETES" "$KUBERNETES_BIN/$program"
  done
  image_of_program "$out/etcd.tar" "registry.k8s.io/etcd:$ETCD_TAG" "$CACHE_DIR/etcd-$ETCD/etcd"
  image_of_program "$out/coredns.tar" "registry.k8s.io/coredns/coredns:$COREDNS_TAG" "$CACHE_DIR/coredns-$COREDNS/coredns"
  image_of_program "$out/provisioner.tar" "localhost/local-path-provisioner:v$LOCAL_PATH" "$CACHE_DIR/local-path-provisioner-$LOCAL_PATH/local-path-provisioner"
  gcc -static -Os -s -o "$work/pause" "$here/node/pause.c"
  image_of_program "$out/pause.tar" "registry.k8s.io/pause:$PAUSE_TAG" "$work/pause"

  mkdir -p "$work/helper/bin" "$work/helper/tmp"
  cp "$(command -v busybox)" "$work/helper/bin/busybox"
  chroot "$work/helper" /bin/busybox --install -s /bin
  image_archive "$out/helper.tar" localhost/local-path-helper:1 "$work/helper"

  # kube-proxy calls these; the rest of a root it does not need.
  extra=$work/proxy
  mkdir -p "$extra/usr/local/bin" "$extra/usr/sbin" "$extra/run" "$extra/lib" "$extra/lib64" "$extra/usr/lib"
  cp "$KUBERNETES_BIN/kube-proxy" "$extra/usr/local/bin/"
  copy_program "$root" "$extra" /usr/sbin/xtables-nft-multi
  copy_program "$root" "$extra" /usr/sbin/conntrack
  for program in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
    ln -s xtables-nft-multi "$extra/usr/sbin/$program"
  done
  # Modules with what they are linked with: statistic, which spreads over the endpoints of a Service, wants libm. Without it
  # kube-proxy writes no rule any more once a Service has two pods.
  for module in "$root"/usr/lib/*/xtables/*.so; do copy_program "$root" "$extra" "${module#"$root"}"; done
  image_archive "$out/kube-proxy.tar" "registry.k8s.io/kube-proxy:v$KUBERNETES" "$extra"
}

# Unpacks the images into the node's containerd, and drops the packed form: half the size, and nothing to unpack at boot.
load_images() {
  local archive
  mkdir -p "$root/mnt/images"
  mount --bind "$work/images" "$root/mnt/images"
  mount -t tmpfs tmpfs "$root/run"
  printf 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n' >"$root/run/containerd.toml"
  chroot "$root" containerd --config /run/containerd.toml >"$work/containerd.log" 2>&1 &
  for _ in $(seq 50); do
    chroot "$root" ctr version >/dev/null 2>&1 && break
    sleep 0.2
  done
  for archive in "$work"/images/*.tar; do
    chroot "$root" ctr -n k8s.io images import --snapshotter overlayfs "/mnt/images/$(basename "$archive")"
  done
  # The configuration and the manifest of an image stay, they are what the kubelet's runtime reads.
  chroot "$root" ctr -n k8s.io content ls | awk '$2 ~ /MB$/ {print $1}' | xargs -n 1 chroot "$root" ctr -n k8s.io content rm
  sleep 2
  du -sm "$root"/var/lib/containerd/*
  kill "$!"
  wait "$!" || true
  umount "$root/run" "$root/mnt/images"
  rmdir "$root/mnt/images"
}

mount --make-rprivate /
rm -rf "$work"
mkdir -p "$work"
base_root
kind_files
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
units
our_files
images
load_images
umount -R "$root/dev" "$root/proc"
