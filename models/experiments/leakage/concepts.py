"""What the options found say of the labels beyond what the class says already.

Shapes: N images, P permutations, V options.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.experiments.spread import Estimate, mean_estimate
from models.train.metrics import balanced_accuracy

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class BeyondClass:
    """A group's option, held against the label, over images whose class and option are known.

    Attributes:
        group: its key.
        images: how many there are.
        follows: whether all images of each class have the same label; then the rest cannot be measured, and is None.
        bmac: balanced accuracy of the option found.
        bmac_permuted: the same after the options found were permuted among the images of each class, mean: what
            knowing the class alone would give this model.
        p_bmac: share of permutations that do as well or better, ``(1 + count) / (1 + permutations)``.
        accuracy: share of images whose option is found.
        accuracy_class: share found by who says the commonest option of the true class.
        ahead: accuracy - accuracy_class with its interval.
        information: mutual information of label and option found given the class, in bits, less the mean of the
            permutations, which is its bias.
        entropy: of the label given the class, in bits: the most that the information can be.
        p_information: as ``p_bmac``.
    """

    group: str
    images: int
    follows: bool
    bmac: float | None = None
    bmac_permuted: float | None = None
    p_bmac: float | None = None
    accuracy: float | None = None
    accuracy_class: float | None = None
    ahead: Estimate | None = None
    information: float | None = None
    entropy: float | None = None
    p_information: float | None = None

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class Held:
    """Options found (N,), labels (N,), classes (N,) and clusters (N,) of images where all is known."""

    found: Indices
    labels: Indices
    classes: Indices
    clusters: Indices


def beyond_class(group: str, held: Held, permutations: int, resamples: int, seed: int) -> BeyondClass:
    """See ``BeyondClass``.

    Args:
        group: its key.
        held: of its images.
        permutations: P.
        resamples: of the bootstrap.
        seed: of both.
    """
    found, labels, classes = held.found, held.labels, held.classes
    count = len(labels)
    if count == 0 or all(len(np.unique(labels[classes == one])) == 1 for one in np.unique(classes)):
        return BeyondClass(group, count, follows=True)
    own = balanced_accuracy(found, labels), information(found, labels, classes)
    stream = np.random.default_rng(seed)
    drawn = np.array(
        [
            (balanced_accuracy(mixed, labels), information(mixed, labels, classes))
            for mixed in permuted(found, classes, permutations, stream)
        ]
    )
    p_bmac, p_information = ((1 + np.sum(drawn >= np.array(own) - 1e-12, axis=0)) / (1 + permutations)).tolist()
    right = (found == labels).astype(np.float64)
    commonest = commonest_of_class(labels, classes)
    return BeyondClass(
        group,
        count,
        follows=False,
        bmac=own[0],
        bmac_permuted=float(drawn[:, 0].mean()),
        p_bmac=p_bmac,
        accuracy=float(right.mean()),
        accuracy_class=float(commonest.mean()),
        ahead=mean_estimate(right - commonest, held.clusters, resamples, seed),
        information=float(own[1] - drawn[:, 1].mean()),
        entropy=information(labels, labels, classes),
        p_information=p_information,
    )


def permuted(values: Indices, classes: Indices, permutations: int, stream: np.random.Generator) -> Iterator[Indices]:
    """Values (N,) permuted among the images of each class, P times."""
    members = [np.flatnonzero(classes == label) for label in np.unique(classes)]
    for _ in range(permutations):
        mixed = values.copy()
        for rows in members:
            mixed[rows] = values[stream.permutation(rows)]
        yield mixed


def commonest_of_class(labels: Indices, classes: Indices) -> Array:
    """(N,) 1 where the commonest label of the other images of its class is right, else 0; of an image alone, 0.

    Leaving the image itself out keeps a rare label from being its own majority. Where several are as common, each
    gets its share.
    """
    right = np.zeros(len(labels))
    size = int(labels.max()) + 1
    for one in np.unique(classes):
        rows = np.flatnonzero(classes == one)
        counts = np.bincount(labels[rows], minlength=size)
        for label in np.unique(labels[rows]):
            others = counts.copy()
            others[label] -= 1
            best = others == others.max()
            if others.sum() and best[label]:
                right[rows[labels[rows] == label]] = 1 / best.sum()
    return right


def information(found: Indices, labels: Indices, classes: Indices) -> float:
    """Conditional mutual information I(found; label | class) in bits, of the counts as they are."""
    total = 0.0
    for one in np.unique(classes):
        rows = classes == one
        table = np.zeros((int(found.max()) + 1, int(labels.max()) + 1))
        np.add.at(table, (found[rows], labels[rows]), 1 / len(classes))
        expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / table.sum()
        some = table > 0
        total += float((table[some] * np.log2(table[some] / expected[some])).sum())
    return max(total, 0.0)
