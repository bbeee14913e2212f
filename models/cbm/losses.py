"""The training objective (section 3.4, eq. 7 to 9) and its variants.

A batch may be split into parts, over processes or for want of memory. So that the parts add up to exactly the loss of
the whole batch, every mean is a sum over the part divided by a total of the whole batch (``BatchTotals``).

Shapes: B images, K groups, O options, C classes, G localizable groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from models.cbm.network import BottleneckOutput

UNKNOWN = -1
ConceptLoss = Literal["ce", "bce"]


class Losses(NamedTuple):
    """The objective and its parts, scalars."""

    total: Tensor
    classification: Tensor
    concept: Tensor
    ivq: Tensor


class LossWeights(NamedTuple):
    """Weights of the parts beside the classification loss."""

    concept: float
    ivq: float


class BatchTotals(NamedTuple):
    """What the sums over a part of a batch are divided by; all of it follows from the labels alone.

    Attributes:
        images: in the whole batch.
        class_weight: sum of the class weights of its images.
        known: per group, how many of its images have a known option.
        located: pairs of image and group with a mask that is not empty.
    """

    images: int
    class_weight: float
    known: tuple[int, ...]
    located: int


class ClassificationSettings(NamedTuple):
    """How the classification loss is taken.

    Attributes:
        weights: (C,) class weights, or None for equal ones.
        smoothing: share of the target spread evenly over the classes.
    """

    weights: Tensor | None = None
    smoothing: float = 0.0


PAPER_WEIGHTS = LossWeights(1.0, 1.0)
PLAIN = ClassificationSettings()


def batch_totals(
    classes: NDArray[np.int64],
    options: NDArray[np.int64],
    class_weights: NDArray[np.float32] | None = None,
    masks: NDArray[np.float32] | None = None,
) -> BatchTotals:
    """Totals of a batch, in numpy because batches are prepared in threads that must leave torch alone.

    Args:
        classes: (B,) class index.
        options: (B, K) option index, -1 where unknown.
        class_weights: (C,) or None.
        masks: (B, K, rows, columns), empty where nothing is located; or None.
    """
    weight = float(classes.size) if class_weights is None else float(class_weights[classes].astype(np.float64).sum())
    known = tuple(int(count) for count in (options != UNKNOWN).sum(0))
    located = 0 if masks is None else int((masks.reshape(*masks.shape[:2], -1).max(-1) > 0).sum())
    return BatchTotals(classes.size, weight, known, located)


def classification_loss(
    logits: Tensor, classes: Tensor, totals: BatchTotals, settings: ClassificationSettings = PLAIN
) -> Tensor:
    """Class-weighted cross entropy (eq. 7).

    Args:
        logits: (B, C).
        classes: (B,) class index.
        totals: of the batch that these images are a part of.
        settings: weights and smoothing.
    """
    summed = F.cross_entropy(
        logits, classes, weight=settings.weights, reduction="sum", label_smoothing=settings.smoothing
    )
    return summed / max(totals.class_weight, 1e-12)


def concept_loss(
    scores: Tensor,
    labels: Tensor,
    groups: Sequence[slice],
    kind: ConceptLoss = "ce",
    totals: BatchTotals | None = None,
) -> Tensor:
    """Mean over the groups of cross entropy within a group, or of binary cross entropy per option.

    The options of a group exclude each other, so by default the softmax within a group replaces the paper's independent
    BCE (eq. 8), which ``kind="bce"`` is; a group of one option has BCE in both.

    Args:
        scores: (B, O) option scores.
        labels: (B, K) option index within its group; for a one-option group 1 where present and 0 where not;
            -1 where unknown.
        groups: the columns of each group.
        kind: "ce" or "bce".
        totals: of the batch that these images are a part of; None when they are all of it.

    Returns:
        A scalar; zero where no label is known.

    Raises:
        ValueError: if labels and groups disagree.
    """
    if labels.shape != (scores.shape[0], len(groups)):
        raise ValueError(f"expected labels {(scores.shape[0], len(groups))}, got {tuple(labels.shape)}")
    all_known = (labels != UNKNOWN).sum(0).tolist() if totals is None else totals.known
    parts = []
    for column, group in enumerate(groups):
        known = labels[:, column] != UNKNOWN
        if all_known[column] == 0 or not bool(known.any()):
            continue
        logits, target = scores[known, group], labels[known, column]
        parts.append(_group_loss(logits, target, kind) / all_known[column])
    present = sum(count > 0 for count in all_known)
    return torch.stack(parts).sum() / present if parts else scores.sum() * 0.0


def _group_loss(logits: Tensor, target: Tensor, kind: ConceptLoss) -> Tensor:
    """Sum over the images of the loss within one group; a BCE is the mean over the group's options."""
    if logits.shape[1] == 1:
        return F.binary_cross_entropy_with_logits(logits[:, 0], target.float(), reduction="sum")
    if kind == "ce":
        return F.cross_entropy(logits, target, reduction="sum")
    wanted = F.one_hot(target, logits.shape[1]).float()
    return F.binary_cross_entropy_with_logits(logits, wanted, reduction="sum") / logits.shape[1]


def training_losses(
    output: BottleneckOutput,
    classes: Tensor,
    options: Tensor,
    groups: Sequence[slice],
    class_weights: Tensor | None = None,
    weights: LossWeights = PAPER_WEIGHTS,
) -> Losses:
    """Classification + concept + IVQ loss of a whole batch (eq. 9).

    Args:
        output: of the bottleneck for the batch.
        classes: (B,) class index.
        options: (B, K) option index within each group, -1 where unknown.
        groups: the columns of each group.
        class_weights: (C,) or None.
        weights: of the concept and the IVQ loss in the total.

    Returns:
        The total and its three parts.
    """
    weight_array = None if class_weights is None else class_weights.cpu().numpy()
    totals = batch_totals(classes.cpu().numpy(), options.cpu().numpy(), weight_array)
    classification = classification_loss(output.logits, classes, totals, ClassificationSettings(class_weights))
    concept = concept_loss(output.scores, options, groups)
    total = classification + weights.concept * concept + weights.ivq * output.ivq_loss
    return Losses(total, classification, concept, output.ivq_loss)
