"""Accuracies with intervals, options found, labels that follow the class."""

from __future__ import annotations

import numpy as np
import pytest

from models.experiments.decisions import (
    Accuracies,
    Resampling,
    accuracies,
    differences,
    follow_class,
    found_options,
    percent,
    points,
)
from models.experiments.spread import Estimate
from models.train.metrics import balanced_accuracy

CLASSES = np.array([0, 0, 0, 1, 2, 2, -1])


def test_figures_are_those_of_the_training() -> None:
    predicted = np.array([[0, 0, 1, 1, 2, 0, 0], [1, 1, 1, 1, 1, 1, 1]])
    found = Accuracies((predicted == CLASSES).astype(float), CLASSES)(np.ones((1, 7)))[0]
    assert found[:2] == pytest.approx([4 / 6, 1 / 6])
    assert found[2:] == pytest.approx([balanced_accuracy(row, CLASSES) for row in predicted])


def test_a_weight_says_how_often_an_image_was_drawn() -> None:
    hits = np.array([[1.0, 0, 0, 1, 0, 1, 0]])
    drawn = np.array([[0.0, 3, 0, 0, 1, 2, 5]])  # no image of class 1
    assert Accuracies(hits, CLASSES)(drawn)[0] == pytest.approx([2 / 6, (0 + 2 / 3) / 2])


def test_hits_may_be_a_mean_over_draws() -> None:
    hits = np.array([[0.5, 0.5, 0.5, 1, 0, 0.5, 0]])
    assert Accuracies(hits, CLASSES)(np.ones((1, 7)))[0] == pytest.approx([3 / 6, (0.5 + 1 + 0.25) / 3])


def test_hits_of_other_images() -> None:
    with pytest.raises(ValueError, match=r"expected hits \(P, 7\)"):
        Accuracies(np.ones((1, 6)), CLASSES)


def test_intervals_and_paired_differences() -> None:
    stream = np.random.default_rng(0)
    classes = stream.integers(0, 2, 300)
    worse = (stream.random((1, 300)) < 0.6).astype(float)
    drawn = Resampling(np.arange(300), 500, 0)
    (one,) = accuracies(worse, classes, drawn)
    assert one.accuracy.n == 300
    assert one.accuracy.low < one.accuracy.value < one.accuracy.high
    (none,) = differences(worse, worse, classes, drawn)
    assert (none.accuracy.value, none.accuracy.low, none.accuracy.high) == (0, 0, 0)
    (more,) = differences(np.ones((1, 300)), worse, classes, drawn)
    assert more.accuracy.value == pytest.approx(1 - worse.mean())
    assert more.bmac.low > 0
    assert set(more.to_json()) == {"accuracy", "bmac"}


def test_options_found() -> None:
    scores = np.array([[1.0, 3, 2, 0.1], [5, 0, 0, -0.1], [0, 0, 1, 0.0]])
    assert found_options(scores, (slice(0, 3), slice(3, 4))).tolist() == [[1, 1], [0, 0], [2, 0]]


def test_labels_that_only_repeat_the_class() -> None:
    classes = np.array([0, 0, 1, 1, -1])
    options = np.array([[0, 0, -1], [0, 1, -1], [1, 1, -1], [-1, 1, -1], [2, 2, 2]])
    assert follow_class(options, classes).tolist() == [True, False, True]


def test_as_text() -> None:
    assert percent(Estimate(0.81356, None, None, 59)) == "81.36"
    assert points(Estimate(-0.1186, -0.254, 0.0, 59)) == "-11.86 (-25.40 to +0.00)"
    assert (percent(Estimate(None, None, None, 0)), points(Estimate(None, None, None, 0))) == ("–", "–")
