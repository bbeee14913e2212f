"""Labels of procedural images for concept sets that were edited since the generator was written.

Shapes: N images, K groups, G localizable groups.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet


class Labels(NamedTuple):
    """What is known of N images."""

    classes: NDArray[np.int64]  # (N,)
    options: NDArray[np.int64]  # (N, K), -1 where unknown
    masks: NDArray[np.float32] | None  # (N, G, rows, columns)


def check_drawn(name: str, drawn: ConceptSet, concept_set: ConceptSet) -> None:
    """Raises ``ValueError`` if a procedural set draws other classes, or none of the concepts, of a concept set."""
    absent = set(drawn.class_keys) - set(concept_set.class_keys)
    if absent or not set(drawn.group_keys) & set(concept_set.group_keys):
        lacking = f"; it lacks {', '.join(sorted(absent))}" if absent else ""
        raise ValueError(f"{name} draws the concepts of {drawn.name}, not of {concept_set.name!r}{lacking}")


def relabel(labels: Labels, drawn: ConceptSet, concept_set: ConceptSet) -> Labels:
    """Labels in terms of another concept set, such as an edited one: everything is found by its key.

    Args:
        labels: as ``drawn`` has them.
        drawn: concept set that the images were drawn by.
        concept_set: to label with. Groups and options that ``drawn`` lacks are unknown, their masks empty. It has the
            class of every image; other classes of ``drawn`` it may lack.

    Raises:
        ValueError: if it lacks the class of an image.
    """
    order = {key: index for index, key in enumerate(concept_set.class_keys)}
    classes = np.array([order.get(key, -1) for key in drawn.class_keys], np.int64)
    options = np.full((len(labels.classes), concept_set.group_count), -1, np.int64)
    own = {group.key: column for column, group in enumerate(drawn.groups)}
    for column, group in enumerate(concept_set.groups):
        if group.key not in own or group.is_binary or drawn.groups[own[group.key]].is_binary:
            continue
        before = drawn.groups[own[group.key]].option_keys
        table = [group.option_keys.index(key) if key in group.option_keys else -1 for key in before]
        options[:, column] = np.append(table, -1)[labels.options[:, own[group.key]]]
    found = classes[labels.classes]
    if (found < 0).any():
        gone = sorted({drawn.class_keys[label] for label in labels.classes[found < 0]})
        raise ValueError(f"the concept set {concept_set.name!r} lacks classes of the images: {', '.join(gone)}")
    return Labels(found, options, _reordered(labels.masks, drawn, concept_set))


def _reordered(
    masks: NDArray[np.float32] | None, drawn: ConceptSet, concept_set: ConceptSet
) -> NDArray[np.float32] | None:
    """Masks (N, G, rows, columns) in the order of another concept set's localizable groups."""
    if masks is None:
        return None
    before = [group.key for group in drawn.groups if group.localizable]
    empty = np.zeros_like(masks[:, 0])
    keys = [group.key for group in concept_set.groups if group.localizable]
    return np.stack([masks[:, before.index(key)] if key in before else empty for key in keys], 1) if keys else None
