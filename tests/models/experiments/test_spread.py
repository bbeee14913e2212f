"""Mean and standard deviation over seeds, intervals over images."""

from __future__ import annotations

import numpy as np
import pytest

from models.experiments.spread import Estimate, Spread, estimates, mean_estimate


def test_of_several_seeds() -> None:
    found = Spread.of([0.8, 0.9, 1.0])
    assert [found.mean, found.sd, found.n] == pytest.approx([0.9, 0.1, 3])
    assert found.text() == "90.00 ± 10.00"


def test_of_one_seed_there_is_no_deviation() -> None:
    assert Spread.of([0.8]).text() == "80.00"


def test_undefined_values_do_not_count() -> None:
    assert Spread.of([0.5, None, float("nan")]) == Spread(0.5, None, 1)
    assert Spread.of([None]) == Spread(None, None, 0)
    assert Spread.of([]).text() == "–"


def test_the_interval_of_a_mean_is_about_two_standard_errors() -> None:
    values = np.random.default_rng(1).normal(0.3, 1.0, 400)
    found = mean_estimate(values, np.arange(400), 2000, 0)
    error = values.std(ddof=1) / 20
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.02)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.02)
    assert found.n == 400


def test_copies_are_drawn_together() -> None:
    values = np.tile(np.random.default_rng(1).normal(0.0, 1.0, 20), 20)
    apart = mean_estimate(values, np.arange(400), 500, 0)
    together = mean_estimate(values, np.tile(np.arange(20), 20), 500, 0)
    assert apart.low is not None
    assert apart.high is not None
    assert together.low is not None
    assert together.high is not None
    assert together.high - together.low > 3 * (apart.high - apart.low)


def test_images_of_which_nothing_is_known() -> None:
    values = np.array([1.0, np.nan, 0.0, np.nan])
    assert mean_estimate(values, np.arange(4), 100, 0).n == 2
    assert mean_estimate(values, np.arange(4), 100, 0).value == 0.5
    assert mean_estimate(np.full(3, np.nan), np.arange(3), 100, 0) == Estimate(None, None, None, 0)


def test_a_figure_that_is_undefined_has_no_interval() -> None:
    found = estimates(lambda weights: np.full((len(weights), 1), np.nan), np.arange(5), [5], 100, 0)
    assert found == [Estimate(None, None, None, 5)]
    assert found[0].text() == "–"
