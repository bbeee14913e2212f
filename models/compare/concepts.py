"""Two concept sets beside each other: groups by their key, options by their id, and the truth in both.

Shapes: N images, O options, K groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet, Group

Indices = NDArray[np.int64]
UNKNOWN = -1
_ABSENT, _PRESENT = "absent", "present"


class CompareError(ValueError):
    """The two models cannot be compared; the message says what differs."""


@dataclass(frozen=True)
class SharedGroup:
    """A group that both models have.

    Attributes:
        key: of the group.
        name: of the group, as A has it.
        column_a: place among A's groups.
        column_b: place among B's.
        options: keys of all options of either, A's first; of a group of one option, absent and present.
        to_a: place in ``options`` of each of A's answers.
        to_b: of each of B's.
        only_a: ids of options that B lacks.
        only_b: ids of options that A lacks.
    """

    key: str
    name: str
    column_a: int
    column_b: int
    options: tuple[str, ...]
    to_a: tuple[int, ...]
    to_b: tuple[int, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]


@dataclass(frozen=True)
class Matching:
    """What two concept sets have in common.

    Attributes:
        shared: groups of both, in A's order.
        only_a: keys of groups that B lacks, or that cannot be held against each other (one option in the one, and
            in the other several or another one).
        only_b: the same of A.
        classes_b: (C,) where each of A's classes stands in B.
    """

    shared: tuple[SharedGroup, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    classes_b: tuple[int, ...]


def match(a: ConceptSet, b: ConceptSet) -> Matching:
    """Finds what they have in common.

    Raises:
        CompareError: if they tell other classes apart.
    """
    if set(a.class_keys) != set(b.class_keys):
        parts = [
            f"only {name} has {', '.join(missing)}"
            for name, missing in (
                ("A", [key for key in a.class_keys if key not in b.class_keys]),
                ("B", [key for key in b.class_keys if key not in a.class_keys]),
            )
            if missing
        ]
        raise CompareError(f"the models tell other classes apart, so they cannot be compared: {'; '.join(parts)}")
    shared = [
        _shared(group, b.groups[b.group_keys.index(group.key)], column, b.group_keys.index(group.key))
        for column, group in enumerate(a.groups)
        if group.key in b.group_keys and _comparable(group, b.groups[b.group_keys.index(group.key)])
    ]
    keys = {group.key for group in shared}
    return Matching(
        tuple(shared),
        tuple(key for key in a.group_keys if key not in keys),
        tuple(key for key in b.group_keys if key not in keys),
        tuple(b.class_keys.index(key) for key in a.class_keys),
    )


def _comparable(a: Group, b: Group) -> bool:
    """Whether both have several options, or the same single one: present or absent needs the same thing to be there."""
    return a.option_keys == b.option_keys if a.is_binary or b.is_binary else True


def _shared(a: Group, b: Group, column_a: int, column_b: int) -> SharedGroup:
    only_a = tuple(f"{a.key}.{key}" for key in a.option_keys if key not in b.option_keys)
    only_b = tuple(f"{b.key}.{key}" for key in b.option_keys if key not in a.option_keys)
    if a.is_binary:
        return SharedGroup(a.key, a.name, column_a, column_b, (_ABSENT, _PRESENT), (0, 1), (0, 1), only_a, only_b)
    options = (*a.option_keys, *(key for key in b.option_keys if key not in a.option_keys))
    to_a, to_b = (tuple(options.index(key) for key in group.option_keys) for group in (a, b))
    return SharedGroup(a.key, a.name, column_a, column_b, options, to_a, to_b, only_a, only_b)


def found_options(scores: NDArray[np.floating], group: slice, places: tuple[int, ...]) -> Indices:
    """(N,) the option that a model finds, as a place in the shared list; as ``metrics.concept_accuracies`` decides.

    Args:
        scores: (N, O) of the model.
        group: its columns.
        places: in the shared list, of each of the group's answers.
    """
    own = scores[:, group]
    chosen = (own[:, 0] > 0).astype(np.int64) if own.shape[1] == 1 else own.argmax(1)
    result: Indices = np.array(places, np.int64)[chosen]
    return result


def shared_truth(truth_a: Indices, truth_b: Indices, group: SharedGroup) -> Indices:
    """(N,) the true option as a place in the shared list; unknown where either set cannot say it or they disagree.

    Two sets disagree where the images have no labels of their own and the sets' class tables differ.

    Args:
        truth_a: (N, K) in terms of A's set, -1 where unknown.
        truth_b: (N, K) in terms of B's.
        group: which one.
    """
    places = [
        np.append(np.array(to, np.int64), UNKNOWN)[truth]
        for to, truth in ((group.to_a, truth_a[:, group.column_a]), (group.to_b, truth_b[:, group.column_b]))
    ]
    return np.where(places[0] == places[1], places[0], UNKNOWN)
