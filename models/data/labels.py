"""Labels of rows as indices into a concept set.

Shapes: N rows, K groups.
"""

from __future__ import annotations

from collections.abc import Sequence

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


def option_indices(rows: Sequence[PreparedRow], concept_set: ConceptSet) -> NDArray[np.int64]:
    """(N, K) int64: labels of the image where it has some, else those of its class; -1 where neither says anything.

    An empty per-image label says that none of the group's options is there, whatever the class suggests.

    Raises:
        DataError: if a label is not in the concept set.
    """
    check_options(rows, concept_set)
    table = dict(zip(concept_set.class_keys, concept_set.class_table(), strict=True))
    options = np.array([table[row.label] for row in rows], dtype=np.int64).reshape(len(rows), concept_set.group_count)
    for column, group in enumerate(concept_set.groups):
        for index, row in enumerate(rows):
            if group.key in row.options:
                option = row.options[group.key]
                options[index, column] = group.option_keys.index(option) if option else -1
    return options
