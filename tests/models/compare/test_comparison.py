"""The whole comparison: what it must say of models whose answers are known."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, confusion_matrix

from models.checkpoint import Checkpoint, read_checkpoint
from models.compare.comparison import compare, compare_scores
from models.compare.concepts import match
from models.compare.images import ComparedImages
from models.compare.result import Comparison
from models.compare.settings import CompareSettings
from models.compare.text import comparison_lines
from models.concepts import ConceptSet
from models.intervene.scoring import ImageScores

SHIPPED = Path("models/zoo/synthetic-dermoscopy")
COUNT = 200
SETTINGS = CompareSettings(resamples=300)


@pytest.fixture
def checkpoint(small: ConceptSet) -> Checkpoint:
    """A shipped model by name and digest; what it says is made up here."""
    return dataclasses.replace(read_checkpoint(SHIPPED), concept_set=small)


def pictures(truth: np.ndarray, options: np.ndarray, clusters: np.ndarray | None = None) -> ComparedImages:
    blank = np.zeros((len(truth), 1, 1, 3), np.uint8)
    return ComparedImages(
        name="drawn",
        synthetic=True,
        keys=tuple(f"image {row}" for row in range(len(truth))),
        images=(blank, blank),
        classes=truth,
        options=(options, options),
        clusters=np.arange(len(truth)) if clusters is None else clusters,
        labelled=True,
    )


def world(skill: tuple[float, float], count: int = COUNT, seed: int = 0) -> tuple[ComparedImages, list[ImageScores]]:
    """Images of two classes with three groups, and what two models of some skill say of them."""
    generator = np.random.default_rng(seed)
    truth = (generator.random(count) < 0.3).astype(np.int64)
    options = np.stack([generator.integers(0, options, count) for options in (2, 3, 2)], 1)
    said = []
    for strength in skill:
        logits = generator.normal(size=(count, 2))
        logits[np.arange(count), truth] += strength
        scores = generator.normal(size=(count, 6))
        for column, start in ((0, 0), (1, 2)):
            scores[np.arange(count), start + options[:, column]] += strength
        scores[:, 5] += strength * (2 * options[:, 2] - 1)
        said.append(ImageScores(logits.astype(np.float32), scores.astype(np.float32)))
    return pictures(truth, options), said


def compared(
    checkpoint: Checkpoint, images: ComparedImages, said: list[ImageScores], settings: CompareSettings = SETTINGS
) -> Comparison:
    matching = match(checkpoint.concept_set, checkpoint.concept_set)
    return compare_scores((checkpoint, checkpoint), matching, images, (said[0], said[1]), settings)


def test_a_better_model_is_said_to_be(checkpoint: Checkpoint) -> None:
    images, said = world((0.5, 2.5))
    found = compared(checkpoint, images, said)
    bmac, brier = found.figure("bmac"), found.figure("brier")
    expected = [balanced_accuracy_score(images.classes, part.logits.argmax(1)) for part in said]
    assert (bmac.a, bmac.b) == pytest.approx(expected)
    assert bmac.difference == pytest.approx(expected[1] - expected[0])
    assert bmac.interval.low < bmac.difference < bmac.interval.high
    assert bmac.bca.low == pytest.approx(bmac.interval.low, abs=0.02)
    assert (bmac.verdict, brier.verdict) == ("better", "better")
    assert brier.difference < 0
    assert bmac.sentence.startswith(f"B is better by {bmac.difference:.3f} (")
    assert found.summary == f"Balanced accuracy on 200 images, 95 % interval: {bmac.sentence}"
    assert found.permutation.p_value == bmac.p_value < 0.01
    assert found.permutation.difference == pytest.approx(bmac.difference)
    assert found.mcnemar.only_b > found.mcnemar.only_a
    for model, part in ((found.a, said[0]), (found.b, said[1])):
        assert np.array_equal(model.confusion, confusion_matrix(images.classes, part.logits.argmax(1)))
    assert found.a.classes[1].sensitivity.value == pytest.approx(found.figure("sensitivity.nv").a)
    assert found.b.classes[0].ppv.value == pytest.approx(found.figure("ppv.mel").b)
    assert found.a.concept_bmac["color"] == pytest.approx(found.figure("concept_bmac.color").a)
    assert found.a.concept_bmac_mean == pytest.approx(found.figure("concept_bmac").a)


def test_swapping_the_models_turns_the_signs(checkpoint: Checkpoint) -> None:
    images, said = world((0.5, 1.2))
    one, other = compared(checkpoint, images, said), compared(checkpoint, images, said[::-1])
    for a, b in zip(one.figures, other.figures, strict=True):
        assert (a.a, a.b) == (b.b, b.a)
        assert a.difference == -b.difference
        assert (a.interval.low, a.interval.high) == pytest.approx((-b.interval.high, -b.interval.low), abs=1e-12)
        assert (a.bca is None) == (b.bca is None)
        if a.bca is not None:
            assert (a.bca.low, a.bca.high) == pytest.approx((-b.bca.high, -b.bca.low), abs=1e-9)
        assert a.p_value == b.p_value
        assert {a.verdict, b.verdict} in ({"better", "worse"}, {"undecided"})
    assert one.mcnemar.p_value == other.mcnemar.p_value
    kinds = {"fixed": "broken", "broken": "fixed", "changed-wrong": "changed-wrong"}
    assert [kinds[change.kind] for change in one.changed] == [change.kind for change in other.changed]


def test_a_model_and_itself(checkpoint: Checkpoint) -> None:
    images, said = world((1.0, 1.0))
    found = compared(checkpoint, images, [said[0], said[0]])
    for figure in found.figures:
        assert figure.difference == 0
        assert (figure.interval.low, figure.interval.high) == (0, 0)
        assert (figure.bca.low, figure.bca.high) == (0, 0)
        assert figure.verdict == "same"
        assert figure.p_value in (None, 1.0)
    assert found.changed == ()
    assert (found.mcnemar.method, found.mcnemar.p_value, found.permutation.p_value) == ("none", 1.0, 1.0)
    assert "There is no difference on these images." in found.summary


def test_equal_models_are_not_told_apart(checkpoint: Checkpoint) -> None:
    found = compared(checkpoint, *world((1.0, 1.0), seed=5))
    bmac = found.figure("bmac")
    assert bmac.verdict == "undecided"
    assert bmac.sentence.startswith("The data do not tell them apart: B − A is ")


def test_a_handful_of_images_decides_nothing(checkpoint: Checkpoint) -> None:
    """Four images that B alone has right: the percentile interval excludes 0, and an exact test knows better."""
    truth = np.repeat([0, 1], 100)
    right = np.eye(2, dtype=np.float32)[truth] * 4
    wrong = right.copy()
    wrong[:4] = wrong[:4, ::-1]
    blank = np.zeros((200, 6), np.float32)
    images = pictures(truth, np.zeros((200, 3), np.int64))
    found = compared(checkpoint, images, [ImageScores(wrong, blank), ImageScores(right, blank)], CompareSettings())
    bmac = found.figure("bmac")
    assert (bmac.p_value, found.mcnemar.p_value) == (0.125, 0.125)
    assert bmac.interval.low > 0
    assert bmac.verdict == found.figure("ppv.nv").verdict == "undecided"
    assert bmac.sentence.endswith("but that rests on few images.")


def test_the_seed_is_all_that_chance_has(checkpoint: Checkpoint) -> None:
    images, said = world((0.5, 1.0))
    assert compared(checkpoint, images, said) == compared(checkpoint, images, said)
    other = compared(checkpoint, images, said, CompareSettings(resamples=300, seed=1))
    assert other.figure("bmac").interval != compared(checkpoint, images, said).figure("bmac").interval
    by_class = compared(checkpoint, images, said, CompareSettings(resamples=300, stratify=True))
    assert by_class.figure("bmac").difference == other.figure("bmac").difference


def test_changed_predictions(checkpoint: Checkpoint) -> None:
    logits = np.array([[2, 0], [2, 0], [0, 2], [2, 0]], np.float32)
    other = np.array([[0, 2], [2, 0], [2, 0], [0, 2]], np.float32)
    blank = np.zeros((4, 6), np.float32)
    images = pictures(np.array([1, 0, 1, -1]), np.full((4, 3), -1))
    found = compared(checkpoint, images, [ImageScores(logits, blank), ImageScores(other, blank)])
    assert [(change.key, change.kind, change.truth) for change in found.changed] == [
        ("image 0", "fixed", "nv"),
        ("image 2", "broken", "nv"),
        ("image 3", "unknown", None),
    ]
    assert (found.changed[0].class_a, found.changed[0].class_b) == ("mel", "nv")
    assert found.changed[0].probabilities_b == pytest.approx((0.1192, 0.8808), abs=1e-4)
    assert (found.data.images, found.data.known) == (4, 3)


def test_nothing_is_known(checkpoint: Checkpoint) -> None:
    images, said = world((1.0, 1.0), count=20)
    unknown = dataclasses.replace(images, classes=np.full(20, -1), options=(np.full((20, 3), -1),) * 2)
    found = compared(checkpoint, unknown, said)
    assert {(figure.n, figure.a, figure.difference, figure.verdict) for figure in found.figures} == {
        (0, None, None, "unknown")
    }
    assert found.mcnemar.p_value is found.permutation.p_value is None
    assert found.a.concept_bmac_mean is None
    assert {change.kind for change in found.changed} == {"unknown"}
    assert "the class is known of 0 of 20 images" in found.summary
    assert "p = no" not in "\n".join(comparison_lines(found))


def test_only_concepts_are_known(checkpoint: Checkpoint) -> None:
    images, said = world((1.0, 1.0), count=60)
    found = compared(checkpoint, dataclasses.replace(images, classes=np.full(60, -1)), said)
    assert found.figure("bmac").a is None
    assert found.figure("concept_bmac.color").interval is not None


def test_another_concept_set(checkpoint: Checkpoint, edited: ConceptSet) -> None:
    """B is the same model with its classes and groups in another order; it sees what A sees where both can say it."""
    images, said = world((1.5, 1.5))
    moved = np.concatenate([np.zeros((COUNT, 2)), said[0].scores], 1).astype(np.float32)
    truth = np.concatenate([np.full((COUNT, 1), -1), images.options[0]], 1)
    truth[truth[:, 2] == 2, 2] = -1  # drawn grey, which B has no word for
    other = dataclasses.replace(checkpoint, concept_set=edited)
    found = compare_scores(
        (checkpoint, other),
        match(checkpoint.concept_set, edited),
        dataclasses.replace(images, options=(images.options[0], truth)),
        (said[0], ImageScores(said[0].logits[:, ::-1], moved)),
        SETTINGS,
    )
    assert found.changed == ()
    assert found.figure("bmac").verdict == "same"
    assert found.figure("concept_bmac.border").verdict == "same"
    color = next(group for group in found.concepts.groups if group.key == "color")
    assert (color.options, color.only_a, color.only_b) == (
        ("color.red", "color.blue"),
        ("color.grey",),
        ("color.green",),
    )
    assert color.n == int(np.sum(images.options[0][:, 1] < 2)) == found.figure("concept_bmac.color").n
    assert (found.concepts.same, found.concepts.only_a, found.concepts.only_b) == (
        False,
        ("scale",),
        ("shape", "scale"),
    )
    text = "\n".join(comparison_lines(found))
    assert "only in A: group scale, color.grey" in text
    assert "only in B: group shape, group scale, color.green" in text
    assert found.a.concept_bmac["scale"] is not None


def test_clusters_are_told_of_and_widen_the_intervals(checkpoint: Checkpoint) -> None:
    images, said = world((0.5, 1.5), count=40)
    four = np.repeat(np.arange(40), 4)
    copies = pictures(images.classes[four], images.options[0][four])
    many = [ImageScores(part.logits[four], part.scores[four]) for part in said]
    apart = compared(checkpoint, copies, many).figure("accuracy").interval
    found = compared(checkpoint, dataclasses.replace(copies, clusters=four), many)
    together = found.figure("accuracy").interval
    assert (found.data.units, found.data.largest_unit) == (40, 4)
    assert together.high - together.low > 1.5 * (apart.high - apart.low)
    assert any("160 images are 40 patients" in caution for caution in found.cautions)


def test_the_text_and_the_json(checkpoint: Checkpoint) -> None:
    found = compared(checkpoint, *world((0.5, 1.5)))
    told = json.loads(found.model_dump_json())
    assert Comparison.model_validate(told) == found
    assert json.dumps(told, allow_nan=False)
    assert told["notice"] == "Research use only. Not for diagnosis."
    lines = comparison_lines(found)
    assert any(line.startswith("Balanced accuracy (BMAC)") for line in lines)
    assert any(line.startswith("McNemar, accuracy: A alone right") for line in lines)
    assert any("more; the JSON has all" in line for line in lines)
    assert lines[-1] == "Research use only. Not for diagnosis."
    assert not any("nan" in line.split() or "None" in line for line in lines)


def test_settings_that_cannot_be() -> None:
    for changes, message in (
        ({"split": "tset"}, "no split 'tset'"),
        ({"seed": -1}, "seed must be at least 0"),
        ({"resamples": 5}, "resamples must be at least 100"),
        ({"drawn": 0}, "drawn must be at least 1"),
    ):
        with pytest.raises(ValueError, match=message):
            CompareSettings(**changes)


def test_two_checkpoints_on_drawn_images() -> None:
    checkpoint, stages = read_checkpoint(SHIPPED), list[str]()
    settings = CompareSettings(drawn=6, resamples=100)
    found = compare(
        checkpoint,
        checkpoint,
        "synthetic-dermoscopy",
        settings,
        lambda stage, *_: None if stage in stages else stages.append(stage),
    )
    assert stages == ["Preparing", "Scoring A", "Scoring B"]
    assert {figure.difference for figure in found.figures} <= {0.0, None}
    assert found.concepts.same
    assert found.data.images == 6
    assert any("drawings" in caution for caution in found.cautions)
