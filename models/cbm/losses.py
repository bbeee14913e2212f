"""The three-part training objective (section 3.4, eq. 7 to 9).

Shapes: B images, K groups, O options, C classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from models.cbm.network import BottleneckOutput

UNKNOWN = -1


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


PAPER_WEIGHTS = LossWeights(1.0, 1.0)


def concept_loss(scores: Tensor, labels: Tensor, groups: Sequence[slice]) -> Tensor:
    """Mean over the groups of cross entropy within a group, or binary cross entropy for a one-option group.

    The options of a group exclude each other, so the softmax within a group replaces the paper's independent BCE
    (eq. 8); a group of one option keeps it.

    Args:
        scores: (B, O) option scores.
        labels: (B, K) option index within its group; for a one-option group 1 where present and 0 where not;
            -1 where unknown.
        groups: the columns of each group.

    Returns:
        A scalar; zero where no label is known.

    Raises:
        ValueError: if labels and groups disagree.
    """
    if labels.shape != (scores.shape[0], len(groups)):
        raise ValueError(f"expected labels {(scores.shape[0], len(groups))}, got {tuple(labels.shape)}")
    parts = []
    for column, group in enumerate(groups):
        known = labels[:, column] != UNKNOWN
        if not bool(known.any()):
            continue
        logits, target = scores[known, group], labels[known, column]
        if logits.shape[1] == 1:
            parts.append(F.binary_cross_entropy_with_logits(logits[:, 0], target.float()))
        else:
            parts.append(F.cross_entropy(logits, target))
    return torch.stack(parts).mean() if parts else scores.sum() * 0.0


def training_losses(
    output: BottleneckOutput,
    classes: Tensor,
    options: Tensor,
    groups: Sequence[slice],
    class_weights: Tensor | None = None,
    weights: LossWeights = PAPER_WEIGHTS,
) -> Losses:
    """Classification + concept + IVQ loss (eq. 9).

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
    classification = F.cross_entropy(output.logits, classes, weight=class_weights)
    concept = concept_loss(output.scores, options, groups)
    total = classification + weights.concept * concept + weights.ivq * output.ivq_loss
    return Losses(total, classification, concept, output.ivq_loss)
