"""Corrected labels join the training images, and never those that are validated or tested on."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models.concepts import ConceptSet, dump_concept_set, load_concept_set
from models.data.adapters.registry import find_adapter
from models.data.importing import ImportOptions, import_dataset
from models.train.data import InputShape, Split, load_split
from models.train.edited import load_edited
from models.train.retrain import RetrainError
from models.train.retrain.labelled import Joined, join, merge, read_labels, thinned
from models.train.settings import ImportedData
from tests.models.train.retrain.conftest import edited

PARENT = load_concept_set("busi")
SHAPE = InputShape(16, "squash", 4)


def _split(first: int, count: int, masks: bool = False) -> Split:
    images = np.arange(first, first + count, dtype=np.uint8)[:, None, None, None] * np.ones((1, 4, 4, 3), np.uint8)
    shares = np.ones((count, 2, 4, 4), np.float32) if masks else None
    return Split(images, np.zeros(count, np.int64), np.zeros((count, 5), np.int64), shares)


def test_labels_are_corrected_added_or_left_out() -> None:
    train, held = _split(0, 5, masks=True), (_split(10, 2), _split(20, 2))
    images = np.concatenate([_split(3, 1).images, _split(11, 1).images, _split(20, 1).images, _split(30, 2).images])
    options = np.tile(np.array([1, -1, 1, 1, 1]), (5, 1))
    merged, added, told = merge(train, held, Split(images, np.array([2, 2, 2, 1, 2]), options, None))
    assert (told.corrected, told.added, told.left_out) == (1, 2, 2)
    assert merged.classes.tolist() == [0, 0, 0, 2, 0]
    assert merged.options[3].tolist() == [1, 0, 1, 1, 1]  # where nobody said anything, what was known stays
    assert train.classes.tolist() == [0] * 5
    assert added is not None
    both = join(merged, added, Joined(merged.images, added.images))
    assert len(both) == 7
    assert both.classes.tolist() == [0, 0, 0, 2, 0, 1, 2]
    assert both.images[np.array([6, 0, 5])][:, 0, 0, 0].tolist() == [31, 0, 30]
    assert both.images[4:6][:, 0, 0, 0].tolist() == [4, 30]
    assert both.masks is not None
    assert both.masks.sum((1, 2, 3)).tolist() == [32.0] * 5 + [0.0] * 2  # nobody marked a place in the new ones


def test_only_like_arrays_are_joined() -> None:
    with pytest.raises(ValueError, match=r"expected \(4, 4, 3\) uint8, got \(5, 4, 3\) uint8"):
        Joined(np.zeros((1, 4, 4, 3), np.uint8), np.zeros((1, 5, 4, 3), np.uint8))


def _folder(folder: Path, concept_set: ConceptSet | None = None, option: str = "not_circumscribed") -> Path:
    folder.mkdir()
    stream = np.random.default_rng(0)
    rows = [["image", "label", "option:margin"]]
    for number, label in enumerate(("benign", "malignant", "normal", "benign")):
        pixels = stream.integers(0, 255, (16, 16, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")
        rows.append([f"{number}.png", label, option if label == "malignant" else ""])
    with (folder / "labels.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    if concept_set is not None:
        dump_concept_set(concept_set, folder / "concept_set.yaml")
    return folder


def _without_one(content: dict[str, Any]) -> None:
    margin = next(group for group in content["groups"] if group["key"] == "margin")
    margin["options"] = [option for option in margin["options"] if option["key"] != "not_circumscribed"]
    content["groups"].reverse()


def test_a_table_of_labels_is_read_in_terms_of_the_edited_set(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "labels", PARENT)
    plain = read_labels(folder, PARENT, PARENT, SHAPE)
    margin = PARENT.group_keys.index("margin")
    malignant = PARENT.class_keys.index("malignant")
    row = int(np.flatnonzero(plain.split.classes == malignant)[0])
    assert plain.split.options[row, margin] == PARENT.groups[margin].option_keys.index("not_circumscribed")
    other = edited(PARENT, _without_one)
    found = read_labels(folder, PARENT, other, SHAPE)
    assert found.digest == plain.digest
    assert found.split.options[row, other.group_keys.index("margin")] == -1  # that option is gone
    shape = PARENT.group_keys.index("shape")
    assert np.array_equal(found.split.options[:, other.group_keys.index("shape")], plain.split.options[:, shape])


def test_labels_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(RetrainError, match=r"the labels in .*nowhere cannot be used"):
        read_labels(tmp_path / "nowhere", PARENT, PARENT, SHAPE)
    with pytest.raises(RetrainError, match="no option 'fluffy'"):
        read_labels(_folder(tmp_path / "odd", option="fluffy"), PARENT, PARENT, SHAPE)


def _without_copy(folder: Path) -> Path:
    """As imports were before they kept the concept set that they were read with."""
    (folder / "concept_set.yaml").unlink()
    info = json.loads((folder / "dataset.json").read_text())
    del info["concept_set_digest"]
    (folder / "dataset.json").write_text(json.dumps(info))
    return folder


@pytest.mark.parametrize("copy", [True, False])
def test_data_with_labels_of_a_removed_option_can_still_be_trained_on(tmp_path: Path, copy: bool) -> None:
    options = ImportOptions(fractions=(1.0, 0.0, 0.0), concept_set="busi", workers=1)
    import_dataset(find_adapter("csv"), _folder(tmp_path / "raw"), tmp_path / "set", "set", options)
    data, other = ImportedData(kind="imported", folder=tmp_path / "set"), edited(PARENT, _without_one)
    if not copy:
        _without_copy(data.folder)
        with pytest.raises(ValueError, match="no option 'not_circumscribed'"):
            load_split(data, "train", other, SHAPE)
    found = load_edited(data, "train", PARENT, other, SHAPE)
    malignant = found.classes == other.class_keys.index("malignant")
    assert found.options[malignant, other.group_keys.index("margin")].tolist() == [-1]
    assert (found.options[~malignant, other.group_keys.index("shape")] == 0).any()


def test_a_quick_retraining_takes_images_from_all_over() -> None:
    split = _split(0, 10, masks=True)
    found = thinned(split, 4)
    assert found.images[:, 0, 0, 0].tolist() == [0, 3, 6, 9]
    assert found.masks is not None
    assert (len(found.classes), len(found.options), len(found.masks)) == (4, 4, 4)
    assert thinned(split, None) is split
    assert thinned(split, 10) is split
