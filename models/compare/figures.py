"""The figures of one model on weighted images: what the bootstrap, the jackknife and the table all evaluate.

With all weights one these are the figures of the images themselves; balanced accuracy is then exactly that of
``models.train.metrics``. A weight says how often an image was drawn.

Shapes: N images, R rows of weights, C classes, G groups that both models have, F figures, B bins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

BINS = 15
DECISION = ("accuracy", "bmac", "auroc", "brier", "nll", "ece", "ece_mass", "concept_bmac")
PER_CLASS = ("sensitivity", "specificity", "ppv")


@dataclass(frozen=True, eq=False)
class Known:
    """The truth about images, -1 where it is not known.

    Attributes:
        classes: (N,).
        groups: (G, N) option, as a place in the list of both models' options.
        options: (G,) how many options that list has.
    """

    classes: Indices
    groups: tuple[Indices, ...] = ()
    options: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model says of images.

    Attributes:
        logits: (N, C) float64.
        groups: (G, N) option that it finds, numbered as in ``Known``.
    """

    logits: Array
    groups: tuple[Indices, ...] = ()

    @property
    def log_probabilities(self) -> Array:
        """(N, C), exact where a probability is too small for a number."""
        shifted = self.logits - self.logits.max(1, keepdims=True)
        result: Array = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
        return result

    @property
    def probabilities(self) -> Array:
        """(N, C)."""
        result: Array = np.exp(self.log_probabilities)
        return result

    @property
    def predicted(self) -> Indices:
        """(N,) class."""
        result: Indices = self.logits.argmax(1).astype(np.int64)
        return result


def figure_keys(class_keys: Sequence[str], group_keys: Sequence[str]) -> tuple[str, ...]:
    """(F,) keys of the figures, in the order of ``Figures``: of the decision, by class, by group."""
    by_class = (f"{name}.{key}" for name in PER_CLASS for key in class_keys)
    return (*DECISION, *by_class, *(f"concept_bmac.{key}" for key in group_keys))


class Figures:
    """Weights (R, N) to figures (R, F), NaN where undefined. Higher is worse for Brier, NLL and ECE only.

    - accuracy; bmac: mean recall over the classes that occur.
    - auroc: mean over classes of one class against the rest, ties half; over the classes that have both.
    - brier: mean over images of ``Σ_c (p_c − y_c)²``, 0 to 2. nll: mean of ``−ln p`` of the true class.
    - ece: ``Σ_b |Σ_{i in b} (right_i − p_i)| / N`` over 15 bins of the predicted class's probability p: of equal
      width ``(b/15, (b+1)/15]``, or with equally many of the images ("ece_mass"); resamples keep the bins.
    - sensitivity, specificity and positive predictive value of each class against the rest.
    - concept_bmac of each group: balanced accuracy of the option found; without a group, the mean of those defined.

    Args:
        answers: of the model.
        known: the truth.

    Raises:
        ValueError: if these are of different images or groups.
    """

    def __init__(self, answers: Answers, known: Known) -> None:
        count, classes = answers.logits.shape
        parts = (known.classes, *known.groups, *answers.groups)
        if any(part.shape != (count,) for part in parts) or len(known.groups) != len(answers.groups):
            raise ValueError(f"expected the truth of {count} images and as many groups as the model has")
        seen = known.classes >= 0
        truth, said = one_hot(known.classes, classes), one_hot(np.where(seen, answers.predicted, -1), classes)
        probabilities, confidence = answers.probabilities, answers.probabilities.max(1)
        brier = ((probabilities - truth) ** 2).sum(1) * seen
        nll = -(answers.log_probabilities * truth).sum(1)
        gap = ((answers.predicted == known.classes) - confidence) * seen
        self._classes = classes
        self._linear = np.column_stack([truth, said, truth * said, brier, nll])
        self._bins = [
            gap[:, None] * one_hot(bins, BINS) for bins in (even_bins(confidence), mass_bins(confidence, seen))
        ]
        self._areas = [RocArea(probabilities[:, label], truth[:, label] > 0, seen) for label in range(classes)]
        self._groups = [
            (one_hot(true, options), one_hot(np.where(true == found, true, -1), options))
            for true, found, options in zip(known.groups, answers.groups, known.options, strict=True)
        ]

    def __call__(self, weights: Array) -> Array:
        """See the class."""
        C = self._classes
        sums = weights @ self._linear
        support, said, hits = sums[:, :C], sums[:, C : 2 * C], sums[:, 2 * C : 3 * C]
        total = support.sum(1)
        sensitivity = _share(hits, support)
        others = total[:, None] - support
        specificity = _share(others - said + hits, others)
        areas = np.stack([area(weights) for area in self._areas], 1)
        concepts = [mean_known(_share(weights @ hit, weights @ true)) for true, hit in self._groups]
        by_group = np.stack(concepts, 1) if concepts else np.empty((len(weights), 0))
        decision = [
            _share(hits.sum(1), total),
            mean_known(sensitivity),
            mean_known(areas),
            _share(sums[:, 3 * C], total),
            _share(sums[:, 3 * C + 1], total),
            *(_share(np.abs(weights @ bins).sum(1), total) for bins in self._bins),
            mean_known(by_group),
        ]
        return np.column_stack([*decision, sensitivity, specificity, _share(hits, said), by_group])

    def shares(self) -> Array:
        """What each image adds to each figure, (N, F): the columns add up to the figures of the images themselves.

        NaN for figures that are no such sum: AUROC, ECE and predictive values.
        """
        C = self._classes
        truth, said, hit = (self._linear[:, place * C : (place + 1) * C] for place in range(3))
        support = truth.sum(0)
        total, seen = support.sum(), truth.sum(1)
        none = np.full(len(truth), np.nan)
        rejected = (seen[:, None] - truth) * (1 - said)
        groups = [_balanced(true, hit) for true, hit in self._groups]
        defined = [group for group in groups if not np.isnan(group).all()]
        columns = [
            _share(hit.sum(1), total),
            _balanced(truth, hit),
            none,
            _share(self._linear[:, 3 * C], total),
            _share(self._linear[:, 3 * C + 1], total),
            none,
            none,
            np.mean(defined, axis=0) if defined else none,
            *_share(hit, support).T,
            *_share(rejected, total - support).T,
            *[none] * C,
            *groups,
        ]
        return np.column_stack(columns)


