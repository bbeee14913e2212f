"""Data sets whose folder somebody else made, changed or removed: ``vitrine data import``, a copy, a person."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.datasets import repository
from models.data.adapters.registry import find_adapter
from models.data.importing import import_dataset
from tests.support.datasets import DATASETS, folder_per_class
from tests.support.server import StartServer, assert_error, resources_of


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An import as the command line makes it, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    import_dataset(find_adapter("folder"), folder_per_class(folder / "pets", count=4), folder / "set", "pets")
    return folder / "set"


@pytest.fixture
def library(client: TestClient) -> Path:
    return resources_of(client).library.root


def imported(client: TestClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(DATASETS).json()["items"]
    return [item for item in items if item["kind"] == "imported"]


def test_a_folder_is_found_while_the_server_runs(client: TestClient, library: Path, made: Path) -> None:
    assert imported(client) == []
    shutil.copytree(made, library / "pets")
    [found] = imported(client)
    assert (found["name"], found["status"], found["images"], found["adapter"]) == ("pets", "ready", 8, "folder")
    assert found["settings"] is None  # not imported here
    assert found["created_at"][:19] == json.loads((made / "dataset.json").read_text())["created_at"][:19]
    assert imported(client) == [found]
    detail = client.get(f"{DATASETS}/{found['id']}").json()
    assert sum(detail["counts"]["train"].values()) > 0
    assert client.get(f"{DATASETS}/{found['id']}/contact-sheet").status_code == 200


def test_a_folder_is_found_at_the_start(start_server: StartServer, made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "data" / "datasets" / "pets")
    client = start_server()
    # Before anybody asks for the list: a case may be told to belong to it.
    with resources_of(client).database.reading() as session:
        found = repository.find(session, "pets")
    assert found is not None
    assert found.status == "ready"


def test_a_folder_that_is_gone_is_forgotten(client: TestClient, library: Path, made: Path) -> None:
    shutil.copytree(made, library / "pets")
    [found] = imported(client)
    shutil.rmtree(library / "pets")
    assert imported(client) == []
    assert_error(client.get(f"{DATASETS}/{found['id']}"), 404, "dataset_not_found")


def test_another_content_is_another_data_set(client: TestClient, library: Path, made: Path) -> None:
    """Thumbnails are kept by browsers for ever, so an id never shows two contents."""
    shutil.copytree(made, library / "pets")
    [before] = imported(client)
    shutil.rmtree(library / "pets")
    shutil.copytree(made, library / "pets")
    (library / "pets" / "dataset.json").touch()
    [after] = imported(client)
    assert after["name"] == before["name"]
    assert after["id"] != before["id"]


@pytest.mark.parametrize("name", ["Pets", ".pets.importing-77", "pe ts", "-pets", "x" * 65, "synthetic-ultrasound"])
def test_names_that_are_none_of_ours(client: TestClient, library: Path, made: Path, name: str) -> None:
    shutil.copytree(made, library / name)
    assert imported(client) == []


def test_half_a_folder_is_no_data_set(client: TestClient, library: Path, made: Path) -> None:
    shutil.copytree(made, library / "pets")
    (library / "pets" / "dataset.json").unlink()
    assert imported(client) == []
    body = {"name": "pets", "adapter": "folder", "path": str(resources_of(client).settings.import_roots[0])}
    assert str(library / "pets") in assert_error(client.post(DATASETS, json=body), 409, "dataset_name_taken")


def test_a_damaged_folder_is_left_out_with_one_line_in_the_log(
    client: TestClient, library: Path, made: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(made, library / "pets")
    (library / "pets" / "dataset.json").write_text("{")
    assert [imported(client) for _ in range(3)] == [[], [], []]
    assert len([line for line in caplog.messages if "is left out" in line]) == 1


@pytest.mark.parametrize(("file", "path"), [("report.json", ""), ("report.json", "/clusters"), ("manifest.csv", None)])
def test_damage_that_comes_later_is_said(
    client: TestClient, library: Path, made: Path, file: str, path: str | None
) -> None:
    shutil.copytree(made, library / "pets")
    [found] = imported(client)
    (library / "pets" / file).write_text("{")
    answer = client.get(f"{DATASETS}/{found['id']}" + ("/images/0/thumbnail" if path is None else path))
    assert "import it again" in assert_error(answer, 409, "dataset_damaged")
    assert client.delete(f"{DATASETS}/{found['id']}").status_code == 204
    assert list(library.glob("[!.]*")) == []


def test_an_image_whose_file_is_gone(client: TestClient, library: Path, made: Path, tmp_path: Path) -> None:
    """Images stay where they were imported from; the rest of the data set is still shown."""
    import_dataset(find_adapter("folder"), folder_per_class(tmp_path / "gone", count=3), library / "gone", "gone")
    shutil.rmtree(tmp_path / "gone")
    [found] = imported(client)
    path = f"{DATASETS}/{found['id']}"
    assert client.get(f"{path}/images/0/thumbnail").status_code == 200  # of the contact sheet, kept with the import
    assert_error(client.get(f"{path}/images/0/thumbnail", params={"size": 512}), 404, "dataset_image_not_found")
    assert client.get(f"{path}/contact-sheet").status_code == 200
