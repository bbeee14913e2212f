"""Resampling whole units, and whether the interval covers as often as it says."""

from __future__ import annotations

import numpy as np
import pytest

from models.compare.figures import DECISION, Answers, Figures, Known
from models.compare.intervals import percentile
from models.compare.resampling import Units, bootstrap

BMAC = DECISION.index("bmac")


def weights_of(units: Units, resamples: int = 250, seed: int = 0) -> np.ndarray:
    return np.concatenate(list(units.draws(resamples, seed)))


def test_images_are_drawn_with_replacement() -> None:
    drawn = weights_of(Units.of(np.arange(50)))
    assert drawn.shape == (250, 50)
    assert set(drawn.sum(1)) == {50.0}
    assert drawn.mean() == pytest.approx(1.0)
    assert np.array_equal(drawn, weights_of(Units.of(np.arange(50))))
    assert not np.array_equal(drawn, weights_of(Units.of(np.arange(50)), seed=1))


def test_what_belongs_together_is_drawn_together() -> None:
    clusters = np.array([7, 7, 7, 2, 2, 5])
    drawn = weights_of(Units.of(clusters))
    for cluster in (7, 2):
        own = drawn[:, clusters == cluster]
        assert (own == own[:, :1]).all()
    assert set(drawn[:, [0, 3, 5]].sum(1)) == {3.0}


def test_by_class() -> None:
    classes = np.array([0] * 20 + [1] * 5 + [2])
    drawn = weights_of(Units.of(np.arange(26), classes))
    for label, count in ((0, 20), (1, 5), (2, 1)):
        assert set(drawn[:, classes == label].sum(1)) == {float(count)}


def test_a_unit_counts_to_the_class_of_most_of_its_images() -> None:
    units = Units.of(np.array([0, 0, 0, 1]), np.array([1, 2, 2, 1]))
    assert units.strata[0] != units.strata[1]


def test_each_unit_is_left_out_once() -> None:
    units = Units.of(np.array([3, 3, 1]))
    assert np.concatenate(list(units.without_one())).tolist() == [[1, 1, 0], [0, 0, 1]]


def test_units_that_fit_no_images() -> None:
    with pytest.raises(ValueError, match="at least one image"):
        Units.of(np.array([], np.int64))
    with pytest.raises(ValueError, match=r"expected classes \(2,\)"):
        Units.of(np.array([1, 2]), np.array([1]))


def answers(truth: np.ndarray, right: np.ndarray) -> Answers:
    """Predicts the truth where ``right``, else the next class."""
    logits = np.zeros((len(truth), 3))
    logits[np.arange(len(truth)), np.where(right, truth, (truth + 1) % 3)] = 2.0
    return Answers(logits)


def coverage(size: int, clustered: bool, *, simulations: int = 250) -> float:
    """How often the interval of B − A in balanced accuracy has the true difference, 0.1, in it.

    A is right in 70 %, B in 80 % of 160 images, and they err on the same images more often than by chance. Images of
    a unit are all right or all wrong.

    Args:
        size: images in a unit.
        clustered: whether the bootstrap knows the units.
        simulations: data sets.
    """
    generator, covered = np.random.default_rng(11), 0
    for simulation in range(simulations):
        units = 160 // size
        truth = np.repeat(generator.choice(3, units, p=(0.5, 0.3, 0.2)), size)
        hardness, own = np.repeat(generator.random(units), size), np.repeat(generator.random(units), size)
        right_a = hardness < 0.7
        right_b = np.where(own < 0.3, hardness < 0.8, np.repeat(generator.random(units), size) < 0.8)
        known = Known(truth)
        both = [Figures(answers(truth, right), known) for right in (right_a, right_b)]

        def difference(weights: np.ndarray, both: list[Figures] = both) -> np.ndarray:
            return both[1](weights) - both[0](weights)

        clusters = np.repeat(np.arange(units), size) if clustered else np.arange(len(truth))
        found = percentile(bootstrap(difference, Units.of(clusters), 200, simulation)[:, BMAC])
        covered += found.low <= 0.1 <= found.high
    return covered / simulations


def test_the_interval_covers_as_often_as_it_says() -> None:
    assert 0.90 <= coverage(1, clustered=False) <= 0.98


def test_units_are_needed_where_images_belong_together() -> None:
    """In units of four, an interval over images is half as wide as it should be."""
    assert coverage(4, clustered=True, simulations=150) >= 0.87
    assert coverage(4, clustered=False, simulations=150) <= 0.80
