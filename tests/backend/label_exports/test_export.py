"""Labels leave as a folder, and come back as a data set with the same classes and concepts."""

from __future__ import annotations

import csv
import io
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from typer.testing import CliRunner, Result

from backend.cli.main import app
from backend.core.storage import LocalStorage
from models.concepts import ConceptSet, load_concept_set
from models.data.adapters.registry import find_adapter
from models.data.importing import ImportOptions, import_dataset
from models.data.prepared import PreparedDataset
from tests.support.accounts import events
from tests.support.datasets import blobs
from tests.support.explainer import ColourExplainer, ColourZoo, checkpoint_info
from tests.support.images import deep_pages
from tests.support.people import ADMINISTRATOR, COORDINATOR, OTHER_READER, RESEARCHER, Person, become
from tests.support.server import API, StartServer, resources_of


def _with_binary_group() -> ConceptSet:
    data = load_concept_set("isic2018").model_dump(mode="json")
    seen = {**data["groups"][0]["options"][0], "key": "seen", "text": "vessels are seen", "synonyms": []}
    data["groups"].append({**data["groups"][0], "key": "vessels", "name": "Vessels", "options": [seen]})
    return ConceptSet.model_validate(data)


CONCEPTS = _with_binary_group()
FILE = "DOE_JANE_1961.png"  # as uploaded: nothing that leaves names it


@pytest.fixture
def client(start_server: StartServer, tmp_path: Path) -> TestClient:
    info = replace(checkpoint_info(tmp_path / "zoo" / "vessels"), concept_set=CONCEPTS)
    return start_server(ColourZoo([info], explainer=ColourExplainer(CONCEPTS)))


def case_of(client: TestClient, seed: int) -> tuple[str, str]:
    """A case that everybody sees, of a picture of its own, and its prediction."""
    become(client, ADMINISTRATOR)
    content = io.BytesIO()
    blobs(seed).save(content, "PNG")
    case = client.post(f"{API}/cases", files={"file": (FILE, content.getvalue())}).json()["id"]
    client.put(f"{API}/cases/{case}/sharing", json={"visibility": "open"})
    prediction = client.post(f"{API}/cases/{case}/predictions").json()["id"]
    return case, prediction


def label(client: TestClient, prediction: str, person: Person, class_key: str | None, **options: str | None) -> None:
    become(client, person)
    body = {"class_key": class_key, "options": options}
    answer = client.put(f"{API}/predictions/{prediction}/label", json=body)
    assert answer.status_code == 200, answer.text


def run(client: TestClient, monkeypatch: pytest.MonkeyPatch, *arguments: object) -> Result:
    monkeypatch.setenv("VITRINE_DATA_DIR", str(resources_of(client).settings.data_dir))
    return CliRunner().invoke(app, ["labels", "export", *map(str, arguments)])


def imported(folder: Path, out: Path) -> PreparedDataset:
    options = ImportOptions(fractions=(1, 0, 0), concept_set=str(folder / "concept_set.yaml"), workers=1)
    return import_dataset(find_adapter("csv"), folder, out, "labelled", options)


