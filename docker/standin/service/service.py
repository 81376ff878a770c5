"""The small stand-ins of Dify's other services: service.py web|sandbox|agent-backend|local-sandbox."""

import ast
import base64
import json
import os
import re
import sys
from typing import Any

import web

OPEN_KEY = "dify-sandbox"


def page(path: str, _headers: Any, _body: bytes) -> tuple[int, Any]:
    """Dify's console: every page is the same."""
    if path == "/health":
        return 200, {"status": "ok"}
    return 200, f"<!doctype html><title>Dify</title><p>stand-in for dify-web {os.environ.get('STANDIN_VERSION')}: {path}</p>"


def sandbox(path: str, headers: Any, body: bytes) -> tuple[int, Any]:
    """Dify's sandbox: knows its key, and runs nothing but `print(<a literal>)`."""
    if path == "/health":
        # A JSON string, quotes included.
        return 200, '"ok"'
    if headers.get("X-Api-Key") != os.environ.get("API_KEY", OPEN_KEY):
        return 401, {"code": 401, "message": "Unauthorized"}
    if path == "/v1/sandbox/dependencies":
        return 200, {"code": 0, "message": "success", "data": {"dependencies": []}}
    if path == "/v1/sandbox/run":
        return 200, run_code(json.loads(body))
    return 404, {"code": 404, "message": "Not Found"}


def run_code(request: dict[str, Any]) -> dict[str, Any]:
    """Answer for a printed literal, without running anything."""
    code = str(request.get("code", "")).strip()
    inside = re.fullmatch(r"print\((.*)\)", code)
    try:
        if inside is None or request.get("language") != "python3":
            raise ValueError(code)
        output = f"{ast.literal_eval(inside[1])}\n"
    except (ValueError, SyntaxError):
        return {"code": -400, "message": "the stand-in runs print(<literal>) alone", "data": None}
    return {"code": 0, "message": "success", "data": {"error": "", "stdout": output}}


def agent_backend(path: str, headers: Any, _body: bytes) -> tuple[int, Any]:
    """Dify's agent backend: looks at its token, then at Redis."""
    import redis

    if path == "/openapi.json":
        return 200, {"openapi": "3.1.0", "info": {"title": "stand-in agent backend"}}
    token = os.environ.get("DIFY_AGENT_API_TOKEN")
    if token and headers.get("Authorization") != f"Bearer {token}":
        return 401, {"detail": "Unauthorized"}
    if path.startswith("/runs/"):
        address = os.environ.get("DIFY_AGENT_REDIS_URL", "redis://localhost:6379/2")
        redis.Redis.from_url(address, socket_timeout=3, socket_connect_timeout=3).ping()
    return 404, {"detail": "Not Found"}


def check_agent_settings() -> None:
    """End where the real settings refuse to load."""
    key = os.environ.get("DIFY_AGENT_SERVER_SECRET_KEY", "")
    if not key and not os.environ.get("DIFY_AGENT_STUB_API_BASE_URL"):
        return
    if not re.fullmatch(r"[A-Za-z0-9_-]{43}", key) or len(base64.urlsafe_b64decode(f"{key}=")) != 32:
        raise SystemExit("DIFY_AGENT_SERVER_SECRET_KEY must be unpadded base64url of exactly 32 bytes")


def local_sandbox(path: str, headers: Any, _body: bytes) -> tuple[int, Any]:
    """Dify's local sandbox: open health, and a token for the rest if one is set."""
    if path == "/healthz":
        return 200, {"status": "ok"}
    token = os.environ.get("SHELLCTL_AUTH_TOKEN")
    if path.startswith("/v1/") and token and headers.get("Authorization") != f"Bearer {token}":
        return 401, {"error": "unauthorized"}
    return 404, {"error": "not found"}


SERVICES = {
    "web": (3000, page),
    "sandbox": (8194, sandbox),
    "agent-backend": (5050, agent_backend),
    "local-sandbox": (5004, local_sandbox),
}


def main(name: str) -> None:
    """Serve one of them."""
    port, answer = SERVICES[name]
    web.say(f"stand-in for dify-{name} {os.environ.get('STANDIN_VERSION')}, not the real image")
    if name == "agent-backend":
        check_agent_settings()
    if name == "sandbox":
        port = int(os.environ.get("SANDBOX_PORT") or port)
    web.serve(port, answer)


if __name__ == "__main__":
    main(sys.argv[1])
