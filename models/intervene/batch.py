"""One list of edits over many images, and what that does to the decisions. Plain numpy; ``scoring`` runs the encoder.

Shapes: N images, M of them chosen, R resamples, O options, C classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.intervene.editing import Predicted, decide_from
from models.intervene.scores import Array, DecisionHead, Edit

RESAMPLES = 2000
_INTERVAL = (2.5, 97.5)
_CELLS = 5_000_000  # of the counts of a bootstrap that are in memory at once: 40 MB, twice


class NothingSelected(ValueError):
    """No image passes the filter; the message says how near the nearest one came."""


@dataclass(frozen=True)
class Selection:
    """Which images an edit is tried on.

    Attributes:
        predicted_class: key of the class that they must be predicted as.
        minimum_probability: that the predicted class has at least.
        limit: at most so many, drawn at random from those that pass.
        seed: of that draw.
    """

    predicted_class: str | None = None
    minimum_probability: float = 0.0
    limit: int | None = None
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Outputs:
    """What a model says of images, float64: logits (N, C), probabilities (N, C) and scores (N, O)."""

    logits: Array
    probabilities: Array
    scores: Array

    @classmethod
    def of(cls, logits: NDArray[np.float32], scores: NDArray[np.float32]) -> Outputs:
        """From the network's logits (N, C) and scores (N, O).

        Raises:
            ValueError: if they are not of the same images.
        """
        if logits.ndim != 2 or scores.ndim != 2 or len(logits) != len(scores):
            raise ValueError(f"expected logits (N, C) and scores (N, O), got {logits.shape} and {scores.shape}")
        wide = logits.astype(np.float64)
        shifted = np.exp(wide - wide.max(1, keepdims=True))
        return cls(wide, shifted / shifted.sum(1, keepdims=True), scores.astype(np.float64))

    def take(self, rows: NDArray[np.int64]) -> Outputs:
        """Those of some images, (M,) rows."""
        return Outputs(self.logits[rows], self.probabilities[rows], self.scores[rows])


@dataclass(frozen=True, eq=False)
class Effect:
    """What an edit does to images.

    Attributes:
        before: (M, C) probabilities as predicted.
        after: (M, C) after the edits.
        predicted_before: (M,) class index.
        predicted_after: (M,) class index.
        truth: (M,) class index, negative where it is not known.
    """

    before: Array
    after: Array
    predicted_before: NDArray[np.int64]
    predicted_after: NDArray[np.int64]
    truth: NDArray[np.int64]

    @property
    def flipped(self) -> NDArray[np.bool_]:
        """(M,) whether another class is predicted now."""
        flipped: NDArray[np.bool_] = self.predicted_before != self.predicted_after
        return flipped


@dataclass(frozen=True)
class ClassChange:
    """How the probability of one class changed, over the images.

    Attributes:
        mean_before: mean over the images as predicted.
        mean_after: after the edits.
        drop: ``mean_before - mean_after``; negative where the class gained.
        low: lower end of the 95 % percentile bootstrap interval of the drop, over images.
        high: its upper end.
    """

    mean_before: float
    mean_after: float
    drop: float
    low: float
    high: float


@dataclass(frozen=True)
class Summary:
    """An effect in a few figures.

    Attributes:
        images: M.
        flipped: images of which another class is predicted now.
        accuracy_before: share predicted rightly, of those whose class is known; None if none is.
        accuracy_after: the same after the edits.
        classes: (C,) changes, in the order of the concept set.
    """

    images: int
    flipped: int
    accuracy_before: float | None
    accuracy_after: float | None
    classes: tuple[ClassChange, ...]


def select(outputs: Outputs, class_keys: Sequence[str], selection: Selection) -> NDArray[np.int64]:
    """The images that pass, (M,) ascending.

    Raises:
        NothingSelected: if there is none.
        ValueError: if there is no such class, or the limit is not positive.
    """
    if selection.limit is not None and selection.limit < 1:
        raise ValueError(f"the limit must be at least 1, got {selection.limit}")
    predicted, best = outputs.logits.argmax(1), outputs.probabilities.max(1)
    fits = best >= selection.minimum_probability
    if selection.predicted_class is not None:
        if selection.predicted_class not in class_keys:
            known = ", ".join(class_keys)
            raise ValueError(f"there is no class {selection.predicted_class!r}; there are {known}")
        wanted = list(class_keys).index(selection.predicted_class)
        fits &= predicted == wanted
        best = outputs.probabilities[:, wanted]
    rows = np.flatnonzero(fits).astype(np.int64)
    if len(rows) == 0:
        raise NothingSelected(_why(best, selection))
    if selection.limit is not None and selection.limit < len(rows):
        rows = np.sort(np.random.default_rng(selection.seed).choice(rows, selection.limit, replace=False))
    return rows


def apply_edits(head: DecisionHead, outputs: Outputs, edits: Sequence[Edit], truth: NDArray[np.int64]) -> Effect:
    """Applies the same edits to every image: ``logits' = logits + W (scores' - scores)``, as for a single prediction.

    Args:
        head: of the model.
        outputs: what it says of the images.
        edits: one after the other.
        truth: (M,) class index, negative where it is not known.

    Raises:
        EditError: an edit that cannot be applied.
        ValueError: if the truth is of another number of images.
    """
    if truth.shape != (len(outputs.logits),):
        raise ValueError(f"expected truth ({len(outputs.logits)},), got {truth.shape}")
    after, predicted = np.empty_like(outputs.probabilities), np.empty(len(truth), np.int64)
    for row in range(len(truth)):
        own = Predicted(outputs.scores[row], outputs.logits[row], outputs.probabilities[row])
        decision = decide_from(head, own, head.apply(own.scores, edits))
        after[row], predicted[row] = decision.probabilities, decision.predicted
    return Effect(outputs.probabilities, after, outputs.logits.argmax(1).astype(np.int64), predicted, truth)


def summarise(effect: Effect, seed: int = 0, resamples: int = RESAMPLES) -> Summary:
    """The figures of an effect.

    Args:
        effect: of at least one image.
        seed: of the bootstrap.
        resamples: R.
    """
    before, after = effect.before.mean(0), effect.after.mean(0)
    means = bootstrap_means(effect.before - effect.after, resamples, seed)
    low, high = np.percentile(means, _INTERVAL, axis=0)
    known = effect.truth >= 0

    def accuracy(predicted: NDArray[np.int64]) -> float | None:
        return float(np.mean(predicted[known] == effect.truth[known])) if known.any() else None

    return Summary(
        images=len(effect.truth),
        flipped=int(effect.flipped.sum()),
        accuracy_before=accuracy(effect.predicted_before),
        accuracy_after=accuracy(effect.predicted_after),
        classes=tuple(
            ClassChange(*(float(value) for value in values))
            for values in zip(before, after, before - after, low, high, strict=True)
        ),
    )


def bootstrap_means(values: Array, resamples: int, seed: int) -> Array:
    """Means of images drawn with replacement, (R, V), of values (M, V) that each image has.

    Columns are resampled together, so that ratios of them can be formed afterwards.

    Raises:
        ValueError: if there is no image.
    """
    if values.ndim != 2 or len(values) == 0:
        raise ValueError(f"expected values (M, V) of at least one image, got {values.shape}")
    generator, count = np.random.default_rng(seed), len(values)
    even = np.full(count, 1 / count)
    means = np.empty((resamples, values.shape[1]))
    chunk = max(1, _CELLS // count)
    for begin in range(0, resamples, chunk):  # how often each image is drawn: (chunk, M) at once
        rows = slice(begin, min(begin + chunk, resamples))
        means[rows] = generator.multinomial(count, even, rows.stop - begin) @ values / count
    return means


def _why(best: Array, selection: Selection) -> str:
    wanted = f"predicted as {selection.predicted_class}" if selection.predicted_class else "predicted"
    if len(best) == 0:
        return "there are no images"
    return (
        f"none of {len(best)} images is {wanted} with a probability of at least {selection.minimum_probability:g}; "
        f"the largest probability found is {best.max():.3f}"
    )
