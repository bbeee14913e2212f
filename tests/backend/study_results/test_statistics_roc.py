"""The area under the ROC curve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from backend.study_results.statistics.bootstrap import Resampler
from backend.study_results.statistics.roc import auc, over_readers


def test_area_of_hanley_and_mcneil() -> None:
    """Hanley and McNeil (1982), table I: 58 normal and 51 abnormal CT images, rated from 1 to 5; area 0.893."""
    normal, abnormal = [33, 6, 6, 11, 2], [3, 2, 2, 11, 33]
    scores = np.concatenate([np.repeat(np.arange(1.0, 6), counts) for counts in (normal, abnormal)])
    positive = np.repeat([False, True], [58, 51])
    assert auc(scores, positive)[0] == pytest.approx(0.893, abs=5e-4)


def test_by_hand() -> None:
    """Positives 3 and 1, negatives 1 and 0: of four pairs three are won and one is a tie."""
    found = auc(np.array([3.0, 1, 1, 0]), np.array([True, True, False, False]))
    assert found.tolist() == [3.5 / 4]


@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=2, max_size=30))
def test_it_is_that_of_scikit_learn_and_of_mann_and_whitney(cases: list[tuple[int, bool]]) -> None:
    scores = np.array([score for score, _ in cases], dtype=np.float64)
    positive = np.array([is_positive for _, is_positive in cases])
    found = auc(scores, positive)[0]
    if positive.all() or not positive.any():
        assert np.isnan(found)
        return
    assert found == pytest.approx(roc_auc_score(positive, scores))
    statistic = stats.mannwhitneyu(scores[positive], scores[~positive]).statistic
    assert found == pytest.approx(statistic / (positive.sum() * (~positive).sum()))
    assert auc(-scores, positive)[0] == pytest.approx(1 - found)


def test_weights_repeat_images() -> None:
    random = np.random.default_rng(0)
    scores, positive = random.integers(-3, 4, 12).astype(np.float64), random.random(12) < 0.5
    weights = Resampler(30, 0).weights(12)
    for drawn, found in zip(weights, auc(scores, positive, weights), strict=True):
        counts = drawn.astype(int)
        wanted = auc(np.repeat(scores, counts), np.repeat(positive, counts))[0]
        assert found == pytest.approx(wanted, nan_ok=True)


def test_nothing_has_no_area() -> None:
    assert np.isnan(auc(np.array([]), np.array([], dtype=bool))).all()
    assert np.isnan(auc(np.array([]), np.array([], dtype=bool), np.zeros((3, 0)))).all()


def test_means_over_drawn_readers() -> None:
    by_reader = np.array([[0.5, 1.0], [0.5, np.nan], [np.nan, np.nan]])
    readers = np.array([[2.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    found = over_readers(by_reader, readers)
    assert found[:2].tolist() == [0.5, 0.5]
    assert np.isnan(found[2])
