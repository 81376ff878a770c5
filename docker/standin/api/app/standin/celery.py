"""`celery worker`, `celery beat` and `celery inspect ping`, as far as a cluster sees them.

A worker notes its name in the broker every few seconds for `inspect ping` to find; the real one
answers a broadcast instead. Queues are read and what comes is logged and dropped.
"""

import logging
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from redis.exceptions import RedisError

from standin import broker, cache, settings, storage

logger = logging.getLogger("celery")

BEAT = 2
ALIVE = 10
NO_REPLY = 69


class Stop(Exception):
    """The process was asked to end."""


# The exception ends a wait at once, but may be swallowed where the client library happens to be; this is not lost.
stopping = threading.Event()


def _stop(number: int, _frame: FrameType | None) -> None:
    stopping.set()
    raise Stop(signal.Signals(number).name)


def node() -> str:
    """Return this worker's name."""
    return f"celery@{socket.gethostname()}"


def mark(name: str) -> str:
    """Return the key that tells that a worker lives."""
    return f"standin:worker:{name}"


def start() -> None:
    """Fail where importing Dify's application fails."""
    logger.info("stand-in for langgenius/dify-api %s, not the real image", settings.version())
    settings.validate()
    storage.init()
    cache.connect()


def worker(queues: list[str]) -> int:
    """Read the queues until told to stop; without a broker, keep trying."""
    start()
    said = False
    try:
        while not stopping.is_set():
            try:
                client = broker.connect()
                while not stopping.is_set():
                    client.set(mark(node()), "1", ex=ALIVE)
                    if not said:
                        logger.info("Connected to %s", broker.place())
                        logger.info("%s ready. [queues] %s", node(), ",".join(queues))
                        said = True
                    task = client.blpop(queues, timeout=BEAT)
                    if task:
                        logger.info("Task received on %s and dropped", task[0].decode())
            except (RedisError, OSError) as error:
                said = False
                logger.error("consumer: Cannot connect to %s: %s. Trying again in 2.00 seconds...", broker.place(), error)
                time.sleep(BEAT)
    except Stop as reason:
        logger.info("worker: Warm shutdown (%s)", reason)
    return 0


def beat() -> int:
    """Touch the schedule file of the working directory until told to stop."""
    start()
    schedule = Path("celerybeat-schedule")
    try:
        logger.info("beat: Starting...")
        while not stopping.is_set():
            schedule.write_text(str(time.time()))
            time.sleep(BEAT)
    except Stop as reason:
        logger.info("beat: Shutting down (%s)", reason)
    return 0


def ping(wanted: list[str]) -> int:
    """Ask which workers live; with names, all of them must."""
    try:
        client: Any = broker.connect()
        alive = {key.decode().removeprefix(mark("")) for key in client.scan_iter(mark("*"))}
    except (RedisError, OSError) as error:
        print(f"Error: {error}", file=sys.stderr)
        return NO_REPLY
    found = sorted(alive & set(wanted) if wanted else alive)
    for name in found:
        print(f"->  {name}: OK\n        pong")
    if not found or (wanted and len(found) < len(set(wanted))):
        print("Error: No nodes replied within time constraint", file=sys.stderr)
        return NO_REPLY
    print(f"\n{len(found)} node{'s' if len(found) > 1 else ''} online.")
    return 0


def _values(arguments: list[str], *names: str) -> list[str]:
    found: list[str] = []
    for position, argument in enumerate(arguments):
        if argument in names and position + 1 < len(arguments):
            found += arguments[position + 1].split(",")
        for name in names:
            if argument.startswith(f"{name}="):
                found += argument.split("=", 1)[1].split(",")
    return found


def main(arguments: list[str]) -> int:
    """Run the verb that is found among Celery's arguments."""
    logging.basicConfig(level=logging.INFO, format="[%(asctime)s: %(levelname)s/MainProcess] %(message)s", stream=sys.stderr)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    if "inspect" in arguments and "ping" in arguments:
        return ping(_values(arguments, "-d", "--destination"))
    if "worker" in arguments:
        return worker(_values(arguments, "-Q", "--queues") or ["celery"])
    if "beat" in arguments:
        return beat()
    print("the stand-in knows celery worker, beat and inspect ping", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
