# Writes one-layer container images as docker archives, without an engine. Sourced.
# shellcheck shell=bash

# image_archive FILE NAME:TAG FOLDER [ENTRYPOINT]: the folder becomes the image's root.
image_archive() {
  local work digest entrypoint=null
  work=$(mktemp -d "$(dirname "$1")/archive.XXXXXX")
  [ -z "${4:-}" ] || entrypoint=$(jq -n --arg program "$4" '[$program]')
  tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$3" -cf "$work/layer.tar" .
  digest=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
  jq -n --arg digest "sha256:$digest" --arg arch "$(dpkg --print-architecture)" --argjson entrypoint "$entrypoint" '{
    architecture: $arch, os: "linux", rootfs: {type: "layers", diff_ids: [$digest]},
    config: {Entrypoint: $entrypoint, Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]}}' >"$work/config.json"
  jq -n --arg name "$2" '[{Config: "config.json", RepoTags: [$name], Layers: ["layer.tar"]}]' >"$work/manifest.json"
  tar -C "$work" -cf "$1" manifest.json config.json layer.tar
  rm -rf "$work"
}

# image_of_program FILE NAME:TAG PROGRAM: an image that holds one static program and starts it.
image_of_program() {
  local root name
  root=$(mktemp -d "$(dirname "$1")/root.XXXXXX")
  name=$(basename "$3")
  chmod 755 "$root"
  install -D -m 755 "$3" "$root/usr/local/bin/$name"
  image_archive "$1" "$2" "$root" "/usr/local/bin/$name"
  rm -rf "$root"
}

# copy_program FROM-ROOT TO-ROOT PATH: a program with the libraries it is linked with.
copy_program() {
  local library
  mkdir -p "$2$(dirname "$3")"
  cp -L "$1$3" "$2$3"
  chroot "$1" ldd "$3" | grep -o '/[^ )]*' | while read -r library; do
    [ -e "$2$library" ] || { mkdir -p "$2$(dirname "$library")" && cp -L "$1$library" "$2$library"; }
  done
}
