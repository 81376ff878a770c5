"""Alembic's environment: one transaction for the whole chain, as in Dify.

Three variables, of the stand-in alone, make a run interesting:

- `STANDIN_MIGRATION_SECONDS`: how long the slow revisions take;
- `STANDIN_MIGRATION_SLOW_AT`: which revisions are slow (default: `2adcbe1f5dfb` and `a4f8d2c9e1b0`, both
  of which roll back cleanly when they are interrupted);
- `STANDIN_MIGRATION_FAIL_AT`: a revision that ends with an error.
"""

import logging
import os
from typing import Any

import sqlalchemy as sa
from alembic import context

from standin import database

logger = logging.getLogger("alembic.env")

SLOW_BY_DEFAULT = "2adcbe1f5dfb,a4f8d2c9e1b0"
SLICE = 0.2


def after_step(ctx: Any, step: Any, **_: Any) -> None:
    """Linger or fail inside the transaction of a revision that was just applied."""
    revision = step.up_revision_id
    if revision == os.environ.get("STANDIN_MIGRATION_FAIL_AT"):
        raise RuntimeError(f"revision {revision} was told to fail")
    seconds = float(os.environ.get("STANDIN_MIGRATION_SECONDS") or 0)
    slow = (os.environ.get("STANDIN_MIGRATION_SLOW_AT") or SLOW_BY_DEFAULT).split(",")
    if seconds and revision in slow:
        logger.info("Revision %s takes %s s", revision, seconds)
        # In slices, so that a signal is seen between two of them.
        for _slice in range(round(seconds / SLICE)):
            ctx.connection.execute(sa.text("SELECT pg_sleep(:seconds)"), {"seconds": SLICE})


def run() -> None:
    """Apply what is asked for over one connection."""
    engine = database.engine()
    with engine.connect() as connection:
        context.configure(connection=connection, on_version_apply=after_step)
        with context.begin_transaction():
            context.run_migrations()


run()
