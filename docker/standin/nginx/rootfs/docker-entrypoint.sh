#!/bin/sh
# The official image runs the scripts of /docker-entrypoint.d first (templates, tuning); here there are none.
set -e
[ "${1:-}" != nginx ] || echo "stand-in for nginx-unprivileged (nginx of Debian), not the real image" >&2
exec "$@"
