"""Heads fitted by cross-validation."""

from __future__ import annotations

import numpy as np
import pytest

from models.experiments.linear_head import FOLDS, crossed, fit, folds


def test_a_head_is_at_the_minimum_of_its_loss() -> None:
    """Two classes of the same size, at -1 and 1: the weight is what all images together leave to the wrong class."""
    weight, bias = fit(np.array([[-1.0]] * 4 + [[1.0]] * 4), np.array([0] * 4 + [1] * 4), 2)
    assert bias[1] - bias[0] == pytest.approx(0, abs=1e-3)
    assert weight[0, 0] == pytest.approx(-weight[1, 0], abs=1e-3)
    wrong = 1 / (1 + np.exp(weight[1, 0] - weight[0, 0]))
    assert 8 * wrong == pytest.approx(weight[1, 0], abs=1e-3)  # the slope of the losses is that of the penalty


def test_rare_classes_weigh_the_same() -> None:
    features = np.zeros((10, 1))
    _, bias = fit(features, np.array([0] * 9 + [1]), 2)
    assert bias[0] == pytest.approx(bias[1], abs=1e-3)


def test_a_head_of_nothing() -> None:
    with pytest.raises(ValueError, match="at least one image"):
        fit(np.zeros((0, 3)), np.zeros(0, np.int64), 2)


def test_what_tells_the_class_is_found_and_noise_is_not() -> None:
    stream = np.random.default_rng(0)
    classes = np.repeat(np.arange(3), 40)
    telling = np.eye(3)[classes] + 0.1 * stream.normal(size=(120, 3))
    assert np.mean(crossed(telling, classes, np.arange(120), 3, stream) == classes) == 1
    noise = stream.normal(size=(120, 3))
    assert np.mean(crossed(noise, classes, np.arange(120), 3, stream) == classes) < 0.5


def test_copies_do_not_help() -> None:
    """Thirty images, each four times, of features without meaning: a head that saw the copies would know them all."""
    stream = np.random.default_rng(0)
    classes, clusters = np.repeat(np.arange(30) % 2, 4), np.repeat(np.arange(30), 4)
    features = np.repeat(stream.normal(size=(30, 25)), 4, axis=0)
    known = np.mean(crossed(features, classes, np.arange(120), 2, np.random.default_rng(1)) == classes)
    apart = np.mean(crossed(features, classes, clusters, 2, np.random.default_rng(1)) == classes)
    assert known > 0.9 > 0.75 > apart


def test_clusters_stay_whole_and_classes_are_spread() -> None:
    clusters = np.repeat(np.arange(50), 3)
    classes = (clusters >= 25).astype(np.int64)
    found = folds(classes, clusters, np.random.default_rng(0))
    assert all(len(np.unique(found[clusters == one])) == 1 for one in range(50))
    assert [int(np.sum(found[classes == 1] == number)) for number in range(FOLDS)] == [15] * FOLDS


def test_too_few_images() -> None:
    with pytest.raises(ValueError, match="at least 5 images"):
        crossed(np.ones((8, 1)), np.arange(8) % 2, np.arange(8) // 2, 2, np.random.default_rng(0))
