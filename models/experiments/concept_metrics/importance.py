"""Concept global importance metric (CGIM): does the head value an option for the classes that have it?

With V_co the share of the labelled images of class c that have option o, theta the head's weights and U_co the mean
score of o over the correctly classified images of c, for each option, over the classes:

    CGIM1_o = cos(theta_.o, V_.o)    CGIM2_o = cos(U_.o, V_.o)    CGIM3_o = cos((theta * U)_.o, V_.o)

and their mean over options. V is never negative, so with few classes a cosine is far from 0 for any theta with the
right mean; the correlation (both sides less their mean over classes) is given beside it, and a chance level: the mean
with the classes of V permuted.

Shapes: N images, C classes, O options, R resamples, P permutations.
"""

from __future__ import annotations

from itertools import permutations
from math import factorial

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
TYPES = (1, 2, 3)
MEASURES = ("cosine", "correlation")


class GlobalImportance:
    """Weights on images to CGIM.

    Args:
        weight: (C, O) theta.
        scores: (N, O).
        labels: (N, O) 1 where the option is there, 0 where not, -1 where unknown.
        classes: (N,) true class.
        predicted: (N,) class that the model predicts.
    """

    def __init__(
        self,
        weight: Array,
        scores: Array,
        labels: NDArray[np.int64],
        classes: NDArray[np.int64],
        predicted: NDArray[np.int64],
    ) -> None:
        self._weight = weight
        truth = (classes[:, None] == np.arange(len(weight))).astype(np.float64)  # (N, C)
        right = truth * (predicted == classes)[:, None]
        self._known = _crossed(truth, labels >= 0)
        self._there = _crossed(truth, labels == 1)
        self._scored = _crossed(right, scores)
        self._right = right

    def shares(self, weights: Array) -> Array:
        """V (R, C, O); NaN where no image of the class is labelled."""
        return self._shaped(_divided(weights @ self._there, weights @ self._known))

    def sides(self, weights: Array) -> dict[int, Array]:
        """What is held against V by type, (R, C, O); NaN where no image of the class is classified correctly."""
        counts = np.repeat(weights @ self._right, self._weight.shape[1], axis=1)
        scored = self._shaped(_divided(weights @ self._scored, counts))
        theta = np.broadcast_to(self._weight, scored.shape)
        return {1: theta, 2: scored, 3: theta * scored}

    def __call__(self, weights: Array) -> Array:
        """(R, 6 O + 6): by type and measure every option, then by type and measure the mean over options."""
        shares, sides = self.shares(weights), self.sides(weights)
        each = [likeness(sides[kind], shares, measure) for kind in TYPES for measure in MEASURES]
        means = np.stack([mean_known(values) for values in each], 1)
        return np.concatenate([*each, means], 1)

    def chance(self, count: int, generator: np.random.Generator) -> dict[tuple[int, str], tuple[float, float]]:
        """By type and measure: the mean over permutations of the classes of V, and the share of them that reach it.

        The share is (1 + number of permutations that reach the value) / (1 + permutations), where they are drawn; of
        all of them, where there are no more than ``count``, the identity among them.
        """
        ones = np.ones((1, len(self._right)))
        shares, sides = self.shares(ones), self.sides(ones)
        orders, drawn = class_orders(len(self._weight), count, generator)
        found = {}
        for kind in TYPES:
            for measure in MEASURES:
                own = mean_known(likeness(sides[kind], shares, measure))[0]
                permuted = shares[0][orders]  # (P, C, O)
                values = mean_known(likeness(np.broadcast_to(sides[kind], permuted.shape), permuted, measure))
                reached = int(np.sum(values >= own - 1e-12))
                p = (1 + reached) / (1 + len(orders)) if drawn else reached / len(orders)
                found[kind, measure] = (float(np.nanmean(values)) if not np.isnan(values).all() else np.nan, p)
        return found

    def _shaped(self, values: Array) -> Array:
        return values.reshape(len(values), *self._weight.shape)


def class_orders(classes: int, count: int, generator: np.random.Generator) -> tuple[NDArray[np.int64], bool]:
    """(P, C) permutations of the classes, and whether they are drawn rather than all there are."""
    if factorial(classes) <= count:
        return np.array(list(permutations(range(classes))), np.int64), False
    return np.stack([generator.permutation(classes) for _ in range(count)]).astype(np.int64), True


def likeness(one: Array, other: Array, measure: str) -> Array:
    """(R, O) cosine or correlation over the classes of (R, C, O); NaN where a side is 0 or only one class is known."""
    known = ~np.isnan(one) & ~np.isnan(other)
    count = known.sum(1)
    left, right = np.where(known, one, 0.0), np.where(known, other, 0.0)
    if measure == "correlation":
        left = np.where(known, left - _divided(left.sum(1), count)[:, None], 0.0)
        right = np.where(known, right - _divided(right.sum(1), count)[:, None], 0.0)
    size = np.sqrt((left**2).sum(1) * (right**2).sum(1))
    found: Array = np.divide((left * right).sum(1), size, out=np.full(size.shape, np.nan), where=size > 1e-12)
    return np.where(count > 1, found, np.nan)


def mean_known(values: Array) -> Array:
    """(R,) mean over options (R, O) where defined."""
    return _divided(np.nansum(values, 1), (~np.isnan(values)).sum(1))


def _crossed(truth: Array, values: NDArray[np.generic]) -> Array:
    """(N, C O) class by option."""
    product: Array = truth[:, :, None] * values[:, None, :].astype(np.float64)
    return product.reshape(len(truth), -1)


def _divided(values: Array, counts: NDArray[np.float64] | NDArray[np.int64]) -> Array:
    result: Array = np.divide(values, counts, out=np.full(values.shape, np.nan), where=counts > 0)
    return result
