"""Counts and Cohen's kappa."""

from __future__ import annotations

import math
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, confusion_matrix

from backend.agreement.statistics import Confusion, Hits


def confusion_of(pairs: list[tuple[int, int]], size: int = 4) -> Confusion:
    found = Confusion(size)
    for person, model in pairs:
        found.add(person, model)
    return found


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60))
def test_as_scikit_learn_computes_it(pairs: list[tuple[int, int]]) -> None:
    found = confusion_of(pairs)
    people, models = zip(*pairs, strict=True)
    assert found.table == confusion_matrix(people, models, labels=range(4)).tolist()
    assert found.labelled == len(pairs)
    assert found.rate == sum(a == b for a, b in pairs) / len(pairs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = cohen_kappa_score(people, models, labels=list(range(4)))
    if math.isnan(wanted):
        assert found.kappa is None
    else:
        assert found.kappa == pytest.approx(wanted, abs=1e-12)


def test_by_hand() -> None:
    """The textbook's table: 20 and 15 agreed, 5 and 10 not: observed 0.7, expected 0.5."""
    found = confusion_of([(0, 0)] * 20 + [(0, 1)] * 5 + [(1, 0)] * 10 + [(1, 1)] * 15, 2)
    assert found.rate == 0.7
    assert found.kappa == pytest.approx(0.4)


def test_undefined() -> None:
    assert (confusion_of([]).rate, confusion_of([]).kappa) == (None, None)
    always_the_same = confusion_of([(2, 2)] * 7)
    assert (always_the_same.rate, always_the_same.kappa) == (1.0, None)
    assert confusion_of([(0, 1)] * 7).kappa == 0.0  # they never agree, and could not have by chance
    assert Hits().told() == {"labelled": 0, "before": None, "after": None}
