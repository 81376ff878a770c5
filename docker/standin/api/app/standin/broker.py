"""The broker's connection, from Celery's variables."""

from typing import Any
from urllib.parse import unquote, urlsplit

import redis
from redis.sentinel import Sentinel

from standin import settings

TIMEOUT = 5


def connect() -> Any:
    """Return a client of the broker; nothing is sent yet."""
    address = settings.text("CELERY_BROKER_URL")
    if address.startswith("sentinel://") or settings.switch("CELERY_USE_SENTINEL"):
        return _through_sentinels(address)
    if not address.startswith(("redis://", "rediss://")):
        raise ValueError(f"the stand-in knows no broker like {address.split(':')[0]!r}")
    extra: dict[str, Any] = {"ssl_cert_reqs": "none"} if address.startswith("rediss://") else {}
    return redis.Redis.from_url(address, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, **extra)


def _through_sentinels(address: str) -> Any:
    parts = [urlsplit(item) for item in address.split(";") if item]
    sentinel = Sentinel(
        [(str(part.hostname), part.port or 26379) for part in parts],
        sentinel_kwargs={
            "password": settings.text("CELERY_SENTINEL_PASSWORD") or None,
            "socket_timeout": settings.number("CELERY_SENTINEL_SOCKET_TIMEOUT", 0.1),
        },
    )
    first = parts[0]
    return sentinel.master_for(
        settings.text("CELERY_SENTINEL_MASTER_NAME"),
        username=unquote(first.username) if first.username else None,
        password=unquote(first.password) if first.password else None,
        db=int(first.path.strip("/") or 0),
        socket_timeout=TIMEOUT,
    )


def place() -> str:
    """Return the broker's address without its secrets."""
    parts = urlsplit(settings.text("CELERY_BROKER_URL").split(";")[0])
    return f"{parts.scheme}://{parts.hostname}:{parts.port}{parts.path}"
