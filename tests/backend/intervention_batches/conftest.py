"""A server whose batches do what their seed says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial

import pytest
from fastapi.testclient import TestClient

from backend.intervention_batches.runner import BatchRunner
from tests.support.server import StartServer, resources_of

FAKE_BATCH = (sys.executable, "-m", "tests.support.fake_batch")


@pytest.fixture
def start_fake(start_server: StartServer, monkeypatch: pytest.MonkeyPatch) -> StartServer:
    monkeypatch.setattr("backend.app.BatchRunner", partial(BatchRunner, command=FAKE_BATCH))
    return start_server


@pytest.fixture
def fake(start_fake: StartServer) -> Iterator[TestClient]:
    client = start_fake()
    yield client
    resources_of(client).batches.stop()
