"""Mean and standard deviation over seeds, and bootstrap intervals over images.

Shapes: N images, R resamples, F figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.compare.intervals import percentile
from models.compare.resampling import Units, bootstrap

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """A figure over repetitions.

    Attributes:
        mean: of those that are defined; None without any.
        sd: sample standard deviation (n - 1); None of fewer than two.
        n: how many are defined.
    """

    mean: float | None
    sd: float | None
    n: int

    @classmethod
    def of(cls, values: Sequence[float | None]) -> Spread:
        """Of values, None or NaN where undefined."""
        known = [float(value) for value in values if value is not None and not np.isnan(value)]
        mean = float(np.mean(known)) if known else None
        return cls(mean, float(np.std(known, ddof=1)) if len(known) > 1 else None, len(known))

    def text(self, scale: float = 100.0, digits: int = 2) -> str:
        """Such as "86.22 ± 0.41" (percent); without the second part for a single value."""
        if self.mean is None:
            return "–"
        own = f"{scale * self.mean:.{digits}f}"
        return own if self.sd is None else f"{own} ± {scale * self.sd:.{digits}f}"

    def to_json(self) -> dict[str, Any]:
        """Mean, sd and n."""
        return {"mean": self.mean, "sd": self.sd, "n": self.n}


@dataclass(frozen=True)
class Estimate:
    """A figure of some images with its 95 % bootstrap interval, percentile, over images (or clusters of them).

    Attributes:
        value: None where undefined.
        low: lower end; None without an interval.
        high: upper end.
        n: images behind it.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int

    def to_json(self) -> dict[str, Any]:
        """Value, low, high and n."""
        return {"value": self.value, "low": self.low, "high": self.high, "n": self.n}

    def text(self, form: str = ".3f") -> str:
        """Such as "0.815 (0.731 to 0.894)"."""
        if self.value is None:
            return "–"
        own = format(self.value, form)
        return own if self.low is None or self.high is None else f"{own} ({self.low:{form}} to {self.high:{form}})"


def estimates(
    evaluate: Callable[[Array], Array], clusters: NDArray[np.int64], counts: Sequence[int], resamples: int, seed: int
) -> list[Estimate]:
    """Figures with their intervals.

    Args:
        evaluate: weights (R, N), how often each image counts, to figures (R, F); NaN where undefined.
        clusters: (N,) equal for images that are drawn together.
        counts: (F,) images behind each figure.
        resamples: R.
        seed: of the draws.

    Returns:
        F estimates.
    """
    values = evaluate(np.ones((1, len(clusters))))[0]
    drawn = bootstrap(evaluate, Units.of(clusters), resamples, seed)
    return [estimate(float(values[place]), drawn[:, place], count) for place, count in enumerate(counts)]


def estimate(value: float, drawn: Array, count: int) -> Estimate:
    """A figure, NaN where undefined, with the percentile interval of its resamples (R,)."""
    if np.isnan(value):
        return Estimate(None, None, None, int(count))
    bounds = percentile(drawn)
    low, high = (None, None) if bounds is None else (bounds.low, bounds.high)
    return Estimate(float(value), low, high, int(count))


def mean_estimate(values: Array, clusters: NDArray[np.int64], resamples: int, seed: int) -> Estimate:
    """The mean of values (N,), NaN for images that do not count, with its interval."""
    known = ~np.isnan(values)
    if not known.any():
        return Estimate(None, None, None, 0)
    own = np.where(known, values, 0.0)

    def evaluate(weights: Array) -> Array:
        total = weights @ known.astype(np.float64)
        result: Array = np.divide(weights @ own, total, out=np.full(len(weights), np.nan), where=total > 0)[:, None]
        return result

    return estimates(evaluate, clusters, [int(known.sum())], resamples, seed)[0]
