"""How batches end, and what a restart does to them. The process is a stand-in; everything around it is real."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.db.base import now
from backend.db.tables import InterventionBatch
from backend.intervention_batches.lifecycle import GIVEN_UP, MOST_ATTEMPTS
from backend.intervention_batches.runner import BROKEN
from tests.support.accounts import events
from tests.support.batches import BATCHES, batch_body, read_batch, start_batch, wait_for_end
from tests.support.datasets import gone, wait_for
from tests.support.fake_batch import BREAK, DIE, HANG, REFUSE, RESULT_OF, SUCCEED
from tests.support.server import StartServer, assert_error, resources_of, stored_files


def processes(client: TestClient, batch_id: str) -> list[int]:
    """Of a batch that hangs: its own, and one that it started."""
    file = resources_of(client).settings.data_dir / f"processes-{batch_id}"
    return [int(number) for number in wait_for(lambda: file.exists() and file.read_text()).split()]


def workplaces(client: TestClient) -> list[Path]:
    return list((resources_of(client).settings.data_dir / "batches").glob("*"))


def test_a_batch_that_succeeds(fake: TestClient) -> None:
    before = stored_files(fake)
    batch = start_batch(fake, seed=SUCCEED)
    assert (batch["status"], batch["progress"], batch["result"], batch["finished_at"]) == ("queued", None, None, None)
    found = wait_for_end(fake, batch, "succeeded")
    assert found["result"] == RESULT_OF
    assert found["finished_at"] > found["created_at"]
    assert (found["error"], found["progress"]) == (None, None)
    (kept,) = stored_files(fake) - before
    assert kept.startswith(f"intervention-batches/{batch['id']}/")
    wait_for(lambda: not workplaces(fake))
    (event,) = events(fake, "intervention_batch.finished")
    assert event.subject == f"intervention_batch/{batch['id']}"


def test_progress_is_told(fake: TestClient) -> None:
    batch = start_batch(fake, seed=HANG)
    found = wait_for(lambda: (now := read_batch(fake, batch))["progress"] == {"done": 3, "total": 20} and now)
    assert found["status"] == "running"


def test_cancel_ends_every_process(fake: TestClient) -> None:
    batch = start_batch(fake, seed=HANG)
    running = processes(fake, batch["id"])
    assert not any(gone(number) for number in running)
    answer = fake.post(f"{BATCHES}/{batch['id']}/cancel")
    assert (answer.status_code, answer.json()["status"], answer.json()["progress"]) == (202, "cancelled", None)
    wait_for(lambda: all(gone(number) for number in running), seconds=10)
    wait_for(lambda: not workplaces(fake))
    assert read_batch(fake, batch)["status"] == "cancelled"
    assert_error(fake.post(f"{BATCHES}/{batch['id']}/cancel"), 409, "batch_ended")
    assert_error(fake.get(f"{BATCHES}/{batch['id']}/export"), 409, "batch_not_done")
    assert len(events(fake, "intervention_batch.cancelled")) == 1
    assert events(fake, "intervention_batch.finished") == []


def test_one_at_a_time_and_one_that_waits_can_be_cancelled(fake: TestClient) -> None:
    first = start_batch(fake, seed=HANG)
    second, third = start_batch(fake, seed=SUCCEED), start_batch(fake, seed=SUCCEED)
    processes(fake, first["id"])
    assert [read_batch(fake, each)["status"] for each in (second, third)] == ["queued", "queued"]
    assert fake.post(f"{BATCHES}/{second['id']}/cancel").json()["status"] == "cancelled"
    fake.post(f"{BATCHES}/{first['id']}/cancel")
    wait_for_end(fake, third, "succeeded")
    assert read_batch(fake, second)["status"] == "cancelled"


@pytest.mark.parametrize(
    ("seed", "words"), [(DIE, "signal 9"), (BREAK, BROKEN), (REFUSE, "refused test of synthetic-dermoscopy")]
)
def test_a_batch_that_fails(fake: TestClient, seed: int, words: str) -> None:
    found = wait_for_end(fake, start_batch(fake, seed=seed), "failed")
    assert words in found["error"]
    assert found["result"] is None
    wait_for_end(fake, start_batch(fake, seed=SUCCEED), "succeeded")  # the server goes on


def test_a_batch_that_cannot_begin_has_failed(fake: TestClient) -> None:
    """It does not wait for ever, and nobody has to restart the server."""
    place = resources_of(fake).settings.data_dir / "batches"
    place.write_text("in the way")
    assert wait_for_end(fake, start_batch(fake, seed=SUCCEED), "failed")["error"] == BROKEN
    place.unlink()
    wait_for_end(fake, start_batch(fake, seed=SUCCEED), "succeeded")


def test_a_restart_takes_up_what_waited_and_what_ran(start_fake: StartServer) -> None:
    first = start_fake()
    running, waiting = start_batch(first, seed=HANG), start_batch(first, seed=SUCCEED)
    numbers = processes(first, running["id"])
    resources_of(first).batches.stop()
    assert all(gone(number) for number in numbers)
    assert [read_batch(first, each)["status"] for each in (running, waiting)] == ["queued", "queued"]

    (resources_of(first).settings.data_dir / f"processes-{running['id']}").unlink()
    second = start_fake()
    assert processes(second, running["id"]) != numbers  # it runs again, before the one that came later
    second.post(f"{BATCHES}/{running['id']}/cancel")
    wait_for_end(second, waiting, "succeeded")
    resources_of(second).batches.stop()


def test_what_a_killed_server_left_runs_again_twice_and_no_more(start_fake: StartServer) -> None:
    first = start_fake()
    made = {
        name: wait_for_end(first, start_batch(first, seed=SUCCEED), "succeeded")["id"] for name in ("again", "often")
    }
    resources_of(first).batches.stop()
    with resources_of(first).database.writing() as session:
        for name, attempts in (("again", MOST_ATTEMPTS - 1), ("often", MOST_ATTEMPTS)):
            row = session.get_one(InterventionBatch, made[name])
            row.status, row.attempts, row.progress = "running", attempts, {"done": 1, "total": 2}
            row.result = row.rows_key = row.finished_at = None
    left = resources_of(first).settings.data_dir / "batches" / made["often"]
    left.mkdir(parents=True)

    second = start_fake()
    assert wait_for_end(second, {"id": made["again"]}, "succeeded")["result"] == RESULT_OF
    found = read_batch(second, {"id": made["often"]})
    assert (found["status"], found["error"]) == ("failed", GIVEN_UP)
    assert not left.exists()
    resources_of(second).batches.stop()


def test_a_batch_whose_data_set_is_deleted_before_its_turn(fake: TestClient) -> None:
    batch = {"id": "7" * 32}
    model = batch_body(fake)["model_version_id"]
    settings: dict[str, Any] = {
        "split": "test",
        "edits": [],
        "predicted_class": None,
        "minimum_probability": None,
        "limit": None,
    }
    with resources_of(fake).database.writing() as session:
        session.add(
            InterventionBatch(
                id=batch["id"], status="queued", dataset_id="6" * 32, model_version_id=model,
                settings=settings | {"seed": 0}, created_at=now(),
            )
        )  # fmt: skip
    resources_of(fake).batches.submit(batch["id"])
    assert "deleted" in wait_for_end(fake, batch, "failed")["error"]
