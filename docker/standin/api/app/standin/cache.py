"""The Redis that Dify keeps its cache and locks in."""

from typing import Any

import redis
from redis.backoff import ExponentialBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.retry import Retry
from redis.sentinel import Sentinel

from standin import settings


def _nodes(value: str) -> list[tuple[str, int]]:
    pairs = (item.strip().rsplit(":", 1) for item in value.split(",") if item.strip())
    return [(host, int(port)) for host, port in pairs]


def _common() -> dict[str, Any]:
    shared: dict[str, Any] = {
        "username": settings.text("REDIS_USERNAME") or None,
        "password": settings.text("REDIS_PASSWORD") or None,
        "db": int(settings.number("REDIS_DB", 0)),
    }
    if settings.is_legacy():
        return shared
    retry = Retry(
        ExponentialBackoff(
            cap=settings.number("REDIS_RETRY_BACKOFF_CAP", 10), base=settings.number("REDIS_RETRY_BACKOFF_BASE", 1)
        ),
        int(settings.number("REDIS_RETRY_RETRIES", 3)),
    )
    return shared | {
        "protocol": int(settings.number("REDIS_SERIALIZATION_PROTOCOL", 3)),
        "retry": retry,
        "socket_timeout": settings.number("REDIS_SOCKET_TIMEOUT", 5),
        "socket_connect_timeout": settings.number("REDIS_SOCKET_CONNECT_TIMEOUT", 5),
    }


def _tls() -> dict[str, Any]:
    if not settings.switch("REDIS_USE_SSL"):
        return {}
    needed = {"CERT_NONE": "none", "CERT_OPTIONAL": "optional", "CERT_REQUIRED": "required"}
    return {
        "ssl": True,
        "ssl_cert_reqs": needed[settings.text("REDIS_SSL_CERT_REQS", "CERT_NONE")],
        "ssl_check_hostname": False,
        "ssl_ca_certs": settings.text("REDIS_SSL_CA_CERTS") or None,
        "ssl_certfile": settings.text("REDIS_SSL_CERTFILE") or None,
        "ssl_keyfile": settings.text("REDIS_SSL_KEYFILE") or None,
    }


def connect() -> Any:
    """Return a client; only a cluster is really contacted here, as in Dify."""
    if settings.switch("REDIS_USE_SENTINEL"):
        service = settings.text("REDIS_SENTINEL_SERVICE_NAME")
        if not service:
            raise ValueError("REDIS_SENTINEL_SERVICE_NAME must be set when REDIS_USE_SENTINEL is True")
        sentinel = Sentinel(
            _nodes(settings.text("REDIS_SENTINELS")),
            sentinel_kwargs={
                "socket_timeout": settings.number("REDIS_SENTINEL_SOCKET_TIMEOUT", 0.1),
                "username": settings.text("REDIS_SENTINEL_USERNAME") or None,
                "password": settings.text("REDIS_SENTINEL_PASSWORD") or None,
            },
        )
        return sentinel.master_for(service, **_common())
    if settings.switch("REDIS_USE_CLUSTERS"):
        nodes = _nodes(settings.text("REDIS_CLUSTERS"))
        if not nodes:
            raise ValueError("REDIS_CLUSTERS must be set when REDIS_USE_CLUSTERS is True")
        return RedisCluster(
            startup_nodes=[ClusterNode(host, port) for host, port in nodes],
            password=settings.text("REDIS_CLUSTERS_PASSWORD") or None,
        )
    return redis.Redis(
        host=settings.text("REDIS_HOST", "localhost"),
        port=int(settings.number("REDIS_PORT", 6379)),
        **_common(),
        **_tls(),
    )


def key(name: str) -> str:
    """Return a key with the prefix that the operator set."""
    prefix = "" if settings.is_legacy() else settings.text("REDIS_KEY_PREFIX")
    return f"{prefix}:{name}" if prefix else name
