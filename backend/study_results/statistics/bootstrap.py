"""The bootstrap over images (Efron and Tibshirani, 1993, chapters 6 and 13).

Answers to one image are not independent of each other: several readers give them, and several concepts of an image may
be asked about. So images are drawn with replacement, each with all that was answered to it (a cluster bootstrap), and
intervals are percentiles. A statistic that is made of sums over images needs no loop: it is the matrix of how often
each image was drawn, times the sums.
"""

from __future__ import annotations

from collections import OrderedDict

import numpy as np

from backend.study_results.statistics.figure import FEW_IMAGES, ONE_IMAGE, Figure, Floats, Ints, figure, noted

_KEPT = 12
_RARELY = 0.05


class Resampler:
    """Draws; the same for the same seed, however often and in whatever order it is asked.

    Args:
        resamples: how many, R.
        seed: of the draws.
    """

    def __init__(self, resamples: int, seed: int) -> None:
        self.resamples = resamples
        self.seed = seed
        self._drawn: OrderedDict[tuple[int, int], Floats] = OrderedDict()

    def weights(self, count: int, stream: int = 0) -> Floats:
        """How often each of some things is drawn.

        Args:
            count: of the things, C.
            stream: another one for draws that must not depend on these.

        Returns:
            (R, C), rows sum to C.
        """
        key = (count, stream)
        if key in self._drawn:
            self._drawn.move_to_end(key)
            return self._drawn[key]
        random = np.random.default_rng([self.seed, stream, count])
        places = random.integers(0, count, size=(self.resamples, count))
        places += (np.arange(self.resamples) * count)[:, None]
        drawn = np.bincount(places.ravel(), minlength=self.resamples * count).astype(np.float64)
        self._drawn[key] = drawn.reshape(self.resamples, count)
        while len(self._drawn) > _KEPT:
            self._drawn.popitem(last=False)
        return self._drawn[key]


def ratio(above: Floats, below: Floats) -> Floats:
    """Quotient of two arrays of one shape; NaN where the lower one is 0."""
    return np.asarray(np.divide(above, below, out=np.full(np.broadcast(above, below).shape, np.nan), where=below != 0))


def percentiles(value: float, replicates: Floats) -> Figure:
    """The 95 % percentile interval about a value.

    Args:
        value: of the data.
        replicates: (R,) of the resamples; NaN where it was undefined.
    """
    known = replicates[np.isfinite(replicates)]
    if not known.size:
        return figure(value, np.nan, np.nan)
    low, high = np.quantile(known, (0.025, 0.975))
    if high - low < 1e-12:
        return Figure(value, note="There is no interval: all resamples give the same value. More images would help.")
    found = figure(value, low, high)
    if 1 - known.size / replicates.size > _RARELY:
        share = round(100 * (1 - known.size / replicates.size))
        said = f"In {share} % of the resamples it was undefined; they were left out. More images would help."
        return found._replace(note=said)
    return found


def few(images: int) -> str | None:
    """What to say of intervals from so few images."""
    return f"Only {images} images: the interval is rough." if images < FEW_IMAGES else None


def sums(values: Floats, images: Ints) -> Floats:
    """Sums by image.

    Args:
        values: (N,) or (N, K).
        images: (N,) of each.

    Returns:
        (C,) or (C, K), by image in ascending order.
    """
    _, places = np.unique(images, return_inverse=True)
    summed = np.zeros((int(places.max(initial=-1)) + 1, *values.shape[1:]))
    np.add.at(summed, places, values)
    return summed


def mean(values: Floats, images: Ints, resampler: Resampler) -> Figure:
    """A mean with its bootstrap interval over images.

    Args:
        values: (N,).
        images: (N,) of each.
        resampler: draws the images.
    """
    if not values.size:
        return Figure(None, note="There are no answers yet.")
    value, count = float(values.mean()), np.unique(images).size
    if count < 2:
        return Figure(value, note=ONE_IMAGE)
    if np.ptp(values) == 0:
        return Figure(value, note="There is no interval: all values are equal. More images would help.")
    return noted(percentiles(value, mean_replicates(values, images, resampler)), few(count))


def mean_replicates(values: Floats, images: Ints, resampler: Resampler, stream: int = 0) -> Floats:
    """(R,) means of the resamples of images; arguments as ``mean``, whatever the data are but empty."""
    totals = sums(np.stack([values, np.ones_like(values)], axis=1), images)
    drawn = resampler.weights(len(totals), stream) @ totals
    return ratio(drawn[:, 0], drawn[:, 1])
