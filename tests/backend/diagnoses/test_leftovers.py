"""What stays of diagnoses that were cancelled, lost at their end, or whose data set was deleted."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backend.core.errors import StorageFull
from backend.core.storage import LocalStorage
from backend.diagnoses.handling import DiagnosisHandler
from backend.jobs import leasing, repository
from backend.jobs.handling import JobRefused
from backend.jobs.kept_results import DATASET_DELETED
from backend.jobs.leasing import LeaseLost
from tests.backend.diagnoses.test_diagnoses import DIAGNOSES, read, start
from tests.support.datasets import folder_per_class, start_import, wait_for_status
from tests.support.server import API, StartServer, assert_error, resources_of, stored_files
from tests.support.short_jobs import ShortJobs


def test_a_commit_whose_answer_was_lost_keeps_the_files(
    client: TestClient, jobs: ShortJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    diagnosis = start(client)["id"]
    claim = jobs.claim()
    content = jobs.prepare(claim)
    jobs.run(content)
    commit = Session.commit
    lost: list[str] = []

    def commit_and_lose(session: Session) -> None:
        commit(session)
        if lost == ["at its end"]:
            lost.append("lost")
            raise OperationalError("COMMIT", {}, ConnectionError())

    monkeypatch.setattr(Session, "commit", commit_and_lose)
    with pytest.raises(OperationalError):
        jobs.finish(claim, content, lambda: lost.append("at its end"))
    assert read(client, diagnosis)["result"] is not None
    with pytest.raises(LeaseLost):  # as the worker finds out when it tries again
        jobs.finish(claim, content)
    assert any(name.startswith(f"diagnoses/{diagnosis}/{claim.token}/") for name in stored_files(client))


def test_a_disk_that_is_full_keeps_none_of_the_files(
    client: TestClient, jobs: ShortJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    diagnosis = start(client)["id"]
    claim = jobs.claim()
    content = jobs.prepare(claim)
    jobs.run(content)
    before, write = stored_files(client), LocalStorage.write
    written: list[str] = []

    def fill_up(storage: LocalStorage, key: str, data: bytes) -> None:
        if len(written) == 2:
            raise StorageFull
        written.append(key)
        write(storage, key, data)

    with monkeypatch.context() as patch:
        patch.setattr(LocalStorage, "write", fill_up)
        with pytest.raises(StorageFull):
            jobs.handler.gather(claim, content, jobs.around(diagnosis))
    assert len(written) == 2
    assert stored_files(client) == before


def test_of_a_cancelled_one_nothing_stays(client: TestClient, jobs: ShortJobs) -> None:
    waiting, running = start(client)["id"], start(client, seed=1)["id"]
    storage = resources_of(client).storage
    outs: list[Path] = []
    for job in (waiting, running):
        claim = jobs.claim()
        content = jobs.prepare(claim)
        jobs.run(content)
        storage.write(f"diagnoses/{job}/{claim.token}/result.json", b"{}")  # its worker was killed at the end
        outs.append(Path(content["out"]))
        if job == waiting:
            jobs.write(claim, lambda session, row: leasing.requeue(session, row, "lost", counts=True))
            assert client.post(f"{DIAGNOSES}/{job}/cancel").json()["status"] == "cancelled"
    assert [out.exists() for out in outs] == [False, True]
    assert client.post(f"{DIAGNOSES}/{running}/cancel").json()["status"] == "cancelled"
    assert outs[1].exists()  # its child may be writing still
    with resources_of(client).database.writing() as session:  # as a worker does when the child is gone
        jobs.handler.ended(session, repository.require(session, running), jobs.around(running))
    assert not outs[1].exists()
    assert [name for name in stored_files(client) if name.startswith("diagnoses/")] == []


def test_pictures_and_results_go_with_their_data_set(start_server: StartServer, tmp_path: Path, made: Path) -> None:
    folder_per_class(tmp_path / "source" / "pets", ("mel", "nv"))
    client = start_server(import_dirs=(tmp_path / "source",))
    resources_of(client).inference.wait_until_registered()
    dataset = wait_for_status(client, start_import(client, tmp_path / "source" / "pets")["id"], "ready")["id"]
    jobs = ShortJobs(client, DiagnosisHandler(), lambda content: _put(made, content))
    other, done, running = start(client)["id"], start(client, dataset_id=dataset)["id"], None
    assert [jobs.do(), jobs.do()] == [other, done]
    running = start(client, dataset_id=dataset, seed=1)["id"]
    claim = jobs.claim()
    content = jobs.prepare(claim)
    jobs.run(content)
    assert client.delete(f"{API}/datasets/{dataset}").status_code == 204
    with pytest.raises(JobRefused, match="deleted while"):
        jobs.finish(claim, content)
    jobs.fail(claim, DATASET_DELETED.format(what="diagnosis"))
    left = [name.split("/")[1] for name in stored_files(client) if name.startswith("diagnoses/")]
    assert set(left) == {other}
    assert "data set was deleted" in assert_error(client.get(f"{DIAGNOSES}/{done}"), 404, "file_missing")
    for path in ("embedding", "sheets/option-0"):
        words = assert_error(client.get(f"{DIAGNOSES}/{done}/{path}"), 409, "diagnosis_not_done")
        assert "data set was deleted" in words
    listed = {each["id"]: each["status"] for each in client.get(DIAGNOSES).json()["items"]}
    assert listed == {other: "succeeded", done: "succeeded", running: "failed"}
    assert read(client, other)["result"]["images"] == 64


def _put(made: Path, content: dict[str, Any]) -> None:
    shutil.copytree(made, content["out"])
