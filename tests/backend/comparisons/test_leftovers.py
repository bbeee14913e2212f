"""What stays of comparisons that were cancelled, lost at their end, or whose data set was deleted."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backend.comparisons import repository as comparisons
from backend.core.errors import StorageFull
from backend.core.storage import LocalStorage
from backend.db.tables import Dataset
from backend.jobs import leasing, repository
from backend.jobs.leasing import LeaseLost
from tests.backend.comparisons.test_comparisons import COMPARISONS, newest, read, start
from tests.support.server import API, UNKNOWN_ID, assert_error, resources_of, stored_files
from tests.support.short_jobs import ShortJobs


def test_a_commit_whose_answer_was_lost_keeps_the_files(
    client: TestClient, jobs: ShortJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = start(client)["id"]
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
    assert read(client, comparison)["result"] is not None
    with pytest.raises(LeaseLost):  # as the worker finds out when it tries again
        jobs.finish(claim, content)
    assert any(name.startswith(f"comparisons/{comparison}/{claim.token}/") for name in stored_files(client))


def test_a_disk_that_is_full_keeps_none_of_the_files(
    client: TestClient, jobs: ShortJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = start(client)["id"]
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
            jobs.handler.gather(claim, content, jobs.around(comparison))
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
        storage.write(f"comparisons/{job}/{claim.token}/result.json", b"{}")  # its worker was killed at the end
        outs.append(Path(content["out"]))
        if job == waiting:
            jobs.write(claim, lambda session, row: leasing.requeue(session, row, "lost", counts=True))
            assert client.post(f"{COMPARISONS}/{job}/cancel").json()["status"] == "cancelled"
    assert [out.exists() for out in outs] == [False, True]
    assert client.post(f"{COMPARISONS}/{running}/cancel").json()["status"] == "cancelled"
    assert outs[1].exists()  # its child may be writing still
    with resources_of(client).database.writing() as session:  # as a worker does when the child is gone
        jobs.handler.ended(session, repository.require(session, running), jobs.around(running))
    assert not outs[1].exists()
    assert [name for name in stored_files(client) if name.startswith("comparisons/")] == []


def test_pictures_and_results_go_with_their_data_set(client: TestClient, jobs: ShortJobs) -> None:
    known = resources_of(client)
    first = start(client)["id"]
    jobs.do()
    with known.database.writing() as session:
        session.add(Dataset(id=UNKNOWN_ID, name="pets", status="failed", adapter="csv", source="pets", settings={}))
        session.flush()
    deleted = start(client, seed=1)["id"]
    claim = jobs.claim()
    content = jobs.prepare(claim)
    jobs.run(content)
    jobs.finish(claim, content)
    with known.database.writing() as session:  # as if it had been made of this data set
        row = comparisons.row(session, deleted)
        assert row is not None
        row.dataset_id = UNKNOWN_ID
    assert newest(client).json()["id"] == deleted
    assert client.delete(f"{API}/datasets/{UNKNOWN_ID}").status_code == 204
    assert {name.split("/")[1] for name in stored_files(client) if name.startswith("comparisons/")} == {first}
    answer = client.get(f"{COMPARISONS}/{deleted}")
    assert "data set was deleted" in assert_error(answer, 404, "file_missing")
    assert "data set was deleted" in assert_error(newest(client, dataset_id=UNKNOWN_ID), 404, "file_missing")
    assert newest(client).json()["id"] == first
