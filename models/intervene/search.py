"""The smallest set of option changes that makes a class the predicted one.

Only realistic changes are tried: in each group at most one option that is not present becomes it, as a reader would
click it (``DecisionHead.make_present``): its group's scores become what validation images with that option have. Groups
do not interact (the head is linear), so the effects of changes add up.

Shapes: K concept groups, O options, C classes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from models.intervene.scores import Array, DecisionHead, Edit, Operation

EXACT_GROUPS = 3  # up to so many groups every set is tried; beyond, the search is greedy and may miss a smaller one
MOST_SETS = (
    2_000_000  # of one size; a concept set with more is searched greedily from that size on: seconds, not minutes
)
_BLOCK = 100_000


@dataclass(frozen=True)
class Counterfactual:
    """A set of option changes that flips the decision.

    Attributes:
        edits: one for each group that changes.
        margin: logit of the wanted class above the next one, after the edits.
        exact: no smaller set exists (among realistic changes).
    """

    edits: tuple[Edit, ...]
    margin: float
    exact: bool


@dataclass(frozen=True, eq=False)
class _Change:
    """An option that is made present: its index, its group's index, and what that adds to the logits (C,)."""

    option: int
    group: int
    effect: Array


def counterfactuals(
    head: DecisionHead, scores: Array, wanted: int, limit: int = 5, logits: Array | None = None
) -> list[Counterfactual]:
    """The smallest sets of option changes after which ``wanted`` is predicted, the clearest first.

    Args:
        head: of the model.
        scores: (O,) as predicted.
        wanted: index of the class.
        limit: how many sets of the smallest size are given at most.
        logits: (C,) for those scores, where they are known better than the head can say: a network in float32
            differs from it in the seventh digit.

    Returns:
        Empty if the class cannot be reached. No changes at all if it is predicted already.

    Raises:
        ValueError: if there is no such class.
    """
    if not 0 <= wanted < len(head.bias):
        raise ValueError(f"there is no class {wanted}; there are {len(head.bias)}")
    logits = head.decide(scores).logits if logits is None else logits
    if _margin(logits, wanted) > 0:
        return [Counterfactual((), _margin(logits, wanted), exact=True)]
    changes = list(_changes(head, scores))
    groups = sorted({change.group for change in changes})
    for size in range(1, min(EXACT_GROUPS, len(groups)) + 1):
        if _sets(changes, groups, size) > MOST_SETS:
            break
        found = _exact(logits, changes, groups, wanted, size)
        if found:
            best = sorted(found, key=lambda pair: -pair[1])[:limit]
            return [Counterfactual(_edits(head, chosen), margin, exact=True) for chosen, margin in best]
    chosen, margin = _greedy(logits, changes, wanted)
    return [Counterfactual(_edits(head, chosen), margin, exact=False)] if margin > 0 else []


def _sets(changes: Sequence[_Change], groups: Sequence[int], size: int) -> int:
    """How many sets of one change in each of ``size`` groups there are."""
    sizes = [sum(change.group == group for change in changes) for group in groups]
    totals = [1] + [0] * size  # elementary symmetric polynomials
    for count in sizes:
        for place in range(size, 0, -1):
            totals[place] += totals[place - 1] * count
    return totals[size]


def _changes(head: DecisionHead, scores: Array) -> Iterator[_Change]:
    """Every option that is not the present one already."""
    for index, group in enumerate(head.concept_set.group_slices):
        several = group.stop - group.start > 1
        for option in range(group.start, group.stop):
            if several and option == group.start + int(scores[group].argmax()):
                continue
            difference = head.make_present(scores, option) - scores
            if np.any(difference != 0):
                yield _Change(option, index, head.weight @ difference)


def _exact(
    logits: Array, changes: Sequence[_Change], groups: Sequence[int], wanted: int, size: int
) -> list[tuple[tuple[_Change, ...], float]]:
    found: list[tuple[tuple[_Change, ...], float]] = []
    by_group = {group: [change for change in changes if change.group == group] for group in groups}
    for chosen in combinations(groups, size):
        effects = [np.stack([change.effect for change in by_group[group]]) for group in chosen]
        total = logits[None]
        for effect in effects:  # every combination of one change per group: (n1 * n2 * …, C)
            total = (total[:, None] + effect[None]).reshape(-1, len(logits))
        margins = total[:, wanted] - np.delete(total, wanted, axis=1).max(1)
        for flat in np.flatnonzero(margins > 0):
            places = np.unravel_index(flat, [len(effect) for effect in effects])
            picked = tuple(by_group[group][place] for group, place in zip(chosen, places, strict=True))
            found.append((picked, float(margins[flat])))
        if len(found) > _BLOCK:
            found = sorted(found, key=lambda pair: -pair[1])[:1000]
    return found


def _greedy(logits: Array, changes: Sequence[_Change], wanted: int) -> tuple[tuple[_Change, ...], float]:
    """Adds the change that helps most, one group after the other, until the class is reached or nothing helps."""
    chosen: list[_Change] = []
    margin = _margin(logits, wanted)
    while margin <= 0:
        free = [change for change in changes if change.group not in {each.group for each in chosen}]
        gains = [_margin(logits + change.effect, wanted) for change in free]
        if not gains or max(gains) <= margin:
            break
        best = free[int(np.argmax(gains))]
        chosen.append(best)
        logits, margin = logits + best.effect, max(gains)
    return tuple(chosen), margin


def _margin(logits: Array, wanted: int) -> float:
    return float(logits[wanted] - np.delete(logits, wanted).max())


def _edits(head: DecisionHead, changes: Sequence[_Change]) -> tuple[Edit, ...]:
    return tuple(Edit(head.concept_set.option_ids[change.option], Operation.OPTION) for change in changes)
