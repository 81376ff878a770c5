#!/bin/sh
# Arguments go to squid, as in the image it stands for.
set -e
case "${1:-}" in
    -* | "")
        echo "stand-in for ubuntu/squid (squid of Debian), not the real image" >&2
        exec squid "$@" ;;
esac
exec "$@"
