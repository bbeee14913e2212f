"""What may be asked for, what stands in the way, and what is shown of runs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.jobs.kinds import JobKind
from models.checkpoint import Checkpoint
from tests.support.accounts import events
from tests.support.datasets import folder_per_class, start_import, wait_for_status
from tests.support.people import READER, RESEARCHER, become
from tests.support.server import API, UNKNOWN_ID, StartServer, assert_error, resources_of
from tests.support.training import RUNS, Bench, concept_set_id, parent_id, read_run, run_body, start_run

CLASSES = ("mel", "nv", "bcc", "akiec", "bkl", "df", "vasc")


def problem(client: TestClient, body: dict[str, Any]) -> str:
    """The sentence of a refusal; the estimate says the same, and nothing is left behind."""
    estimated = client.post(f"{RUNS}/estimate", json=body)
    assert estimated.status_code == 200, estimated.text
    detail = assert_error(client.post(RUNS, json=body), 400, "bad_training_run")
    assert " ".join(estimated.json()["problems"]) == detail
    assert client.get(RUNS).json() == {"items": [], "total": 0}
    return detail


@pytest.fixture
def importing(start_server: StartServer, tmp_path: Path) -> TestClient:
    source = tmp_path / "source"
    folder_per_class(source / "pets", ("cat", "dog"), count=10)
    folder_per_class(source / "skin", CLASSES, count=10)
    folder_per_class(source / "few", ("mel", "nv"), count=10)
    shutil.copytree(source / "skin", source / "skin-again")
    return start_server(import_dirs=(source,), device="cpu")


def imported(client: TestClient, tmp_path: Path, name: str, **settings: Any) -> str:
    started = start_import(client, tmp_path / "source" / name, name, settings=settings)
    return str(wait_for_status(client, started["id"], "ready")["id"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"parent_model_version_id": None}, "Quick mode trains what stands behind a parent's encoder; choose a parent"),
        ({"name": "tiny"}, "called tiny already; choose another name"),
        ({"test_dataset_id": "synthetic-ultrasound"}, "synthetic-dermoscopy draws its own test images; leave the test"),
        (
            {"dataset_id": "synthetic-ultrasound"},
            "lacks classes of synthetic-ultrasound: normal, benign, malignant; it has mel",
        ),
        ({"settings": {"include_labels": True}}, "No reviewed case has labels that can be included"),
        (
            {"settings": {"include_labels": True, "mode": "full"}, "parent_model_version_id": None},
            "Labels of reviewed cases join a retraining; choose a parent model",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_words(client: TestClient, changes: dict[str, Any], words: str) -> None:
    assert words in problem(client, run_body(client) | changes)


def test_other_classes_than_the_parents(client: TestClient) -> None:
    body = run_body(client, concept_set_id=concept_set_id(client, "busi"), dataset_id="synthetic-ultrasound")
    assert "has other classes than the parent: it lacks mel, nv" in problem(client, body)


def test_all_problems_are_said_at_once(client: TestClient) -> None:
    told = problem(client, run_body(client, {"include_labels": True}, name="tiny", dataset_id="synthetic-ultrasound"))
    for words in ("lacks classes of", "No reviewed case", "called tiny already"):
        assert words in told


def test_a_parent_whose_files_are_gone(client: TestClient, parent: Checkpoint, tmp_path: Path) -> None:
    body = run_body(client)
    weights = parent.folder / "weights.safetensors"
    weights.rename(tmp_path / "aside")
    try:
        assert "files of the parent tiny are gone or damaged" in problem(client, body)
    finally:
        (tmp_path / "aside").rename(weights)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"dataset_id": "none"}, 404, "dataset_not_found"),
        ({"concept_set_id": UNKNOWN_ID}, 404, "concept_set_not_found"),
        ({"concept_set_revision_id": UNKNOWN_ID}, 404, "concept_set_revision_not_found"),
        ({"parent_model_version_id": UNKNOWN_ID}, 404, "model_not_found"),
        ({"name": "No Name"}, 422, "validation_failed"),
        ({"settings": {"epochs": 0}}, 422, "validation_failed"),
        ({"settings": {"images": {"train": 1, "validation": 64, "test": 64}}}, 422, "validation_failed"),
        ({"settings": {"speed": 1}}, 422, "validation_failed"),
    ],
)
def test_what_is_not_there(client: TestClient, changes: dict[str, Any], status: int, code: str) -> None:
    for path in (RUNS, f"{RUNS}/estimate"):
        assert_error(client.post(path, json=run_body(client) | changes), status, code)
    assert client.get(RUNS).json()["total"] == 0


def test_a_revision_of_another_set(client: TestClient) -> None:
    busi = client.get(f"{API}/concept-sets/{concept_set_id(client, 'busi')}/revisions").json()["items"][0]["id"]
    answer = client.post(RUNS, json=run_body(client, concept_set_revision_id=busi))
    assert "not one of the concept set isic2018" in assert_error(answer, 404, "concept_set_revision_not_found")


def test_imports_that_do_not_fit(importing: TestClient, tmp_path: Path) -> None:
    client = importing
    skin = imported(client, tmp_path, "skin")
    pets, few = imported(client, tmp_path, "pets"), imported(client, tmp_path, "few")
    again = imported(client, tmp_path, "skin-again")
    base = run_body(client, dataset_id=skin) | {"settings": {}}
    assert "lacks classes of pets: cat, dog" in problem(client, base | {"dataset_id": pets})
    images = {"images": {"train": 64, "validation": 64, "test": 64}}
    assert "skin was imported and has the images it has" in problem(client, base | {"settings": images})
    assert "has the classes mel, nv" in problem(client, base | {"test_dataset_id": few})
    assert "is the data set itself" in problem(client, base | {"test_dataset_id": skin})
    assert "only an import can be" in problem(client, base | {"test_dataset_id": "synthetic-dermoscopy"})
    assert "a model is not tested on what it has seen" in problem(client, base | {"test_dataset_id": again})


def test_an_import_without_test_images(importing: TestClient, tmp_path: Path) -> None:
    empty = imported(importing, tmp_path, "skin", fractions=[0.8, 0.2, 0.0])
    told = problem(importing, run_body(importing, dataset_id=empty) | {"settings": {}})
    assert "The test split of skin is empty; import it with other fractions, or choose another import" in told


def test_a_data_set_that_is_deleted_while_the_run_waits(importing: TestClient, tmp_path: Path) -> None:
    skin = imported(importing, tmp_path, "skin")
    body = run_body(importing, dataset_id=skin) | {"settings": {}}
    assert importing.post(RUNS, json=body).status_code == 202
    assert importing.delete(f"{API}/datasets/{skin}").status_code == 204
    bench = Bench(importing)
    claim = bench.claim()
    with pytest.raises(Exception, match="deleted before the run began"):
        bench.prepare(claim)


def test_names_are_the_next_that_are_free(client: TestClient) -> None:
    names = [start_run(client)["name"] for _ in range(2)]
    names.append(start_run(client, name="tiny-4")["name"])
    names.append(start_run(client)["name"])
    names.append(start_run(client, {"mode": "full"}, parent_model_version_id=None)["name"])
    assert names == ["tiny-2", "tiny-3", "tiny-4", "tiny-5", "synthetic-dermoscopy-1"]
    # A run that was cancelled can be resumed, so its name stays its own.
    first = client.get(RUNS).json()["items"][-1]
    client.post(f"{RUNS}/{first['id']}/cancel")
    answer = client.post(RUNS, json=run_body(client, name="tiny-2"))
    assert "called tiny-2 already" in assert_error(answer, 400, "bad_training_run")


def test_at_most_so_many_wait(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.training_runs.service.MOST_QUEUED", 2)
    runs = [start_run(client) for _ in range(2)]
    assert_error(client.post(RUNS, json=run_body(client)), 503, "queue_full")
    assert [run["position"] for run in runs] == [1, 2]
    client.post(f"{RUNS}/{runs[0]['id']}/cancel")
    assert start_run(client)["position"] == 2


def test_what_was_asked_for_is_kept_and_listed(client: TestClient) -> None:
    become(client, RESEARCHER)
    asked = {"mode": "full", "epochs": 4, "patience": 2, "learning_rate": 0.01, "seed": 9}
    run = start_run(client, asked, name="mine")
    assert {name: run["settings"][name] for name in asked} == asked
    assert run["parent"] == {"id": parent_id(client), "name": "tiny"}
    assert (run["concept_set"]["name"], run["dataset_id"]) == ("isic2018", "synthetic-dermoscopy")
    later = start_run(client)
    page = client.get(RUNS, params={"limit": 1}).json()
    assert (page["total"], [item["id"] for item in page["items"]]) == (2, [later["id"]])
    assert client.get(RUNS, params={"offset": 1}).json()["items"][0] == run
    become(client, READER)
    assert_error(client.get(RUNS), 403, "not_allowed")


def test_images_default_to_the_parents_and_to_fewer_in_quick_mode(client: TestClient) -> None:
    body = run_body(client)
    del body["settings"]["images"]
    found = client.post(f"{RUNS}/estimate", json=body).json()
    assert found["images"] == {"train": 64, "validation": 64, "test": 64}
    scratch = body | {"parent_model_version_id": None, "settings": {"mode": "full"}}
    found = client.post(f"{RUNS}/estimate", json=scratch).json()
    assert found["images"] == {"train": 10000, "validation": 800, "test": 1000}
    quick = client.post(f"{RUNS}/estimate", json=scratch | {"settings": {"mode": "quick"}}).json()
    assert quick["images"]["train"] == 2000


def test_cancel_and_resume(client: TestClient, bench: Bench) -> None:
    run = start_run(client)
    assert client.post(f"{RUNS}/{run['id']}/resume").json()["error"] == "job_not_ended"
    cancelled = client.post(f"{RUNS}/{run['id']}/cancel").json()
    assert (cancelled["status"], cancelled["position"]) == ("cancelled", None)
    assert_error(client.post(f"{RUNS}/{run['id']}/cancel"), 409, "job_ended")
    assert client.post(f"{RUNS}/{run['id']}/resume").json()["status"] == "queued"
    bench.do()
    assert read_run(client, run["id"])["status"] == "succeeded"
    assert_error(client.post(f"{RUNS}/{run['id']}/resume"), 409, "job_not_ended")
    told = {name: len(events(client, f"training_run.{name}")) for name in ("cancelled", "resumed", "finished")}
    assert told == {"cancelled": 1, "resumed": 1, "finished": 1}


def test_a_failure_stands_in_the_trail_once(client: TestClient, bench: Bench) -> None:
    run = start_run(client)
    bench.fail(bench.claim(), "The disk is full.")
    found = read_run(client, run["id"])
    assert (found["status"], found["error"]) == ("failed", "The disk is full.")
    (event,) = events(client, "training_run.finished")
    assert "The disk is full." in (event.after or "")


def test_a_run_that_is_not_there(client: TestClient) -> None:
    for answer in (
        client.get(f"{RUNS}/{UNKNOWN_ID}"),
        client.get(f"{RUNS}/{UNKNOWN_ID}/events"),
        client.post(f"{RUNS}/{UNKNOWN_ID}/cancel"),
        client.post(f"{RUNS}/{UNKNOWN_ID}/resume"),
    ):
        assert_error(answer, 404, "training_run_not_found")


def test_nothing_is_queued_where_the_transaction_does_not_come_through(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr(type(resources_of(client).jobs), "wake", lambda _self: woken.append("woken"))
    body = run_body(client)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the trail cannot be written")

    with monkeypatch.context() as patch:
        patch.setattr("backend.training_runs.service.record", fail)
        assert client.post(RUNS, json=body).status_code == 500
    assert (client.get(RUNS).json()["total"], woken) == (0, [])
    assert client.post(RUNS, json=body).status_code == 202
    assert woken == ["woken"]


def test_the_kind_of_job_is_that_of_the_training_queue(client: TestClient, bench: Bench) -> None:
    run = start_run(client)
    claim = bench.claim()
    assert (claim.job_id, claim.kind) == (run["id"], JobKind.TRAINING)
