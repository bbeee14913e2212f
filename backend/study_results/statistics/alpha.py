"""Krippendorff's alpha (Krippendorff, 2019, chapter 12), with a bootstrap over images.

The value comes from the ``krippendorff`` package, which has no interval. Its resamples are computed here from the
coincidences of the images drawn, by the same definition; tests hold the two against each other. (Krippendorff's own
bootstrap draws pairs of values; it takes them as independent, which answers to one image are not.)
"""

from __future__ import annotations

from typing import Literal

import krippendorff
import numpy as np

from backend.study_results.statistics.bootstrap import Resampler, few, percentiles, ratio, sums
from backend.study_results.statistics.figure import ALL_SAME, NO_PAIRS, ONE_IMAGE, Figure, Floats, Ints, noted

Level = Literal["nominal", "ordinal"]


def counts_of(ratings: Floats, categories: int) -> Floats:
    """How many readers gave each category to each item.

    Args:
        ratings: (M, I), categories from 0, NaN: no answer.
        categories: how many there are, V.

    Returns:
        (I, V).
    """
    return np.stack([(ratings == category).sum(axis=0) for category in range(categories)], axis=1).astype(np.float64)


def alpha(ratings: Floats, images: Ints, categories: int, level: Level, resampler: Resampler) -> Figure:
    """Agreement of any number of readers beyond chance; 1: perfect, 0: as by chance.

    Args:
        ratings: (M, I), categories from 0, NaN: no answer.
        images: (I,) of each item.
        categories: how many there are, V.
        level: ordinal for ratings, nominal for choices.
        resampler: draws the images.
    """
    counts = counts_of(ratings, categories)
    paired = counts.sum(axis=1) >= 2
    if not paired.any():
        return Figure(None, note=NO_PAIRS)
    counts, images = counts[paired], images[paired]
    if np.count_nonzero(counts.sum(axis=0)) < 2:
        return Figure(None, note=ALL_SAME)
    value = float(
        krippendorff.alpha(
            value_counts=counts.astype(np.int64), value_domain=list(range(categories)), level_of_measurement=level
        )
    )
    number = np.unique(images).size
    if number < 2:
        return Figure(value, note=ONE_IMAGE)
    replicates = _nominal(counts, images, resampler) if level == "nominal" else _ordinal(counts, images, resampler)
    return noted(percentiles(value, replicates), few(number))


def _nominal(counts: Floats, images: Ints, resampler: Resampler) -> Floats:
    """(R,) alphas of resamples; only agreeing pairs and totals matter. ``counts``: (I, V), each row at least 2."""
    raters = counts.sum(axis=1)
    agreeing = (counts * (counts - 1)).sum(axis=1) / (raters - 1)
    totals = sums(np.column_stack([agreeing, counts]), images)
    drawn = resampler.weights(len(totals)) @ totals
    by_value = drawn[:, 1:]
    number = by_value.sum(axis=1)
    observed = 1 - ratio(drawn[:, 0], number)
    expected = 1 - ratio((by_value * (by_value - 1)).sum(axis=1), number * (number - 1))
    return 1 - ratio(observed, np.where(expected > 1e-12, expected, 0.0))


def _ordinal(counts: Floats, images: Ints, resampler: Resampler) -> Floats:
    """(R,) alphas of resamples. The ordinal distance of two values is that of their mean ranks in the resample."""
    categories = counts.shape[1]
    raters = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(categories)
    coincidences = (pairs / (raters - 1)[:, None, None]).reshape(len(counts), -1)
    totals = sums(coincidences, images)
    drawn = (resampler.weights(len(totals)) @ totals).reshape(-1, categories, categories)
    by_value = drawn.sum(axis=2)
    ranks = by_value.cumsum(axis=1) - by_value / 2
    distances = (ranks[:, :, None] - ranks[:, None, :]) ** 2
    observed = (drawn * distances).sum(axis=(1, 2))
    expected = np.einsum("rv,rw,rvw->r", by_value, by_value, distances)
    return 1 - ratio((by_value.sum(axis=1) - 1) * observed, np.where(expected > 1e-12, expected, 0.0))
