"""How a training ends that cannot be done, in words."""

from __future__ import annotations

import errno
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.jobs.handling import JobRefused
from backend.training_runs import recipe, running
from backend.training_runs.order import Order
from models.data.errors import DataError
from models.train.retrain import RetrainError
from tests.support.training import Bench, read_run, start_run


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            RetrainError("the text tower is another one now."),
            "This cannot be trained: the text tower is another one now. ",
        ),
        (DataError("a.png has changed since the import"), "a.png has changed since the import. Put it right and start"),
        (FloatingPointError("nan"), "no longer a number. Start a run with a lower learning rate"),
    ],
)
def test_faults_of_data_and_settings(
    client: TestClient, bench: Bench, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    run = start_run(client)
    claim = bench.claim()
    content = bench.prepare(claim)
    _raise(monkeypatch, error)
    with pytest.raises(JobRefused) as refused:
        bench.train(claim, content)
    assert words in refused.value.reason
    bench.fail(claim, refused.value.reason)
    assert words in read_run(client, run["id"])["error"]


@pytest.mark.parametrize("error", [MemoryError(), OSError(errno.ENOSPC, "No space left on device")])
def test_what_the_worker_has_words_for_reaches_it(
    client: TestClient, bench: Bench, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    start_run(client)
    claim = bench.claim()
    content = bench.prepare(claim)
    _raise(monkeypatch, error)
    with pytest.raises(type(error)):
        bench.train(claim, content)


def test_a_disk_that_is_full_behind_a_fault_of_data_is_still_a_full_disk(
    client: TestClient, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_run(client)
    claim = bench.claim()
    content = bench.prepare(claim)
    full = DataError("the cache cannot be written")
    full.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    _raise(monkeypatch, full)
    with pytest.raises(DataError):
        bench.train(claim, content)


def _raise(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(running, "retrain", fail)


def test_nothing_is_registered_of_a_training_that_left_no_whole_model(client: TestClient, bench: Bench) -> None:
    run = start_run(client)
    claim = bench.claim()
    content = bench.prepare(claim)
    with pytest.raises(JobRefused, match="without a whole model"):
        bench.finish(claim, content)
    assert read_run(client, run["id"])["model"] is None


def test_without_a_parent_the_projects_own_recipe_counts(client: TestClient, bench: Bench) -> None:
    start_run(client, {"mode": "full", "epochs": None}, parent_model_version_id=None)
    order = Order.model_validate(bench.prepare(bench.claim()))
    settings = recipe.settings_of(order, None)
    assert (settings.encoder, settings.epochs, settings.stop_after) == ("vitrine_small", 14, None)
    assert settings.concept_set == str(order.concept_set)
    assert settings.data.model_dump(include={"train", "validation", "test"}) == order.counts.model_dump()
    # Some 90 seconds apart at 28 images a second, in batches of 32.
    assert settings.state_every == 79


@pytest.mark.parametrize(("speed", "steps"), [(None, 79), (0.1, 1), (8.0, 22), (1000.0, 200)])
def test_a_kill_costs_a_minute_or_two_whatever_the_speed(speed: float | None, steps: int) -> None:
    assert recipe.state_every({"images_per_second": speed, "settings": {"batch_size": 32}}) == steps
