"""Images of a split: of an import, with labels by key, or drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.concepts import load_concept_set
from models.data.adapters.registry import find_adapter
from models.data.errors import DataError
from models.data.importing import ImportOptions, import_dataset
from models.data.synthetic import dermoscopy
from models.intervene.images import UNKNOWN, EncoderInput, is_procedural, read_images
from tests.support.datasets import blobs

INPUT = EncoderInput(64, "squash")
ISIC = load_concept_set("isic2018")


@pytest.fixture
def imported(tmp_path: Path) -> Path:
    """Two classes that the concept set knows and one that it does not, all in the training split."""
    for place, name in enumerate(("nv", "mel", "cat")):
        folder = tmp_path / "source" / name
        folder.mkdir(parents=True)
        for index in range(3):
            blobs(10 * place + index).save(folder / f"{index}.png")
    options = ImportOptions(fractions=(1, 0, 0), workers=1)
    return import_dataset(find_adapter("folder"), tmp_path / "source", tmp_path / "out", "pets", options).folder


def test_an_import_has_its_labels_by_key(imported: Path) -> None:
    told: list[tuple[int, int]] = []
    found = read_images(imported, ("train",), ISIC, INPUT, progress=lambda *step: told.append(step))
    assert len(found.keys) == 9
    assert found.images.shape == (9, 64, 64, 3)
    assert told[-1] == (9, 9)
    keys = {"nv": ISIC.class_keys.index("nv"), "mel": ISIC.class_keys.index("mel"), "cat": UNKNOWN}
    assert found.truth.tolist() == [keys[key.split("/")[0]] for key in found.keys]


def test_an_empty_split_is_said_to_be(imported: Path) -> None:
    with pytest.raises(DataError, match="no images in validation"):
        read_images(imported, ("validation",), ISIC, INPUT)
    with pytest.raises(DataError, match="no imported data set"):
        read_images(imported.parent, ("test",), ISIC, INPUT)


def test_a_procedural_set_is_drawn() -> None:
    assert is_procedural("synthetic-dermoscopy")
    assert not is_procedural("pets")
    found = read_images("synthetic-dermoscopy", ("validation", "test"), ISIC, INPUT, drawn=3)
    assert found.keys == tuple(f"{split}/0000{index}" for split in ("validation", "test") for index in range(3))
    sample = dermoscopy.render_sample("test", 1, 64)
    assert np.array_equal(found.images[4], sample.image)
    assert found.truth[4] == sample.class_index


def test_classes_of_another_concept_set_are_unknown() -> None:
    found = read_images("synthetic-dermoscopy", ("test",), load_concept_set("busi"), INPUT, drawn=2)
    assert found.truth.tolist() == [UNKNOWN, UNKNOWN]
