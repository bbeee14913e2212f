"""A database with all tables and no server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.db.migrate import upgrade
from backend.db.session import Database
from tests.support.postgres import postgres, require_postgres


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    require_postgres()
    with postgres() as url:
        upgrade(url)
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Both kinds that are supported."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/jobs.sqlite3"
        upgrade(url)
    else:
        url = request.getfixturevalue("postgres_url")
    made = Database(url)
    yield made
    made.close()
