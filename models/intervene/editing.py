"""Edits of a prediction and the decision that follows: regions first, then scores, then one linear layer.

Shapes: L patches, D token width, K concept groups, O options, C classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.intervene.regions import Keep, RegionEdit, RegionScorer
from models.intervene.scores import Array, Decision, DecisionHead, Edit, EditError


@dataclass(frozen=True, eq=False)
class EditableModel:
    """A model without its encoder.

    Attributes:
        head: the linear head and what validation said of the scores.
        regions: recomputes scores from tokens; None for a model whose concepts do not come from patches.
    """

    head: DecisionHead
    regions: RegionScorer | None


@dataclass(frozen=True, eq=False)
class Predicted:
    """What a model said of an image.

    Attributes:
        scores: (O,).
        logits: (C,).
        probabilities: (C,).
        tokens: (L, D) that were aggregated; None where they were not kept.
    """

    scores: Array
    logits: Array
    probabilities: Array
    tokens: Array | None = None

    @property
    def decision(self) -> Decision:
        """The prediction itself."""
        return Decision(self.logits, self.probabilities, int(self.logits.argmax()))


@dataclass(frozen=True, eq=False)
class Recomputed:
    """What follows from edits.

    Attributes:
        after_regions: (O,) scores after the region edits alone.
        scores: (O,) after all edits.
        decision: for those scores.
        attention: per group with a region edit (by index), the share of its attention on the patches that were kept.
    """

    after_regions: Array
    scores: Array
    decision: Decision
    attention: dict[int, float]


class TokensMissing(Exception):
    """A region edit on a prediction whose tokens were not kept."""


def recompute(model: EditableModel, predicted: Predicted, edits: Sequence[Edit | RegionEdit]) -> Recomputed:
    """Applies edits, those of regions first.

    The logits are the predicted ones plus ``W (scores' - scores)``, so that no edit gives exactly the prediction.

    Args:
        model: that predicted.
        predicted: what it said.
        edits: in the order in which they were made.

    Raises:
        EditError: an edit that cannot be applied, with its place in the list.
        TokensMissing: there is a region edit, but no tokens.
    """
    after_regions, attention = _apply_regions(model, predicted, edits)
    scores = after_regions
    for index, edit in enumerate(edits):
        if isinstance(edit, Edit):
            scores = model.head.apply_one(scores, edit, index)
    return Recomputed(after_regions, scores, decide_from(model.head, predicted, scores), attention)


def decide_from(head: DecisionHead, predicted: Predicted, scores: Array) -> Decision:
    """The decision for edited scores (O,), as a change of what was predicted."""
    if np.array_equal(scores, predicted.scores):
        return predicted.decision
    logits = predicted.logits + head.weight @ (scores - predicted.scores)
    shifted = np.exp(logits - logits.max())
    return Decision(logits, shifted / shifted.sum(), int(logits.argmax()))


def _apply_regions(
    model: EditableModel, predicted: Predicted, edits: Sequence[Edit | RegionEdit]
) -> tuple[Array, dict[int, float]]:
    scores, attention = predicted.scores.copy(), dict[int, float]()
    for index, edit in enumerate(edits):
        if not isinstance(edit, RegionEdit):
            continue
        group = _group(model.head, edit, index)
        if group in attention:
            raise EditError(index, f"group {edit.group_key!r} has a region already; paint one region for a group")
        if model.regions is None:
            raise EditError(index, "this model's concepts do not come from patches, so regions change nothing")
        if predicted.tokens is None:
            raise TokensMissing
        kept = _kept(edit, len(predicted.tokens), index)
        whole = model.regions.score(predicted.tokens, group)
        part = model.regions.score(predicted.tokens, group, kept)
        scores[model.head.concept_set.group_slices[group]] += part.scores - whole.scores
        attention[group] = part.attention
    return scores, attention


def _group(head: DecisionHead, edit: RegionEdit, index: int) -> int:
    try:
        return head.concept_set.group_keys.index(edit.group_key)
    except ValueError:
        known = ", ".join(head.concept_set.group_keys)
        raise EditError(index, f"there is no group {edit.group_key!r}; there are {known}") from None


def _kept(edit: RegionEdit, patches: int, index: int) -> np.ndarray:
    outside = [patch for patch in edit.patches if not 0 <= patch < patches]
    if outside:
        raise EditError(index, f"patch {outside[0]} is not in the grid; it has {patches}, counted from 0")
    painted = np.zeros(patches, bool)
    painted[list(edit.patches)] = True
    kept = painted if edit.keep is Keep.INSIDE else ~painted
    if not kept.any():
        raise EditError(index, "no patch is left to feed the group; paint fewer or others")
    return kept
