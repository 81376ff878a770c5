"""Make the application: the whole one, or the reduced one of `flask db`, which needs the database alone."""

import logging
import sys

import click
from alembic import command
from flask import Flask
from flask.cli import AppGroup

from standin import cache, migration, routes, settings, storage

STAND_IN = "stand-in for langgenius/dify-api %s, not the real image"


def create_app() -> Flask:
    """Fail where Dify fails at import, and nowhere else."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s [%(name)s] %(message)s", stream=sys.stderr)
    logging.info(STAND_IN, settings.version())
    settings.validate()
    app = Flask("dify-standin")
    app.cli.add_command(database_commands())
    if not is_database_command():
        storage.init()
        cache.connect()
        routes.register(app)
        app.cli.add_command(upgrade_db)
    return app


def is_database_command() -> bool:
    """Tell whether this is `flask db ...`."""
    return sys.argv[0].endswith("flask") and len(sys.argv) > 1 and sys.argv[1] == "db"


@click.command("upgrade-db", help="Upgrade the database")
def upgrade_db() -> None:
    """Run the migration under the lock."""
    sys.exit(migration.upgrade_db())


def database_commands() -> AppGroup:
    """Return the commands of `flask db`, none of which takes the lock."""
    group = AppGroup("db", help="Perform database migrations.")

    @group.command("upgrade")
    @click.argument("revision", default="head")
    def upgrade(revision: str) -> None:
        command.upgrade(migration.config(), revision)

    @group.command("downgrade")
    @click.argument("revision", default="-1")
    def downgrade(revision: str) -> None:
        command.downgrade(migration.config(), revision)

    @group.command("current")
    def current() -> None:
        command.current(migration.config())

    @group.command("heads")
    def heads() -> None:
        command.heads(migration.config())

    @group.command("history")
    def history() -> None:
        command.history(migration.config())

    return group
