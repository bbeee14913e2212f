"""Imports with any concept set that the server knows, with the real process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from backend.cli.main import app
from models.concepts import concept_set_yaml, load_concept_set
from models.data.prepared import PreparedDataset
from tests.support.datasets import DATASETS, blobs, start_import, wait_for_status
from tests.support.server import API, UNKNOWN_ID, StartServer, assert_error, resources_of

SETS = f"{API}/concept-sets"
# Words that no shipped set has.
GRAIN = {"key": "grain", "name": "Grain", "localizable": True}
OPTIONS = {
    name: [{"key": key, "text": key, "source": "to try"} for key in keys]
    for name, keys in (("two", ("rough", "smooth")), ("three", ("rough", "smooth", "shiny")))
}


def content(options: str = "two", name: str = "mine") -> dict[str, Any]:
    """The shipped set of ultrasound with a group more."""
    found = load_concept_set("busi").model_dump(mode="json") | {"name": name}
    found["groups"] = [*found["groups"], GRAIN | {"options": OPTIONS[options]}]
    return found


@pytest.fixture
def client(start_server: StartServer, source: Path) -> TestClient:
    scans = source / "scans"
    scans.mkdir()
    rows = ["image,label,option:grain"]
    for number in range(6):
        blobs(number).save(scans / f"{number}.png")
        rows.append(f"{number}.png,{('benign', 'normal')[number % 2]},{('rough', 'smooth')[number % 2]}")
    (scans / "table.csv").write_text("\n".join(rows))
    return start_server(import_dirs=(source,))


@pytest.fixture
def first(client: TestClient) -> dict[str, Any]:
    """The first revision of an own set."""
    answer = client.post(SETS, json={"content": content(), "reason": "to try"})
    assert answer.status_code == 201, answer.text
    revision: dict[str, Any] = answer.json()
    return revision


def revise(client: TestClient, parent: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    body = {"content": changed, "reason": "shiny ones too", "parent_revision_id": parent["id"]}
    answer = client.post(f"{SETS}/{parent['concept_set_id']}/revisions", json=body)
    assert answer.status_code == 201, answer.text
    revision: dict[str, Any] = answer.json()
    return revision


def read(client: TestClient, source: Path, name: str, concept_set: str) -> PreparedDataset:
    """An import of the scans."""
    body = {"name": name, "adapter": "csv", "settings": {"concept_set": concept_set}}
    started = start_import(client, source / "scans", **body)
    found = wait_for_status(client, started["id"], "ready")
    assert (found["concept_set"], found["settings"]["concept_set"]) == ("mine", concept_set)
    return PreparedDataset.open(resources_of(client).library.folder(name))


def test_a_set_that_people_made_by_its_name_and_a_revision_by_its_id(
    client: TestClient, source: Path, first: dict[str, Any]
) -> None:
    before = read(client, source, "before", "mine")
    second = revise(client, first, content("three"))
    # What was imported keeps the set that it was read with; the name means the newest revision from now on.
    again = PreparedDataset.open(before.folder)
    assert again.concept_set.digest() == again.info.concept_set_digest == first["digest"]
    assert read(client, source, "after", "mine").info.concept_set_digest == second["digest"]
    assert read(client, source, "old", first["id"]).info.concept_set_digest == first["digest"]


def test_labels_that_the_revision_lacks_fail_in_words(client: TestClient, source: Path, first: dict[str, Any]) -> None:
    changed = content()
    changed["groups"][-1]["options"] = OPTIONS["three"][1:]
    revise(client, first, changed)
    body = {"name": "late", "adapter": "csv", "settings": {"concept_set": "mine"}}
    started = start_import(client, source / "scans", **body)
    error = wait_for_status(client, started["id"], "failed")["error"]
    assert "group 'grain' has no option 'rough'; there are shiny, smooth" in error


@pytest.mark.parametrize("given", ["nothing", UNKNOWN_ID])
def test_what_the_server_does_not_know_is_refused(client: TestClient, source: Path, given: str) -> None:
    body = {"name": "x", "adapter": "csv", "path": str(source / "scans"), "settings": {"concept_set": given}}
    answer = client.post(DATASETS, json=body)
    assert_error(answer, 400, "bad_import_settings")
    assert f"No concept set is called '{given}'" in answer.json()["detail"]
    assert "busi" in answer.json()["detail"]


def vitrine(client: TestClient, source: Path, name: str, concept_set: str) -> Result:
    data_dir = resources_of(client).settings.data_dir
    arguments = ["--as", name, "--workers", "1", "--data-dir", str(data_dir), "--concept-set", concept_set]
    return CliRunner().invoke(app, ["data", "import", "csv", str(source / "scans"), *arguments])


def test_the_command_line_knows_what_the_server_knows(client: TestClient, source: Path, first: dict[str, Any]) -> None:
    second = revise(client, first, content("three"))
    file = source / "file.yaml"
    file.write_text(concept_set_yaml(load_concept_set("busi").model_validate(content("three", "from-a-file"))))
    library = resources_of(client).library
    for name, given, digest in (
        ("newest", "mine", second["digest"]),
        ("older", first["id"], first["digest"]),
        ("of-file", str(file), load_concept_set(file).digest()),
    ):
        result = vitrine(client, source, name, given)
        assert result.exit_code == 0, result.output
        assert PreparedDataset.open(library.folder(name)).info.concept_set_digest == digest
    refused = vitrine(client, source, "x", "nothing")
    assert refused.exit_code == 2
    assert "No concept set is called 'nothing'" in refused.stderr
    assert "nothing.yaml" in refused.stderr
    listed = {item["name"]: item["concept_set"] for item in client.get(DATASETS).json()["items"]}
    assert (listed["newest"], listed["older"], listed["of-file"]) == ("mine", "mine", "from-a-file")
