"""Which concept to check first: whose true value would tell most about the decision.

Shapes: K concept groups, O options, C classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.intervene.editing import Predicted, decide_from
from models.intervene.scores import Array, DecisionHead


@dataclass(frozen=True)
class Check:
    """What checking a group would be expected to change.

    Attributes:
        group: index of the group.
        expected_change: of the class probabilities (total variation distance, 0 to 1), if a person looked and the
            option they find were drawn from the model's own probabilities within the group. Finding what the model
            sees changes nothing.
        flip_probability: that another class is then predicted.
    """

    group: int
    expected_change: float
    flip_probability: float


def checks(head: DecisionHead, predicted: Predicted) -> list[Check]:
    """All groups, the one that would tell most first.

    The model's own uncertainty may be wrong: where it is sure and mistaken, checking looks useless and is not.

    Args:
        head: of the model.
        predicted: what it said of the image.
    """
    scores, before = predicted.scores, predicted.decision
    found = []
    for index, group in enumerate(head.concept_set.group_slices):
        change = flips = 0.0
        for option, probability in _possibilities(scores, group):
            edited = scores if option is None else head.make_present(scores, option)
            after = decide_from(head, predicted, edited)
            change += probability * 0.5 * float(np.abs(after.probabilities - before.probabilities).sum())
            flips += probability * float(after.predicted != before.predicted)
        found.append(Check(index, change, flips))
    return sorted(found, key=lambda check: (-check.expected_change, check.group))


def _possibilities(scores: Array, group: slice) -> list[tuple[int | None, float]]:
    """What a person may find, with the model's probability; None: as the model sees it, which changes nothing.

    Making the option that it sees present as well would put in that option's average scores, so that a group of which
    the model has no doubt at all came first, for being far from the average.
    """
    own = scores[group]
    if group.stop - group.start == 1:
        present = float(1 / (1 + np.exp(-own[0])))
        return [(None, max(present, 1 - present)), (group.start, min(present, 1 - present))]
    weights, seen = np.exp(own - own.max()), int(own.argmax())
    return [
        (None if place == seen else group.start + place, float(weight))
        for place, weight in enumerate(weights / weights.sum())
    ]
