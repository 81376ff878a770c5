#!/usr/bin/env bash
# The entrypoint of the official image: bare options and configuration files go to redis-server,
# root becomes the redis user, anything else is run as it is.
set -euo pipefail

case "${1:-}" in
    -* | *.conf) set -- redis-server "$@" ;;
esac

if [[ "${1:-}" == redis-server && "$(id -u)" == 0 ]]; then
    find . \! -user redis -exec chown redis '{}' +
    exec setpriv --reuid redis --regid redis --clear-groups "$0" "$@"
fi

# Files of Redis are for its user alone, unless somebody set another mask.
[[ "$(umask)" != 0022 ]] || umask 0077

if [[ "${1:-}" == redis-server ]]; then
    shift
    printf 'stand-in for redis:8 (Redis of Debian), not the real image\n'
    # The official image is compiled without protected mode. A file must stay the first argument.
    # Where the configuration comes on standard input, options would outrank it, so there the line is put before.
    if [[ "${*: -1}" == - ]]; then
        exec redis-server "$@" < <(printf 'protected-mode no\n'; exec cat)
    elif [[ "${1:--}" == -* ]]; then
        exec redis-server --protected-mode no "$@"
    fi
    exec redis-server "$1" --protected-mode no "${@:2}"
fi

exec "$@"
