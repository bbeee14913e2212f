"""The whole way of an import over HTTP, with the real process and real pictures."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from backend.app import create_app
from backend.core.settings import Settings
from backend.datasets.schemas import DatasetRead
from models.data.prepared import PreparedDataset
from tests.support.datasets import DATASETS, blobs, folder_per_class, gone, start_import, wait_for, wait_for_status
from tests.support.explainer import ColourZoo, checkpoint_info
from tests.support.images import decoded
from tests.support.people import ADMINISTRATOR, become
from tests.support.server import assert_error, resources_of

PETS = {"cat", "dog"}


@pytest.fixture(scope="module")
def pets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """22 pictures of two classes; one twice in a class, one in both, and a file that is no picture."""
    root = folder_per_class(tmp_path_factory.mktemp("source") / "pets", count=10)
    blobs(3).save(root / "cat" / "3-copy.png")
    blobs(5).save(root / "dog" / "of-a-cat.png")
    (root / "cat" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n no more")
    return root


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, pets: Path, migrated_database: Path) -> Iterator[TestClient]:
    """One server for the tests of this file: those that look at the import share one."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "data").mkdir()
    shutil.copy(migrated_database, folder / "data" / migrated_database.name)
    settings = Settings(
        data_dir=folder / "data",
        frontend_dir=folder / "none",
        prepare_examples=False,
        embedded_worker=False,
        import_dirs=(pets.parent,),
    )
    app = create_app(settings, ColourZoo([checkpoint_info(folder / "model")]))
    with TestClient(app, base_url="http://localhost") as client:
        yield become(client, ADMINISTRATOR)


@pytest.fixture(scope="module")
def imported(client: TestClient, pets: Path) -> dict[str, Any]:
    started = start_import(client, pets, settings={"fractions": [0.5, 0.25, 0.25]})
    return wait_for_status(client, started["id"], "ready") | {"started": started}


def clusters(client: TestClient, dataset: dict[str, Any], **parameters: object) -> dict[str, Any]:
    answer = client.get(f"{DATASETS}/{dataset['id']}/clusters", params=parameters)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def imports_left(client: TestClient, name: str) -> list[Path]:
    """What is in the folder of data sets because of an import of this name."""
    library = resources_of(client).library
    wait_for(lambda: not list(library.root.glob(".work/*")))
    return list(library.root.rglob(f"*{name}*"))


