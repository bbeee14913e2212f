"""Intervals against scipy, and where they cannot be formed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from models.compare.intervals import Bounds, bca, percentile, wilson
from models.compare.resampling import Units, bootstrap, jackknife


@pytest.mark.parametrize(("count", "of"), [(0, 5), (5, 5), (3, 7), (97, 120), (1, 1)])
def test_wilson(count: int, of: int) -> None:
    expected = stats.binomtest(count, of).proportion_ci(method="wilson")
    found = wilson(count, of)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_wilson_of_nothing() -> None:
    assert wilson(0, 0) is None
    with pytest.raises(ValueError, match="5 of 4"):
        wilson(5, 4)


def test_percentile_and_bca_are_those_of_scipy() -> None:
    """A skewed mean, where the two differ."""
    values = np.random.default_rng(1).exponential(size=40)
    units = Units.of(np.arange(40))

    def mean(weights: np.ndarray) -> np.ndarray:
        means: np.ndarray = weights @ values / weights.sum(1)
        return means[:, None]

    drawn, left = bootstrap(mean, units, 20_000, 0)[:, 0], jackknife(mean, units)[:, 0]
    for method, found in (("percentile", percentile(drawn)), ("BCa", bca(values.mean(), drawn, left))):
        expected = stats.bootstrap(
            (values,), np.mean, n_resamples=20_000, method=method, rng=np.random.default_rng(2)
        ).confidence_interval
        assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.02)
    np.testing.assert_allclose(left, [(values.sum() - value) / 39 for value in values])


def test_no_difference_is_an_interval_of_nothing() -> None:
    assert percentile(np.zeros(200)) == Bounds(0.0, 0.0)
    assert bca(0.0, np.zeros(200), np.zeros(9)) == Bounds(0.0, 0.0)


def test_where_there_is_no_interval() -> None:
    mostly = np.where(np.arange(200) < 120, np.nan, 1.0)
    assert percentile(mostly) is None
    assert bca(1.0, mostly, np.ones(9)) is None
    assert bca(2.0, np.linspace(0, 1, 200), np.ones(9)) is None
    assert bca(np.nan, np.linspace(0, 1, 200), np.ones(9)) is None
    few = np.where(np.arange(200) < 80, np.nan, np.linspace(0, 1, 200))
    assert percentile(few) is not None
