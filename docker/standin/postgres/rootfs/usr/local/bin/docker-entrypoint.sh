#!/usr/bin/env bash
# The entrypoint of the official image, in what charts use of it.
set -euo pipefail

# from_file NAME: fills NAME from the file that NAME_FILE names. Both at once are refused.
from_file() {
    local name="$1" file="$1_FILE"
    if [[ -n "${!name:-}" && -n "${!file:-}" ]]; then
        printf 'error: both %s and %s are set (but are exclusive)\n' "$name" "$file" >&2
        exit 1
    fi
    [[ -z "${!file:-}" ]] || printf -v "$name" '%s' "$(<"${!file}")"
    unset "$file"
}

step_down() {
    [[ "$(id -u)" == 0 ]] || return 0
    mkdir -p "$PGDATA" /var/run/postgresql
    chown -R postgres:postgres "$PGDATA" /var/run/postgresql
    exec setpriv --reuid postgres --regid postgres --clear-groups "$0" "$@"
}

need_password() {
    [[ -z "${POSTGRES_PASSWORD:-}" && "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]] || return 0
    cat >&2 <<'TEXT'
Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the superuser,
       or POSTGRES_HOST_AUTH_METHOD=trust to allow all connections without a password.
TEXT
    exit 1
}

sql() { psql -v ON_ERROR_STOP=1 --no-psqlrc -h /var/run/postgresql -U "$POSTGRES_USER" "$@"; }

run_init_files() {
    local file
    for file in /docker-entrypoint-initdb.d/*; do
        case "$file" in
            *.sh)
                printf '%s: running %s\n' "$0" "$file"
                # shellcheck source=/dev/null
                if [[ -x "$file" ]]; then "$file"; else . "$file"; fi ;;
            *.sql) printf '%s: running %s\n' "$0" "$file"; sql -d "$POSTGRES_DB" -f "$file" ;;
            *.sql.gz) printf '%s: running %s\n' "$0" "$file"; gunzip -c "$file" | sql -d "$POSTGRES_DB" ;;
        esac
    done
}

initialise() {
    local method="${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}"
    # shellcheck disable=SC2086  # a list of arguments, as in the official image
    initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "${POSTGRES_PASSWORD:-}") \
        ${POSTGRES_INITDB_ARGS:-} -D "$PGDATA"
    printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
    sed -i "s/^#listen_addresses = .*/listen_addresses = '*'/" "$PGDATA/postgresql.conf"
    # Reachable by its socket alone, so that nobody takes it for ready.
    pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
    if [[ "$POSTGRES_DB" != postgres ]]; then
        sql -d postgres -v db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
    fi
    run_init_files
    pg_ctl -D "$PGDATA" -m fast -w stop
    printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

main() {
    [[ $# -gt 0 && "${1:0:1}" != - ]] || set -- postgres "$@"
    [[ "$1" == postgres ]] || exec "$@"
    step_down "$@"
    printf 'stand-in for postgres:17 (PostgreSQL of Debian), not the real image\n'
    from_file POSTGRES_PASSWORD
    from_file POSTGRES_USER
    from_file POSTGRES_DB
    from_file POSTGRES_INITDB_ARGS
    export POSTGRES_USER="${POSTGRES_USER:-postgres}"
    export POSTGRES_DB="${POSTGRES_DB:-$POSTGRES_USER}"
    if [[ -s "$PGDATA/PG_VERSION" ]]; then
        printf 'PostgreSQL Database directory appears to contain a database; Skipping initialization\n'
    else
        need_password
        mkdir -p "$PGDATA"
        chmod 0700 "$PGDATA"
        export PGPASSWORD="${POSTGRES_PASSWORD:-}"
        initialise
        unset PGPASSWORD
    fi
    exec "$@"
}

main "$@"
