"""Training runs on PostgreSQL, where two requests really write at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from models.checkpoint import Checkpoint
from tests.models.train.conftest import Tiny
from tests.support import postgres_server
from tests.support.explainer import checkpoint_info
from tests.support.people import RESEARCHER, become
from tests.support.server import resources_of
from tests.support.training import RUNS, Bench, read_run, run_body, start_run


@pytest.fixture
def on_postgres(
    parent: Checkpoint, tiny: Tiny, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    known = {"folder": parent.folder, "weights_digest": parent.weights_digest(), "metrics": parent.metrics}
    monkeypatch.setattr(
        postgres_server, "checkpoint_info", lambda folder: replace(checkpoint_info(folder), name="tiny", **known)
    )
    with postgres_server.server_on_postgres(tmp_path_factory.mktemp("postgresql")) as client:
        shutil.copytree(tiny.folder / "cache", resources_of(client).settings.data_dir / "cache")
        yield become(client, RESEARCHER)


def test_of_those_who_start_at_once_each_gets_a_name_and_one_a_name_that_all_want(on_postgres: TestClient) -> None:
    client = on_postgres
    body = run_body(client)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: client.post(RUNS, json=body), range(4)))
        assert sorted(answer.json()["name"] for answer in answers) == [f"tiny-{n}" for n in (2, 3, 4, 5)]
        statuses = sorted(pool.map(lambda _: client.post(RUNS, json=body | {"name": "one"}).status_code, range(4)))
    assert statuses == [202, 400, 400, 400]
    assert client.get(RUNS).json()["total"] == 5


def test_a_run_to_its_end(on_postgres: TestClient) -> None:
    run = start_run(on_postgres)
    Bench(on_postgres).do()
    found = read_run(on_postgres, run["id"])
    assert (found["status"], found["epochs_done"]) == ("succeeded", 2)
    assert found["validation"]["class_bmac"] == found["epochs"][-1]["validation"]["class_bmac"]
    (listed,) = on_postgres.get(RUNS).json()["items"]
    assert listed["validation"] == found["validation"]
    assert client_estimate(on_postgres)["measured_here"] is True


def client_estimate(client: TestClient) -> dict[str, object]:
    found: dict[str, object] = client.post(f"{RUNS}/estimate", json=run_body(client)).json()
    return found
