"""A server with an empty data folder and the small numpy predictor."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.app import create_app
from backend.concept_sets.registering import register_shipped
from backend.core.settings import Settings
from backend.db.migrate import upgrade
from backend.db.session import Database
from backend.intake.sandbox import Sandbox
from backend.resources import Resources
from tests.support.explainer import ColourZoo, checkpoint_info
from tests.support.images import png
from tests.support.in_process import InProcessSandbox
from tests.support.people import ADMINISTRATOR, add_people, become
from tests.support.server import API, Predict, StartServer, Upload, resources_of


@pytest.fixture(scope="session", autouse=True)
def _decoding_in_process() -> Iterator[None]:
    """A process for each server takes a second; ``real_sandbox`` starts it all the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("backend.app.Sandbox", InProcessSandbox)
        yield


@pytest.fixture
def real_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers that are started from here on decode in a process of their own, as they do outside of tests."""
    monkeypatch.setattr("backend.app.Sandbox", Sandbox)


@pytest.fixture(scope="session")
def empty_trail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the accounts of ``support.people``, in which nothing has happened yet."""
    path = tmp_path_factory.mktemp("database") / "vitrine.sqlite3"
    upgrade(f"sqlite:///{path}")
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        add_people(session)
    database.close()  # the last connection takes the write-ahead log with it, so that the one file is all
    return path


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory, empty_trail: Path) -> Path:
    """The same as the first start of a server leaves it, with the shipped concept sets.

    Making it once and copying it saves most of the time that a test's server takes to start.
    """
    path = tmp_path_factory.mktemp("database") / empty_trail.name
    shutil.copy(empty_trail, path)
    database = Database(f"sqlite:///{path}")
    register_shipped(database)
    database.close()
    return path


@pytest.fixture
def settings(tmp_path: Path, migrated_database: Path) -> Settings:
    (tmp_path / "data").mkdir()
    shutil.copy(migrated_database, tmp_path / "data" / migrated_database.name)
    return Settings(
        data_dir=tmp_path / "data",
        frontend_dir=tmp_path / "frontend",
        model_wait_seconds=5,
        prepare_examples=False,  # drawing them takes a process and seconds
        embedded_worker=False,
    )


@pytest.fixture
def zoo(tmp_path: Path) -> ColourZoo:
    return ColourZoo([checkpoint_info(tmp_path / "zoo" / "colour")])


@pytest.fixture
def start_server(settings: Settings, zoo: ColourZoo) -> Iterator[StartServer]:
    """Starts servers that are stopped at the end; keyword arguments change settings."""
    with ExitStack() as stack:

        def start(zoo: ColourZoo = zoo, **changes: Any) -> TestClient:
            app = create_app(settings.model_copy(update=changes), zoo)
            return become(stack.enter_context(TestClient(app, base_url="http://localhost")), ADMINISTRATOR)

        yield start


@pytest.fixture
def client(start_server: StartServer) -> TestClient:
    """The administrator's browser."""
    return start_server()


@pytest.fixture
def resources(client: TestClient) -> Resources:
    return resources_of(client)


@pytest.fixture
def upload(client: TestClient) -> Upload:
    """Uploads an image and returns the case."""

    def send(content: bytes | None = None, name: str = "image.png", **form: str) -> dict[str, Any]:
        answer = client.post(f"{API}/cases", files={"file": (name, content or png())}, data=form)
        assert answer.status_code == 201, answer.text
        case: dict[str, Any] = answer.json()
        return case

    return send


@pytest.fixture
def predict(client: TestClient) -> Predict:
    """Makes a prediction for a case."""

    def send(case_id: str, **body: str) -> dict[str, Any]:
        answer = client.post(f"{API}/cases/{case_id}/predictions", json=body or None)
        assert answer.status_code == 201, answer.text
        prediction: dict[str, Any] = answer.json()
        return prediction

    return send
