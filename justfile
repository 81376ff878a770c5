# The one entry for people and for CI. `./just` runs this without `just` being installed.

set shell := ["bash", "-euo", "pipefail", "-c"]

cache := env("XDG_CACHE_HOME", env("HOME") / ".cache") / "dify-preflight"

export PATH := cache / "tools/bin" + ":" + env("PATH")

# What there is.
[private]
default:
    @just --justfile {{justfile()}} --list --unsorted

# Bring up a kind cluster with Dify on it, from a bare machine; a second run changes nothing.
up *ARGS: binaries
    @tests/lab/lab.sh up {{ARGS}}

# Take all of it away again: cluster, containers, processes, mounts, networks.
down:
    @tests/cluster/down.sh

# Everything that needs no cluster: format, lints, dependencies, unit, integration with real servers, chart.
test: deps tools chart-tools lint deny
    @tests/peers/root.sh >/dev/null
    @tests/peers/get.sh --all >/dev/null
    @cargo build --quiet --workspace --bins
    @cargo nextest run --workspace --profile ci

# The chart's proof: drift, every value set on Helm 3.12, 3 and 4 and for Kubernetes 1.23 to the newest, policy linters, random values.
chart-test: deps tools chart-tools
    @cargo run --quiet -p chartgen -- generate --check
    @cargo nextest run -p chartgen -p topology --profile chart

# The scenarios on a real cluster; pass a part of a name to run only those. up and e2e take --context NAME.
e2e *FILTER: binaries
    @tests/lab/lab.sh e2e {{FILTER}}

# The inner loop, under a minute: format, lints, unit tests, chart drift.
check: deps lint
    @cargo nextest run --workspace --lib --bins --status-level fail
    @cargo run --quiet -p chartgen -- generate --check
    @cargo run --quiet -p docgen -- --check

# What the chart renders, how long that takes, and how large Helm's record of it is; another CHART with VALUES beside it.
chart-measure *ARGS: deps tools
    @tests/chart/measure.sh {{ARGS}}

# Write chart/ anew from topology and values model.
chart:
    @cargo run --quiet -p chartgen -- generate

# Pack the chart into OUT; PACKAGE_KEY and PACKAGE_KEYRING sign it, PACKAGE_SBOM=1 lists what the binaries are made of.
package OUT="dist": tools
    @tests/ci/package.sh "{{OUT}}"

# What our data lack for a release of Dify. SOURCES: folders or git directories of dify, dify-plugin-daemon, dify-sandbox.
release-check VERSION +SOURCES: deps
    @tests/release-check.sh "{{VERSION}}" {{SOURCES}}

# Write the pages of docs/ that follow from the code: tools, manual pages, completions, the schema of the JSON output.
docs:
    @cargo run --quiet -p docgen

# Measure the budgets, side by side with what a user would pick instead.
bench *ARGS: binaries
    @tests/bench/deps.sh
    @tests/peers/root.sh >/dev/null
    @cargo run --quiet -p bench -- {{ARGS}}

# Fuzz what parses, ten minutes for each target; or only TARGET, or for other SECONDS.
fuzz TARGET="" SECONDS="600": deps
    @tests/ci/fuzz.sh "{{TARGET}}" "{{SECONDS}}"

# The static release binaries.
binaries: deps
    @tests/ci/binaries.sh

# The same for arm64; ring's C files need Debian's gcc-aarch64-linux-gnu.
binaries-arm64: deps
    @command -v aarch64-linux-gnu-gcc >/dev/null || { echo "apt-get install gcc-aarch64-linux-gnu" >&2; exit 1; }
    @rustup target add aarch64-unknown-linux-musl
    @tests/ci/binaries.sh aarch64-unknown-linux-musl

[private]
deps:
    @tests/ci/deps.sh

[private]
tools:
    @tests/cluster/tools.sh

[private]
chart-tools:
    @tests/chart/tools.sh

[private]
lint:
    @cargo fmt --all --check
    @cargo clippy --quiet --workspace --all-targets --all-features -- -D warnings
    @git ls-files '*.sh' just .ci/run | xargs shellcheck -x

[private]
deny:
    @tests/ci/deny.sh
