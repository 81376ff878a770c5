"""A small HTTP server for stand-ins: routes are functions, and SIGTERM ends it."""

import json
import signal
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# What a route gets: the path without its query, the headers, the body.
Route = Callable[[str, Any, bytes], tuple[int, Any]]


def say(line: str) -> None:
    """Write a line of the log at once."""
    print(line, file=sys.stderr, flush=True)


def handler(answer: Route) -> type[BaseHTTPRequestHandler]:
    """Return a handler that answers every request with the route: JSON, or text for a string."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                status, content = answer(self.path.split("?")[0], self.headers, body)
            except Exception as error:
                say(f"{self.path}: {error}")
                status, content = 500, {"error": str(error)}
            plain = isinstance(content, str)
            data = content.encode() if plain else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8" if plain else "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = handle_any

        def log_message(self, form: str, *values: Any) -> None:
            say(f"{self.address_string()} {form % values}")

    return Handler


class Server(ThreadingHTTPServer):
    """Answers several at once, and does not wait for any of them at the end."""

    daemon_threads = True
    request_queue_size = 128


def serve(port: int, answer: Route) -> None:
    """Serve until a signal; as process 1 there is no default action, so it is set."""

    def stop(number: int, _frame: Any) -> None:
        say(f"stopped by {signal.Signals(number).name}")
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with Server(("", port), handler(answer)) as server:
        say(f"listening on {port}")
        server.serve_forever()
