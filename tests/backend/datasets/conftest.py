"""Servers for tests of data sets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from backend.datasets.runner import ImportRunner
from tests.support.datasets import FAKE_IMPORT
from tests.support.server import StartServer, resources_of


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The import folder."""
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


@pytest.fixture
def fake(start_server: StartServer, source: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A server whose imports do what the file ``behave`` of their folder says."""
    monkeypatch.setattr("backend.app.ImportRunner", partial(ImportRunner, command=FAKE_IMPORT))
    client = start_server(import_dirs=(source,))
    yield client
    resources_of(client).imports.stop()
