"""Labels of rows as indices into a concept set.

Shapes: N rows, K groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet
from models.data.errors import DataError
from models.data.manifest import PreparedRow
from models.data.records import Record
from models.data.report import DatasetInfo


def check_classes(classes: Sequence[str], concept_set: ConceptSet, name: str) -> None:
    """Raises ``DataError`` if the concept set lacks a class of the data set."""
    absent = [key for key in classes if key not in concept_set.class_keys]
    if absent:
        raise DataError(
            f"the concept set {concept_set.name} lacks classes of {name}: {', '.join(absent[:8])};"
            f" it has {', '.join(concept_set.class_keys[:8])}"
        )


def check_options(rows: Sequence[PreparedRow] | Sequence[Record], concept_set: ConceptSet) -> None:
    """Raises ``DataError`` if an image is labelled with an option that the concept set lacks."""
    known = {group.key: frozenset(group.option_keys) for group in concept_set.groups}
    for row in rows:
        for group, option in row.options.items():
            if group not in known:
                raise DataError(f"{row.key}: no group '{group}' in {concept_set.name}; there are {', '.join(known)}")
            if option and option not in known[group]:
                options = ", ".join(sorted(known[group]))
                raise DataError(f"{row.key}: group '{group}' has no option '{option}'; there are {options}")


def class_indices(rows: Sequence[PreparedRow], info: DatasetInfo, concept_set: ConceptSet) -> NDArray[np.int64]:
    """(N,) int64 in the order of the concept set's classes; ``DataError`` if one is missing there."""
    check_classes([label.key for label in info.classes], concept_set, info.name)
    order = {key: index for index, key in enumerate(concept_set.class_keys)}
    return np.array([order[row.label] for row in rows], dtype=np.int64)


class OptionLabels(NamedTuple):
    """Labels of N images.

    Attributes:
        options: (N, K) int64, option within its group; -1 where unknown, or where none of its options is there.
        lost: (N, K) bool, the image is labelled with an option that the concept set lacks: nothing is known of it.
    """

    options: NDArray[np.int64]
    lost: NDArray[np.bool_]


def option_labels(rows: Sequence[PreparedRow], concept_set: ConceptSet, own: ConceptSet | None = None) -> OptionLabels:
    """Labels of the image where it has some, else those of its class.

    An empty per-image label says that none of the group's options is there, whatever the class suggests. What people
    said of an image is found by its keys in a set that was edited since; what follows from the class alone is what the
    table of ``concept_set`` says, so that an edited table counts.

    Args:
        rows: N images.
        concept_set: to label with.
        own: that the labels of the images are in terms of; None for ``concept_set``.

    Raises:
        DataError: if a label is not in the set that the images are labelled by.
    """
    check_options(rows, own or concept_set)
    lost = np.zeros((len(rows), concept_set.group_count), np.bool_)
    table = dict(zip(concept_set.class_keys, concept_set.class_table(), strict=True))
    options = np.array([table[row.label] for row in rows], dtype=np.int64).reshape(len(rows), concept_set.group_count)
    for column, group in enumerate(concept_set.groups):
        for index, row in enumerate(rows):
            if group.key in row.options:
                option = row.options[group.key]
                known = option in group.option_keys
                options[index, column] = group.option_keys.index(option) if known else -1
                lost[index, column] = bool(option) and not known
    return OptionLabels(options, lost)
