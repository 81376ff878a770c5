"""`flask upgrade-db`: the migration under Dify's lock, with Dify's exit codes."""

import logging
import sys
import threading
from typing import Any

import click
from alembic import command
from alembic.config import Config
from redis.exceptions import LockError, RedisError

from standin import cache, settings

logger = logging.getLogger(__name__)

TTL = 60
RENEW_EVERY = 20


def config() -> Config:
    """Return Alembic's configuration; its folder is relative to the working directory, as Dify's is."""
    made = Config(stdout=sys.stdout)
    made.set_main_option("script_location", "migrations")
    return made


def upgrade_db() -> int:
    """Migrate unless somebody else holds the lock; return the exit code."""
    click.echo("Preparing database migration...")
    lock = cache.connect().lock(cache.key("db_upgrade_lock"), timeout=TTL, thread_local=False)
    # Not waited for: whoever comes second goes on without migrating, and says that all is well.
    if not lock.acquire(blocking=False):
        click.echo("Database migration skipped")
        return 0
    return _legacy(lock) if settings.is_legacy() else _renewed(lock)


def _legacy(lock: Any) -> int:
    """Before 1.13: no renewal, and an error of the migration is logged and forgotten."""
    try:
        click.echo(click.style("Starting database migration.", fg="green"))
        command.upgrade(config(), "head")
        click.echo(click.style("Database migration successful!", fg="green"))
    except Exception:
        logger.exception("Failed to execute database migration")
    finally:
        # The lock of a long migration is gone by now, and this raises.
        lock.release()
    return 0


def _renewed(lock: Any) -> int:
    """Since 1.13.1: a thread keeps the lock, and an error is an error."""
    done = threading.Event()
    threading.Thread(target=_renew, args=(lock, done), daemon=True).start()
    try:
        click.echo(click.style("Starting database migration.", fg="green"))
        command.upgrade(config(), "head")
        click.echo(click.style("Database migration successful!", fg="green"))
        return 0
    except Exception as error:
        logger.exception("Failed to execute database migration")
        click.echo(click.style(f"Database migration failed: {error}", fg="red"), err=True)
        return 1
    finally:
        done.set()
        try:
            lock.release()
        except (LockError, RedisError) as error:
            logger.warning("Failed to release the migration lock: %s", error)


def _renew(lock: Any, done: threading.Event) -> None:
    while not done.wait(RENEW_EVERY):
        try:
            lock.reacquire()
        except (LockError, RedisError) as error:
            logger.warning("Failed to renew the migration lock: %s", error)
