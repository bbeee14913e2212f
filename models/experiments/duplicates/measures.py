"""What test images with a near-duplicate in training are worth.

Shapes: N test images of a side, S seeds, C classes, R rows of weights, F figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.compare.figures import Answers, Figures, Known, figure_keys
from models.compare.resampling import Units, bootstrap
from models.experiments.spread import Array, Estimate, Spread, estimate, mean_estimate

FIGURES = ("accuracy", "bmac")
PARTS = ("marked", "others", "gain")


@dataclass(frozen=True, eq=False)
class Side:
    """One import and the models that were trained on it.

    Attributes:
        keys: (N,) of the test images.
        classes: (N,).
        clusters: (N,) equal for near-duplicates.
        marked: (N,) in the leaking import, images with a near-duplicate in training; in the other, images with a
            near-duplicate anywhere, which there is in the test split too.
        logits: S times (N, C).
    """

    keys: tuple[str, ...]
    classes: NDArray[np.int64]
    clusters: NDArray[np.int64]
    marked: NDArray[np.bool_]
    logits: tuple[Array, ...]

    @property
    def right(self) -> Array:
        """(N,) share of the seeds whose model is right."""
        found: Array = np.mean([logits.argmax(1) == self.classes for logits in self.logits], axis=0)
        return found


@dataclass(frozen=True)
class SideResult:
    """Figures of one import.

    Attributes:
        images: N.
        marked: images that are.
        seeds: figure by name in ``FIGURES``, a value for each seed.
        spread: over the seeds.
        all: of all test images, mean over seeds with its interval over images.
        without: the same without the marked images.
        parts: accuracy of the marked images, of the others, and the first minus the second.
    """

    images: int
    marked: int
    seeds: dict[str, list[float]]
    spread: dict[str, Spread]
    all: dict[str, Estimate]
    without: dict[str, Estimate]
    parts: dict[str, Estimate]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "images": self.images,
            "marked": self.marked,
            "seeds": self.seeds,
            "spread": {name: one.to_json() for name, one in self.spread.items()},
            "all": {name: one.to_json() for name, one in self.all.items()},
            "without_marked": {name: one.to_json() for name, one in self.without.items()},
            "accuracy_of_parts": {name: one.to_json() for name, one in self.parts.items()},
        }


@dataclass(frozen=True)
class DuplicatesResult:
    """Of the two imports.

    Attributes:
        apart: near-duplicates in one split.
        leaking: near-duplicates anywhere.
        difference: figures of the leaking import minus those of the other; test images differ, so it is not paired.
        excess: the leaking images' lead over the others, minus the lead that images with near-duplicates have where
            nothing leaks: what is due to leaking and not to such images being easy.
        same_leaking: on leaking images that the other import tests too, accuracy with leaking minus without, paired.
        same_others: the same on images that leak in neither.
    """

    apart: SideResult
    leaking: SideResult
    difference: dict[str, Estimate]
    excess: Estimate
    same_leaking: Estimate
    same_others: Estimate

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "apart": self.apart.to_json(),
            "leaking": self.leaking.to_json(),
            "difference": {name: one.to_json() for name, one in self.difference.items()},
            "excess": self.excess.to_json(),
            "same_leaking_images": self.same_leaking.to_json(),
            "same_other_images": self.same_others.to_json(),
        }


def measure_duplicates(apart: Side, leaking: Side, *, resamples: int, seed: int = 0) -> DuplicatesResult:
    """Figures of the two imports and what lies between them.

    Args:
        apart: near-duplicates in one split.
        leaking: near-duplicates anywhere.
        resamples: R, of each.
        seed: of the resamples.
    """
    results, values, drawn = [], [], []
    for number, side in enumerate((apart, leaking)):
        figures = _Figures(side)
        own = figures(np.ones((1, len(side.keys))))[0]
        resampled = bootstrap(figures, Units.of(side.clusters), resamples, seed + number)
        results.append(_result(side, own, resampled))
        values.append(own)
        drawn.append(resampled)
    between, spread = values[1] - values[0], drawn[1] - drawn[0]
    place, count = len(FIGURES) * 2 + 2, len(apart.keys) + len(leaking.keys)
    return DuplicatesResult(
        results[0],
        results[1],
        {name: estimate(float(between[index]), spread[:, index], count) for index, name in enumerate(FIGURES)},
        estimate(float(between[place]), spread[:, place], count),
        _same(apart, leaking, True, resamples, seed),
        _same(apart, leaking, False, resamples, seed),
    )


class _Figures:
    """Weights (R, N) to (R, F): FIGURES of all and without the marked, accuracy of marked, others, and the difference.

    All are means over the seeds.
    """

    def __init__(self, side: Side) -> None:
        classes = side.logits[0].shape[1]
        keys = figure_keys(tuple(map(str, range(classes))), ())
        self._columns = [keys.index(name) for name in FIGURES]
        self._models = [Figures(Answers(logits), Known(side.classes)) for logits in side.logits]
        self._marked, self._right = side.marked.astype(np.float64), side.right

    def __call__(self, weights: Array) -> Array:
        others = weights * (1 - self._marked)
        everything = self._mean(weights)
        without = self._mean(others)
        marked, rest = (_share(part @ self._right, part.sum(1)) for part in (weights * self._marked, others))
        return np.column_stack([everything, without, marked, rest, marked - rest])

    def seeds(self) -> list[Array]:
        """FIGURES of each seed, on the images as they are."""
        ones = np.ones((1, len(self._right)))
        return [model(ones)[0, self._columns] for model in self._models]

    def _mean(self, weights: Array) -> Array:
        result: Array = np.mean([model(weights)[:, self._columns] for model in self._models], axis=0)
        return result


def _result(side: Side, values: Array, drawn: Array) -> SideResult:
    images, marked = len(side.keys), int(side.marked.sum())
    counts = [images] * 2 + [images - marked] * 2 + [marked, images - marked, images]
    columns = zip(values, drawn.T, counts, strict=True)
    found = [estimate(float(value), column, count) for value, column, count in columns]
    seeds = {name: [float(row[place]) for row in _Figures(side).seeds()] for place, name in enumerate(FIGURES)}
    return SideResult(
        images,
        marked,
        seeds,
        {name: Spread.of(row) for name, row in seeds.items()},
        dict(zip(FIGURES, found[:2], strict=True)),
        dict(zip(FIGURES, found[2:4], strict=True)),
        dict(zip(PARTS, found[4:], strict=True)),
    )


def _same(apart: Side, leaking: Side, marked: bool, resamples: int, seed: int) -> Estimate:
    """Accuracy with leaking minus without, on images that both test and that are marked where they leak, or not."""
    places = {key: place for place, key in enumerate(apart.keys)}
    rows = [row for row, key in enumerate(leaking.keys) if key in places and bool(leaking.marked[row]) == marked]
    if not rows:
        return Estimate(None, None, None, 0)
    others = [places[leaking.keys[row]] for row in rows]
    return mean_estimate(leaking.right[rows] - apart.right[others], leaking.clusters[rows], resamples, seed)


def _share(part: Array, whole: Array) -> Array:
    result: Array = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return result
