"""Cohen's kappa of two raters (Cohen, 1960), and with quadratic weights (Cohen, 1968).

The value comes from ``statsmodels``: fifty readers make over a thousand pairs, for which scikit-learn takes half a
minute. The interval is the large-sample one of Fleiss, Cohen and Everitt (1969), with deviations summed by image and
Student's t; the standard error of ``statsmodels`` takes all items as independent.
"""

from __future__ import annotations

import numpy as np

from backend.study_results.statistics.ac2 import agreement_weights, with_interval
from backend.study_results.statistics.figure import ALL_SAME, Figure, Floats, Ints


def kappa(one: Floats, other: Floats, images: Ints, categories: int, weighted: bool) -> Figure:
    """Agreement of two readers, or of one with themselves, beyond chance.

    Args:
        one: (I,) categories from 0, NaN: no answer.
        other: (I,) of the other one.
        images: (I,) of each item.
        categories: how many there are, V.
        weighted: with quadratic weights, for ratings; else all disagreements are alike.
    """
    both = np.isfinite(one) & np.isfinite(other)
    if not both.any():
        return Figure(None, note="No item was answered twice, so there is nothing to compare.")
    first, second = one[both].astype(np.int64), other[both].astype(np.int64)
    if np.ptp(np.concatenate([first, second])) == 0:
        return Figure(None, note=ALL_SAME)
    from statsmodels.stats.inter_rater import cohens_kappa  # noqa: PLC0415 (takes most of a second to import)

    table = np.bincount(first * categories + second, minlength=categories**2).reshape(categories, categories)
    value = cohens_kappa(table, wt="quadratic" if weighted else None, return_results=False)
    return with_interval(float(value), _deviations(first, second, categories, weighted), images[both])


def _deviations(first: Ints, second: Ints, categories: int, weighted: bool) -> Floats:
    """(N,) of Fleiss, Cohen and Everitt's equation 9: its variance is their mean square over N."""
    weights = agreement_weights(categories, "quadratic" if weighted else "identity")
    by_first = np.bincount(first, minlength=categories) / len(first)
    by_second = np.bincount(second, minlength=categories) / len(second)
    agreed = weights[first, second]
    observed, expected = agreed.mean(), float(by_first @ weights @ by_second)
    by_chance = (weights @ by_second)[first] + (by_first @ weights)[second]
    told = agreed * (1 - expected) - by_chance * (1 - observed)
    return np.asarray((told - told.mean()) / (1 - expected) ** 2)
