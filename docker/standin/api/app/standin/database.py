"""Dify's database address, built from the same variables with the same quirks."""

from urllib.parse import parse_qsl, quote_plus, urlencode

import sqlalchemy as sa

from standin import settings


def url() -> str:
    """Return the address; user and password are quoted as form fields, so a space in them breaks, as in Dify."""
    user = quote_plus(settings.text("DB_USERNAME", "postgres"))
    password = quote_plus(settings.text("DB_PASSWORD"))
    host = settings.text("DB_HOST", "localhost")
    port = int(settings.number("DB_PORT", 5432))
    query = [pair for pair in parse_qsl(settings.text("DB_EXTRAS")) if pair[0] != "options"]
    if charset := settings.text("DB_CHARSET"):
        query.append(("client_encoding", charset))
    tail = f"?{urlencode(query)}" if query else ""
    return f"postgresql://{user}:{password}@{host}:{port}/{settings.text('DB_DATABASE', 'dify')}{tail}"


def options() -> str:
    """Return the start-up options: those of DB_EXTRAS and the time zone."""
    given = dict(parse_qsl(settings.text("DB_EXTRAS"))).get("options", "")
    zone = settings.text("DB_SESSION_TIMEZONE_OVERRIDE", "UTC")
    return f"{given} -c timezone={zone}".strip() if zone else given


def engine() -> sa.Engine:
    """Return an engine that keeps no connection."""
    arguments = {"options": options()} if options() else {}
    return sa.create_engine(url(), poolclass=sa.pool.NullPool, connect_args=arguments)