class RocArea:
    """Weights (R, N) to the area under the ROC curve (R,): ``P(s⁺ > s⁻) + P(s⁺ = s⁻) / 2``, NaN with one side empty.

    Args:
        scores: (N,).
        positive: (N,) one class against the rest.
        seen: (N,) images that count.
    """

    def __init__(self, scores: Array, positive: NDArray[np.bool_], seen: NDArray[np.bool_]) -> None:
        rows = np.flatnonzero(seen)
        self._order = rows[np.argsort(scores[rows], kind="stable")]
        ordered = scores[self._order]
        self._ties = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(rows) else rows
        self._positive = positive[self._order]

    def __call__(self, weights: Array) -> Array:
        """See the class."""
        if len(self._order) == 0:
            return np.full(len(weights), np.nan)
        own = weights[:, self._order]
        above = np.add.reduceat(own * self._positive, self._ties, axis=1)
        below = np.add.reduceat(own * ~self._positive, self._ties, axis=1)
        area = (above * (np.cumsum(below, 1) - below / 2)).sum(1)
        return _share(area, above.sum(1) * below.sum(1))


def _balanced(truth: Array, hit: Array) -> Array:
    """(N,) what each image adds to the balanced accuracy of labels (N, V); NaN where no label is known."""
    support = truth.sum(0)
    if not support.any():
        return np.full(len(truth), np.nan)
    present = support > 0
    result: Array = (hit[:, present] / support[present]).sum(1) / present.sum()
    return result


def one_hot(labels: Indices, count: int) -> Array:
    """(N, count) with a one at each label; a row of zeros for a negative one."""
    result = np.zeros((len(labels), count))
    rows = np.flatnonzero(labels >= 0)
    result[rows, labels[rows]] = 1.0
    return result


def even_bins(confidence: Array) -> Indices:
    """(N,) the bin of equal width, closed above."""
    result: Indices = np.clip(np.ceil(confidence * BINS) - 1, 0, BINS - 1).astype(np.int64)
    return result


def mass_bins(confidence: Array, seen: NDArray[np.bool_]) -> Indices:
    """(N,) the bin with equally many of the images seen; equal confidences share a bin."""
    if not seen.any():
        return np.zeros(len(confidence), np.int64)
    edges = np.quantile(confidence[seen], np.arange(1, BINS) / BINS)
    result: Indices = np.searchsorted(edges, confidence, side="left").astype(np.int64)
    return result


def mean_known(values: Array) -> Array:
    """(R,) mean of the defined values of each row of (R, V); NaN where none is."""
    defined = ~np.isnan(values)
    return _share(np.where(defined, values, 0.0).sum(1), defined.sum(1).astype(np.float64))


def _share(part: Array, whole: Array | float) -> Array:
    result: Array = np.divide(
        part, whole, out=np.full(np.broadcast(part, whole).shape, np.nan), where=np.asarray(whole) > 0
    )
    return result
