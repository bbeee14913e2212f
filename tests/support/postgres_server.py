"""A Vitrine server on a private PostgreSQL server, with the accounts of ``support.people``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi.testclient import TestClient

from backend.app import create_app
from backend.core.settings import Settings
from backend.db.migrate import upgrade
from backend.db.session import Database
from tests.support.explainer import ColourZoo, checkpoint_info
from tests.support.people import add_people
from tests.support.postgres import postgres, require_postgres


@contextmanager
def server_on_postgres(folder: Path) -> Iterator[TestClient]:
    """A browser of it that nobody is signed in with. Skips as ``require_postgres``."""
    require_postgres()
    with postgres() as url:
        upgrade(url)
        database = Database(url)
        with database.writing() as session:
            add_people(session)
        database.close()
        settings = Settings(
            data_dir=folder / "data",
            frontend_dir=folder / "none",
            prepare_examples=False,
            embedded_worker=False,
            database_url=url,
        )
        app = create_app(settings, ColourZoo([checkpoint_info(folder / "model")]))
        with TestClient(app, base_url="http://localhost") as client:
            yield client
