"""How long a run would take, and what that rests on."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.training_runs.estimating import STARTING
from backend.training_runs.presenting import same_data
from tests.support.training import RUNS, Bench, run_body, start_run


def estimate(client: TestClient, **changes: Any) -> dict[str, Any]:
    answer = client.post(f"{RUNS}/estimate", json=run_body(client, **changes))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def seconds(found: dict[str, Any]) -> dict[str, float]:
    return {stage["stage"]: stage["seconds"] for stage in found["stages"]}


def test_stages_add_up_and_the_range_is_around_them(client: TestClient) -> None:
    found = estimate(client)
    assert list(seconds(found)) == ["starting", "images", "tokens", "training", "measuring"]
    assert sum(seconds(found).values()) == pytest.approx(found["seconds"])
    assert found["low"] < found["seconds"] < found["high"]
    assert (found["problems"], found["waiting"], found["measured_here"]) == ([], 0, False)
    assert found["changes"][0].startswith("kept with the parent's weights")
    assert seconds(found)["starting"] == STARTING
    assert seconds(found)["images"] == 0  # they are kept already


def test_twice_the_epochs_are_twice_the_training(client: TestClient) -> None:
    once, twice = (seconds(estimate(client, settings={"epochs": epochs}))["training"] for epochs in (3, 6))
    assert twice == pytest.approx(2 * once)


def test_full_mode_has_no_tokens(client: TestClient) -> None:
    quick, full = estimate(client), estimate(client, settings={"mode": "full"})
    assert set(seconds(full)) == set(seconds(quick)) - {"tokens"}


def test_once_a_run_has_ended_here_it_is_the_basis(client: TestClient, bench: Bench) -> None:
    before = estimate(client)
    assert "parent tiny" not in before["basis"]  # it was trained in full mode, which says nothing of quick mode
    run = start_run(client)
    bench.do()
    after = client.post(f"{RUNS}/estimate", json=run_body(client) | {"parent_model_version_id": run["parent"]["id"]})
    found = after.json() if after.status_code == 200 else {}
    assert found["measured_here"] is True
    assert run["name"] in found["basis"]
    assert seconds(found)["tokens"] == 0  # of the same images and encoder, so they lie there


def test_without_a_possible_run_there_is_no_time(client: TestClient) -> None:
    found = client.post(f"{RUNS}/estimate", json=run_body(client) | {"parent_model_version_id": None}).json()
    assert (found["seconds"], found["stages"]) == (0, [])
    assert found["basis"].startswith("Not known")
    assert len(found["problems"]) == 1


def test_runs_that_come_first_are_counted_also_the_one_that_runs(client: TestClient, bench: Bench) -> None:
    for _ in range(3):
        start_run(client)
    bench.claim()
    assert estimate(client)["waiting"] == 3


DRAWN = {"training": {"settings": {"data": {"name": "a"}}}, "validation": {"images": 5}, "test": {"images": 6}}
ELSEWHERE = {"kind": "imported", "folder": "/d/x", "test_folder": "/d/y"}
IMPORTED = DRAWN | {"training": {"settings": {"data": ELSEWHERE}, "origin": {"digest": "1"}}}
COUNTS = {"train": 9, "validation": 5, "test": 6}


@pytest.mark.parametrize(
    ("parent", "settings", "expected"),
    [
        (DRAWN, {"dataset": {"name": "a", "digest": None}, "counts": COUNTS}, True),
        (DRAWN, {"dataset": {"name": "b", "digest": None}, "counts": COUNTS}, False),
        (DRAWN, {"dataset": {"name": "a", "digest": None}, "counts": COUNTS | {"test": 7}}, False),
        (DRAWN, {"dataset": {"name": "a", "digest": "1"}, "counts": COUNTS}, False),
        (IMPORTED, {"dataset": {"digest": "1"}, "test_dataset": {"name": "y"}, "counts": COUNTS}, True),
        (IMPORTED, {"dataset": {"digest": "1"}, "test_dataset": {"name": "z"}, "counts": COUNTS}, False),
        (IMPORTED, {"dataset": {"digest": "1"}, "test_dataset": None, "counts": COUNTS}, False),
        (IMPORTED, {"dataset": {"digest": "2"}, "test_dataset": {"name": "y"}, "counts": COUNTS}, False),
        ({}, {"dataset": {"digest": "1"}, "counts": COUNTS}, False),
    ],
)
def test_whether_figures_are_of_the_same_images(
    parent: dict[str, Any], settings: dict[str, Any], expected: bool
) -> None:
    assert same_data(parent, settings) is expected
