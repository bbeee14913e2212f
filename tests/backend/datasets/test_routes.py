"""What can be asked for: adapters, the sets that are drawn, and requests that are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from numpy.typing import NDArray

from backend.datasets.procedural import PROCEDURAL
from models.concepts import load_concept_set
from models.data.adapters.registry import adapter_cards
from tests.support.datasets import DATASETS
from tests.support.images import decoded
from tests.support.server import API, UNKNOWN_ID, StartServer, assert_error, resources_of, stored_files


@pytest.fixture
def client(start_server: StartServer, source: Path) -> TestClient:
    (source / "pets").mkdir()
    (source.parent / "elsewhere").mkdir()
    (source / "out").symlink_to(source.parent / "elsewhere")
    return start_server(import_dirs=(source,))


def body(source: Path, **changes: Any) -> dict[str, Any]:
    return {"name": "pets", "adapter": "folder", "path": str(source / "pets")} | changes


def test_adapters(client: TestClient) -> None:
    items = client.get(f"{API}/dataset-adapters").json()["items"]
    assert [item["name"] for item in items] == [card.name for card in adapter_cards()]
    kinds = {item["name"]: item["kind"] for item in items}
    assert {name for name, kind in kinds.items() if kind == "generic"} == {"folder", "csv", "npz"}
    assert {name for name, kind in kinds.items() if kind == "general"} == {
        "cifar10", "cifar100", "cub", "places365", "imagenet"
    }  # fmt: skip
    busi = next(item for item in items if item["name"] == "busi")
    assert (busi["concept_set"], busi["modality"], busi["kind"]) == ("busi", "ultrasound", "medical")
    for item in items:
        assert len(item["layout"].splitlines()) > 1, item["name"]


def test_the_drawn_sets_are_always_there(client: TestClient) -> None:
    items = client.get(DATASETS).json()["items"]
    assert [item["id"] for item in items] == ["synthetic-dermoscopy", "synthetic-ultrasound"]
    assert [item["modality"] for item in items] == ["dermoscopy", "ultrasound"]
    for item in items:
        assert (item["kind"], item["status"], item["synthetic"]) == ("procedural", "ready", True)
        concept_set = load_concept_set(item["concept_set"])
        assert [label["key"] for label in item["classes"]] == list(concept_set.class_keys)


def test_a_drawn_set_alone(client: TestClient) -> None:
    found = client.get(f"{DATASETS}/synthetic-ultrasound").json()
    assert (found["images"], found["counts"], found["leakage"], found["unreadable"]) == (None, None, None, [])
    assert client.get(f"{DATASETS}/synthetic-ultrasound/clusters").json() == {"total": 0, "items": []}
    assert_error(client.get(f"{DATASETS}/synthetic-ultrasound/images/0/thumbnail"), 409, "dataset_not_ready")
    assert_error(client.delete(f"{DATASETS}/synthetic-ultrasound"), 409, "dataset_built_in")
    assert_error(client.post(f"{DATASETS}/synthetic-ultrasound/cancel"), 409, "dataset_built_in")


def test_the_contact_sheet_of_a_drawn_set_is_drawn_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    def draw() -> NDArray[np.uint8]:
        drawn.append(1)
        return np.zeros((8, 12, 3), np.uint8)

    monkeypatch.setattr(PROCEDURAL["synthetic-ultrasound"].module, "contact_sheet", draw)
    for _ in range(2):
        answer = client.get(f"{DATASETS}/synthetic-ultrasound/contact-sheet")
        assert decoded(answer.content).size == (12, 8)
        assert "immutable" not in answer.headers["cache-control"]  # the generator may change
    assert len(drawn) == 1
    assert [name for name in stored_files(client) if "sheet-ultrasound" in name]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"adapter": "unknown"}, 400, "unknown_adapter"),
        ({"settings": {"concept_set": "unknown"}}, 400, "bad_import_settings"),
        ({"settings": {"label_column": "x"}}, 400, "bad_import_settings"),  # a folder has no columns
        ({"adapter": "csv", "settings": {"file": "../elsewhere/x.csv"}}, 403, "outside_import_folders"),
        ({"path": "/etc"}, 403, "outside_import_folders"),
        ({"path": "{source}/../elsewhere"}, 403, "outside_import_folders"),
        ({"path": "{source}/out"}, 403, "outside_import_folders"),
        ({"path": "pets"}, 403, "outside_import_folders"),
        ({"path": "{source}/missing"}, 404, "import_folder_not_found"),
        ({"name": "synthetic-dermoscopy"}, 409, "dataset_name_taken"),
        ({"name": "Pets"}, 422, "validation_failed"),
        ({"name": "pets\n"}, 422, "validation_failed"),
        ({"name": ""}, 422, "validation_failed"),
        ({"path": "a\0"}, 422, "validation_failed"),
        ({"settings": {"fractions": [0.7, 0.2, 0.2]}}, 422, "validation_failed"),
        ({"settings": {"fractions": [0, 0.5, 0.5]}}, 422, "validation_failed"),
        ({"settings": {"fractions": [1.2, -0.1, -0.1]}}, 422, "validation_failed"),
        ({"settings": {"fractions": [0.5, 0.5]}}, 422, "validation_failed"),
        ({"settings": {"unknown": 1}}, 422, "validation_failed"),
    ],
)
def test_imports_that_are_refused(
    client: TestClient, source: Path, changes: dict[str, Any], status: int, code: str
) -> None:
    if "path" in changes:
        changes = {**changes, "path": changes["path"].format(source=source)}
    assert_error(client.post(DATASETS, json=body(source, **changes)), status, code)
    assert len(client.get(DATASETS).json()["items"]) == 2  # and nothing was begun
    assert resources_of(client).imports.process_id is None


def test_unknown_data_sets(client: TestClient) -> None:
    for path in ("", "/clusters", "/contact-sheet", "/images/0/thumbnail"):
        assert_error(client.get(f"{DATASETS}/{UNKNOWN_ID}{path}"), 404, "dataset_not_found")
    assert_error(client.post(f"{DATASETS}/{UNKNOWN_ID}/cancel"), 404, "dataset_not_found")
    assert_error(client.delete(f"{DATASETS}/{UNKNOWN_ID}"), 404, "dataset_not_found")
    assert_error(client.get(f"{DATASETS}/Not%20An%20Id"), 422, "validation_failed")
