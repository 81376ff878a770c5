#!/usr/bin/env bash
# Prove the root: start each of its servers through enter.sh and ask it something.
# Usage: smoke.sh [ROOT]; without ROOT it is built first.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="${1:-$("$here/root.sh")}"
work="$(mktemp -d)"
chmod 0755 "$work"
base=$((20000 + RANDOM % 10000))
pids=()

stop_all() {
    local pid
    for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
    wait
    rm -rf "$work"
}
trap stop_all EXIT

enter() { local user="$1" dir="$work/$2"; shift 2; mkdir -p "$dir"; "$here/enter.sh" "$root" "$user" "$dir" "$@"; }
serve() { enter "$@" >"$work/$2.log" 2>&1 & pids+=("$!"); }

# until_ok WHAT CMD...: retries for ten seconds.
until_ok() {
    local what="$1" try
    shift
    for try in {1..100}; do
        if "$@" >"$work/out" 2>&1; then printf 'ok   %s\n' "$what"; return; fi
        sleep 0.1
    done
    printf 'FAIL %s (%s tries)\n' "$what" "$try"; cat "$work/out" "$work"/*.log; exit 1
}

has() { local want="$1"; shift; "$@" 2>&1 | tee "$work/has" | grep -q -- "$want" || { cat "$work/has"; return 1; }; }

postgres() {
    local port=$((base + 1))
    enter postgres pg initdb -D /srv/work/data -U postgres -A trust --no-sync >"$work/initdb.log"
    serve postgres pg postgres -D /srv/work/data -p "$port" -h 127.0.0.1 -k /srv/work
    until_ok "PostgreSQL with pgvector" enter postgres pg psql -h /srv/work -p "$port" -U postgres \
        -c 'CREATE EXTENSION vector' -c 'CREATE EXTENSION "uuid-ossp"' \
        -c "SELECT '[1,2]'::vector <-> '[2,3]'::vector"
}

redis() {
    local port=$((base + 2)) n
    serve redis redis redis-server --port "$port" --bind 127.0.0.1 --save '' --requirepass secret
    until_ok "Redis" has PONG enter redis redis redis-cli -p "$port" -a secret ping
    for n in 1 2 3; do
        mkdir -p "$work/sentinel$n"
        printf '%s\n' "port $((port + n))" 'bind 127.0.0.1' 'dir /srv/work' \
            "sentinel monitor mymaster 127.0.0.1 $port 2" 'sentinel auth-pass mymaster secret' \
            'sentinel down-after-milliseconds mymaster 1500' >"$work/sentinel$n/f.conf"
        chmod 0666 "$work/sentinel$n/f.conf"
        serve redis "sentinel$n" redis-sentinel /srv/work/f.conf
    done
    until_ok "Redis Sentinel" has 'OK 3 usable' enter redis redis redis-cli -p $((port + 1)) sentinel ckquorum mymaster
}

rgw() {
    local port=$((base + 9)) dir="$work/rgw"
    mkdir -p "$dir"
    cat >"$dir/ceph.conf" <<CONF
[global]
fsid = 00000000-0000-4000-8000-000000000001
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
mon_host = 127.0.0.1
[client]
rgw_backend_store = dbstore
rgw_config_store = dbstore
dbstore_db_dir = /srv/work
dbstore_config_uri = file:/srv/work/config.db
rgw_data = /srv/work
admin_socket =
run_dir = /tmp
log_file =
rgw_frontends = beast endpoint=127.0.0.1:$port
CONF
    enter ceph rgw radosgw-admin -c /srv/work/ceph.conf -n client.admin --no-mon-config user create \
        --uid dify --display-name dify --access-key A --secret-key S >"$work/rgw-user.log" 2>&1
    serve ceph rgw radosgw -c /srv/work/ceph.conf -n client.admin --no-mon-config -f -d
    until_ok "radosgw" has ListAllMyBucketsResult enter ceph rgw wget -q -O - "http://127.0.0.1:$port/"
}

proxies() {
    local port=$((base + 10))
    mkdir -p "$work/nginx" "$work/squid"
    cat >"$work/nginx/n.conf" <<CONF
daemon off; pid /tmp/n.pid; error_log stderr;
events {}
http { client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; fastcgi_temp_path /tmp/c; uwsgi_temp_path /tmp/d;
  scgi_temp_path /tmp/e; access_log off; server { listen 127.0.0.1:$port; return 200 "hello\n"; } }
CONF
    serve nginx nginx nginx -e stderr -c /srv/work/n.conf
    until_ok "nginx" has hello enter nginx nginx wget -q -O - "http://127.0.0.1:$port/"
    cat >"$work/squid/s.conf" <<CONF
http_port 127.0.0.1:$((port + 1))
http_access allow all
access_log none
cache_log /dev/null
pid_filename none
coredump_dir /tmp
CONF
    serve proxy squid squid -N -f /srv/work/s.conf
    until_ok "squid" has hello enter proxy squid env "http_proxy=http://127.0.0.1:$((port + 1))" \
        wget -Y on -q -O - "http://127.0.0.1:$port/"
}

python() {
    until_ok "Python modules" enter nobody py python3 -c 'import alembic, psycopg2, redis, flask, gunicorn, sqlalchemy'
}

# The program's own pid, its death with its starter, no mount left, and the time.
entering() {
    local before pid start
    before="$(wc -l </proc/self/mountinfo)"
    bash -c '"$@" & echo $!; sleep 0.5' _ "$here/enter.sh" "$root" nobody "$work" sleep 60 >"$work/pid"
    pid="$(cat "$work/pid")"
    sleep 0.2
    # A zombie counts as dead: not every pid 1 reaps at once.
    if grep -qE '^State:[[:space:]]+[^ZX[:space:]]' "/proc/$pid/status" 2>/dev/null; then printf 'FAIL outlives its starter\n'; exit 1; fi
    start=${EPOCHREALTIME/./}
    enter nobody timed true
    printf 'ok   enter.sh takes %s ms\n' $(((${EPOCHREALTIME/./} - start) / 1000))
    [[ "$(wc -l </proc/self/mountinfo)" == "$before" ]] || { printf 'FAIL a mount is left\n'; exit 1; }
    printf 'ok   dies with its starter, leaves no mount\n'
}

postgres
redis
rgw
proxies
python
entering