def test_there_and_back(client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [case_of(client, seed) for seed in range(4)]
    label(client, cases[0][1], RESEARCHER, "mel", border="border.sharp", color="color.pink_brown", vessels=None)
    label(client, cases[1][1], RESEARCHER, "nv", vessels="vessels.seen")
    for person, option in ((RESEARCHER, "sharp"), (COORDINATOR, "fading"), (OTHER_READER, "sharp")):
        label(client, cases[2][1], person, "bcc", border=f"border.{option}", shape="shape.round")
    label(client, cases[3][1], RESEARCHER, None, border="border.sharp")  # no class: left out

    out = tmp_path / "labelled"
    result = run(client, monkeypatch, out)
    assert result.exit_code == 0, result.output
    assert "3 cases written" in result.stdout
    assert "1 cases left out: nobody says" in result.stdout
    assert f"vitrine data import csv {out}" in result.stdout
    (event,) = events(client, "labels.exported")
    assert event.actor == "system"

    rows = {row.key: row for row in imported(out, tmp_path / "import").rows}
    found = {
        key.removeprefix("images/").removesuffix(".png"): (row.label, dict(row.options)) for key, row in rows.items()
    }
    assert found == {
        cases[0][0]: ("mel", {"border": "sharp", "color": "pink_brown", "vessels": ""}),
        cases[1][0]: ("nv", {"vessels": "seen"}),
        cases[2][0]: ("bcc", {"border": "sharp", "shape": "round"}),
    }
    # The pictures are those that were labelled, and a patient's pseudonym keeps them together.
    kept = Image.open(out / "images" / f"{cases[1][0]}.png")
    assert kept.tobytes() == blobs(1).convert(kept.mode).tobytes()
    assert not [
        path for path in out.rglob("*") if "DOE" in path.name or (path.is_file() and b"DOE" in path.read_bytes())
    ]
    table = list(csv.DictReader((out / "labels.csv").open(newline="")))
    assert [row["labelled_by"] for row in table] == ["Researcher", "Researcher", "Researcher; Coordinator; Other"]
    assert all(row["group"].startswith("Case ") for row in table)
    assert load_concept_set(str(out / "concept_set.yaml")).digest() == CONCEPTS.digest()


def test_the_options_are_those_that_a_training_gets(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one, prediction), (_, other) = case_of(client, 0), case_of(client, 1)
    marks: dict[str, Any] = {
        group.key: f"{group.key}.{group.option_keys[-1]}" for group in CONCEPTS.groups if not group.is_binary
    }
    label(client, prediction, RESEARCHER, "mel", **marks, vessels=None)
    label(client, other, RESEARCHER, "nv", vessels="vessels.seen")
    assert run(client, monkeypatch, tmp_path / "out").exit_code == 0
    arrays = imported(tmp_path / "out", tmp_path / "import").arrays(("train",), CONCEPTS, 48, "squash")
    row = arrays.keys.index(f"images/{one}.png")
    expected = [-1 if group.is_binary else len(group.options) - 1 for group in CONCEPTS.groups]
    assert arrays.options[row].tolist() == expected
    assert arrays.options[1 - row, CONCEPTS.group_keys.index("vessels")] == 0
    assert CONCEPTS.class_keys[arrays.classes[row]] == "mel"


def test_ties_are_left_out_and_said(client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (_, first), (second_case, second) = case_of(client, 0), case_of(client, 1)
    label(client, first, RESEARCHER, "mel")
    label(client, first, COORDINATOR, "nv")
    label(client, second, RESEARCHER, "mel", border="border.sharp")
    label(client, second, COORDINATOR, "mel", border="border.fading")
    result = run(client, monkeypatch, tmp_path / "out")
    assert "1 cases written" in result.stdout
    assert "1 cases left out: as many people" in result.stdout
    assert "1 options left empty" in result.stdout
    assert "All are of one class" in result.stdout
    (row,) = csv.DictReader((tmp_path / "out" / "labels.csv").open(newline=""))
    assert (row["image"], row["label"], row["option:border"]) == (f"images/{second_case}.png", "mel", "")


def test_what_cannot_be_exported(client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = run(client, monkeypatch, tmp_path / "out")
    assert (nothing.exit_code, "nobody has labelled a case" in nothing.stderr) == (2, True)
    label(client, case_of(client, 0)[1], RESEARCHER, None, border="border.sharp")
    unnamed = run(client, monkeypatch, tmp_path / "out")
    assert (unnamed.exit_code, "no case has a class" in unnamed.stderr) == (2, True)
    other = run(client, monkeypatch, tmp_path / "out", "--concept-set", "busi")
    assert (other.exit_code, "no labels are of the concept set 'busi'" in other.stderr) == (2, True)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").touch()
    taken = run(client, monkeypatch, tmp_path / "taken")
    assert (taken.exit_code, "not an empty folder" in taken.stderr) == (2, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "taken", "zoo"]
    assert events(client, "labels.exported") == []


def test_the_server_goes_on_while_images_are_copied(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copying takes minutes where there are many; whoever writes waits for fifteen seconds, and then fails."""
    label(client, case_of(client, 0)[1], RESEARCHER, "mel")
    read, written = LocalStorage.read, []

    def copy(storage: LocalStorage, key: str) -> bytes:
        with sqlite3.connect(resources_of(client).settings.data_dir / "vitrine.sqlite3", timeout=0) as other:
            other.execute("BEGIN IMMEDIATE")
        written.append(key)
        return read(storage, key)

    monkeypatch.setattr(LocalStorage, "read", copy)
    result = run(client, monkeypatch, tmp_path / "out")
    assert (result.exit_code, len(written)) == (0, 1), result.output


def test_what_somebody_puts_there_meanwhile_stays(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label(client, case_of(client, 0)[1], RESEARCHER, "mel")
    read, theirs = LocalStorage.read, tmp_path / "out" / "theirs"

    def copy(storage: LocalStorage, key: str) -> bytes:
        theirs.parent.mkdir()
        theirs.touch()
        return read(storage, key)

    monkeypatch.setattr(LocalStorage, "read", copy)
    assert run(client, monkeypatch, tmp_path / "out").exit_code == 1
    assert theirs.exists()
    assert events(client, "labels.exported") == []


def test_labels_of_two_concept_sets(start_server: StartServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    infos = [
        checkpoint_info(tmp_path / "zoo" / "one"),
        checkpoint_info(tmp_path / "zoo" / "two", "two", "busi", "cd" * 32, "busi"),
    ]
    explainers = {infos[1].folder: ColourExplainer(load_concept_set("busi"))}
    client = start_server(ColourZoo(infos, explainers=explainers))
    case, _ = case_of(client, 0)
    models = {item["name"]: item["id"] for item in client.get(f"{API}/models").json()["items"]}
    second = client.post(f"{API}/cases/{case}/predictions", json={"model_version_id": models["two"]}).json()["id"]
    first = client.post(f"{API}/cases/{case}/predictions", json={"model_version_id": models["colour"]}).json()["id"]
    label(client, first, RESEARCHER, "mel")
    label(client, second, RESEARCHER, "malignant")
    unclear = run(client, monkeypatch, tmp_path / "out")
    assert unclear.exit_code == 2
    assert "several concept sets; name one with --concept-set" in unclear.stderr
    result = run(client, monkeypatch, tmp_path / "out", "--concept-set", "busi")
    assert result.exit_code == 0, result.output
    (row,) = csv.DictReader((tmp_path / "out" / "labels.csv").open(newline=""))
    assert row["label"] == "malignant"
    assert "option:margin" in row


def test_labels_of_other_frames_do_not_go_with_the_image(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The folder has the case's image, which is the first frame; what was seen in another one is not seen there."""
    for seed, (frame, class_key) in enumerate(((0, "nv"), (1, "mel"))):
        become(client, ADMINISTRATOR)
        pages = deep_pages([np.full((16, 24), 100 * seed + page, np.uint16) for page in (1, 900)])
        case = client.post(f"{API}/cases", files={"file": ("a.tiff", pages)}).json()["id"]
        body = {"rendering": {"frame": frame}}
        prediction = client.post(f"{API}/cases/{case}/predictions", json=body).json()["id"]
        label(client, prediction, ADMINISTRATOR, class_key)
    told = run(client, monkeypatch, tmp_path / "out")
    assert told.exit_code == 0, told.output
    assert "1 cases written" in told.output
    assert "1 labels left out: they are of another frame" in told.output
    with (tmp_path / "out" / "labels.csv").open(encoding="utf-8-sig") as file:
        assert [row["label"] for row in csv.DictReader(file)] == ["nv"]
