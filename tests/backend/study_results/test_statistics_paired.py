"""Paired tests."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from backend.study_results.statistics.bootstrap import Resampler
from backend.study_results.statistics.paired import paired, sign_flips, wilcoxon_p

# Darwin's maize (1876): crossed minus self-fertilized plants, in eighths of an inch.
DARWIN = np.array([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48], dtype=np.float64)


def test_fishers_permutations_of_darwins_maize() -> None:
    """Fisher, The Design of Experiments (1935), section 21: 1,726 of 32,768 arrangements."""
    p_value, test = sign_flips(DARWIN, 0)
    assert p_value == pytest.approx(1726 / 32768)
    assert test == "Sign-flip permutation test over images, all 32,768 (exact)"


def test_wilcoxon_of_darwins_maize() -> None:
    """Rank sum 24 of 15 pairs; two-sided p 0.0413, as in the documentation of ``scipy.stats.wilcoxon``."""
    assert wilcoxon_p(DARWIN) == pytest.approx(0.041259765625)


def by_enumeration(values: list[int]) -> float:
    sums = [abs(sum(sign * value for sign, value in zip(signs, values, strict=True))) for signs in _signs(len(values))]
    return sum(each >= abs(sum(values)) for each in sums) / len(sums)


def _signs(count: int) -> list[tuple[int, ...]]:
    return list(product((-1, 1), repeat=count))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-4, 4), min_size=2, max_size=7).filter(any))
def test_every_way_to_flip_is_counted(values: list[int]) -> None:
    found = sign_flips(np.array(values, dtype=np.float64), 0)[0]
    assert found == pytest.approx(min(1.0, by_enumeration(values)))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=2, max_size=7).filter(any))
def test_wilcoxon_with_ties_and_zeros_is_scipys(values: list[int]) -> None:
    wanted = stats.wilcoxon([value for value in values if value]).pvalue
    assert wilcoxon_p(np.array(values, dtype=np.float64)) == pytest.approx(wanted)


def test_random_permutations_come_near_the_exact_ones() -> None:
    values = np.random.default_rng(8).normal(0.3, 1, 40)
    p_value, test = sign_flips(values, 0)
    assert "9,999 at random" in test
    assert p_value == pytest.approx(stats.ttest_1samp(values, 0).pvalue, abs=0.02)
    assert sign_flips(values, 0) == (p_value, test)
    assert wilcoxon_p(values) == pytest.approx(stats.wilcoxon(values).pvalue)


def test_units_of_one_image_keep_together() -> None:
    """Three units of each of six images are no more than six independent things."""
    values = np.array([0.5, 1.0, 0.25, 2.0, 1.5, 0.75])
    once = paired(values, np.arange(6), Resampler(500, 0))
    thrice = paired(np.repeat(values, 3), np.repeat(np.arange(6), 3), Resampler(500, 0))
    assert once.p_value == thrice.p_value == 2 / 64
    assert once.wilcoxon_p == thrice.wilcoxon_p == 2 / 64
    assert thrice.difference[:3] == pytest.approx(once.difference[:3])


def test_turning_the_arms_around_turns_the_sign_alone() -> None:
    values, images = np.array([0.5, -1.0, 0.25, 2.0, 1.5, 0.75, 3.0]), np.array([0, 0, 1, 2, 3, 4, 5])
    one, other = (paired(each, images, Resampler(500, 0)) for each in (values, -values))
    assert one.p_value == other.p_value
    assert one.wilcoxon_p == other.wilcoxon_p
    assert one.difference.value == -other.difference.value
    assert one.difference.low == pytest.approx(-other.difference.high)


def test_what_cannot_be_tested_is_said() -> None:
    resampler = Resampler(100, 0)
    nothing = paired(np.array([]), np.array([], dtype=int), resampler)
    assert nothing.difference.value is None
    assert nothing.p_value is None
    assert nothing.note
    one = paired(np.array([1.0, 2.0]), np.array([3, 3]), resampler)
    assert one.difference.value == 1.5
    assert one.p_value is None
    assert "One image" in str(one.note)
    equal = paired(np.zeros(8), np.arange(8), resampler)
    assert equal.p_value == 1
    assert equal.wilcoxon_p is None
    assert "no difference" in str(equal.note)
    few = paired(np.array([1.0, 2.0, 3.0]), np.arange(3), resampler)
    assert few.p_value == 0.25
    assert "cannot be below 0.25" in str(few.note)
