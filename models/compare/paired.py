"""Tests of two models on the same images: McNemar's, and swapping the models unit by unit.

Shapes: N images, F figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import comb, erfc, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EXACT_BELOW = 25
PERMUTATIONS = 10_000
_ENUMERATED = 12  # units that differ, up to which all 2^n ways are gone through
_CHUNK = 500
_EQUAL = 1e-12


@dataclass(frozen=True)
class McNemarTest:
    """McNemar's test of whether the two are right equally often.

    Attributes:
        only_a: images that A alone has right.
        only_b: images that B alone has right.
        method: "exact" (binomial) below 25 such images, else "chi-squared" with Edwards' continuity correction;
            "none" where there are none.
        statistic: chi-squared with one degree of freedom; None if exact.
        p_value: two-sided.
    """

    only_a: int
    only_b: int
    method: Literal["exact", "chi-squared", "none"]
    statistic: float | None
    p_value: float


@dataclass(frozen=True)
class PermutationTest:
    """Swapping A and B at random, unit by unit: how often the difference is at least as large either way.

    Attributes:
        difference: B − A.
        units: units that add anything to it.
        permutations: how many were looked at.
        exact: whether these are all there are.
        p_value: two-sided; with a random choice (count + 1) / (permutations + 1).
    """

    difference: float
    units: int
    permutations: int
    exact: bool
    p_value: float


def mcnemar(only_a: int, only_b: int) -> McNemarTest:
    """The test, from the numbers of images that one of the two alone has right.

    Exact: ``min(1, 2 Σ_{k ≤ min} C(n, k) / 2ⁿ)``; else ``χ² = (|a − b| − 1)² / (a + b)``.

    Raises:
        ValueError: if a number is negative.
    """
    if min(only_a, only_b) < 0:
        raise ValueError(f"expected numbers of images, got {only_a} and {only_b}")
    count = only_a + only_b
    if count == 0:
        return McNemarTest(0, 0, "none", None, 1.0)
    if count < EXACT_BELOW:
        tail = sum(comb(count, k) for k in range(min(only_a, only_b) + 1))
        return McNemarTest(only_a, only_b, "exact", None, min(1.0, 2 * tail / 2**count))
    statistic = max(abs(only_a - only_b) - 1, 0) ** 2 / count
    return McNemarTest(only_a, only_b, "chi-squared", statistic, erfc(sqrt(statistic / 2)))


def permute(
    added: Array, clusters: NDArray[np.int64], seed: int, permutations: int = PERMUTATIONS
) -> list[PermutationTest | None]:
    """The test of differences that are sums over images, such as those of accuracies, of Brier scores.

    Swapping a unit changes the sign of what it adds. The same swaps are used for all figures, unless so few units add
    anything to one that all can be gone through.

    Args:
        added: (N, F) what each image adds to B − A; a column of NaN is no such sum and has no test.
        clusters: (N,) equal for images that are swapped together.
        seed: of the random swaps.
        permutations: looked at where there are too many units to try all.

    Returns:
        F tests, None where there is none.

    Raises:
        ValueError: if there is no image, or the clusters are of another number of images.
    """
    if added.ndim != 2 or len(added) == 0 or clusters.shape != (len(added),):
        raise ValueError(
            f"expected (N, F) of at least one image and clusters (N,), got {added.shape}, {clusters.shape}"
        )
    unit = np.unique(clusters, return_inverse=True)[1].reshape(-1)
    adds = np.zeros((unit.max() + 1, added.shape[1]))
    np.add.at(adds, unit, added)
    adds[np.abs(adds) <= _EQUAL] = 0.0
    found, units = adds.sum(0), np.count_nonzero(adds, axis=0)
    random = np.flatnonzero(~np.isnan(found) & (units > _ENUMERATED))
    generator, larger = np.random.default_rng(seed), np.zeros(len(found))
    for begin in range(0, permutations if len(random) else 0, _CHUNK):
        signs = 1.0 - 2.0 * generator.integers(0, 2, (min(_CHUNK, permutations - begin), len(adds)))
        larger[random] += np.sum(np.abs(signs @ adds[:, random]) >= np.abs(found[random]) - _EQUAL, axis=0)
    return [
        None
        if np.isnan(found[place])
        else PermutationTest(
            float(found[place]),
            int(units[place]),
            permutations,
            exact=False,
            p_value=float((larger[place] + 1) / (permutations + 1)),
        )
        if units[place] > _ENUMERATED
        else _all_swaps(adds[:, place])
        for place in range(len(found))
    ]


def _all_swaps(adds: Array) -> PermutationTest:
    adding = adds[adds != 0]
    signs = np.array(list(product((1.0, -1.0), repeat=len(adding)))).reshape(2 ** len(adding), len(adding))
    found = float(adding.sum())
    share = float(np.mean(np.abs(signs @ adding) >= abs(found) - _EQUAL))
    return PermutationTest(found, len(adding), len(signs), exact=True, p_value=share)
