"""Leakage tests on scores that leak, and on scores that do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.experiments.decisions import Resampling
from models.experiments.leakage.concepts import (
    Held,
    beyond_class,
    commonest_of_class,
    information,
    permuted,
)
from models.experiments.leakage.measure import Evidence, Leakage, measure, mixed_hits, one_hot_options
from models.experiments.leakage.report import findings
from models.experiments.leakage.settings import LeakageConfig
from models.experiments.leakage.shuffling import shuffle_tiles
from models.experiments.surroundings import ExperimentError
from tests.support.heads import concept_set, head

COUNT = 200
ABOUT = {"dataset": "d", "synthetic": True}


def config(**changes: Any) -> LeakageConfig:
    settings: dict[str, Any] = {
        "models": ["m"], "dataset": "d", "permutations": 50, "repeats": 1, "resamples": 100,
    }  # fmt: skip
    return LeakageConfig.model_validate(settings | changes)


def evidence(*, leaking: bool, follows: bool = False, known: bool = True) -> Evidence:
    """One group of two options that says little of the class; a leaking score says it by how large it is."""
    stream = np.random.default_rng(0)
    classes = np.arange(COUNT) % 2
    options = (classes if follows else stream.integers(0, 2, COUNT))[:, None]
    size = 1.0 + 2.0 * leaking * classes
    scores = np.eye(2)[options[:, 0]] * size[:, None] + 0.05 * stream.normal(size=(COUNT, 2))
    made = head((2,), np.array([[0.0, 0], [1, 1]]), np.array([0.0, -2.0]))
    return Evidence(
        made,
        scores @ made.weight.T + made.bias,
        scores,
        stream.normal(size=(COUNT, 2)),
        classes,
        options if known else np.full_like(options, -1),
        Resampling(np.arange(COUNT), 100, 0),
    )


def test_a_score_that_leaks() -> None:
    found = measure(evidence(leaking=True), config())
    assert found.own.bmac.value == 1
    assert found.heads["soft"].bmac.value > 0.95
    assert abs(found.heads["hard"].bmac.value - 0.5) < 0.12
    assert found.soft_hard.bmac.low > 0.3
    assert found.soft_labels is not None
    assert found.soft_labels.bmac.low > 0.3
    assert abs(found.heads["chance"].bmac.value - 0.5) < 0.1
    assert found.heads["chance"].bmac.low is None
    assert abs(found.shuffled_chance.bmac.value) < 0.15
    assert found.concepts == 1
    assert found.groups_shuffled[0] == pytest.approx(0.5, abs=0.15)
    told = findings([({"name": "m"}, found)], ABOUT, config())
    assert any("the scores are ahead of that by" in line and "not told apart" not in line for line in told.sentences)


def test_a_score_that_does_not_leak() -> None:
    found = measure(evidence(leaking=False), config())
    assert abs(found.soft_hard.bmac.value) < 0.12
    assert found.heads["soft"].bmac.value < 0.62
    (group,) = found.groups
    assert not group.follows
    assert (group.bmac, group.accuracy) == (1, 1)
    assert group.bmac_permuted == pytest.approx(0.5, abs=0.05)
    assert group.p_bmac == group.p_information == pytest.approx(1 / 51)
    assert group.information == pytest.approx(group.entropy, abs=0.02)
    assert group.ahead is not None
    assert group.ahead.low > 0.3


def test_labels_that_follow_the_class_cannot_be_measured() -> None:
    found = measure(evidence(leaking=False, follows=True), config())
    assert found.trivial
    assert found.groups[0].bmac is None
    told = findings([({"name": "m"}, found)], ABOUT, config())
    assert any("cannot be measured" in line for line in told.sentences)
    assert told.tables[1].rows[0]["ahead"] == "label follows class"
    assert "cannot be measured" in told.drawings[0].draw().axes[1].texts[0].get_text()


def test_images_without_concept_labels() -> None:
    found = measure(evidence(leaking=True, known=False), config())
    assert (found.soft_labels, found.concepts, found.trivial) == (None, None, True)
    assert found.groups_shuffled == (None,)
    assert "labels" not in found.heads
    sentences = findings([({"name": "m"}, found)], ABOUT, config()).sentences
    assert not any("true options" in line for line in sentences)
    assert any("No concept is labelled" in line for line in sentences)


def test_too_few_images() -> None:
    one = evidence(leaking=True)
    few = Evidence(
        one.head, one.logits, one.scores, one.shuffled, np.where(np.arange(COUNT) < 6, one.classes, -1), one.options,
        one.drawn,
    )  # fmt: skip
    with pytest.raises(ExperimentError, match="6 images have a known class"):
        measure(few, config())


def test_groups_that_err_together_are_told_apart_within_the_class() -> None:
    """Three groups say the class; in a tenth of the images all are wrong. From other images two of them are right."""
    classes = np.repeat([0, 1], 50)
    sign = np.where(classes == 1, 1.0, -1.0) * np.where(np.arange(100) % 10 == 0, -1.0, 1.0)
    scores = np.stack([sign, sign, sign], 1)
    made = head((1, 1, 1), np.array([[0.0, 0, 0], [1, 1, 1]]), np.zeros(2))
    own = (scores @ made.weight.T).argmax(1) == classes
    assert own.mean() == 0.9
    assert mixed_hits(made, scores, classes, 200, 0).mean() == pytest.approx(0.9**3 + 3 * 0.9**2 * 0.1, abs=0.01)
    alike = np.where(classes == 1, 1.0, -1.0)[:, None] * np.ones((1, 3))
    assert mixed_hits(made, alike, classes, 5, 0).mean() == 1


def test_information_by_hand() -> None:
    classes = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    labels = np.array([0, 0, 1, 1, 0, 0, 0, 0])
    assert information(labels, labels, classes) == pytest.approx(0.5)  # one bit in half of the images
    assert information(np.array([0, 1, 0, 1, 0, 1, 0, 1]), labels, classes) == pytest.approx(0)
    assert information(classes, labels, classes) == 0  # the class again tells nothing beyond it


def test_who_says_the_commonest_option() -> None:
    classes, labels = np.array([0, 0, 0, 1, 1, 2]), np.array([4, 4, 0, 1, 2, 3])
    # Left out in turn: 4 of {4, 0} half, 4 again, 0 of {4, 4} never; 1 of {2} never; an image alone has no others.
    assert commonest_of_class(labels, classes).tolist() == [0.5, 0.5, 0, 0, 0, 0]
    assert commonest_of_class(np.array([1, 1, 1, 0]), np.zeros(4, np.int64)).tolist() == [1, 1, 1, 0]


def test_permuting_keeps_every_class() -> None:
    classes, values = np.array([0, 1, 0, 1, 0]), np.array([1, 10, 2, 20, 3])
    for mixed in permuted(values, classes, 20, np.random.default_rng(0)):
        assert sorted(mixed[classes == 0]) == [1, 2, 3]
        assert sorted(mixed[classes == 1]) == [10, 20]


def test_what_is_found_by_chance_is_no_information() -> None:
    stream = np.random.default_rng(0)
    labels, classes = stream.integers(0, 3, 300), np.arange(300) % 2
    held = Held(stream.integers(0, 3, 300), labels, classes, np.arange(300))
    found = beyond_class("g", held, 200, 100, 0)
    assert found.information == pytest.approx(0, abs=0.02)
    assert found.p_information > 0.05
    assert found.p_bmac > 0.05


def test_options_as_ones_and_zeros() -> None:
    made = concept_set((3, 1), 2)
    assert one_hot_options(np.array([[2, 1], [0, 0]]), made).tolist() == [[0, 0, 1, 1], [1, 0, 0, 0]]


def test_tiles_change_places_and_nothing_else() -> None:
    pictures = np.arange(2 * 8 * 8 * 3, dtype=np.uint8).reshape(2, 8, 8, 3)
    mixed = shuffle_tiles(pictures, 4, 0)
    assert not np.array_equal(mixed, pictures)
    for before, after in zip(pictures, mixed, strict=True):
        tiles = [one.reshape(4, 2, 4, 2, 3).swapaxes(1, 2).reshape(16, -1) for one in (before, after)]
        assert sorted(map(bytes, tiles[0])) == sorted(map(bytes, tiles[1]))
    assert np.array_equal(shuffle_tiles(pictures, 4, 0), mixed)
    with pytest.raises(ExperimentError, match="8 pixels cannot be cut into 3 equal tiles; choose one of 2, 4, 8"):
        shuffle_tiles(pictures, 3, 0)


def test_several_models_are_told_with_their_spread() -> None:
    one: Leakage = measure(evidence(leaking=True), config())
    told = findings([({"name": "a"}, one), ({"name": "b"}, one)], ABOUT, config())
    means = [row for row in told.tables[0].rows if row["model"] == "mean ± sd of 2"]
    assert means[0]["bmac"] == "1.0000 ± 0.0000"
