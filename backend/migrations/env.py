"""Run by Alembic: on the application's connection, or on one of its own from the settings."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

import backend.db.job_tables
import backend.db.study_tables
import backend.db.tables  # noqa: F401  (all fill the metadata)
from backend.core.settings import Settings
from backend.db.base import Base, UtcDateTime
from backend.db.session import make_engine


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration must not change when the application's types do: write what the column really is."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,  # SQLite alters tables by copying them
        render_item=render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with make_engine(Settings().resolved_database_url, foreign_keys=False).begin() as own:
        run(own)
