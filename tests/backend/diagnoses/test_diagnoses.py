"""Diagnoses over HTTP, with a worker whose child brings a result that was made before."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from backend.core.storage import LocalStorage
from backend.diagnoses.handling import MODEL_GONE, DiagnosisHandler
from backend.jobs.dispatcher import JobDispatcher
from backend.jobs.kept_results import DATASET_GONE, NOT_READABLE
from backend.jobs.leasing import LeaseLost
from backend.model_registry import repository as models
from models.concepts import load_concept_set
from tests.support.accounts import events
from tests.support.datasets import folder_per_class, start_import, wait_for_status
from tests.support.explainer import ColourZoo
from tests.support.people import ADMINISTRATOR, COORDINATOR, READER, become
from tests.support.postgres_server import server_on_postgres
from tests.support.server import API, UNKNOWN_ID, StartServer, assert_error, resources_of, stored_files
from tests.support.short_jobs import ShortJobs

DIAGNOSES = f"{API}/diagnoses"
MODEL = "ab" * 16
CONCEPTS = load_concept_set("isic2018")


def start(client: TestClient, **changes: Any) -> dict[str, Any]:
    answer = client.post(DIAGNOSES, json={"model_version_id": MODEL, "dataset_id": "synthetic-dermoscopy"} | changes)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def read(client: TestClient, diagnosis_id: str) -> dict[str, Any]:
    answer = client.get(f"{DIAGNOSES}/{diagnosis_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def told(client: TestClient, action: str) -> list[Any]:
    """What the trail says of each."""
    return [json.loads(event.after or "null") for event in events(client, action)]


def test_what_was_asked_for_waits(client: TestClient, jobs: ShortJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(JobDispatcher, "wake", lambda _self: woken.append(1))
    first = start(client, split="test", drawn=64, seed=3)
    second = start(client)
    assert woken == [1, 1]
    wanted = {
        "model_version_id": MODEL, "model_name": "colour", "dataset_id": "synthetic-dermoscopy", "split": "test",
        "drawn": 64, "seed": 3, "status": "queued", "position": 1, "flags": None, "images": None, "attempts": 0,
        "created_by": {"id": ADMINISTRATOR.id, "name": "Admin"},
    }  # fmt: skip
    assert {name: first[name] for name in wanted} == wanted
    assert (second["position"], second["split"], second["drawn"], second["seed"]) == (2, "validation", 500, 0)
    listed = client.get(DIAGNOSES).json()["items"]
    assert [each["id"] for each in listed] == [second["id"], first["id"]]
    assert listed[1] == first
    assert client.get(DIAGNOSES, params={"model_version_id": MODEL}).json()["items"] == listed
    assert client.get(DIAGNOSES, params={"model_version_id": UNKNOWN_ID}).json() == {"items": []}
    assert read(client, first["id"]) == first | {"result": None}
    for path in ("embedding", "sheets/option-0"):
        assert_error(client.get(f"{DIAGNOSES}/{first['id']}/{path}"), 409, "diagnosis_not_done")
    assert told(client, "diagnosis.created")[0] == {
        "model_version": MODEL, "dataset": "synthetic-dermoscopy",
        "settings": {"split": "test", "drawn": 64, "seed": 3},
    }  # fmt: skip


@pytest.mark.parametrize(("changes", "status", "code"), [
    ({"model_version_id": UNKNOWN_ID}, 404, "model_not_found"), ({"dataset_id": "nothing"}, 404, "dataset_not_found"),
    ({"drawn": 63}, 422, "validation_failed"), ({"split": "all"}, 422, "validation_failed"),
    ({"seed": -1}, 422, "validation_failed"),
])  # fmt: skip
def test_what_cannot_be_done_is_refused_at_once(
    client: TestClient, jobs: ShortJobs, changes: dict[str, Any], status: int, code: str
) -> None:
    body = {"model_version_id": MODEL, "dataset_id": "synthetic-dermoscopy"} | changes
    assert_error(client.post(DIAGNOSES, json=body), status, code)
    assert client.get(DIAGNOSES).json() == {"items": []}


def test_a_model_that_cannot_be_read_is_refused(client: TestClient, jobs: ShortJobs, zoo: ColourZoo) -> None:
    zoo.editing_error = ValueError("cut off")
    body = {"model_version_id": MODEL, "dataset_id": "synthetic-dermoscopy"}
    assert_error(client.post(DIAGNOSES, json=body), 503, "model_unavailable")


@pytest.mark.parametrize("path", ["", "/embedding", "/sheets/option-0"])
def test_a_diagnosis_that_is_not_there(client: TestClient, path: str) -> None:
    assert_error(client.get(f"{DIAGNOSES}/{UNKNOWN_ID}{path}"), 404, "diagnosis_not_found")
    assert_error(client.post(f"{DIAGNOSES}/{UNKNOWN_ID}/cancel"), 404, "diagnosis_not_found")


def test_an_equal_one_that_waits_or_runs_is_the_answer(client: TestClient, jobs: ShortJobs) -> None:
    first = start(client)
    assert start(client) == first
    claim = jobs.claim()
    assert start(client)["id"] == first["id"]
    assert start(client, seed=1)["id"] != first["id"]
    assert start(client, split="test")["id"] != first["id"]
    assert start(client, drawn=64)["id"] != first["id"]
    jobs.fail(claim, "No memory.")
    assert start(client)["id"] != first["id"]
    assert len(told(client, "diagnosis.created")) == 5


def test_of_an_import_all_images_are_taken_whatever_would_be_drawn(start_server: StartServer, tmp_path: Path) -> None:
    folder_per_class(tmp_path / "source" / "pets", ("mel", "nv"))
    client = start_server(import_dirs=(tmp_path / "source",))
    resources_of(client).inference.wait_until_registered()
    dataset = wait_for_status(client, start_import(client, tmp_path / "source" / "pets")["id"], "ready")["id"]
    first = start(client, dataset_id=dataset, drawn=100)
    assert start(client, dataset_id=dataset, drawn=200)["id"] == first["id"]
    jobs = ShortJobs(client, DiagnosisHandler())
    content = jobs.prepare(jobs.claim())
    assert content["dataset"] == str(resources_of(client).library.folder("pets"))


def test_only_so_many_may_wait(client: TestClient, jobs: ShortJobs) -> None:
    for seed in range(20):
        start(client, seed=seed)
    body = {"model_version_id": MODEL, "dataset_id": "synthetic-dermoscopy", "seed": 20}
    assert_error(client.post(DIAGNOSES, json=body), 503, "queue_full")
    assert start(client, seed=3)["seed"] == 3  # waits already
    jobs.claim()
    assert start(client, seed=20)["position"] == 20


def test_a_result_with_its_pictures(client: TestClient, jobs: ShortJobs) -> None:
    diagnosis = start(client)["id"]
    assert jobs.do() == diagnosis
    become(client, COORDINATOR)
    found = read(client, diagnosis)
    result = found["result"]
    assert (found["status"], found["images"], found["error"]) == ("succeeded", 64, None)
    assert set(found["flags"]) == set(result["rules"]) == {"dormant", "redundant", "not_localized"}
    for kind, count in found["flags"].items():
        assert count == len({flag["option"] for flag in result["flags"] if flag["kind"] == kind})
    assert [option["id"] for option in result["options"]] == list(CONCEPTS.option_ids)
    assert [sheet["option_id"] for sheet in result["option_sheets"]] == list(CONCEPTS.option_ids)
    assert [sheet["index"] for sheet in result["code_sheets"]] == [code["index"] for code in result["codes"]]
    assert all(tile["class_key"] in CONCEPTS.class_keys for each in result["code_sheets"] for tile in each["tiles"])
    for sheet in (*result["option_sheets"], *result["code_sheets"]):
        picture = client.get(f"{API}{sheet['path']}")
        assert picture.headers["content-type"] == "image/jpeg"
        columns = min(sheet["columns"], len(sheet["tiles"])) if "index" in sheet else sheet["columns"]
        width, height = Image.open(io.BytesIO(picture.content)).size
        assert width >= columns * sheet["tile_size"]
        assert height % sheet["tile_size"] == width % sheet["tile_size"] == 0
    option = result["option_sheets"][0]
    size = Image.open(io.BytesIO(client.get(f"{API}{option['path']}").content)).size
    assert size == (len(option["tiles"]) * option["tile_size"], 2 * option["tile_size"])
    assert told(client, "diagnosis.finished") == [{"status": "succeeded", "flags": found["flags"], "images": 64}]


def test_pictures_never_change_and_nothing_is_read_for_those_that_are_known(
    client: TestClient, jobs: ShortJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    diagnosis = start(client)["id"]
    jobs.do()
    seen: list[str] = []
    reading = LocalStorage.read

    def read_and_note(storage: LocalStorage, key: str) -> bytes:
        seen.append(Path(key).name)
        return reading(storage, key)

    monkeypatch.setattr(LocalStorage, "read", read_and_note)
    address = f"{DIAGNOSES}/{diagnosis}/sheets/option-3"
    first = client.get(address)
    assert first.headers["cache-control"] == "private, max-age=31536000, immutable"
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert seen == ["option-3.jpg"]
    for _ in range(3):
        read(client, diagnosis)
        client.get(f"{DIAGNOSES}/{diagnosis}/embedding")
    assert seen.count("result.json") <= 1
    assert_error(client.get(f"{DIAGNOSES}/{diagnosis}/sheets/option-999"), 404, "sheet_not_found")
    assert_error(client.get(f"{DIAGNOSES}/{diagnosis}/sheets/result"), 422, "validation_failed")


def test_places_by_the_method_that_there_is(client: TestClient, jobs: ShortJobs, made: Path) -> None:
    diagnosis = start(client)["id"]
    jobs.do()
    assert read(client, diagnosis)["result"]["embeddings"] == ["pca"]
    by_default = client.get(f"{DIAGNOSES}/{diagnosis}/embedding").json()
    assert by_default == client.get(f"{DIAGNOSES}/{diagnosis}/embedding", params={"method": "pca"}).json()
    count = len(by_default["places"])
    assert by_default["method"] == "pca"
    assert count == len(by_default["keys"]) == len(by_default["patches"]) == len(by_default["codes_of"]) > 100
    assert all(key.startswith("validation/") for key in by_default["keys"])
    assert len(by_default["codes"]) == len(read(client, diagnosis)["result"]["codes"])

    def with_umap(content: dict[str, Any]) -> None:
        out = Path(content["out"])
        shutil.copytree(made, out)
        result = json.loads((out / "result.json").read_text())
        (pca,) = result["diagnosis"]["embeddings"]
        result["diagnosis"]["embeddings"].append(pca | {"method": "umap", "explained": None})
        (out / "result.json").write_text(json.dumps(result))

    other = start(client, seed=1)["id"]
    ShortJobs(client, DiagnosisHandler(), with_umap).do()
    answer = client.get(f"{DIAGNOSES}/{other}/embedding").json()
    assert (answer["method"], answer["explained"], len(answer["places"])) == ("umap", None, count)


class Killed(Exception):
    """The worker is gone just before its commit."""


def _die() -> None:
    raise Killed


def test_a_worker_that_is_lost_at_the_end_leaves_nothing_and_the_next_one_ends_it(
    client: TestClient, jobs: ShortJobs
) -> None:
    diagnosis = start(client)["id"]
    claim = jobs.claim()
    content = jobs.prepare(claim)
    jobs.run(content)
    before = stored_files(client)
    with pytest.raises(Killed):
        jobs.finish(claim, content, _die)
    assert stored_files(client) == before
    assert read(client, diagnosis)["status"] == "running"
    # This one was killed outright: its files stay behind, and go when another attempt is done.
    storage = resources_of(client).storage
    storage.write(f"diagnoses/{diagnosis}/0/result.json", b"{}")
    jobs.finish(claim, content)
    assert {name.split("/")[2] for name in stored_files(client) if name.startswith("diagnoses/")} == {str(claim.token)}
    assert read(client, diagnosis)["result"]["images"] == 64
    assert not Path(content["out"]).exists()
    assert len(told(client, "diagnosis.finished")) == 1
    with pytest.raises(LeaseLost):  # delivered twice
        jobs.finish(claim, content)


def test_cancelling_one_that_waits_and_one_that_runs(client: TestClient, jobs: ShortJobs) -> None:
    running, waiting = start(client)["id"], start(client, seed=1)["id"]
    claim = jobs.claim()
    content = jobs.prepare(claim)
    jobs.run(content)
    for diagnosis in (running, waiting):
        answer = client.post(f"{DIAGNOSES}/{diagnosis}/cancel")
        assert (answer.status_code, answer.json()["status"], answer.json()["position"]) == (200, "cancelled", None)
        assert_error(client.post(f"{DIAGNOSES}/{diagnosis}/cancel"), 409, "job_ended")
    with pytest.raises(LeaseLost):
        jobs.finish(claim, content)
    assert read(client, running)["result"] is None
    assert [name for name in stored_files(client) if name.startswith("diagnoses/")] == []
    assert told(client, "diagnosis.cancelled") == [{"status": "cancelled"}] * 2
    assert told(client, "diagnosis.finished") == []


def test_a_failure_is_told_in_words(client: TestClient, jobs: ShortJobs) -> None:
    diagnosis = start(client)["id"]
    claim = jobs.claim()
    content = jobs.prepare(claim)
    jobs.run(content)
    jobs.fail(claim, "The server's disk is full.")
    found = read(client, diagnosis)
    assert (found["status"], found["error"], found["result"]) == ("failed", "The server's disk is full.", None)
    assert told(client, "diagnosis.finished") == [{"status": "failed", "error": "The server's disk is full."}]
    assert not Path(content["out"]).exists()  # there is nothing to go on from


def _gone(client: TestClient) -> None:
    with resources_of(client).database.writing() as session:
        row = models.get(session, MODEL)
        assert row is not None
        (Path(row.folder) / "config.json").unlink()


def _cut(content: dict[str, Any]) -> None:
    Path(content["out"]).mkdir(parents=True)
    (Path(content["out"]) / "result.json").write_text('{"diagnosis": {}}')


@pytest.mark.parametrize(("spoil", "run", "words"), [
    (_gone, None, MODEL_GONE), (None, _cut, NOT_READABLE.format(what="diagnosis")),
    (None, lambda _content: None, NOT_READABLE.format(what="diagnosis")),
])  # fmt: skip
def test_what_cannot_be_done_any_more_fails_in_words(
    client: TestClient,
    jobs: ShortJobs,
    spoil: Callable[[TestClient], None] | None,
    run: Callable[[dict[str, Any]], None] | None,
    words: str,
) -> None:
    diagnosis = start(client)["id"]
    if spoil is not None:
        spoil(client)
    jobs.run = run or jobs.run
    jobs.do()
    assert (read(client, diagnosis)["status"], read(client, diagnosis)["error"]) == ("failed", words)


def test_a_data_set_that_was_deleted_meanwhile(start_server: StartServer, tmp_path: Path) -> None:
    folder_per_class(tmp_path / "source" / "pets", ("mel", "nv"))
    client = start_server(import_dirs=(tmp_path / "source",))
    resources_of(client).inference.wait_until_registered()
    dataset = wait_for_status(client, start_import(client, tmp_path / "source" / "pets")["id"], "ready")["id"]
    diagnosis = start(client, dataset_id=dataset)["id"]
    assert client.delete(f"{API}/datasets/{dataset}").status_code == 204
    ShortJobs(client, DiagnosisHandler()).do()
    assert read(client, diagnosis)["error"] == DATASET_GONE.format(what="diagnosis")
    body = {"model_version_id": MODEL, "dataset_id": dataset}
    assert_error(client.post(DIAGNOSES, json=body), 404, "dataset_not_found")


def test_files_that_are_gone_are_said(client: TestClient, jobs: ShortJobs) -> None:
    diagnosis = start(client)["id"]
    jobs.do()
    resources_of(client).storage.delete_all(f"diagnoses/{diagnosis}")
    for path in ("", "/embedding"):
        detail = assert_error(client.get(f"{DIAGNOSES}/{diagnosis}{path}"), 404, "file_missing")
        assert "start the diagnosis again" in detail
    assert client.get(DIAGNOSES).json()["items"][0]["images"] == 64
    become(client, READER)
    assert_error(client.get(f"{DIAGNOSES}/{diagnosis}"), 403, "not_allowed")


def test_on_postgres_as_well(tmp_path: Path, made: Path) -> None:
    """Of equal requests at once there is one job; and the queries are those of the other tests."""
    with server_on_postgres(tmp_path) as client:
        resources_of(client).inference.wait_until_registered()
        become(client, ADMINISTRATOR)
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: start(client), range(4)))
        assert len({each["id"] for each in found}) == 1
        jobs = ShortJobs(client, DiagnosisHandler(), lambda content: _copy(made, content))
        assert jobs.do() == found[0]["id"]
        assert read(client, found[0]["id"])["result"]["images"] == 64
        other = start(client)["id"]
        assert client.post(f"{DIAGNOSES}/{other}/cancel").json()["status"] == "cancelled"
        assert [each["id"] for each in client.get(DIAGNOSES).json()["items"]] == [other, found[0]["id"]]


def _copy(made: Path, content: dict[str, Any]) -> None:
    shutil.copytree(made, content["out"])
