"""Evidence over HTTP, with a worker whose child brings a result that was made up."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.evidence.handling import MODEL_GONE, EvidenceHandler
from backend.jobs.dispatcher import JobDispatcher
from backend.jobs.kept_results import DATASET_DELETED, DATASET_GONE, NOT_READABLE
from backend.jobs.leasing import LeaseLost
from backend.model_registry import repository as models
from models.experiments.evidence.files import write_evidence
from models.experiments.evidence.schema import Evidence
from tests.support.accounts import events
from tests.support.datasets import folder_per_class, start_import, wait_for_status
from tests.support.evidence import made_up
from tests.support.explainer import ColourZoo
from tests.support.people import ADMINISTRATOR, READER, RESEARCHER, become
from tests.support.server import API, UNKNOWN_ID, StartServer, assert_error, resources_of, stored_files
from tests.support.short_jobs import ShortJobs

MODEL = "ab" * 16
EVIDENCE = f"{API}/models/{MODEL}/evidence"
MEASUREMENTS = f"{EVIDENCE}/measurements"
UNREADABLE = NOT_READABLE.format(what="measurement")


def leave(content: dict[str, Any], evidence: Evidence | None = None) -> None:
    """What the child of a measurement does."""
    out = Path(content["out"])
    out.mkdir(parents=True)
    write_evidence(out, evidence or made_up())


@pytest.fixture
def jobs(client: TestClient) -> ShortJobs:
    resources_of(client).inference.wait_until_registered()
    return ShortJobs(client, EvidenceHandler(), leave)


def start(client: TestClient, **changes: Any) -> dict[str, Any]:
    answer = client.post(EVIDENCE, json={"dataset_id": "synthetic-dermoscopy"} | changes)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def read(client: TestClient) -> dict[str, Any]:
    answer = client.get(EVIDENCE)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def first(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get(MEASUREMENTS).json()["items"][0]
    return found


def folder_of(client: TestClient) -> Path:
    with resources_of(client).database.writing() as session:
        row = models.get(session, MODEL)
        assert row is not None
        return Path(row.folder)


def told(client: TestClient, action: str) -> list[Any]:
    return [json.loads(event.after or "null") for event in events(client, action)]


def test_without_any_it_says_how_to_get_it(client: TestClient, jobs: ShortJobs) -> None:
    detail = assert_error(client.get(EVIDENCE), 404, "evidence_missing")
    assert "vitrine experiment evidence" in detail
    assert_error(client.get(f"{API}/models/{UNKNOWN_ID}/evidence"), 404, "model_not_found")
    assert_error(client.get(f"{API}/models/{UNKNOWN_ID}/evidence/measurements"), 404, "model_not_found")


def test_what_came_with_the_model_is_there_for_readers_too(client: TestClient, jobs: ShortJobs) -> None:
    write_evidence(folder_of(client), made_up())
    become(client, READER)
    found = read(client)
    assert (found.pop("is_of_these_weights"), found.pop("measured_here")) == (True, False)
    assert found == made_up().model_dump(mode="json")
    assert_error(client.get(MEASUREMENTS), 403, "not_allowed")
    assert_error(client.post(EVIDENCE, json={"dataset_id": "synthetic-dermoscopy"}), 403, "not_allowed")


def test_evidence_of_other_weights_says_so(client: TestClient, jobs: ShortJobs) -> None:
    write_evidence(folder_of(client), made_up(weights_digest="cd" * 32))
    assert read(client)["is_of_these_weights"] is False


@pytest.mark.parametrize("content", ["{", "{}", '{"format": 2}'], ids=["cut off", "empty", "later"])
def test_a_file_that_cannot_be_read_is_none(client: TestClient, jobs: ShortJobs, content: str) -> None:
    (folder_of(client) / "evidence.json").write_text(content)
    assert_error(client.get(EVIDENCE), 404, "evidence_missing")


def test_what_was_measured_here_last_takes_the_place_of_the_rest(client: TestClient, jobs: ShortJobs) -> None:
    write_evidence(folder_of(client), made_up(limits=["Shipped."]))
    for number in range(2):
        start(client, seed=number)
        jobs.run = lambda content: leave(content, made_up(limits=[f"Measured with seed {content['seed']}."]))
        jobs.do()
        found = read(client)
        assert (found["limits"], found["measured_here"]) == ([f"Measured with seed {number}."], True)
    become(client, READER)
    assert read(client)["limits"] == ["Measured with seed 1."]
    become(client, ADMINISTRATOR)
    start(client, seed=2)
    jobs.fail(jobs.claim(), "No memory.")
    assert read(client)["limits"] == ["Measured with seed 1."]
    assert (folder_of(client) / "evidence.json").read_text().count("Shipped.") == 1


def test_what_was_asked_for_waits_and_is_done(
    client: TestClient, jobs: ShortJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[int] = []
    monkeypatch.setattr(JobDispatcher, "wake", lambda _self: woken.append(1))
    become(client, RESEARCHER)
    measurement = start(client, split="all", drawn=64, seed=3)
    assert woken == [1]
    wanted = {
        "model_version_id": MODEL, "dataset_id": "synthetic-dermoscopy", "split": "all", "drawn": 64, "seed": 3,
        "status": "queued", "position": 1, "images": None, "attempts": 0,
        "created_by": {"id": RESEARCHER.id, "name": "Researcher"},
    }  # fmt: skip
    assert {name: measurement[name] for name in wanted} == wanted
    claim = jobs.claim()
    content = jobs.prepare(claim)
    assert {name: content[name] for name in ("dataset", "split", "drawn", "seed", "model_version_id")} == {
        "dataset": "synthetic-dermoscopy", "split": "all", "drawn": 64, "seed": 3, "model_version_id": MODEL,
    }  # fmt: skip
    jobs.run(content)
    jobs.finish(claim, content)
    assert not Path(content["out"]).exists()
    done = first(client)
    assert (done["id"], done["status"], done["images"]) == (measurement["id"], "succeeded", 120)
    become(client, ADMINISTRATOR)
    settings = {"split": "all", "drawn": 64, "seed": 3}
    asked = {"model_version": MODEL, "dataset": "synthetic-dermoscopy", "settings": settings}
    assert told(client, "evidence.created") == [asked]
    assert told(client, "evidence.finished") == [{"status": "succeeded", "images": 120}]


@pytest.mark.parametrize(("changes", "status", "code"), [
    ({"dataset_id": "nothing"}, 404, "dataset_not_found"), ({"drawn": 63}, 422, "validation_failed"),
    ({"split": "some"}, 422, "validation_failed"), ({"seed": -1}, 422, "validation_failed"),
    ({"keep": True}, 422, "validation_failed"),
], ids=["no data set", "too few", "no split", "seed", "unknown field"])  # fmt: skip
def test_what_cannot_be_done_is_refused_at_once(
    client: TestClient, jobs: ShortJobs, changes: dict[str, Any], status: int, code: str
) -> None:
    assert_error(client.post(EVIDENCE, json={"dataset_id": "synthetic-dermoscopy"} | changes), status, code)
    assert client.get(MEASUREMENTS).json() == {"items": []}


def test_a_model_that_cannot_be_read_is_refused(client: TestClient, jobs: ShortJobs, zoo: ColourZoo) -> None:
    zoo.editing_error = ValueError("cut off")
    assert_error(client.post(EVIDENCE, json={"dataset_id": "synthetic-dermoscopy"}), 503, "model_unavailable")


def test_an_equal_one_that_waits_or_runs_is_the_answer(client: TestClient, jobs: ShortJobs) -> None:
    measurement = start(client)
    assert start(client) == measurement
    claim = jobs.claim()
    assert start(client)["id"] == measurement["id"]
    assert len({start(client, **changes)["id"] for changes in ({"seed": 1}, {"split": "all"}, {"drawn": 64})}) == 3
    jobs.fail(claim, "No memory.")
    assert start(client)["id"] != measurement["id"]


def test_cancelling_one_that_waits_and_one_that_runs(client: TestClient, jobs: ShortJobs) -> None:
    running, waiting = start(client)["id"], start(client, seed=1)["id"]
    claim = jobs.claim()
    content = jobs.prepare(claim)
    jobs.run(content)
    for measurement in (running, waiting):
        answer = client.post(f"{MEASUREMENTS}/{measurement}/cancel")
        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
        assert_error(client.post(f"{MEASUREMENTS}/{measurement}/cancel"), 409, "job_ended")
    with pytest.raises(LeaseLost):
        jobs.finish(claim, content)
    assert [name for name in stored_files(client) if name.startswith("evidence/")] == []
    assert told(client, "evidence.cancelled") == [{"status": "cancelled"}] * 2
    assert_error(client.get(EVIDENCE), 404, "evidence_missing")
    other = f"{API}/models/{UNKNOWN_ID}/evidence/measurements/{running}/cancel"
    assert_error(client.post(other), 404, "measurement_not_found")


def _gone(client: TestClient) -> None:
    (folder_of(client) / "config.json").unlink()


def _cut(content: dict[str, Any]) -> None:
    Path(content["out"]).mkdir(parents=True)
    (Path(content["out"]) / "evidence.json").write_text('{"format": 1}')


def _of_others(content: dict[str, Any]) -> None:
    leave(content, made_up(weights_digest="cd" * 32))


@pytest.mark.parametrize(("spoil", "run", "words"), [
    (_gone, leave, MODEL_GONE), (None, _cut, UNREADABLE), (None, lambda _content: None, UNREADABLE),
    (None, _of_others, UNREADABLE),
], ids=["no model", "cut off", "nothing", "other weights"])  # fmt: skip
def test_what_cannot_be_done_any_more_fails_in_words(
    client: TestClient,
    jobs: ShortJobs,
    spoil: Callable[[TestClient], None] | None,
    run: Callable[[dict[str, Any]], None],
    words: str,
) -> None:
    start(client)
    if spoil is not None:
        spoil(client)
    jobs.run = run
    jobs.do()
    assert (first(client)["status"], first(client)["error"]) == ("failed", words)
    assert told(client, "evidence.finished") == [{"status": "failed", "error": words}]
    assert [name for name in stored_files(client) if name.startswith("evidence/")] == []


class Killed(Exception):
    """The worker is gone just before its commit."""


def _die() -> None:
    raise Killed


def test_a_worker_that_is_lost_at_the_end_leaves_nothing_and_the_next_one_ends_it(
    client: TestClient, jobs: ShortJobs
) -> None:
    measurement = start(client)["id"]
    claim = jobs.claim()
    content = jobs.prepare(claim)
    jobs.run(content)
    before = stored_files(client)
    with pytest.raises(Killed):
        jobs.finish(claim, content, _die)
    assert stored_files(client) == before
    jobs.finish(claim, content)
    assert {name for name in stored_files(client) if name.startswith("evidence/")} == {
        f"evidence/{measurement}/{claim.token}/evidence.json"
    }
    assert read(client)["measured_here"] is True
    with pytest.raises(LeaseLost):  # delivered twice
        jobs.finish(claim, content)


def test_a_data_set_that_was_deleted(start_server: StartServer, tmp_path: Path) -> None:
    """Before and while it runs nothing is kept; afterwards the figures stay, which show none of its images."""
    folder_per_class(tmp_path / "source" / "pets", ("mel", "nv"))
    client = start_server(import_dirs=(tmp_path / "source",))
    resources_of(client).inference.wait_until_registered()
    jobs = ShortJobs(client, EvidenceHandler(), leave)

    def imported() -> str:
        row = start_import(client, tmp_path / "source" / "pets")
        found: str = wait_for_status(client, row["id"], "ready")["id"]
        return found

    def forget(dataset: str) -> None:
        assert client.delete(f"{API}/datasets/{dataset}").status_code == 204

    dataset = imported()
    start(client, dataset_id=dataset)
    forget(dataset)
    jobs.do()
    assert first(client)["error"] == DATASET_GONE.format(what="measurement")

    dataset = imported()
    start(client, dataset_id=dataset)

    def deleted_meanwhile(content: dict[str, Any]) -> None:
        leave(content)
        forget(dataset)

    jobs.run = deleted_meanwhile
    jobs.do()
    assert first(client)["error"] == DATASET_DELETED.format(what="measurement")
    assert_error(client.get(EVIDENCE), 404, "evidence_missing")

    dataset = imported()
    start(client, dataset_id=dataset)
    jobs.run = leave
    jobs.do()
    forget(dataset)
    assert read(client)["measured_here"] is True


def test_a_file_that_is_gone_is_said(client: TestClient, jobs: ShortJobs) -> None:
    measurement = start(client)["id"]
    jobs.do()
    resources_of(client).storage.delete_all(f"evidence/{measurement}")
    detail = assert_error(client.get(EVIDENCE), 404, "file_missing")
    assert "measured again" in detail
