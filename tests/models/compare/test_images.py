"""The images of a comparison: labels as a training counts them, what belongs together, what is not known."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from models.compare.images import Wanted, label_options, read_compared
from models.concepts import ConceptSet, load_concept_set
from models.data.adapters.registry import find_adapter
from models.data.errors import DataError
from models.data.importing import ImportOptions, import_dataset
from models.data.prepared import PreparedDataset
from models.data.synthetic import dermoscopy
from models.intervene.images import EncoderInput
from models.train.data import InputShape, load_split
from models.train.settings import ImportedData
from tests.support.datasets import blobs

INPUT = EncoderInput(64, "squash")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Melanomas and naevi, two of which are the same picture, and a class that the concept sets lack."""
    folder = tmp_path_factory.mktemp("import")
    for place, name in enumerate(("mel", "nv", "cat")):
        (folder / "source" / name).mkdir(parents=True)
        for index in range(4):
            blobs(10 * place + index).save(folder / "source" / name / f"{index}.png")
    blobs(11).save(folder / "source" / "nv" / "again.png")
    options = ImportOptions(fractions=(1, 0, 0), workers=1)
    return import_dataset(find_adapter("folder"), folder / "source", folder / "out", "pets", options).folder


def test_an_import(imported: Path, small: ConceptSet, edited: ConceptSet) -> None:
    wanted = (Wanted(small, INPUT), Wanted(edited, EncoderInput(32, "squash")))
    found = read_compared(imported, ("train",), wanted)
    assert [images.shape for images in found.images] == [(13, 64, 64, 3), (13, 32, 32, 3)]
    names = [key.split("/")[0] for key in found.keys]
    assert found.classes.tolist() == [{"mel": 0, "nv": 1, "cat": -1}[name] for name in names]
    assert not found.labelled
    assert not found.synthetic
    same = [found.clusters[found.keys.index(key)] for key in ("nv/1.png", "nv/again.png")]
    assert same[0] == same[1]
    assert len(np.unique(found.clusters)) == 12
    by_class = {"mel": [1, 1, 1], "nv": [0, 0, 0], "cat": [-1, -1, -1]}
    assert found.options[0].tolist() == [by_class[name] for name in names]
    assert found.options[1][:, 0].tolist() == [-1] * 13


def test_equal_encoders_read_once(imported: Path, small: ConceptSet) -> None:
    found = read_compared(imported, ("train",), (Wanted(small, INPUT), Wanted(small, INPUT)))
    assert found.images[0] is found.images[1]


def test_an_empty_split(imported: Path, small: ConceptSet) -> None:
    with pytest.raises(DataError, match="no images in test"):
        read_compared(imported, ("test",), (Wanted(small, INPUT), Wanted(small, INPUT)))


def test_labels_are_those_of_a_training(tmp_path: Path, small: ConceptSet) -> None:
    for place, name in enumerate(("mel", "nv")):
        (tmp_path / "source" / name).mkdir(parents=True)
        for index in range(3):
            blobs(10 * place + index).save(tmp_path / "source" / name / f"{index}.png")
    options = ImportOptions(fractions=(1, 0, 0), workers=1)
    folder = import_dataset(find_adapter("folder"), tmp_path / "source", tmp_path / "out", "pets", options).folder
    split = load_split(ImportedData(kind="imported", folder=folder), "train", small, InputShape(64, "squash", 8))
    found = read_compared(folder, ("train",), (Wanted(small, INPUT), Wanted(small, INPUT)))
    assert np.array_equal(found.options[0], split.options)
    assert np.array_equal(found.classes, split.classes)


def test_labels_of_the_image_go_before_those_of_its_class(imported: Path, small: ConceptSet) -> None:
    row = PreparedDataset.open(imported).rows[0]
    labelled = [
        dataclasses.replace(row, label="mel", options=options)
        for options in (
            {"border": "sharp", "scale": ""},
            {"border": "", "color": "green", "scale": "crust"},
            {"scale": "scaly"},
        )
    ]
    assert label_options(labelled, small).tolist() == [[0, 1, 0], [-1, -1, -1], [1, 1, 1]]
    nobody = small.model_copy(update={"class_options": {}})
    assert label_options(labelled[:2], nobody)[:, 2].tolist() == [-1, -1]


def test_a_procedural_set_is_drawn_as_for_a_training(isic: ConceptSet) -> None:
    wanted = (Wanted(isic, EncoderInput(64, "longest")), Wanted(isic, EncoderInput(80, "longest")))
    found = read_compared("synthetic-dermoscopy", ("validation", "test"), wanted, drawn=3)
    samples = [dermoscopy.render_sample(split, index, 64) for split in ("validation", "test") for index in range(3)]
    assert np.array_equal(found.images[0], np.stack([sample.image for sample in samples]))
    assert found.images[1].shape == (6, 80, 80, 3)
    assert found.classes.tolist() == [sample.class_index for sample in samples]
    assert all(np.array_equal(options, [sample.options for sample in samples]) for options in found.options)
    assert found.keys[3] == "test/00000"
    assert (found.synthetic, found.labelled, len(np.unique(found.clusters))) == (True, True, 6)


def test_drawings_of_something_else_are_unknown() -> None:
    busi = load_concept_set("busi")
    wanted = (Wanted(busi, EncoderInput(64, "squash")),) * 2
    found = read_compared("synthetic-dermoscopy", ("test",), wanted, drawn=4)
    assert found.classes.tolist() == [-1] * 4
    assert (found.options[0] == -1).all()
