"""How often each image is drawn: bootstrap resamples of whole units, by class if wanted, and each unit left out once.

A unit is an image, or all images that belong together (of one patient or lesion, near-duplicates), drawn as one.

Shapes: N images, U units, R resamples, F figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Evaluate = Callable[[Array], Array]  # weights (R, N) to figures (R, F), NaN where undefined

_CHUNK = 100


@dataclass(frozen=True, eq=False)
class Units:
    """Which unit each image belongs to.

    Attributes:
        of_image: (N,) int64, 0 to U − 1, every number used.
        strata: (U,) int64, units with the same number are drawn among themselves; None to draw among all.
    """

    of_image: NDArray[np.int64]
    strata: NDArray[np.int64] | None = None

    @classmethod
    def of(cls, clusters: NDArray[np.int64], classes: NDArray[np.int64] | None = None) -> Units:
        """From clusters (N,), equal for images that belong together.

        Args:
            clusters: any whole numbers.
            classes: (N,) to keep the number of units per class; a unit counts to the class of most of its images.

        Raises:
            ValueError: if there is no image, or the classes are of another number of images.
        """
        if clusters.ndim != 1 or len(clusters) == 0:
            raise ValueError(f"expected clusters (N,) of at least one image, got {clusters.shape}")
        of_image = np.unique(clusters, return_inverse=True)[1].astype(np.int64).reshape(-1)
        if classes is None:
            return cls(of_image)
        if classes.shape != clusters.shape:
            raise ValueError(f"expected classes {clusters.shape}, got {classes.shape}")
        values, index = np.unique(classes, return_inverse=True)
        counts = np.zeros((of_image.max() + 1, len(values)))
        np.add.at(counts, (of_image, index.reshape(-1)), 1)
        return cls(of_image, counts.argmax(1).astype(np.int64))

    @property
    def count(self) -> int:
        """U."""
        return int(self.of_image.max()) + 1

    def draws(self, resamples: int, seed: int) -> Iterator[Array]:
        """How often each image is drawn, (at most 100, N) at a time, R in all; the same for the same seed."""
        generator = np.random.default_rng(seed)
        everyone = np.arange(self.count)
        members = (
            [everyone]
            if self.strata is None
            else [np.flatnonzero(self.strata == stratum) for stratum in np.unique(self.strata)]
        )
        for begin in range(0, resamples, _CHUNK):
            rows = min(_CHUNK, resamples - begin)
            drawn = np.zeros((rows, self.count))
            for units in members:
                drawn[:, units] = generator.multinomial(len(units), np.full(len(units), 1 / len(units)), rows)
            yield drawn[:, self.of_image]

    def without_one(self) -> Iterator[Array]:
        """Weights with each unit left out in turn, (at most 100, N) at a time, U in all."""
        for begin in range(0, self.count, _CHUNK):
            left = np.arange(begin, min(begin + _CHUNK, self.count))
            yield (self.of_image[None, :] != left[:, None]).astype(np.float64)


def bootstrap(evaluate: Evaluate, units: Units, resamples: int, seed: int) -> Array:
    """The figures of R resamples, (R, F)."""
    return np.concatenate([evaluate(weights) for weights in units.draws(resamples, seed)])


def jackknife(evaluate: Evaluate, units: Units) -> Array:
    """The figures with each unit left out in turn, (U, F)."""
    return np.concatenate([evaluate(weights) for weights in units.without_one()])
