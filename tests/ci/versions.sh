# shellcheck shell=bash disable=SC2034
# Pinned versions of the tools that tests use, and the names of our own binaries, in one place.
RUST_VERSION=1.95.0
MUSL_TARGET=x86_64-unknown-linux-musl
NEXTEST_VERSION=0.9.151
DENY_VERSION=0.20.2
FUZZ_VERSION=0.13.2
# What the image holds.
BINARIES=(db-migrate redis-check storage-bootstrap vector-probe plugin-keys gate)