def _group(leader: int) -> list[int]:
    """Processes of a group."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, _, group = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(group) == leader and state != "Z":
                found.append(int(entry.name))
    return found


def test_it_starts_without_anybody_waiting(imported: dict[str, Any], pets: Path) -> None:
    started = imported["started"]
    assert set(started) == set(DatasetRead.model_fields)
    assert (started["name"], started["status"], started["adapter"]) == ("pets", "importing", "folder")
    assert (started["source"], started["kind"], started["synthetic"]) == (str(pets), "imported", False)
    assert (started["images"], started["classes"], started["error"]) == (None, [], None)


def test_what_was_read(imported: dict[str, Any]) -> None:
    assert imported["images"] == 22
    assert [label["key"] for label in imported["classes"]] == ["cat", "dog"]
    assert imported["progress"] is None
    assert imported["sizes"] == dict.fromkeys(imported["sizes"], 48)
    assert set(imported["card"]) == {"homepage", "citation", "licence"}
    [unreadable] = imported["unreadable"]
    assert "broken" in unreadable["key"]
    assert len(unreadable["reason"]) > 10


def test_counts_add_up_and_follow_the_fractions(imported: dict[str, Any]) -> None:
    counts = imported["counts"]
    assert set(counts) == {"train", "validation", "test"}
    assert sum(sum(split.values()) for split in counts.values()) == 22
    assert sum(split.get("cat", 0) for split in counts.values()) == 11
    assert 8 <= sum(counts["train"].values()) <= 14  # half of 22, clusters move as a whole
    assert imported["settings"]["fractions"] == [0.5, 0.25, 0.25]


def test_near_duplicates_are_reported_disagreeing_ones_first(client: TestClient, imported: dict[str, Any]) -> None:
    assert imported["leakage"] == {
        "clusters": 2, "images_in_clusters": 4, "disagreements": 1, "published_split_crossings": 0, "leaking": None
    }  # fmt: skip
    page = clusters(client, imported)
    assert page["total"] == 2
    first, second = page["items"]
    assert (first["disagree"], second["disagree"]) == (True, False)
    assert {image["label"] for image in first["images"]} == PETS
    assert sorted(Path(image["key"]).name.split(".")[0] for image in second["images"]) == ["3", "3-copy"]
    for cluster in (first, second):
        assert len({image["split"] for image in cluster["images"]}) == 1
        [pair] = cluster["pairs"]
        assert {pair["a"], pair["b"]} == {image["row"] for image in cluster["images"]}
        assert pair["similarity"] == pytest.approx(1, abs=1e-3)


def test_pages_of_clusters(client: TestClient, imported: dict[str, Any]) -> None:
    everything = clusters(client, imported)["items"]
    assert clusters(client, imported, offset=1, limit=1) == {"total": 2, "items": everything[1:]}
    assert clusters(client, imported, disagreeing=True) == {"total": 1, "items": everything[:1]}
    assert clusters(client, imported, offset=9)["items"] == []
    for bad in ({"offset": -1}, {"limit": 0}, {"offset": 2**40}):
        assert_error(client.get(f"{DATASETS}/{imported['id']}/clusters", params=bad), 422, "validation_failed")


def test_thumbnails_are_those_of_their_rows(client: TestClient, imported: dict[str, Any], pets: Path) -> None:
    seen = {}
    for image in clusters(client, imported)["items"][0]["images"]:
        answer = client.get(f"{DATASETS}/{imported['id']}/images/{image['row']}/thumbnail", params={"size": 32})
        assert answer.headers["content-type"] == "image/webp"
        assert answer.headers["cache-control"] == "private, no-cache"
        seen[image["label"]] = np.asarray(decoded(answer.content).convert("RGB"), dtype=float)
    shown = np.asarray(blobs(5).resize((32, 32)), dtype=float)
    other = np.asarray(blobs(6).resize((32, 32)), dtype=float)
    for pixels in seen.values():
        assert abs(pixels - shown).mean() < 12  # WebP
        assert abs(pixels - other).mean() > 40


def test_an_image_that_is_not_in_the_report_is_shown_too(client: TestClient, imported: dict[str, Any]) -> None:
    named = {image["row"] for cluster in clusters(client, imported)["items"] for image in cluster["images"]}
    row = next(row for row in range(22) if row not in named)
    answer = client.get(f"{DATASETS}/{imported['id']}/images/{row}/thumbnail")
    assert answer.status_code == 200, answer.text
    assert decoded(answer.content).size == (48, 48)  # never enlarged


@pytest.mark.parametrize("row", [22, -1, 2**40])
def test_rows_that_are_not_there(client: TestClient, imported: dict[str, Any], row: int) -> None:
    answer = client.get(f"{DATASETS}/{imported['id']}/images/{row}/thumbnail")
    assert "0 to 21" in assert_error(answer, 404, "dataset_image_not_found")


def test_contact_sheet(client: TestClient, imported: dict[str, Any]) -> None:
    answer = client.get(f"{DATASETS}/{imported['id']}/contact-sheet")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "private, no-cache"
    sheet = decoded(answer.content)
    assert sheet.width > 96
    again = client.get(answer.url, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_it_is_listed_after_the_drawn_ones(client: TestClient, imported: dict[str, Any]) -> None:
    items = client.get(DATASETS).json()["items"]
    assert [item["kind"] for item in items][:2] == ["procedural", "procedural"]
    [found] = [item for item in items if item["id"] == imported["id"]]
    assert found == {name: imported[name] for name in DatasetRead.model_fields}


def test_a_name_that_is_taken(client: TestClient, imported: dict[str, Any], pets: Path) -> None:
    body = {"name": "pets", "adapter": "folder", "path": str(pets)}
    assert_error(client.post(DATASETS, json=body), 409, "dataset_name_taken")
    assert client.get(f"{DATASETS}/{imported['id']}").json()["status"] == "ready"


def test_there_is_nothing_to_cancel(client: TestClient, imported: dict[str, Any]) -> None:
    assert_error(client.post(f"{DATASETS}/{imported['id']}/cancel"), 409, "dataset_not_importing")


def test_the_folder_can_be_trained_on(client: TestClient, imported: dict[str, Any]) -> None:
    folder = resources_of(client).library.folder("pets")
    prepared = PreparedDataset.open(folder)
    assert len(prepared.rows) == 22
    assert prepared.info.name == "pets"
    assert imports_left(client, "pets") == [folder]  # nothing but the data set


def test_delete_leaves_the_original_folder(client: TestClient, pets: Path) -> None:
    before = sorted(path.relative_to(pets) for path in pets.rglob("*"))
    dataset = start_import(client, pets, "short-lived")
    wait_for_status(client, dataset["id"], "ready")
    assert client.delete(f"{DATASETS}/{dataset['id']}").status_code == 204
    assert_error(client.get(f"{DATASETS}/{dataset['id']}"), 404, "dataset_not_found")
    assert_error(client.delete(f"{DATASETS}/{dataset['id']}"), 404, "dataset_not_found")
    library = resources_of(client).library
    assert not library.folder("short-lived").exists()
    assert not list((library.root / ".trash").glob("*"))
    assert sorted(path.relative_to(pets) for path in pets.rglob("*")) == before
    assert "short-lived" not in {item["name"] for item in client.get(DATASETS).json()["items"]}


def test_a_layout_that_does_not_fit_says_what_is_missing(client: TestClient, pets: Path) -> None:
    dataset = start_import(client, pets, "no-busi", adapter="busi")
    found = wait_for_status(client, dataset["id"], "failed")
    assert "benign" in found["error"]
    assert (found["modality"], found["concept_set"]) == ("ultrasound", "busi")
    assert (found["counts"], found["leakage"], found["card"]) == (None, None, None)
    assert not resources_of(client).library.folder("no-busi").exists()
    for path in ("clusters", "contact-sheet", "images/0/thumbnail"):
        assert_error(client.get(f"{DATASETS}/{dataset['id']}/{path}"), 409, "dataset_not_ready")


def test_a_name_whose_import_failed_is_free_again(client: TestClient, pets: Path) -> None:
    failed = start_import(client, pets, "second-try", adapter="busi")
    wait_for_status(client, failed["id"], "failed")
    again = start_import(client, pets, "second-try")
    assert again["id"] != failed["id"]
    wait_for_status(client, again["id"], "ready")
    assert_error(client.get(f"{DATASETS}/{failed['id']}"), 404, "dataset_not_found")


def test_settings_come_back_for_another_try(client: TestClient, pets: Path) -> None:
    settings = {"fractions": [0.6, 0.2, 0.2], "published_split": False, "label_column": "diagnosis", "file": "t.csv"}
    dataset = start_import(client, pets, "retry", adapter="csv", settings=settings)
    found = wait_for_status(client, dataset["id"], "failed")
    assert "t.csv" in found["error"]
    assert found["settings"] == dict.fromkeys(found["settings"]) | settings
    (pets.parent / "table").mkdir()
    for number in (1, 2):
        blobs(number).save(pets.parent / "table" / f"{number}.png")
    (pets.parent / "table" / "t.csv").write_text("image,diagnosis\n1.png,cat\n2.png,dog\n")
    given = {name: value for name, value in found["settings"].items() if value is not None}
    again = start_import(client, pets.parent / "table", "retry", adapter=found["adapter"], settings=given)
    assert wait_for_status(client, again["id"], "ready")["images"] == 2


def test_a_process_that_is_killed_takes_its_workers_along(client: TestClient, pets: Path) -> None:
    large = pets.parent / "large"
    for name in ("cat", "dog"):
        (large / name).mkdir(parents=True)
        for index in range(30):
            (large / name / f"{index}.png").hardlink_to(pets / name / f"{index % 10}.png")
    dataset = start_import(client, large, "killed")
    imports = resources_of(client).imports
    leader = wait_for(lambda: imports.process_id)
    workers = wait_for(lambda: [number for number in _group(leader) if number != leader])
    os.kill(leader, signal.SIGKILL)
    found = wait_for_status(client, dataset["id"], "failed")
    assert "signal 9" in found["error"]
    assert "start it again" in found["error"]
    wait_for(lambda: all(gone(number) for number in workers), seconds=5)
    assert not imports_left(client, "killed")


def test_an_import_does_not_hold_up_requests(client: TestClient, pets: Path) -> None:
    dataset = start_import(client, pets, "in-the-background")
    seen = client.get(f"{DATASETS}/{dataset['id']}").json()
    assert seen["status"] == "importing"  # starting Python alone takes longer
    while client.get(f"{DATASETS}/{dataset['id']}").json()["status"] == "importing":
        assert client.get(f"{DATASETS}/synthetic-ultrasound").status_code == 200
        time.sleep(0.05)
    wait_for_status(client, dataset["id"], "ready")
