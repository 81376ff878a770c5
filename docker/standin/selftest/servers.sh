# shellcheck shell=bash disable=SC2154
# The servers that Dify uses. Sourced by selftest.sh.

test_postgres() {
    local id tag=localhost/standin-postgres:17
    # Here everybody is on loopback, which the official image trusts too unless told otherwise.
    start none -e POSTGRES_INITDB_ARGS=--auth-host=scram-sha-256 --user 999 --tmpfs /var/run/postgresql:uid=999,mode=0755 --tmpfs /data:uid=999,mode=0777 \
        -e PGDATA=/data/pgdata -e POSTGRES_PASSWORD_FILE=/run/pw -e POSTGRES_USER=dify -e POSTGRES_DB=dify \
        -v "$here/selftest/pw:/run/pw:ro" -v "$here/selftest/initdb.d:/docker-entrypoint-initdb.d:ro" "$tag"
    id="$last"
    ok "first log line" says "stand-in for postgres" dk logs "$id"
    ok "password by file, over TCP" dk exec -e PGPASSWORD="it's a \"test\"" "$id" psql -h 127.0.0.1 -U dify -c 'SELECT 1'
    ok "wrong password refused" says "password authentication failed" \
        dk exec -e PGPASSWORD=no "$id" psql -h 127.0.0.1 -U dify -c 'SELECT 1'
    ok "vector distance" says 1.414 dk exec "$id" psql -h /var/run/postgresql -U dify -c 'CREATE EXTENSION IF NOT EXISTS vector' \
        -c "SELECT '[1,2]'::vector <-> '[2,3]'::vector"
    ok "files of initdb.d" says "two rows" dk exec "$id" psql -h /var/run/postgresql -U dify -tc "SELECT note FROM made_by_sh"
    stop_it "$id" postgres
    ok "no password: refused" says "superuser password is not specified" \
        dk run --rm --network none --user 999 --tmpfs /var/lib/postgresql:uid=999 "$tag"
    start none --cap-add CHOWN --cap-add SETUID --cap-add SETGID --cap-add DAC_OVERRIDE --tmpfs /var/lib/postgresql \
        --tmpfs /var/run/postgresql -e POSTGRES_HOST_AUTH_METHOD=trust "$tag"
    ok "root steps down" says 999 dk exec "$last" sh -c "psql -h 127.0.0.1 -U postgres -c 'SELECT 1' >/dev/null && stat -c %u /proc/1"
}

test_redis() {
    local id master tag=localhost/standin-redis:8
    start none --user 999 --tmpfs /data:uid=999 -i "$tag" redis-server --requirepass secret --save ''
    id="$last" master="$last"
    ok "first log line" says "stand-in for redis" dk logs "$id"
    ok "password by argument" says PONG dk exec "$id" redis-cli -a secret ping
    ok "no password refused" says NOAUTH dk exec "$id" redis-cli ping
    start "$master" --user 999 --tmpfs /data:uid=999 --entrypoint sh "$tag" -c \
        'printf "port 26379\nsentinel monitor mymaster 127.0.0.1 6379 1\nsentinel auth-pass mymaster secret\n" >/data/s.conf
         exec docker-entrypoint.sh redis-sentinel /data/s.conf'
    ok "Sentinel" says "status=ok" dk exec "$last" redis-cli -p 26379 info sentinel
    stop_it "$master" redis
    start none --user 999 --tmpfs /data:uid=999 --entrypoint sh "$tag" -c \
        'printf "requirepass s2\nport 6390\n" >/data/c.conf; exec docker-entrypoint.sh redis-server - </data/c.conf'
    ok "configuration on standard input" says PONG dk exec "$last" redis-cli -p 6390 -a s2 ping
    ok "no protected mode then" says no dk exec "$last" redis-cli -p 6390 -a s2 config get protected-mode
    stop_it "$last" "redis with standard input"
    start none --cap-add CHOWN --cap-add SETUID --cap-add SETGID --tmpfs /data "$tag"
    ok "root steps down" says 999 dk exec "$last" stat -c %u /proc/1
    ok "no protected mode" says no dk exec "$last" redis-cli config get protected-mode
}

test_s3() {
    local id
    start none --tmpfs /data:uid=64045 -e S3_ACCESS_KEY=lab-key -e S3_SECRET_KEY=lab-secret \
        -e S3_USERS="other:other-key:other-secret" localhost/standin-s3:18
    id="$last"
    ok "answers" says "200" http "$id" GET http://127.0.0.1:9000/
    ok "unknown bucket" says "404" http "$id" GET http://127.0.0.1:9000/nosuch
    stop_it "$id" s3
}

test_weaviate() {
    start none --user 1000 --tmpfs /var/lib/weaviate:uid=1000 -e PERSISTENCE_DATA_PATH=/var/lib/weaviate \
        -e CLUSTER_HOSTNAME=weaviate-0 -e CLUSTER_ADVERTISE_ADDR=127.0.0.1 -e RAFT_BOOTSTRAP_EXPECT=1 \
        localhost/standin-weaviate:1.35.2
    ok "ready" says 200 http "$last" GET http://127.0.0.1:8080/v1/.well-known/ready
    ok "its version" says 1.35.2 http "$last" GET http://127.0.0.1:8080/v1/meta
    stop_it "$last" weaviate
}

test_milvus() {
    start none --tmpfs /data:uid=1000,exec localhost/standin-milvus:2.3.5 --authorization-enabled true
    ok "answers on 19530" dk exec "$last" python3 -c "import socket; socket.create_connection(('127.0.0.1', 19530), 2)"
}

test_nginx() {
    start none localhost/standin-nginx:1
    ok "answers on 8080" says "200 stand-in" http "$last" GET http://127.0.0.1:8080/
    ok "access log on stdout" says '"GET / HTTP/1.1" 200' dk logs "$last"
    stop_it "$last" nginx
}

test_squid() {
    local id
    start none localhost/standin-nginx:1
    id="$last"
    start "$id" localhost/standin-squid:6
    ok "forwards" says "stand-in nginx" dk exec -e http_proxy=http://127.0.0.1:3128 "$last" wget -Y on -q -O - http://127.0.0.1:8080/
    ok "access log on stdout" says TCP_ dk logs "$last"
    stop_it "$last" squid
}
