"""Edits of the option scores, and the decision that follows. Plain numpy: an intervention needs no encoder.

Everything after the scores is linear (section 3.4), so recomputing one matrix product is exact.

Shapes: K concept groups, O options, C classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet
from models.statistics import ValidationStatistics

Array = NDArray[np.float64]


class Operation(StrEnum):
    """What an edit does.

    ``set``: one option's score becomes a value. ``option``: one option becomes the present one of its group.
    ``class_mean``: a group's scores become their average over validation images of a class (appendix J.2).
    ``mean``: they become the overall average: "unknown".
    """

    SET = "set"
    OPTION = "option"
    CLASS_MEAN = "class_mean"
    MEAN = "mean"


@dataclass(frozen=True)
class Edit:
    """One edit.

    Args:
        option_id: ``group.option``. For ``class_mean`` and ``mean`` any option of the group.
        operation: what is done.
        value: with ``set``: the score.
        reference_class: with ``class_mean``: key of the class.
    """

    option_id: str
    operation: Operation
    value: float | None = None
    reference_class: str | None = None


class EditError(ValueError):
    """An edit that cannot be applied; ``index`` says which one of the list."""

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(f"edit {index + 1}: {reason}")
        self.index = index


@dataclass(frozen=True, eq=False)
class Decision:
    """The linear head's answer: logits and probabilities (C,), and the index of the predicted class."""

    logits: Array
    probabilities: Array
    predicted: int


@dataclass(frozen=True, eq=False)
class DecisionHead:
    """All that an intervention needs of a model.

    Args:
        concept_set: names and groups of the options, names of the classes.
        statistics: of the validation images: means and ranges of the scores.
        weight: (C, O) of the linear head.
        bias: (C,).

    Raises:
        ValueError: if a shape does not fit the concept set.
    """

    concept_set: ConceptSet
    statistics: ValidationStatistics
    weight: Array
    bias: Array

    def __post_init__(self) -> None:
        wanted = (len(self.concept_set.class_keys), len(self.concept_set.option_ids))
        if self.weight.shape != wanted or self.bias.shape != wanted[:1]:
            raise ValueError(
                f"expected a weight {wanted} and a bias {wanted[:1]}, got {self.weight.shape} and {self.bias.shape}"
            )
        if len(self.statistics.means) != wanted[1] or len(self.statistics.class_means) != wanted[0]:
            got = (len(self.statistics.class_means), len(self.statistics.means))
            raise ValueError(f"expected statistics of {wanted} classes and options, got {got}")
        for option, row in enumerate(self.statistics.option_means or ()):
            group = self.group_of(option)
            if row is not None and len(row) != group.stop - group.start:
                raise ValueError(
                    f"expected ({group.stop - group.start},) mean scores for option {option}, got {len(row)}"
                )

    @property
    def ranges(self) -> Array:
        """(O, 2) 1st and 99th percentile of each score over the validation images."""
        return np.asarray(self.statistics.ranges, np.float64)

    def decide(self, scores: Array) -> Decision:
        """The decision for option scores (O,). Raises ValueError for another shape."""
        if scores.shape != (len(self.concept_set.option_ids),):
            raise ValueError(f"expected scores ({len(self.concept_set.option_ids)},), got {scores.shape}")
        logits = self.weight @ scores + self.bias
        shifted = np.exp(logits - logits.max())
        return Decision(logits, shifted / shifted.sum(), int(logits.argmax()))

    def contributions(self, scores: Array) -> Array:
        """(O, C) weight times score; summed over O and added to the bias they give the logits."""
        return scores[:, None] * self.weight.T

    def group_of(self, option: int) -> slice:
        """The columns of the option's group."""
        return next(group for group in self.concept_set.group_slices if group.start <= option < group.stop)

    def make_present(self, scores: Array, option: int) -> Array:
        """The scores (O,) with one option as the present one of its group.

        The group's scores become what they were on average over the validation images that have this option. Where
        that was not measured (an older checkpoint, an option that no image has), it exchanges its score with the one
        that is present now, and both stay within what was seen. Either way no other option of the group lies above it.
        In a group of one option it is switched: to the lower end of what was seen if the model takes it for present (a
        score of 0 or more is a probability of one half or more), else to the upper end.
        """
        group, edited = self.group_of(option), scores.copy()
        low, high = self.ranges[option]
        if group.stop - group.start == 1:
            edited[option] = low if scores[option] >= 0 else high
            return edited
        typical = self.statistics.option_means[option] if self.statistics.option_means else None
        present = group.start + int(scores[group].argmax())
        if typical is not None:
            edited[group] = typical
        elif present != option:
            edited[option] = np.clip(scores[present], low, high)
            edited[present] = np.clip(scores[option], *self.ranges[present])
        edited[group] = np.minimum(edited[group], edited[option])
        return edited

    def apply(self, scores: Array, edits: Sequence[Edit]) -> Array:
        """The scores (O,) after the edits, one after the other. Raises ``EditError`` and names the edit."""
        edited = np.asarray(scores, np.float64).copy()
        for index, edit in enumerate(edits):
            edited = self.apply_one(edited, edit, index)
        return edited

    def apply_one(self, scores: Array, edit: Edit, index: int) -> Array:
        """The scores (O,) after one edit. Raises ``EditError`` with the given index."""
        try:
            option = self.concept_set.option_ids.index(edit.option_id)
        except ValueError:
            raise EditError(index, f"there is no option {edit.option_id!r}") from None
        if edit.operation is Operation.OPTION:
            return self.make_present(scores, option)
        edited, group = scores.copy(), self.group_of(option)
        if edit.operation is Operation.SET:
            if edit.value is None or not np.isfinite(edit.value):
                raise EditError(index, "'set' needs a finite value")
            edited[option] = edit.value
        elif edit.operation is Operation.MEAN:
            edited[group] = np.asarray(self.statistics.means)[group]
        else:
            edited[group] = self._class_mean(edit.reference_class, index)[group]
        return edited

    def _class_mean(self, key: str | None, index: int) -> Array:
        if key not in self.concept_set.class_keys:
            known = ", ".join(self.concept_set.class_keys)
            raise EditError(index, f"'class_mean' needs a reference class, one of {known}; got {key!r}")
        mean = self.statistics.class_means[self.concept_set.class_keys.index(key)]
        if mean is None:
            raise EditError(index, f"the validation images hold none of class {key!r}, so there is no average")
        return np.asarray(mean, np.float64)
