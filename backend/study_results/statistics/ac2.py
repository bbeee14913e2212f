"""Gwet's AC2 (Gwet, Handbook of Inter-Rater Reliability, 4th edition, 2014, chapters 3, 5 and 6).

Written here because ``irrCAC``, the author's package, does not go with numpy 2. It gives the same coefficient, standard
error and interval to the last digit where each image has one item; tests hold its figures.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np

from backend.study_results.statistics.alpha import counts_of
from backend.study_results.statistics.bootstrap import few, sums
from backend.study_results.statistics.figure import NO_PAIRS, ONE_IMAGE, Figure, Floats, Ints, figure

Weighting = Literal["identity", "quadratic", "ordinal"]


def agreement_weights(categories: int, weighting: Weighting) -> Floats:
    """(V, V) how far two categories agree, 1 on the diagonal (Gwet, 2014, section 3.5)."""
    places = np.arange(categories)
    apart = np.abs(places[:, None] - places[None, :])
    if weighting == "identity":
        return np.eye(categories)
    if weighting == "quadratic":
        return np.asarray(1.0 - (apart / max(categories - 1, 1)) ** 2)
    distances = apart * (apart + 1) / 2
    return np.asarray(1.0 - distances / max(float(distances.max(initial=0)), 1.0))


def ac2(ratings: Floats, images: Ints, categories: int, weighting: Weighting = "quadratic") -> Figure:
    """Agreement of any number of readers that does not collapse when nearly all answers are the same.

    The interval is Gwet's, from his variance and Student's t; deviations are summed by image first, so that several
    items of one image do not count as independent.

    Args:
        ratings: (M, I), categories from 0, NaN: no answer.
        images: (I,) of each item.
        categories: how many there could be, V; also those that nobody chose.
        weighting: how near two categories are.
    """
    counts = counts_of(ratings, categories)
    answered = counts.sum(axis=1) >= 1
    counts, images = counts[answered], images[answered]
    raters = counts.sum(axis=1)
    paired = raters >= 2
    if not paired.any():
        return Figure(None, note=NO_PAIRS)
    if categories < 2:
        return Figure(None, note="There is one possible answer only, so there is nothing to agree on.")
    weights = agreement_weights(categories, weighting)
    pairs = np.maximum(raters * (raters - 1), 1)
    agreed = (counts * (counts @ weights - 1)).sum(axis=1) / pairs
    observed = agreed[paired].mean()
    shares = (counts / raters[:, None]).mean(axis=0)
    scale = weights.sum() / (categories * (categories - 1))
    expected = float(scale * (shares * (1 - shares)).sum())
    if 1 - expected < 1e-12:  # both categories of two equally often, each near enough to the other
        return Figure(None, note="Chance alone would explain all agreement, so it cannot be corrected for.")
    value = float((observed - expected) / (1 - expected))
    by_item = (len(counts) / paired.sum()) * (agreed - expected * paired) / (1 - expected)
    by_chance = scale * (counts @ (1 - shares)) / raters
    deviations = by_item - 2 * (1 - value) * (by_chance - expected) / (1 - expected) - value
    return with_interval(value, deviations, images)


def with_interval(value: float, deviations: Floats, images: Ints) -> Figure:
    """A coefficient of agreement with its interval by linearization, at most from -1 to 1.

    Args:
        value: of it.
        deviations: (N,) how far each item moves it, times N; their mean is 0.
        images: (N,) of each; deviations within one are summed first.
    """
    by_image = sums(deviations, images)
    number = len(by_image)
    if number < 2:
        return Figure(value, note=ONE_IMAGE)
    error = np.sqrt(number / (number - 1) * (by_image**2).sum()) / len(deviations)
    if error < 1e-12:
        return Figure(value, note="There is no interval: all items agree alike. More items would help.")
    reach = _t(number - 1) * float(error)
    return figure(value, max(value - reach, -1.0), min(value + reach, 1.0), few(number))


@cache
def _t(freedom: int) -> float:
    """97.5 % point of Student's t."""
    from scipy.stats import t  # noqa: PLC0415 (takes most of a second to import)

    return float(t.ppf(0.975, freedom))
