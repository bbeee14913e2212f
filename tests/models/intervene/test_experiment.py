"""The concept intervention test: its table by hand, its errors, and the whole of it on drawn images."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from models.checkpoint import load_network, read_checkpoint
from models.data.records import SPLITS
from models.intervene.batch import NothingSelected, Outputs
from models.intervene.experiment import (
    ConceptInterventionConfig,
    ExperimentError,
    concept_intervention,
    document,
    edits_for,
    measure,
)
from models.intervene.experiment_files import table_lines, write_files
from models.intervene.images import EncoderInput, LabelledImages, read_images
from models.intervene.scores import DecisionHead
from models.intervene.scoring import score_images
from tests.support.heads import head

RECIPES = Path("models/intervene/recipes")


def _config(**changes: Any) -> ConceptInterventionConfig:
    settings = {
        "model": "m",
        "dataset": "d",
        "target_class": "c1",
        "reference_class": "c0",
        "groups": [["g0"], ["g1"], ["g0", "g1"]],
        "minimum_probability": 0.8,
    }
    return ConceptInterventionConfig.model_validate(settings | changes)


@pytest.fixture
def two() -> DecisionHead:
    """c1's logit is the sum of the scores, c0's is 0. The mean of class c0 is 0 everywhere."""
    return head((2, 1), np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]), np.zeros(2))


def _measured(made: DecisionHead, scores: list[list[float]], truth: list[int]) -> tuple[Outputs, LabelledImages]:
    wide = np.asarray(scores, np.float32)
    images = np.zeros((len(wide), 1, 1, 3), np.uint8)
    keys = tuple(f"image {row}" for row in range(len(wide)))
    outputs = Outputs.of((wide @ made.weight.T + made.bias).astype(np.float32), wide)
    return outputs, LabelledImages(keys, images, np.asarray(truth))


def _sigmoid(value: float) -> float:
    return float(1 / (1 + np.exp(-value)))


def test_the_table_by_hand(two: DecisionHead) -> None:
    """The first two images are surely c1; without g0 the logit is what g1 has, and the other way round."""
    outputs, images = _measured(two, [[1, 1, 2], [1, 1, -0.5], [0, 0, 0.1], [2, 1, -1]], [1, 0, 1, -1])
    found = measure(_config(), two, outputs, images)
    assert (found.scored, found.passed, found.right) == (4, 3, 1)
    assert found.keys == ("image 0", "image 1", "image 3")
    assert found.truth == ("c1", "c0", None)
    baseline = [_sigmoid(4), _sigmoid(1.5), _sigmoid(2)]
    without = {"g0": [_sigmoid(2), _sigmoid(-0.5), _sigmoid(-1)], "g1": [_sigmoid(2), _sigmoid(2), _sigmoid(3)]}
    expected = [baseline, without["g0"], without["g1"], [0.5] * 3]
    np.testing.assert_allclose(found.probabilities.T, expected, atol=1e-6)
    for row, values in zip(found.rows, expected, strict=True):
        assert row.mean == pytest.approx(np.mean(values))
    assert found.rows[0].relative_change is None
    for row, values in zip(found.rows[1:], expected[1:], strict=True):
        assert row.relative_change == pytest.approx(np.mean(values) / np.mean(baseline) - 1)
        assert row.low <= row.relative_change <= row.high
    assert [row.flipped for row in found.rows] == [0, 2, 0, 3]


def test_the_layout_of_the_table(two: DecisionHead, tmp_path: Path) -> None:
    outputs, images = _measured(two, [[1, 1, 2], [1, 1, 1]], [1, 1])
    found = measure(_config(), two, outputs, images)
    lines = table_lines(found, "Class 1")
    assert lines[0].split("  ")[0] == "Intervention"
    assert "Avg. P(Class 1)" in lines[0]
    assert lines[2].startswith("None (baseline)")
    assert lines[3].startswith("Intervene on “Group 0”")
    assert lines[5].startswith("Intervene on all 2 groups")
    assert len({len(line) for line in lines}) == 1

    files = write_files(tmp_path / "out", found, {"rows": len(found.rows)})
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in files)
    assert json.loads(files[0].read_text())["rows"] == 4
    table = list(csv.DictReader(files[1].open()))
    assert [row["groups"] for row in table] == ["none", "g0", "g1", "g0+g1"]
    assert float(table[1]["mean_probability"]) == found.rows[1].mean
    each = list(csv.DictReader(files[2].open()))
    assert [row["image"] for row in each] == ["image 0", "image 1"]
    assert float(each[1]["g0+g1"]) == found.probabilities[1, 3]


def test_only_so_many_images_are_tested(two: DecisionHead) -> None:
    outputs, images = _measured(two, [[1, 1, 1 + row / 10] for row in range(20)], [1] * 20)
    found = measure(_config(images=5, seed=2), two, outputs, images)
    assert (found.scored, found.passed, len(found.keys)) == (20, 20, 5)
    assert measure(_config(images=5, seed=2), two, outputs, images).rows == found.rows
    assert measure(_config(images=5, seed=3), two, outputs, images).keys != found.keys


def test_no_image_is_sure_enough(two: DecisionHead) -> None:
    outputs, images = _measured(two, [[1, 0, 0], [0, 0, -3]], [1, 0])
    with pytest.raises(NothingSelected, match=r"the largest probability found is 0\.731"):
        measure(_config(), two, outputs, images)


def test_one_edit_for_each_group(two: DecisionHead) -> None:
    edits = edits_for(two.concept_set, ("g1", "g0"), "c0")
    assert [(edit.option_id, edit.reference_class) for edit in edits] == [("g1.o0", "c0"), ("g0.o0", "c0")]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"target_class": "zebra"}, "target_class: drawn has no class 'zebra'; there are mel, nv"),
        ({"reference_class": "zebra"}, "reference_class: drawn has no class 'zebra'"),
        ({"reference_class": "mel"}, "both 'mel'"),
        ({"groups": [["border"], ["bordr"]]}, "no concept group 'bordr'; there are color, shape"),
        ({"groups": [["border", "border"]]}, "names a group twice"),
    ],
)
def test_settings_that_do_not_fit_the_model(changes: dict[str, Any], words: str, checkpoint_folder: Path) -> None:
    settings = {"target_class": "mel", "reference_class": "nv", "groups": [["border"]]} | changes
    with pytest.raises(ExperimentError, match=words):
        concept_intervention(_config(**settings), read_checkpoint(checkpoint_folder), "synthetic-dermoscopy")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("model: [", "cannot be read"),
        ("[]", "valid dictionary"),
        (yaml.safe_dump(_config().model_dump(mode="json") | {"imges": 3}), "imges: Extra inputs"),
        (
            yaml.safe_dump(_config().model_dump(mode="json") | {"groups": [[]]}),
            "groups.0: Tuple should have at least 1",
        ),
    ],
)
def test_a_file_that_cannot_be_used(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(ExperimentError, match=words):
        ConceptInterventionConfig.load(path)
    with pytest.raises(ExperimentError, match=r"no\.yaml: cannot be read"):
        ConceptInterventionConfig.load(tmp_path / "no.yaml")


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_shipped_settings_fit_the_shipped_models(path: Path) -> None:
    config = ConceptInterventionConfig.load(path)
    concept_set = read_checkpoint(Path("models/zoo") / config.model).concept_set
    assert {config.target_class, config.reference_class} <= set(concept_set.class_keys)
    assert {key for groups in config.groups for key in groups} <= set(concept_set.group_keys)


def test_the_whole_of_it_on_drawn_images(checkpoint_folder: Path) -> None:
    checkpoint = read_checkpoint(checkpoint_folder)
    keys, stages = checkpoint.concept_set.class_keys, list[str]()
    images = read_images("synthetic-dermoscopy", SPLITS, checkpoint.concept_set, EncoderInput(64, "longest"), drawn=8)
    logits = score_images(load_network(checkpoint), images.images, checkpoint.config.preprocessing).logits
    target = keys[int(np.bincount(logits.argmax(1)).argmax())]  # an untrained model may never say the others
    config = _config(
        target_class=target,
        reference_class=next(key for key in keys if key != target),
        groups=[["border"]],
        minimum_probability=0.0,
        drawn=8,
        split="all",
    )
    found = concept_intervention(
        config, checkpoint, "synthetic-dermoscopy", lambda stage, *_: None if stage in stages else stages.append(stage)
    )
    assert (found.scored, found.passed) == (24, int(np.sum(logits.argmax(1) == keys.index(target))))
    assert found.keys == tuple(images.keys[row] for row in np.flatnonzero(logits.argmax(1) == keys.index(target)))
    assert stages == ["Preparing", "Scoring"]
    told = json.loads(json.dumps(document(config, checkpoint, found)))
    assert told["model"]["weights_digest"] == checkpoint.weights_digest()
    assert told["rows"][1]["groups"] == ["border"]
