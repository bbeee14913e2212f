"""McNemar's test and the permutation test against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from models.compare.figures import DECISION, Answers, Figures, Known
from models.compare.paired import PERMUTATIONS, mcnemar, permute


@pytest.mark.parametrize(("a", "b"), [(0, 1), (3, 3), (0, 6), (5, 14), (12, 12), (24, 0)])
def test_few_that_differ_are_tested_exactly(a: int, b: int) -> None:
    found = mcnemar(a, b)
    assert (found.method, found.statistic) == ("exact", None)
    assert found.p_value == pytest.approx(stats.binomtest(a, a + b, 0.5).pvalue)
    assert mcnemar(b, a).p_value == found.p_value


@pytest.mark.parametrize(("a", "b"), [(12, 13), (5, 20), (40, 61), (100, 100)])
def test_many_that_differ_with_continuity_correction(a: int, b: int) -> None:
    found = mcnemar(a, b)
    assert found.method == "chi-squared"
    assert found.statistic == pytest.approx(max(abs(a - b) - 1, 0) ** 2 / (a + b))
    assert found.p_value == pytest.approx(stats.chi2.sf(found.statistic, 1))
    assert found.p_value == pytest.approx(stats.binomtest(a, a + b, 0.5).pvalue, abs=0.02)


def test_none_that_differ() -> None:
    assert (mcnemar(0, 0).method, mcnemar(0, 0).p_value) == ("none", 1.0)
    with pytest.raises(ValueError, match="got -1 and 2"):
        mcnemar(-1, 2)


def test_swapping_few_is_exact() -> None:
    adds = np.array([0.3, -0.1, 0.2, 0.25, 0.0, 0.15, -0.05])
    found = permute(adds[:, None], np.arange(7), 0)[0]
    expected = stats.permutation_test(
        (adds, np.zeros(7)),
        lambda x, y, axis: (x - y).sum(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=np.inf,
    )
    assert (found.exact, found.units, found.permutations) == (True, 6, 64)
    assert found.p_value == pytest.approx(expected.pvalue)


def test_swapping_many_at_random() -> None:
    """Against the normal approximation: the sum of random signs has the variance of the sum of squares."""
    adds = np.random.default_rng(0).normal(0.1, 1, 300)
    found = permute(np.stack([adds, -adds, np.full(300, np.nan)], 1), np.arange(300), 3)
    assert found[2] is None
    assert found[0].permutations == PERMUTATIONS
    expected = 2 * stats.norm.sf(abs(adds.sum()) / np.sqrt(np.sum(adds**2)))
    assert found[0].p_value == pytest.approx(expected, abs=0.015)
    assert found[1].p_value == found[0].p_value


def test_the_difference_in_balanced_accuracy() -> None:
    """One image of a rare class weighs as much as several of a common one."""
    truth = np.array([0] * 8 + [1] * 2)
    right_a, right_b = np.array([1, 1, 1, 0, 0, 1, 1, 1, 0, 0]), np.array([1, 1, 1, 1, 1, 1, 1, 0, 1, 0])
    both = [
        Figures(Answers(np.eye(2)[np.where(right == 1, truth, 1 - truth)]), Known(truth))
        for right in (right_a, right_b)
    ]
    column = DECISION.index("bmac")
    found = permute(both[1].shares() - both[0].shares(), np.arange(10), 0)[column]
    assert found.difference == pytest.approx((7 / 8 + 1 / 2) / 2 - (6 / 8 + 0) / 2)
    adds = np.array([1 / 16, 1 / 16, -1 / 16, 1 / 4])
    signs = np.array(np.meshgrid(*[[1, -1]] * 4)).reshape(4, -1)
    assert found.p_value == pytest.approx(np.mean(np.abs(adds @ signs) >= adds.sum() - 1e-12))


def test_units_are_swapped_as_one() -> None:
    adds = np.ones((8, 1))
    assert permute(adds, np.arange(8), 0)[0].p_value == 2 / 2**8
    assert permute(adds, np.repeat([0, 1], 4), 0)[0].p_value == 1 / 2
    with pytest.raises(ValueError, match=r"got \(8, 1\), \(3,\)"):
        permute(adds, np.arange(3), 0)
