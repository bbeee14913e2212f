"""Where images are, for whoever may see them, and for processes without torch."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from backend.access.permissions import PERMISSIONS, Role
from backend.access.principal import Principal, acting_as
from backend.core.storage import LocalStorage, StoredFileMissing
from backend.reader_studies.design import StudyCaseRef
from backend.reader_studies.sources import ImagePlace, png, read_image, resolve
from models.data.adapters.registry import find_adapter
from models.data.importing import import_dataset
from models.data.prepared import PreparedDataset
from tests.support.datasets import DATASETS, folder_per_class
from tests.support.designs import coloured_cases
from tests.support.images import decoded, encoded, gradient
from tests.support.people import READER
from tests.support.server import resources_of


@pytest.fixture
def made(tmp_path: Path) -> Path:
    import_dataset(find_adapter("folder"), folder_per_class(tmp_path / "pets", count=4), tmp_path / "set", "pets")
    return tmp_path / "set"


@pytest.mark.parametrize(
    "place",
    [
        ImagePlace("stored", key="cases/a/b.png"),
        ImagePlace("example", key="dermoscopy-mel-1"),
        ImagePlace("dataset", folder="/data/pets", image="cat/1.png"),
    ],
)
def test_a_place_travels_as_json(place: ImagePlace) -> None:
    assert ImagePlace.of(json.loads(json.dumps(place.to_json()))) == place


def test_nothing_here_needs_torch() -> None:
    program = "import sys, backend.reader_studies.sources; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_stored_image(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    key = storage.put("a", encoded(gradient()), ".png")
    assert (np.asarray(read_image(ImagePlace("stored", key=key), storage)) == np.asarray(gradient())).all()


def test_an_example_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    def render(example: object) -> bytes:
        drawn.append(example)
        return encoded(gradient())

    monkeypatch.setattr("backend.reader_studies.sources.render", render)
    place = ImagePlace("example", key="dermoscopy-mel-1")
    for _ in range(2):
        assert read_image(place, LocalStorage(tmp_path)).size == gradient().size
    assert len(drawn) == 1


@pytest.mark.parametrize(
    "place",
    [
        ImagePlace("stored", key="a/b.png"),
        ImagePlace("example", key="gone"),
        ImagePlace("dataset", folder="/nowhere", image="a.png"),
    ],
)
def test_what_is_gone_says_so(tmp_path: Path, place: ImagePlace) -> None:
    with pytest.raises(StoredFileMissing):
        read_image(place, LocalStorage(tmp_path))


def test_images_of_a_data_set(tmp_path: Path, made: Path) -> None:
    storage = LocalStorage(tmp_path / "storage")
    for row in PreparedDataset.open(made).rows:
        read = read_image(ImagePlace("dataset", folder=str(made), image=row.key), storage)
        assert (np.asarray(read) == row.image.read()).all()
    with pytest.raises(StoredFileMissing, match=r"no image 'cat/99\.png'"):
        read_image(ImagePlace("dataset", folder=str(made), image="cat/99.png"), storage)
    (tmp_path / "pets" / "cat" / "1.png").unlink()
    with pytest.raises(StoredFileMissing, match="cannot be read any more"):
        read_image(ImagePlace("dataset", folder=str(made), image="cat/1.png"), storage)


def test_another_data_set_in_the_same_folder_is_another_one(tmp_path: Path, made: Path) -> None:
    storage, place = LocalStorage(tmp_path / "storage"), ImagePlace("dataset", folder=str(made), image="cat/1.png")
    before = read_image(place, storage)
    shutil.rmtree(made)
    folder_per_class(tmp_path / "others", classes=("dog", "cat"), count=4)
    import_dataset(find_adapter("folder"), tmp_path / "others", made, "pets")
    assert (np.asarray(read_image(place, storage)) != np.asarray(before)).any()


def test_references_in_one_go(client: TestClient, made: Path) -> None:
    resources = resources_of(client)
    cases = coloured_cases(client, 2)
    shutil.copytree(made, resources.library.root / "pets")
    (pets,) = (item["id"] for item in client.get(DATASETS).json()["items"] if item["name"] == "pets")
    row = PreparedDataset.open(made).rows[0]
    refs = [
        StudyCaseRef(case_id=cases[1]),
        StudyCaseRef(dataset_id=pets, split="train", image=row.key),
        StudyCaseRef(dataset_id="synthetic-ultrasound", split="test", image="ultrasound-benign-1"),
        StudyCaseRef(dataset_id="synthetic-dermoscopy", split="test", image="ultrasound-benign-1"),  # of the other set
        StudyCaseRef(dataset_id=pets, split="train", image="gone.png"),
        StudyCaseRef(dataset_id="0" * 32, split="train", image=row.key),
        StudyCaseRef(case_id="0" * 32),
        StudyCaseRef(dataset_id=pets),
        StudyCaseRef(),
        StudyCaseRef(case_id=cases[0]),
    ]
    with resources.database.reading() as session:
        found = resolve(session, resources, refs)
        assert resolve(session, resources.library, refs) == found
    there = [place for place, source in enumerate(found) if source is not None]
    assert there == [0, 1, 2, 9]
    one, image, example, other = (found[place] for place in there)
    assert one is not None
    assert image is not None
    assert example is not None
    assert other is not None
    assert (one.case_id, other.case_id) == (cases[1], cases[0])
    assert one.fingerprint != other.fingerprint
    assert (image.dataset, image.class_key, image.synthetic) == ("pets", row.label, False)
    assert (example.dataset, example.class_key, example.synthetic) == ("synthetic-ultrasound", "benign", True)
    for source in (one, image, other):
        assert read_image(source.place, resources.storage).mode == "RGB"


def test_one_who_sees_no_data_sets_gets_none_of_their_images(client: TestClient, made: Path) -> None:
    resources = resources_of(client)
    shutil.copytree(made, resources.library.root / "pets")
    (pets,) = (item["id"] for item in client.get(DATASETS).json()["items"] if item["name"] == "pets")
    row = PreparedDataset.open(made).rows[0]
    ref = StudyCaseRef(dataset_id=pets, split="train", image=row.key)
    reader = Principal("r", user_id=READER.id, role=Role.READER, permissions=PERMISSIONS[Role.READER])
    with resources.database.reading() as session:
        assert resolve(session, resources, [ref]) != [None]
        with acting_as(reader):
            assert resolve(session, resources, [ref]) == [None]


def test_a_png_is_pixels_alone() -> None:
    picture = gradient()
    picture.info["comment"] = "Doe"
    assert b"Doe" not in png(picture)
    assert decoded(png(picture)).info == {}
    assert decoded(png(picture)).tobytes() == picture.tobytes()
