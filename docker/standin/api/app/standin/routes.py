"""The few addresses of the api that a probe or a test asks."""

import logging
import os
from typing import Any

import sqlalchemy as sa
from flask import Flask, request

from standin import database, settings

logger = logging.getLogger(__name__)

Answer = tuple[dict[str, Any], int]


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/health", view_func=health)
    app.add_url_rule("/console/api/ping", view_func=ping)
    app.add_url_rule("/console/api/setup", view_func=setup, methods=["GET", "POST"])
    app.add_url_rule("/socket.io/", view_func=socket_io)
    if not settings.is_legacy():
        app.add_url_rule("/inner/api/knowledge/retrieve", view_func=inner, methods=["POST"])
        app.add_url_rule("/inner/api/agent/tools/invoke", "inner2", inner, methods=["POST"])


def health() -> Answer:
    """Prove the process, and nothing else."""
    return {"pid": os.getpid(), "status": "ok", "version": settings.version()}, 200


def ping() -> Answer:
    """Answer as the console's ping does."""
    return {"result": "pong"}, 200


def setup() -> Answer:
    """Read (or, with POST, write) the table that tells whether Dify was set up: this needs the schema."""
    try:
        with database.engine().begin() as connection:
            if request.method == "POST":
                values = {"version": settings.version()}
                connection.execute(sa.text("INSERT INTO dify_setups (version) VALUES (:version)"), values)
                return {"result": "success"}, 201
            row = connection.execute(sa.text("SELECT setup_at FROM dify_setups LIMIT 1")).first()
    except sa.exc.SQLAlchemyError as error:
        logger.error("setup: %s", error)
        return {"code": "unknown", "message": "Internal Server Error", "status": 500}, 500
    if row is None:
        return {"step": "not_started", "setup_at": None}, 200
    return {"step": "finished", "setup_at": row[0].isoformat()}, 200


def socket_io() -> tuple[str, int]:
    """Open a polling session, as far as a probe sees."""
    return '0{"sid":"standin","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000}', 200


def inner() -> Answer:
    """Tell a right inner key (400: the body is bad) from a wrong one (404)."""
    expected = settings.text("INNER_API_KEY_FOR_PLUGIN", "inner-api-key")
    if not expected or request.headers.get("X-Inner-Api-Key") != expected:
        return {"code": "not_found", "message": "Not Found", "status": 404}, 404
    return {"code": "invalid_request", "message": "Invalid request", "status": 400}, 400
