# shellcheck shell=bash disable=SC2154
# Dify's other services. Sourced by selftest.sh; uses the servers of api.sh.

test_plugin_daemon() {
    local daemon=localhost/standin-plugin-daemon:0.6.3-local
    local list=http://127.0.0.1:5002/plugin/00000000-0000-0000-0000-000000000000/management/list
    local settings=(-e SERVER_KEY=k -e DIFY_INNER_API_URL=http://api:5001 -e DIFY_INNER_API_KEY=i
        -e DB_HOST=127.0.0.1 -e DB_USERNAME=dify -e DB_PASSWORD=pg -e DB_DATABASE=dify_plugin
        -e REDIS_HOST=127.0.0.1 -e REDIS_PASSWORD=rd -e PLUGIN_STORAGE_TYPE=aws_s3 -e S3_USE_AWS=false
        -e S3_ENDPOINT=http://127.0.0.1:9000 -e AWS_ACCESS_KEY=ak -e AWS_SECRET_KEY=sk -e PLUGIN_STORAGE_OSS_BUCKET=plugins)
    servers
    once "wrong Redis password: 1" exits 1 dk run --rm --network "container:$net" "${strict[@]}" "${settings[@]}" -e REDIS_PASSWORD=no "$daemon"
    once "wrong database password: 1" exits 1 dk run --rm --network "container:$net" "${strict[@]}" "${settings[@]}" -e DB_PASSWORD=no "$daemon"
    once "no server key: 1" exits 1 dk run --rm --network "container:$net" "${strict[@]}" "${settings[@]}" -e SERVER_KEY= "$daemon"
    start "$net" --user 1001 "${settings[@]}" "$daemon"
    ok "health" says '"status": "ok"' http "$last" GET http://127.0.0.1:5002/health/check
    ok "list with the key" says 200 http "$last" GET "$list" X-Api-Key:k
    ok "list with another key" says 401 http "$last" GET "$list" X-Api-Key:no
    ok "the bucket was made" says 403 http "$s3" GET http://127.0.0.1:9000/plugins
    stop_it "$last" plugin-daemon
    start "$net" --user 1001 "${settings[@]}" -e DB_DATABASE=old localhost/standin-plugin-daemon:0.4.1-local
    ok "0.4.1 makes its tables itself" says 200 http "$last" GET "$list" X-Api-Key:k
}

test_services() {
    start none localhost/standin-web:1.16.1
    ok "web" says "200 <!doctype" http "$last" GET http://127.0.0.1:3000/apps
    stop_it "$last" web
    start none --user 1001 -e API_KEY=k localhost/standin-sandbox:0.2.15
    ok "sandbox health" says '200 "ok"' http "$last" GET http://127.0.0.1:8194/health
    ok "sandbox key" says 200 http "$last" GET 'http://127.0.0.1:8194/v1/sandbox/dependencies?language=python3' X-Api-Key:k
    ok "sandbox wrong key" says 401 http "$last" GET http://127.0.0.1:8194/v1/sandbox/dependencies X-Api-Key:no
    ok "sandbox run" says '"stdout": "1\n"' http "$last" POST http://127.0.0.1:8194/v1/sandbox/run X-Api-Key:k \
        '@{"language":"python3","code":"print(1)","preload":"","enable_network":false}'
    stop_it "$last" sandbox
    start none -e DIFY_AGENT_API_TOKEN=t localhost/standin-agent-backend:1.16.1
    ok "agent backend" says 200 http "$last" GET http://127.0.0.1:5050/openapi.json
    ok "agent backend wrong token" says 401 http "$last" GET http://127.0.0.1:5050/runs/x
    ok "agent backend without Redis" says 500 http "$last" GET http://127.0.0.1:5050/runs/x 'Authorization:Bearer t'
    stop_it "$last" agent-backend
    once "agent backend with a bad key: 1" exits 1 dk run --rm --network none -e DIFY_AGENT_SERVER_SECRET_KEY=short localhost/standin-agent-backend:1.16.1
    start none -e SHELLCTL_AUTH_TOKEN=t localhost/standin-local-sandbox:1.16.1
    ok "local sandbox" says 200 http "$last" GET http://127.0.0.1:5004/healthz
    ok "local sandbox wrong token" says 401 http "$last" GET http://127.0.0.1:5004/v1/x
    stop_it "$last" local-sandbox
}
