#!/usr/bin/env bash
# Ceph's RADOS gateway with its files in S3_DATA.
#
#   S3_ACCESS_KEY, S3_SECRET_KEY   the user "dify" (no user without them)
#   S3_USERS                       more users, as "uid:access-key:secret-key", separated by blanks
#   S3_BUCKETS_MAX                 how many buckets a user may have; -1: none at all
#   S3_PORT                        default 9000
#   S3_TLS_CERT, S3_TLS_KEY        PEM files; with them the port speaks HTTPS
set -euo pipefail

conf=/tmp/ceph.conf

write_conf() {
    local endpoint="endpoint=0.0.0.0:$S3_PORT"
    if [[ -n "${S3_TLS_CERT:-}" ]]; then
        endpoint="ssl_endpoint=0.0.0.0:$S3_PORT ssl_certificate=$S3_TLS_CERT ssl_private_key=$S3_TLS_KEY"
    fi
    cat >"$conf" <<CONF
[global]
fsid = 00000000-0000-4000-8000-000000000001
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
mon_host = 127.0.0.1
[client]
rgw_backend_store = dbstore
rgw_config_store = dbstore
dbstore_db_dir = $S3_DATA
dbstore_config_uri = file:$S3_DATA/config.db
rgw_data = $S3_DATA
rgw_frontends = beast $endpoint
rgw_user_max_buckets = ${S3_BUCKETS_MAX:-1000}
admin_socket =
run_dir = /tmp
log_file =
log_to_stderr = true
err_to_stderr = true
CONF
}

# add_user UID ACCESS SECRET: a user that exists already (exit code 17) is kept.
add_user() {
    local code=0
    radosgw-admin -c "$conf" -n client.admin --no-mon-config user create --uid "$1" --display-name "$1" \
        --access-key "$2" --secret-key "$3" --max-buckets "${S3_BUCKETS_MAX:-1000}" >/dev/null 2>/tmp/user.log || code=$?
    if [[ "$code" != 0 && "$code" != 17 ]]; then
        cat /tmp/user.log >&2
        exit 1
    fi
    rm -f /tmp/user.log
}

main() {
    local user uid access secret
    printf 'stand-in for an S3 server: the RADOS gateway of Debian, without a cluster\n'
    mkdir -p "$S3_DATA"
    write_conf
    [[ -z "${S3_ACCESS_KEY:-}" ]] || add_user dify "$S3_ACCESS_KEY" "${S3_SECRET_KEY:?}"
    for user in ${S3_USERS:-}; do
        IFS=: read -r uid access secret <<<"$user"
        add_user "$uid" "$access" "$secret"
    done
    exec radosgw -c "$conf" -n client.admin --no-mon-config -f
}

main
