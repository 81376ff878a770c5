# shellcheck shell=bash
# What the recipes share. Source it after `set -euo pipefail`.

# The mirror of the machine's own Debian sources, or nothing.
machine_mirror() {
    # shellcheck disable=SC2016  # these are apt's variables
    apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(COMPONENT) $(REPO_URI)' \
        'Created-By: Packages' 2>/dev/null |
        awk '$1 == "Debian" && $2 !~ /-/ && $3 == "main" { print $4; exit }' || true
}

# debian_root SUITE FOLDER PACKAGES: a Debian of another suite in a folder. PACKAGES is a list with commas.
debian_root() {
    local mirror
    mirror="$(machine_mirror)"
    # A mirror that is a snapshot serves release files past their date.
    mmdebstrap --quiet --mode=root --variant=minbase \
        --aptopt='Acquire::Check-Valid-Until "false"' \
        --aptopt='APT::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --include="$3" "$1" "$2" ${mirror:+"$mirror"}
    mkdir -p "$2/srv/work"
}

# go_server FOLDER MODULE@VERSION NAME: one static program at FOLDER/NAME.
go_server() {
    local module="${2%@*}" built
    built="$(basename "$module")"
    GOBIN="$1" CGO_ENABLED=0 go install -trimpath -ldflags '-s -w' "$2"
    [[ "$built" == "$3" ]] || mv "$1/$built" "$1/$3"
}

# pip_server FOLDER PACKAGE==VERSION...: a Python folder; run its modules with PYTHONPATH=FOLDER.
pip_server() {
    local folder="$1"
    shift
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$folder" "$@"
}
