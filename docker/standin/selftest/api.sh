# shellcheck shell=bash disable=SC2154
# The api's image against real servers. Sourced by selftest.sh.

api_env=(-e DB_HOST=127.0.0.1 -e DB_USERNAME=dify -e DB_PASSWORD=pg -e DB_DATABASE=dify
    -e REDIS_HOST=127.0.0.1 -e REDIS_PASSWORD=rd -e CELERY_BROKER_URL=redis://:rd@127.0.0.1:6379/1
    -e STORAGE_TYPE=s3 -e S3_ENDPOINT=http://127.0.0.1:9000 -e S3_BUCKET_NAME=dify -e S3_ACCESS_KEY=ak -e S3_SECRET_KEY=sk)

# servers: starts PostgreSQL, Redis and S3 on one loopback; net is the first, and pg, rd, s3 name them.
servers() {
    start none --user 999 --tmpfs /var/run/postgresql:uid=999 --tmpfs /data:uid=999 -e PGDATA=/data/pg \
        -e POSTGRES_INITDB_ARGS=--auth-host=scram-sha-256 -e POSTGRES_PASSWORD=pg -e POSTGRES_USER=dify localhost/standin-postgres:17
    net="$last" pg="$last"
    start "$net" --user 999 --tmpfs /data:uid=999 localhost/standin-redis:8 redis-server --requirepass rd --save ''
    rd="$last"
    start "$net" --tmpfs /data:uid=64045 -e S3_ACCESS_KEY=ak -e S3_SECRET_KEY=sk localhost/standin-s3:18
    s3="$last"
    ok "servers are up" dk exec -e PGPASSWORD=pg "$pg" psql -h 127.0.0.1 -U dify -c 'SELECT 1'
    ok "servers are up" dk exec "$rd" redis-cli -a rd ping
    ok "servers are up" http "$s3" GET http://127.0.0.1:9000/
}

# api VERSION OPTIONS... -- ARGS...: runs one command of the image to its end.
api() {
    local version="$1" options=()
    shift
    while [[ "$1" != -- ]]; do options+=("$1"); shift; done
    shift
    dk run --rm --network "container:$net" "${strict[@]}" "${api_env[@]}" -e MODE=job "${options[@]}" "localhost/standin-api:$version" "$@"
}

query() { dk exec "$pg" psql -h /var/run/postgresql -U dify -tAc "$1"; }
empty_database() { query 'DROP SCHEMA public CASCADE' && query 'CREATE SCHEMA public' && query 'DROP EXTENSION IF EXISTS "uuid-ossp"'; }
once() { local what="$1"; shift; "$@" >/dev/null 2>&1 || { printf 'FAIL %s\n' "$what"; exit 1; }; printf 'ok   %s\n' "$what"; }
not() { ! "$@"; }

test_api() {
    servers
    ok "heads" says "a4f8d2c9e1b0 (head)" api 1.16.1-next -- db heads
    once "1.10.1: a failing migration is swallowed" exits 0 api 1.10.1 -e DB_PASSWORD=no -- upgrade-db
    once "1.16.1: a failing migration is an error" exits 1 api 1.16.1 -e DB_PASSWORD=no -- upgrade-db
    once "Redis password wrong: an error" exits 1 api 1.10.1 -e REDIS_PASSWORD=no -- upgrade-db
    once "empty number: an error" exits 1 api 1.16.1 -e REDIS_DB= -- upgrade-db
    once "1.10.1 fresh" exits 0 api 1.10.1 -- upgrade-db
    once "head of 1.10.1" says 09cfdda155d1 query 'SELECT version_num FROM alembic_version'
    once "upgrade to 1.16.1" exits 0 api 1.16.1 -- upgrade-db
    once "current" says "6f5a9c2d8e1b (head)" api 1.16.1 -- db current
    once "the bucket was made" says 403 http "$s3" GET http://127.0.0.1:9000/dify
    once "an older image fails on a newer database" exits 0 says "Can't locate revision" api 1.10.1 -- upgrade-db
    test_api_lock
    test_api_wedge
    test_api_modes
}

test_api_lock() {
    dk exec "$rd" redis-cli -a rd set db_upgrade_lock other ex 60 >/dev/null 2>&1
    once "lock held: skipped with 0" says "Database migration skipped" api 1.16.1-next -- upgrade-db
    once "and nothing was done" says 6f5a9c2d8e1b query 'SELECT version_num FROM alembic_version'
    dk exec "$rd" redis-cli -a rd del db_upgrade_lock >/dev/null 2>&1
    start "$net" "${api_env[@]}" -e MODE=migration -e MIGRATION_ENABLED=true -e STANDIN_MIGRATION_SECONDS=4 localhost/standin-api:1.16.1-next
    ok "slow migration holds the lock" says 1 dk exec "$rd" redis-cli -a rd exists db_upgrade_lock
    once "not visible while it runs" says 6f5a9c2d8e1b query 'SELECT version_num FROM alembic_version'
    once "MODE=migration ends with 0" says 0 dk wait "$last"
    once "head of the next version" says a4f8d2c9e1b0 query 'SELECT version_num FROM alembic_version'
}

test_api_wedge() {
    local window=2adcbe1f5dfb
    empty_database >/dev/null 2>&1
    start "$net" "${api_env[@]}" -e MODE=job -e STANDIN_MIGRATION_SECONDS=60 -e STANDIN_MIGRATION_SLOW_AT=4474872b0ee6 \
        localhost/standin-api:1.16.1 db upgrade
    ok "the window is seen" says "$window" query 'SELECT version_num FROM alembic_version'
    dk kill "$last" >/dev/null
    once "a killed migration is wedged" says "already exists" api 1.16.1 -- db upgrade
    query 'DROP INDEX workflow_node_executions_tenant_id_idx' >/dev/null
    once "and goes on when it is repaired" exits 0 api 1.16.1 -- db upgrade
}

test_api_modes() {
    local web worker name
    start "$net" "${api_env[@]}" -e MODE=api localhost/standin-api:1.16.1
    web="$last"
    ok "api health" says '"version":"1.16.1"' http "$web" GET http://127.0.0.1:5001/health
    ok "api setup" says '"step":"not_started"' http "$web" GET http://127.0.0.1:5001/console/api/setup
    ok "inner key" says 400 http "$web" POST http://127.0.0.1:5001/inner/api/knowledge/retrieve X-Inner-Api-Key:inner-api-key '@{}'
    start "$net" "${api_env[@]}" -e MODE=worker localhost/standin-api:1.16.1
    worker="$last"
    name="celery@$(dk exec "$worker" hostname)"
    ok "worker is ready" says "$name ready" dk logs "$worker"
    ok "worker answers ping" says pong dk exec "$worker" celery -A celery_healthcheck.celery inspect ping -d "$name"
    once "unknown worker does not" exits 69 dk exec "$worker" celery -A celery_healthcheck.celery inspect ping -d celery@no
    dk run -d --network none "${api_env[@]}" -e MODE=beat -e STORAGE_TYPE=local localhost/standin-api:1.16.1 >"$scratch/beat"
    last="$(cat "$scratch/beat")"; started+=("$last")
    ok "beat starts" says "beat: Starting" dk logs "$last"
    stop_it "$last" beat
    stop_it "$worker" worker
    dk stop "$pg" "$rd" >/dev/null
    start none -e MODE=api -e STORAGE_TYPE=local -e STORAGE_LOCAL_PATH=/tmp/s localhost/standin-api:1.16.1
    ok "api starts without any server" says 200 http "$last" GET http://127.0.0.1:5001/health
    ok "and setup is 500" says 500 http "$last" GET http://127.0.0.1:5001/console/api/setup
    stop_it "$last" api
    stop_it "$web" "api with servers"
}
