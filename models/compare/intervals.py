"""Intervals: Wilson's for a share, the bootstrap's percentile and BCa for anything that can be resampled.

Shapes: R resamples, U units that are left out in turn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

Array = NDArray[np.float64]

LEVEL = 0.95
_Z = float(norm.ppf(0.5 + LEVEL / 2))
# Resamples in which a figure is undefined (a class was not drawn) are left out; with fewer than this share of them
# defined there is no interval.
_DEFINED = 0.5
# Differences below this are rounding, not a difference.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Bounds:
    """A 95 % interval."""

    low: float
    high: float


def wilson(count: int, of: int) -> Bounds | None:
    """Wilson's score interval of a share; None of nothing.

    ``(p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)``

    Raises:
        ValueError: unless 0 ≤ count ≤ of.
    """
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is no share")
    if of == 0:
        return None
    share, spread = count / of, _Z * _Z / of
    middle = share + spread / 2
    half = _Z * float(np.sqrt(share * (1 - share) / of + spread / (4 * of)))
    low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
    return Bounds(0.0 if count == 0 else max(low, 0.0), 1.0 if count == of else min(high, 1.0))


def percentile(values: Array) -> Bounds | None:
    """The percentile interval of resampled values (R,); None where too few of them are defined."""
    defined = _defined(values)
    if defined is None:
        return None
    tail = 50 * (1 - LEVEL)
    low, high = np.percentile(defined, (tail, 100 - tail))
    return Bounds(float(low), float(high))


def bca(estimate: float, values: Array, left_out: Array) -> Bounds | None:
    """The bias-corrected and accelerated interval (Efron 1987).

    Its ends are the quantiles ``Φ(z₀ + (z₀ ± z) / (1 − a (z₀ ± z)))`` of the resampled values: ``z₀`` from the share of
    them below the estimate (of those equal to it, half), ``a`` from the skewness of the jackknife values.

    Args:
        estimate: of the images themselves.
        values: (R,) resampled.
        left_out: (U,) with each unit left out in turn.

    Returns:
        The interval; None where all resamples lie on one side of the estimate or too few are defined.
    """
    defined = _defined(values)
    if defined is None or np.isnan(estimate):
        return None
    if np.all(np.abs(defined - estimate) <= ROUNDING):
        return Bounds(estimate, estimate)
    equal = np.abs(defined - estimate) <= ROUNDING
    below = float(np.mean((defined < estimate) & ~equal) + np.mean(equal) / 2)
    if not 0 < below < 1:
        return None
    bias, acceleration = float(norm.ppf(below)), _acceleration(left_out)
    ends = []
    for z in (bias - _Z, bias + _Z):
        if 1 - acceleration * z <= 0:
            return None
        ends.append(100 * float(norm.cdf(bias + z / (1 - acceleration * z))))
    low, high = np.percentile(defined, ends)
    return Bounds(float(low), float(high))


def _acceleration(left_out: Array) -> float:
    known = left_out[~np.isnan(left_out)]
    off = known.mean() - known if len(known) else known
    spread = float(np.sum(off**2))
    return float(np.sum(off**3)) / (6 * spread**1.5) if spread > ROUNDING**2 else 0.0


def _defined(values: Array) -> Array | None:
    defined: Array = values[~np.isnan(values)]
    return defined if len(defined) >= max(1.0, _DEFINED * len(values)) else None
