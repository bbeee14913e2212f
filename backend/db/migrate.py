"""Brings a database up to the newest revision."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from backend.db.session import make_engine

logger = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


class DatabaseTooNew(RuntimeError):
    """The database was made by a newer Vitrine."""


def alembic_config(connection: Connection) -> Config:
    """Alembic on an open connection, so that it uses this application's engine and transaction."""
    config = _plain_config()
    config.attributes["connection"] = connection
    return config


def _plain_config() -> Config:
    config = Config(MIGRATIONS / "alembic.ini")
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


@contextmanager
def migrating(url: str) -> Iterator[tuple[Config, Connection]]:
    """One transaction for all that Alembic does in it: all or nothing.

    Two servers that start at once wait for each other. Foreign keys are off meanwhile, because SQLite changes a table
    by copying and dropping it, which would cascade; they are checked before the commit instead.
    """
    engine = make_engine(url, foreign_keys=False)
    try:
        with engine.begin() as connection:
            yield alembic_config(connection), connection
            if engine.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise RuntimeError(f"the migration would leave {len(broken)} rows without what they refer to")
    finally:
        engine.dispose()


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database up to date.

    Raises:
        DatabaseTooNew: rather than to guess at tables this version does not know.
    """
    known = _revisions()
    engine = make_engine(url)
    try:
        with engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    if current is not None and current not in known:
        raise DatabaseTooNew(
            f"the database is at revision {current}, which this version of Vitrine does not know: "
            "install the version that made it, or point VITRINE_DATA_DIR elsewhere"
        )
    if revision != "head" or current != known[0]:
        with migrating(url) as (config, _):
            command.upgrade(config, revision)
    logger.info("database ready (was at %s)", current or "nothing")


@cache
def _revisions() -> tuple[str, ...]:
    """All that this version knows, the newest first. Read once: it takes longer than the rest of a usual start."""
    return tuple(script.revision for script in ScriptDirectory.from_config(_plain_config()).walk_revisions())
