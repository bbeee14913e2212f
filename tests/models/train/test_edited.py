"""Training from scratch with a concept set that was edited since the images were labelled."""

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
from models.data.errors import DataError
from models.data.importing import ImportOptions, import_dataset
from models.data.prepared import PreparedDataset
from models.train import train
from models.train.data import InputShape, load_split
from models.train.edited import data_concepts, load_edited
from models.train.relabel import Labels, relabel
from models.train.settings import ImportedData
from tests.models.train.conftest import SIDE, Tiny
from tests.models.train.retrain.conftest import edited

OWN = load_concept_set("busi")
MARGIN = OWN.group_keys.index("margin")
GONE = "not_circumscribed"
SHAPE = InputShape(SIDE, "squash", 4)
EACH = 20


def _edit(content: dict[str, Any]) -> None:
    """Without an option that images are labelled with, and with its group elsewhere."""
    margin = next(group for group in content["groups"] if group["key"] == "margin")
    margin["options"] = [option for option in margin["options"] if option["key"] != GONE]
    content["groups"].reverse()


EDITED = edited(OWN, _edit)


@pytest.fixture(scope="module", params=[True, False], ids=["with its own set", "without a copy of it"])
def data(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ImportedData:
    """Noise, a third of each class; every second image is labelled as not circumscribed."""
    base = tmp_path_factory.mktemp("edited")
    source = base / "raw"
    source.mkdir()
    stream = np.random.default_rng(0)
    rows = [["image", "label", "option:margin"]]
    for number in range(3 * EACH):
        pixels = stream.integers(0, 255, (16, 16, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(source / f"{number}.png")
        rows.append([f"{number}.png", OWN.class_keys[number % 3], GONE if number % 2 else "circumscribed"])
    with (source / "labels.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    options = ImportOptions(fractions=(0.5, 0.25, 0.25), concept_set="busi", workers=1)
    import_dataset(find_adapter("csv"), source, base / "set", "set", options)
    if not request.param:  # as imports were before they kept one
        (base / "set" / "concept_set.yaml").unlink()
        path = base / "set" / "dataset.json"
        info = json.loads(path.read_text())
        del info["concept_set_digest"]
        path.write_text(json.dumps(info))
    return ImportedData(kind="imported", folder=base / "set")


def test_what_the_edited_set_lacks_is_unknown_and_the_rest_stays(data: ImportedData) -> None:
    own = data_concepts(data)
    assert own == OWN
    before, after = (load_edited(data, "train", own, concept_set, SHAPE) for concept_set in (OWN, EDITED))
    keys, column = OWN.groups[MARGIN].option_keys, EDITED.group_keys.index("margin")
    left = EDITED.groups[column].option_keys
    expected = [left.index(keys[option]) if keys[option] in left else -1 for option in before.options[:, MARGIN]]
    assert after.options[:, column].tolist() == expected
    assert {-1, left.index("circumscribed")} == set(expected)
    other = OWN.group_keys.index("shape")
    assert np.array_equal(after.options[:, EDITED.group_keys.index("shape")], before.options[:, other])
    assert np.array_equal(after.classes, before.classes)


def test_a_training_without_a_parent_takes_an_edited_set(data: ImportedData, tiny: Tiny, tmp_path: Path) -> None:
    path = tmp_path / "edited.yaml"
    dump_concept_set(EDITED, path)
    config = tiny.config(data=data.model_dump(mode="json"), concept_set=str(path), epochs=1)
    told: list[tuple[str, int, int]] = []
    made = train(config, tmp_path / "out", staged=lambda *stage: told.append(stage))
    assert made.concept_set == EDITED
    assert made.metrics["test"]["images"] == len(load_edited(data, "test", OWN, EDITED, SHAPE))
    assert not made.metrics["training"]["concepts_by_class"]
    counts = PreparedDataset.open(data.folder).info.counts
    assert ("Images", 3 * EACH, 3 * EACH) in told
    assert sum(sum(split.values()) for split in counts.values()) == 3 * EACH
    assert told[-3:] == [("Measuring", 0, 2), ("Measuring", 1, 2), ("Measuring", 2, 2)]
    assert list(made.metrics["training"]["stages"]) == ["images", "training", "measuring"]


def test_labels_that_nobody_can_read_are_refused(data: ImportedData) -> None:
    if PreparedDataset.open(data.folder).concept_set is None:
        with pytest.raises(DataError, match=f"no option '{GONE}'"):
            load_edited(data, "train", None, EDITED, SHAPE)
        with pytest.raises(DataError, match=f"no option '{GONE}'"):
            load_split(data, "train", EDITED, SHAPE)
    fewer = ConceptSet.model_validate(
        EDITED.model_dump() | {"classes": [label.model_dump() for label in EDITED.classes[1:]], "class_options": {}}
    )
    with pytest.raises(DataError, match=f"lacks classes of set: {OWN.class_keys[0]}"):
        load_edited(data, "train", OWN, fewer, SHAPE)
    labels = Labels(np.array([1, 0]), np.zeros((2, OWN.group_count), np.int64), None)
    with pytest.raises(ValueError, match=f"lacks classes of the images: {OWN.class_keys[0]}"):
        relabel(labels, OWN, fewer)
    assert relabel(Labels(labels.classes[:1], labels.options[:1], None), OWN, fewer).classes.tolist() == [0]
