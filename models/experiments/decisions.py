"""Accuracy of decisions with intervals, for experiments that change scores and look at what the head then decides.

Shapes: N images, P sets of decisions, C classes, K groups, O options, R resamples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.experiments.spread import Estimate, estimates

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Accuracy:
    """How many decisions are right.

    Attributes:
        accuracy: share of images.
        bmac: balanced macro average accuracy, the mean recall over the classes that occur.
    """

    accuracy: Estimate
    bmac: Estimate

    def to_json(self) -> dict[str, Any]:
        """Both, with intervals and n."""
        return {"accuracy": self.accuracy.to_json(), "bmac": self.bmac.to_json()}


class Accuracies:
    """Weights (R, N) to accuracy and BMAC of several sets of decisions, (R, 2 P), all accuracies first.

    Args:
        hits: (P, N) 1 for a right decision, 0 for a wrong one; between, where it is a mean over draws by chance.
        classes: (N,) true class, -1 where unknown: those images do not count.

    Raises:
        ValueError: if these are of different images.
    """

    def __init__(self, hits: Array, classes: Indices) -> None:
        if hits.ndim != 2 or hits.shape[1] != len(classes):
            raise ValueError(f"expected hits (P, {len(classes)}), got {hits.shape}")
        labels = np.unique(classes[classes >= 0])
        self._truth = (classes[:, None] == labels[None]).astype(np.float64)
        self._hits = hits
        self.images = int(np.sum(classes >= 0))

    def __call__(self, weights: Array) -> Array:
        """See the class."""
        support = weights @ self._truth  # (R, C)
        total = support.sum(1)
        occurs = support > 0
        right = np.stack([weights @ (self._hits * column).T for column in self._truth.T], 2)  # (R, P, C)
        recall = np.divide(right, support[:, None], out=np.zeros_like(right), where=occurs[:, None])
        accuracy = _share(right.sum(2), total[:, None])
        bmac = _share(recall.sum(2), occurs.sum(1)[:, None].astype(np.float64))
        return np.concatenate([accuracy, bmac], 1)


@dataclass(frozen=True, eq=False)
class Resampling:
    """How intervals are drawn.

    Attributes:
        clusters: (N,) equal for images that are drawn together.
        resamples: R.
        seed: of the draws.
    """

    clusters: Indices
    resamples: int
    seed: int


def accuracies(hits: Array, classes: Indices, drawn: Resampling) -> list[Accuracy]:
    """Of each set of decisions, P of them. Arguments as ``Accuracies``."""
    evaluate = Accuracies(hits, classes)
    found = estimates(evaluate, drawn.clusters, [evaluate.images] * 2 * len(hits), drawn.resamples, drawn.seed)
    return [Accuracy(*pair) for pair in zip(found[: len(hits)], found[len(hits) :], strict=True)]


def differences(hits: Array, others: Array, classes: Indices, drawn: Resampling) -> list[Accuracy]:
    """How much better ``hits`` (P, N) are than ``others`` (P, N), paired by image."""
    one, other = Accuracies(hits, classes), Accuracies(others, classes)
    counts = [one.images] * 2 * len(hits)
    found = estimates(
        lambda weights: one(weights) - other(weights), drawn.clusters, counts, drawn.resamples, drawn.seed
    )
    return [Accuracy(*pair) for pair in zip(found[: len(hits)], found[len(hits) :], strict=True)]


def found_options(scores: NDArray[np.floating[Any]], groups: Sequence[slice]) -> Indices:
    """(N, K) option that the model finds; in a group of one option 1 for present (a score above 0) and 0 for absent.

    Args:
        scores: (N, O).
        groups: (K,) columns of each.
    """
    return np.stack(
        [
            (scores[:, group.start] > 0).astype(np.int64)
            if group.stop - group.start == 1
            else scores[:, group].argmax(1).astype(np.int64)
            for group in groups
        ],
        1,
    )


def follow_class(options: Indices, classes: Indices) -> NDArray[np.bool_]:
    """(K,) whether all images of a class have the same option of the group, so that its label only repeats the class.

    Args:
        options: (N, K), -1 where unknown; a group without any known label counts as following.
        classes: (N,) -1 where unknown.
    """
    following = np.ones(options.shape[1], np.bool_)
    for label in np.unique(classes[classes >= 0]):
        own = options[classes == label]
        for place, column in enumerate(own.T):
            following[place] &= len(np.unique(column[column >= 0])) <= 1
    return following


def percent(one: Estimate) -> str:
    """Such as "81.36"."""
    return "–" if one.value is None else f"{100 * one.value:.2f}"


def points(one: Estimate) -> str:
    """A difference in percentage points, such as "-11.86 (-25.40 to +0.00)"."""
    if one.value is None:
        return "–"
    text = f"{100 * one.value:+.2f}"
    return text if one.low is None or one.high is None else f"{text} ({100 * one.low:+.2f} to {100 * one.high:+.2f})"


def _share(part: Array, whole: Array) -> Array:
    result: Array = np.divide(part, whole, out=np.full(np.broadcast(part, whole).shape, np.nan), where=whole > 0)
    return result
