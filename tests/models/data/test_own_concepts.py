"""An import keeps the concept set that it was read with; what the labels mean does not change with later edits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from models.concepts import ConceptSet, dump_concept_set, load_concept_set, parse_concept_set
from models.data.adapters.registry import find_adapter
from models.data.errors import DataError
from models.data.importing import ImportOptions, import_dataset
from models.data.prepared import CONCEPTS, PreparedDataset
from models.train.data import InputShape, Split, dataset_concepts, load_split
from models.train.settings import ImportedData
from tests.support.datasets import blobs

OWN = parse_concept_set(
    """
name: own
version: 1
title: Own
modality: any
prompt: "an image, {group}: {option}"
classes:
  - {key: well, name: Well}
  - {key: ill, name: Ill}
groups:
  - key: shape
    name: Shape
    options:
      - {key: round, text: round, source: s}
      - {key: odd, text: odd, source: s}
      - {key: flat, text: flat, source: s}
  - key: grain
    name: Grain
    options:
      - {key: rough, text: rough, source: s}
      - {key: smooth, text: smooth, source: s}
class_options:
  well: {shape: round}
  ill: {shape: odd}
""",
    origin="test",
)
# Image, class, shape, grain. The last image says nothing of its shape, so its class does.
ROWS = (
    ("a", "well", "flat", "rough"),
    ("b", "ill", "round", "smooth"),
    ("c", "ill", "odd", "-"),
    ("d", "well", "", ""),
)
SHAPE = InputShape(28, "squash", 2)


def edited(**changes: Any) -> ConceptSet:
    return ConceptSet.model_validate(OWN.model_dump() | changes)


def groups(**options: list[str]) -> list[dict[str, Any]]:
    return [
        {"key": key, "name": key, "options": [{"key": name, "text": name, "source": "s"} for name in names]}
        for key, names in options.items()
    ]


@pytest.fixture
def made(tmp_path: Path) -> PreparedDataset:
    raw = tmp_path / "raw"
    raw.mkdir()
    for number, row in enumerate(ROWS):
        blobs(number).save(raw / f"{row[0]}.png")
    lines = ["image,label,option:shape,option:grain", *(",".join(row) for row in ROWS)]
    (raw / "table.csv").write_text("\n".join(lines))
    options = ImportOptions(fractions=(1, 0, 0), concept_set=OWN, workers=1)
    return import_dataset(find_adapter("csv"), raw, tmp_path / "set", "set", options)


def split(made: PreparedDataset, concept_set: ConceptSet) -> Split:
    return load_split(ImportedData(kind="imported", folder=made.folder), "train", concept_set, SHAPE)


def test_the_copy_is_what_the_import_was_read_with(made: PreparedDataset) -> None:
    assert made.concept_set == OWN
    assert (made.info.concept_set, made.info.concept_set_digest) == ("own", OWN.digest())
    assert load_concept_set(made.folder / CONCEPTS) == OWN
    # A training that names no concept set takes it.
    assert dataset_concepts(ImportedData(kind="imported", folder=made.folder)) == str(made.folder / CONCEPTS)


def test_by_its_own_set_nothing_is_lost(made: PreparedDataset) -> None:
    assert split(made, OWN).options.tolist() == [[2, 0], [0, 1], [1, -1], [0, -1]]


def test_labels_are_found_by_their_keys_and_what_is_gone_is_unknown(made: PreparedDataset) -> None:
    other = edited(
        groups=groups(extra=["yes", "no"], shape=["odd", "round"]),
        class_options={"well": {"shape": "round", "extra": "no"}, "ill": {"shape": "odd"}},
    )
    # In the order of the edited set; "flat" and all of "grain" are gone; of "extra" only the table says something.
    assert split(made, other).options.tolist() == [[1, -1], [-1, 1], [-1, 0], [1, 1]]


def test_what_follows_from_the_class_is_what_the_edited_table_says(made: PreparedDataset) -> None:
    other = edited(class_options={"well": {"shape": "flat", "grain": "smooth"}, "ill": {"shape": "odd"}})
    assert split(made, other).options.tolist() == [[2, 0], [0, 1], [1, -1], [2, 1]]


def test_in_a_group_that_has_one_option_left_another_one_is_unknown_and_none_is_absent(made: PreparedDataset) -> None:
    other = edited(groups=groups(shape=["round", "odd", "flat"], grain=["rough"]))
    # Present, labelled with what is gone, none of the group's options, nobody looked (which counts as absent there).
    assert split(made, other).options[:, 1].tolist() == [1, -1, 0, 0]


def test_other_classes_are_refused(made: PreparedDataset) -> None:
    classes = [{"key": "well", "name": "Well"}, {"key": "worse", "name": "Worse"}]
    with pytest.raises(DataError, match="lacks classes of set: ill"):
        split(made, edited(classes=classes, class_options={}))


def test_a_label_that_the_set_lacks_stops_the_import(tmp_path: Path, made: PreparedDataset) -> None:
    without = edited(groups=groups(shape=["round", "odd"], grain=["rough", "smooth"]))
    with pytest.raises(DataError, match="group 'shape' has no option 'flat'; there are odd, round"):
        import_dataset(
            find_adapter("csv"),
            Path(made.info.source),
            tmp_path / "other",
            "other",
            ImportOptions(concept_set=without, workers=1),
        )
    assert not (tmp_path / "other").exists()


def test_a_copy_that_was_changed_or_removed_is_refused(made: PreparedDataset) -> None:
    dump_concept_set(edited(class_options={}), made.folder / CONCEPTS)
    with pytest.raises(DataError, match="was changed since the import"):
        split(PreparedDataset.open(made.folder), OWN)
    (made.folder / CONCEPTS).unlink()
    with pytest.raises(DataError, match="import the data set again"):
        split(PreparedDataset.open(made.folder), OWN)


def test_an_import_without_a_concept_set_keeps_none(made: PreparedDataset, tmp_path: Path) -> None:
    found = import_dataset(
        find_adapter("csv"), Path(made.info.source), tmp_path / "bare", "bare", ImportOptions(workers=1)
    )
    assert (found.concept_set, found.info.concept_set, found.info.concept_set_digest) == (None, None, None)
    assert not (found.folder / CONCEPTS).exists()


def test_a_shipped_set_is_called_by_its_name_as_long_as_it_is_the_same(tmp_path: Path, made: PreparedDataset) -> None:
    raw = tmp_path / "scans"
    raw.mkdir()
    for number, name in enumerate("ab"):
        blobs(number).save(raw / f"{name}.png")
    (raw / "table.csv").write_text("image,label\na.png,benign\nb.png,normal")
    shipped = load_concept_set("busi")
    longer = shipped.model_copy(update={"prompt": "another image of {group}: {option}"})
    for name, concept_set, called in (
        ("one", shipped, "busi"),
        ("two", longer, str(tmp_path / "two" / CONCEPTS)),
    ):
        options = ImportOptions(concept_set=concept_set, workers=1)
        import_dataset(find_adapter("csv"), raw, tmp_path / name, name, options)
        assert dataset_concepts(ImportedData(kind="imported", folder=tmp_path / name)) == called
