"""The concept intervention test: its table by hand, its errors, and what is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from matplotlib.patches import Rectangle

from models.checkpoint import read_checkpoint
from models.experiments.concept_intervention import (
    ConceptInterventionConfig,
    Images,
    check,
    edits_for,
    measure,
)
from models.experiments.concept_intervention_report import findings
from models.experiments.files import table_lines
from models.experiments.settings import load_settings
from models.experiments.surroundings import ExperimentError
from models.intervene.batch import NothingSelected, Outputs
from models.intervene.scores import DecisionHead
from tests.support.heads import head

RECIPES = Path("models/experiments/recipes")
ABOUT = {"dataset": "d", "synthetic": False}


def config(**changes: Any) -> ConceptInterventionConfig:
    settings = {
        "models": ["m"],
        "dataset": "d",
        "target_class": "c1",
        "reference_class": "c0",
        "groups": [["g0"], ["g1"], ["g0", "g1"]],
        "minimum_probability": 0.8,
        "resamples": 200,
    }
    return ConceptInterventionConfig.model_validate(settings | changes)


@pytest.fixture
def two() -> DecisionHead:
    """c1's logit is the sum of the scores, c0's is 0. The mean of class c0 is 0 everywhere."""
    return head((2, 1), np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]), np.zeros(2))


def said(made: DecisionHead, scores: list[list[float]], truth: list[int]) -> tuple[Outputs, Images]:
    wide = np.asarray(scores, np.float32)
    keys = tuple(f"image {row}" for row in range(len(wide)))
    outputs = Outputs.of((wide @ made.weight.T + made.bias).astype(np.float32), wide)
    return outputs, Images(keys, np.asarray(truth), np.arange(len(wide)))


def sigmoid(value: float) -> float:
    return float(1 / (1 + np.exp(-value)))


def test_the_table_by_hand(two: DecisionHead) -> None:
    """The first two images are surely c1; without g0 the logit is what g1 has, and the other way round."""
    outputs, images = said(two, [[1, 1, 2], [1, 1, -0.5], [0, 0, 0.1], [2, 1, -1]], [1, 0, 1, -1])
    found = measure(config(), two, outputs, images)
    assert (found.scored, found.passed, found.right) == (4, 3, 1)
    assert found.keys == ("image 0", "image 1", "image 3")
    assert found.truth == ("c1", "c0", None)
    baseline = [sigmoid(4), sigmoid(1.5), sigmoid(2)]
    without = {"g0": [sigmoid(2), sigmoid(-0.5), sigmoid(-1)], "g1": [sigmoid(2), sigmoid(2), sigmoid(3)]}
    expected = [baseline, without["g0"], without["g1"], [0.5] * 3]
    np.testing.assert_allclose(found.probabilities.T, expected, atol=1e-6)
    for row, values in zip(found.rows, expected, strict=True):
        assert row.mean.value == pytest.approx(np.mean(values))
        assert row.mean.n == 3
    assert found.rows[0].relative_change is None
    for row, values in zip(found.rows[1:], expected[1:], strict=True):
        change = row.relative_change
        assert change is not None
        assert change.value == pytest.approx(np.mean(values) / np.mean(baseline) - 1)
        assert change.low <= change.value <= change.high
    assert [row.flipped for row in found.rows] == [0, 2, 0, 3]


def test_copies_are_drawn_together(two: DecisionHead) -> None:
    scores = [[1, 1, value] for value in (0.0, 0.0, 0.0, 0.0, 2.0, 2.0, 2.0, 2.0)]
    outputs, images = said(two, scores, [1] * 8)
    apart = measure(config(), two, outputs, images).rows[1].relative_change
    together = measure(config(), two, outputs, Images(images.keys, images.classes, np.arange(8) // 4)).rows[1]
    assert apart is not None
    assert together.relative_change is not None
    assert together.relative_change.low < apart.low


def test_what_is_printed_and_written(two: DecisionHead) -> None:
    outputs, images = said(two, [[1, 1, 2], [1, 1, 1]], [1, 1])
    found = measure(config(), two, outputs, images)
    told = findings([({"name": "m", "synthetic": True}, found)], ABOUT, config())
    lines = table_lines(told.tables[0])
    assert "Avg. P(Class 1)" in lines[2]
    assert "None (baseline)" in lines[4]
    assert "Intervene on “Group 0”" in lines[5]
    assert "Intervene on all 2 groups" in lines[7]
    each = told.tables[1].rows
    assert [row["image"] for row in each] == ["image 0", "image 1"]
    assert each[1]["g0+g1"] == found.probabilities[1, 3]
    assert (
        "2 of 2 images are predicted as c1 with P >= 0.8; all of them are tested (2 are labelled so)"
        in told.sentences[0]
    )
    assert told.sentences[-1] == "Trained on synthetic images only."
    bars = [bar for bar in told.drawings[0].draw().axes[0].patches if isinstance(bar, Rectangle)]
    changes = [row.relative_change for row in found.rows[1:]]
    assert [bar.get_width() for bar in bars] == pytest.approx([100 * change.value for change in changes if change])


def test_what_rises_is_told(two: DecisionHead) -> None:
    outputs, images = said(two, [[2, 2, -1], [2, 2, -0.5]], [1, 1])
    found = measure(config(), two, outputs, images)
    told = findings([({"name": "m", "synthetic": False}, found)], ABOUT, config()).sentences
    assert "The probability rises, where one would expect it to fall: Intervene on “Group 1”." in told


def test_several_models_have_their_mean_and_deviation(two: DecisionHead) -> None:
    outputs, images = said(two, [[1, 1, 2], [1, 1, 1]], [1, 1])
    found = measure(config(), two, outputs, images)
    models = [({"name": name, "synthetic": False}, found) for name in ("a", "b")]
    rows = findings(models, ABOUT, config()).tables[0].rows
    assert [row["model"] for row in rows] == ["a"] * 4 + ["b"] * 4 + ["mean of 2"] * 4
    assert rows[9]["relative_change"] == pytest.approx(rows[1]["relative_change"])
    assert rows[9]["sd"] == "0.0%"


def test_only_so_many_images_are_tested(two: DecisionHead) -> None:
    outputs, images = said(two, [[1, 1, 1 + row / 10] for row in range(20)], [1] * 20)
    found = measure(config(images=5, seed=2), two, outputs, images)
    assert (found.scored, found.passed, len(found.keys)) == (20, 20, 5)
    assert measure(config(images=5, seed=2), two, outputs, images).rows == found.rows
    assert measure(config(images=5, seed=3), two, outputs, images).keys != found.keys


def test_no_image_is_sure_enough(two: DecisionHead) -> None:
    outputs, images = said(two, [[1, 0, 0], [0, 0, -3]], [1, 0])
    with pytest.raises(NothingSelected, match=r"the largest probability found is 0\.731"):
        measure(config(), two, outputs, images)


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
    ids=["target", "reference", "the same", "group", "group twice"],
)
def test_settings_that_do_not_fit_the_model(changes: dict[str, Any], words: str, drawn_model: Path) -> None:
    settings = {"target_class": "mel", "reference_class": "nv", "groups": [["border"]]} | changes
    with pytest.raises(ExperimentError, match=words):
        check(config(**settings), read_checkpoint(drawn_model))


def test_files_from_before_there_were_several_models(tmp_path: Path) -> None:
    path = tmp_path / "older.yaml"
    content = config().model_dump(mode="json", exclude={"models", "resamples"})
    path.write_text(yaml.safe_dump(content | {"model": "one", "bootstrap": 150}))
    found = load_settings(ConceptInterventionConfig, path)
    assert (found.models, found.resamples) == (("one",), 150)
    path.write_text(yaml.safe_dump(content | {"model": "one", "models": ["two"]}))
    with pytest.raises(ExperimentError, match="model and models mean the same"):
        load_settings(ConceptInterventionConfig, path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("model: [", "cannot be read"),
        ("[]", "valid dictionary"),
        (yaml.safe_dump(config().model_dump(mode="json") | {"imges": 3}), "imges: Extra inputs"),
        (yaml.safe_dump(config().model_dump(mode="json") | {"groups": [[]]}), "groups.0: Tuple should have at least 1"),
    ],
    ids=["no YAML", "a list", "typing mistake", "no group"],
)
def test_a_file_that_cannot_be_used(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(ExperimentError, match=words):
        load_settings(ConceptInterventionConfig, path)


@pytest.mark.parametrize("path", sorted(RECIPES.glob("concept-intervention-*.yaml")), ids=lambda path: path.stem)
def test_the_shipped_settings_fit_the_shipped_models(path: Path) -> None:
    found = load_settings(ConceptInterventionConfig, path)
    for name in found.models:
        check(found, read_checkpoint(Path("models/zoo") / name))
