"""The plugin daemon's start-up needs and two of its answers: daemon.py migrate|serve.

From 0.5.6 on only `migrate` makes the tables; older ones make them when they start to serve.
"""

import os
import sys
from typing import Any

import psycopg2
import redis
from psycopg2 import sql
from redis.sentinel import Sentinel

import s3
import web

TABLES = (
    "plugins plugin_installations plugin_declarations endpoints serverless_runtimes tool_installations "
    "ai_model_installations install_tasks tenant_storages agent_strategy_installations"
).split()
NEWER_TABLES = "datasource_installations trigger_installations plugin_readme_records".split()
# As everywhere in the daemon: a true default, so the chart must say that it is not AWS.
TRUE = ("", "1", "true")


def env(name: str, default: str = "") -> str:
    """Return a variable; empty counts as absent."""
    return os.environ.get(name) or default


def version() -> str:
    """Return the version that this image stands for."""
    return env("STANDIN_VERSION", "0.6.3-local")


def is_legacy() -> bool:
    """Tell whether serving makes the tables (up to 0.5.5)."""
    return tuple(int(part) for part in version().split("-")[0].split(".")) <= (0, 5, 5)


def need_settings() -> None:
    """End without the variables that the daemon demands."""
    wanted = ["SERVER_KEY", "DIFY_INNER_API_URL", "DIFY_INNER_API_KEY", "DB_PASSWORD"]
    missing = [name for name in wanted if not env(name)]
    if missing:
        raise SystemExit(f"panic: invalid configuration: {', '.join(missing)} is required")
    if env("DB_SSL_MODE", "disable") not in ("disable", "require"):
        raise SystemExit("panic: invalid configuration: DB_SSL_MODE must be disable or require")


def open_database(name: str) -> Any:
    """Connect to a database of the server."""
    return psycopg2.connect(
        host=env("DB_HOST", "localhost"),
        port=env("DB_PORT", "5432"),
        user=env("DB_USERNAME", "postgres"),
        password=env("DB_PASSWORD"),
        sslmode=env("DB_SSL_MODE", "disable"),
        connect_timeout=5,
        dbname=name,
    )


def connect() -> Any:
    """Connect to the daemon's database; on any error try to make it from the default one, as the daemon does."""
    name = env("DB_DATABASE", "dify_plugin")
    try:
        return open_database(name)
    except psycopg2.Error:
        admin = open_database(env("DB_DEFAULT_DATABASE", "postgres"))
        admin.autocommit = True
        with admin.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        admin.close()
        return open_database(name)


def migrate(connection: Any) -> None:
    """Make the tables that are missing: like the daemon, ask for each and then create it, without a lock."""
    connection.autocommit = True
    with connection.cursor() as cursor:
        for table in TABLES + ([] if is_legacy() else NEWER_TABLES):
            cursor.execute("SELECT to_regclass(%s)", (table,))
            if cursor.fetchone() == (None,):
                columns = sql.SQL("CREATE TABLE {} (id uuid PRIMARY KEY, tenant_id uuid)")
                cursor.execute(columns.format(sql.Identifier(table)))
    web.say("migration done")


def ping_redis() -> None:
    """Ask Redis once; an error ends the daemon."""
    shared: dict[str, Any] = {
        "username": env("REDIS_USERNAME") or None,
        "password": env("REDIS_PASSWORD") or None,
        "db": int(env("REDIS_DB", "0")),
        "socket_timeout": 5,
    }
    if env("REDIS_USE_SENTINEL").lower() == "true":
        nodes = [item.strip().rsplit(":", 1) for item in env("REDIS_SENTINELS").split(",")]
        sentinel = Sentinel(
            [(host, int(port)) for host, port in nodes],
            sentinel_kwargs={"password": env("REDIS_SENTINEL_PASSWORD") or None, "socket_timeout": 5},
        )
        sentinel.master_for(env("REDIS_SENTINEL_SERVICE_NAME"), **shared).ping()
        return
    if env("REDIS_USE_SSL").lower() == "true":
        shared |= {"ssl": True, "ssl_cert_reqs": "none", "ssl_check_hostname": False}
    redis.Redis(host=env("REDIS_HOST", "localhost"), port=int(env("REDIS_PORT", "6379")), **shared).ping()


def init_storage() -> None:
    """Look for the bucket and make it, or make the folder."""
    kind = env("PLUGIN_STORAGE_TYPE", "local")
    if kind in ("local", "local_file"):
        os.makedirs(env("PLUGIN_STORAGE_LOCAL_ROOT", "/app/storage"), exist_ok=True)
    elif kind in ("aws_s3", "s3", "aws-s3") and env("S3_USE_AWS").lower() not in TRUE:
        client = s3.Client(
            env("S3_ENDPOINT"), env("AWS_REGION", "us-east-1"), env("AWS_ACCESS_KEY"), env("AWS_SECRET_KEY")
        )
        s3.need_bucket(client, env("PLUGIN_STORAGE_OSS_BUCKET"))


def answer(path: str, headers: Any, _body: bytes) -> tuple[int, Any]:
    """Answer the health check without a look at anything, and the list with a look at key and tables."""
    if path == "/health/check":
        return 200, {"status": "ok", "pool_status": {}, "version": version()}
    if path.startswith("/plugin/"):
        if headers.get("X-Api-Key") != env("SERVER_KEY"):
            return 401, {"code": -401, "message": "unauthorized"}
        with connect() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM plugin_installations")
        return 200, {"code": 0, "message": "success", "data": {"list": [], "total": 0}}
    return 404, {"code": -404, "message": "not found"}


def main(verb: str) -> None:
    """Do one of the two halves of the image's command."""
    web.say(f"stand-in for langgenius/dify-plugin-daemon {version()}, not the real image ({verb})")
    need_settings()
    connection = connect()
    if verb == "migrate" or is_legacy():
        migrate(connection)
    connection.close()
    if verb == "serve":
        init_storage()
        ping_redis()
        web.serve(int(env("SERVER_PORT", "5002")), answer)


if __name__ == "__main__":
    main(sys.argv[1])
