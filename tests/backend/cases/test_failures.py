"""What goes wrong on the way leaves nothing behind, and nothing acknowledged is lost."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backend.cases.service import sweep_orphans
from backend.core.storage import LocalStorage
from backend.db.tables import Case, Prediction
from models.explanation import Explanation
from tests.support.explainer import ColourZoo
from tests.support.images import png
from tests.support.server import API, Predict, StartServer, Upload, assert_error, resources_of, stored_files

CASES = f"{API}/cases"


def rows(client: TestClient) -> tuple[int, int]:
    with resources_of(client).database.reading() as session:
        return len(session.scalars(select(Case)).all()), len(session.scalars(select(Prediction)).all())


@pytest.fixture
def failing_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Session) -> None:
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(Session, "commit", fail)


def post(client: TestClient) -> int:
    return client.post(CASES, files={"file": ("a.png", png())}).status_code


def test_upload_that_cannot_be_committed(client: TestClient, failing_commit: None) -> None:
    assert_error(client.post(CASES, files={"file": ("a.png", png())}), 500, "internal_error")
    assert rows(client) == (0, 0)
    assert stored_files(client) == set()


def test_prediction_that_cannot_be_committed(
    client: TestClient, upload: Upload, predict: Predict, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = upload()
    first = predict(case["id"])  # with the same maps, byte for byte
    before = stored_files(client)
    with monkeypatch.context() as patch:
        patch.setattr(Session, "commit", lambda _: (_ for _ in ()).throw(OSError("disk")))
        assert_error(client.post(f"{CASES}/{case['id']}/predictions"), 500, "internal_error")
    assert rows(client) == (1, 1)
    assert stored_files(client) == before
    assert client.get(f"{API}/predictions/{first['id']}/maps/index").status_code == 200


def test_delete_that_cannot_be_committed_keeps_the_files(
    client: TestClient, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = upload()
    before = stored_files(client)
    with monkeypatch.context() as patch:
        patch.setattr(Session, "commit", lambda _: (_ for _ in ()).throw(OSError("disk")))
        assert_error(client.delete(f"{CASES}/{case['id']}"), 500, "internal_error")
    assert stored_files(client) == before
    assert client.get(f"{CASES}/{case['id']}/image").status_code == 200


@pytest.mark.parametrize("nth", [1, 2])
def test_full_disk_during_an_upload(client: TestClient, monkeypatch: pytest.MonkeyPatch, nth: int) -> None:
    calls = 0
    real = LocalStorage.write

    def write(self: LocalStorage, key: str, content: bytes) -> None:
        nonlocal calls
        calls += 1
        if calls == nth:
            monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        real(self, key, content)

    with monkeypatch.context() as patch:
        patch.setattr(LocalStorage, "write", write)
        assert_error(client.post(CASES, files={"file": ("a.png", png())}), 507, "storage_full")
    monkeypatch.undo()
    assert rows(client) == (0, 0)
    assert stored_files(client) == set()
    assert post(client) == 201


def test_a_case_deleted_while_it_is_explained(
    client: TestClient, zoo: ColourZoo, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = upload()
    real = zoo.explainer.explain

    def explain(image: Image.Image) -> Explanation:
        assert client.delete(f"{CASES}/{case['id']}").status_code == 204
        return real(image)

    monkeypatch.setattr(zoo.explainer, "explain", explain)
    assert_error(client.post(f"{CASES}/{case['id']}/predictions"), 404, "case_not_found")
    assert stored_files(client) == set()


def test_data_outlives_the_server(start_server: StartServer) -> None:
    first = start_server()
    case = first.post(CASES, files={"file": ("a.png", png())}).json()
    prediction = first.post(f"{CASES}/{case['id']}/predictions").json()
    second = start_server()
    assert second.get(f"{API}/predictions/{prediction['id']}").json() == prediction
    assert second.get(f"{CASES}/{case['id']}/image").status_code == 200


def test_sweep_removes_only_old_files_without_a_row(
    client: TestClient, upload: Upload, predict: Predict, tmp_path: Path
) -> None:
    resources = resources_of(client)
    case = upload()
    predict(case["id"])
    kept = stored_files(client)
    orphan = resources.storage.put(f"cases/{'e' * 32}", b"left by a crash", ".png")
    assert sweep_orphans(resources.database, resources.storage) == 0  # may still be committing
    assert orphan in stored_files(client)
    for folder in (resources.settings.storage_dir / "cases").iterdir():
        os.utime(folder, (1, 1))
    assert sweep_orphans(resources.database, resources.storage) == 1
    assert stored_files(client) == kept


def test_the_server_sweeps_at_start(start_server: StartServer) -> None:
    resources = resources_of(start_server())
    resources.storage.put(f"cases/{'e' * 32}", b"left by a crash", ".png")
    os.utime(resources.settings.storage_dir / "cases" / ("e" * 32), (1, 1))
    assert stored_files(start_server()) == set()
