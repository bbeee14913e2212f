"""Wilson's interval, and the bootstrap over images."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from backend.study_results.statistics import bootstrap
from backend.study_results.statistics.bootstrap import Resampler, mean, percentiles
from backend.study_results.statistics.proportion import wilson


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_of_newcombe(hits: int, of: int, low: float, high: float) -> None:
    """Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3."""
    found = wilson(hits, of)
    assert found.value == hits / of
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_wilson_holds_its_share(counts: tuple[int, int]) -> None:
    found = wilson(*counts)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_no_answers_have_no_share() -> None:
    assert wilson(0, 0).value is None
    assert wilson(0, 0).note


def test_bootstrap_is_that_of_scipy_where_images_have_one_answer() -> None:
    values = np.random.default_rng(0).integers(1, 6, 40).astype(np.float64)
    found = mean(values, np.arange(40), Resampler(20_000, 0))
    wanted = stats.bootstrap((values,), np.mean, method="percentile", n_resamples=20_000, rng=1).confidence_interval
    assert found.value == values.mean()
    assert found.low == pytest.approx(wanted.low, abs=0.03)
    assert found.high == pytest.approx(wanted.high, abs=0.03)


def test_bootstrap_by_hand() -> None:
    """Three images of two, one and one answers: each resample is the mean of the answers to the images drawn."""
    values, images = np.array([1.0, 3, 5, 2]), np.array([7, 7, 8, 9])
    resampler = Resampler(50, 4)
    sums, counts = np.array([4.0, 5, 2]), np.array([2, 1, 1])
    for weights, replicate in zip(
        resampler.weights(3), bootstrap.mean_replicates(values, images, resampler), strict=True
    ):
        assert weights.sum() == 3
        assert replicate == pytest.approx((weights * sums).sum() / (weights * counts).sum())


def test_answers_of_more_readers_are_no_more_images() -> None:
    values = np.random.default_rng(1).integers(1, 6, 20).astype(np.float64)
    once = mean(values, np.arange(20), Resampler(2000, 0))
    often = mean(np.tile(values, 10), np.tile(np.arange(20), 10), Resampler(2000, 0))
    assert often[:3] == pytest.approx(once[:3])


def test_the_same_seed_draws_the_same_in_any_order() -> None:
    one, other = Resampler(10, 3), Resampler(10, 3)
    other.weights(99)
    assert np.array_equal(one.weights(7), other.weights(7))
    assert not np.array_equal(one.weights(7), one.weights(7, stream=1))
    assert not np.array_equal(one.weights(7), Resampler(10, 4).weights(7))


def test_draws_stay_the_same_when_many_sizes_are_asked_for() -> None:
    resampler = Resampler(5, 0)
    first = resampler.weights(4).copy()
    for count in range(5, 60):
        resampler.weights(count)
    assert np.array_equal(resampler.weights(4), first)


def test_no_interval_without_spread() -> None:
    resampler = Resampler(100, 0)
    equal = mean(np.full(9, 4.0), np.arange(9), resampler)
    assert equal[:3] == (4.0, None, None)
    assert "equal" in str(equal.note)
    alone = mean(np.array([2.0, 4.0]), np.array([3, 3]), resampler)
    assert alone[:3] == (3.0, None, None)
    assert "one image" in str(alone.note)
    assert mean(np.array([]), np.array([], dtype=int), resampler).value is None
    few = mean(np.array([2.0, 4.0, 5.0]), np.arange(3), resampler)
    assert few.low is not None
    assert "Only 3 images" in str(few.note)


def test_undefined_resamples_are_told() -> None:
    replicates = np.concatenate([np.full(20, np.nan), np.linspace(0, 1, 80)])
    found = percentiles(0.5, replicates)
    assert found.low == pytest.approx(0.025)
    assert found.high == pytest.approx(0.975)
    assert "20 % of the resamples" in str(found.note)
    assert percentiles(0.5, np.full(5, np.nan))[:3] == (0.5, None, None)
