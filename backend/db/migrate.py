"""Brings a database up to the newest revision."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

logger = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


class DatabaseTooNew(RuntimeError):
    """The database was made by a newer Vitrine."""


def alembic_config(connection: Connection) -> Config:
    """Alembic on an open connection, so that it uses this application's engine and transaction."""
    config = Config(MIGRATIONS / "alembic.ini")
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """All or nothing, in one transaction. Two servers that start at once wait for each other.

    Raises:
        DatabaseTooNew: rather than to guess at tables this version does not know.
    """
    with engine.begin() as connection:
        config = alembic_config(connection)
        current = MigrationContext.configure(connection).get_current_revision()
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if current is not None and current not in known:
            raise DatabaseTooNew(
                f"the database is at revision {current}, which this version of Vitrine does not know: "
                "install the version that made it, or point VITRINE_DATA_DIR elsewhere"
            )
        command.upgrade(config, revision)
        logger.info("database ready (was at %s)", current or "nothing")
