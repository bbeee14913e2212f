"""Which options are there: by the labels, by the model, and which groups can have a place.

Shapes: N images, K groups, O options.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet


def localizable_groups(concept_set: ConceptSet) -> list[int]:
    """Groups with a place in the image, in the order of a split's masks."""
    return [index for index, group in enumerate(concept_set.groups) if group.localizable]


def present_options(scores: NDArray[np.float32], concept_set: ConceptSet) -> NDArray[np.bool_]:
    """(N, O) whether the model takes the option for the present one: the strongest, or above 0 in a group of one.

    Args:
        scores: (N, O).
        concept_set: of the model.
    """
    present = np.zeros(scores.shape, np.bool_)
    for group in concept_set.group_slices:
        if group.stop - group.start == 1:
            present[:, group.start] = scores[:, group.start] > 0
        else:
            present[np.arange(len(scores)), group.start + scores[:, group].argmax(1)] = True
    return present


def labelled_options(options: NDArray[np.int64], concept_set: ConceptSet) -> NDArray[np.int64]:
    """(N, O) 1 where the option is there, 0 where it is not, -1 where nobody knows.

    Args:
        options: (N, K) option within each group, -1 where unknown; 1 and 0 in a group of one option.
        concept_set: of the model.
    """
    labels = np.full((len(options), concept_set.option_count), -1, np.int64)
    for place, group in enumerate(concept_set.group_slices):
        own, single = options[:, place], group.stop - group.start == 1
        for offset in range(group.stop - group.start):
            labels[:, group.start + offset] = np.where(own < 0, -1, own == (1 if single else offset))
    return labels


def shown_options(
    scores: NDArray[np.float32],
    options: NDArray[np.int64],
    per_image: NDArray[np.bool_],
    concept_set: ConceptSet,
) -> NDArray[np.bool_]:
    """(N, O) whether an option's map is looked at: by the image's own label, else by the model.

    Args:
        scores: (N, O).
        options: (N, K).
        per_image: (N, K) whether the label is of the image itself.
        concept_set: of the model.
    """
    labels = labelled_options(np.where(per_image, options, -1), concept_set)
    shown: NDArray[np.bool_] = np.where(labels >= 0, labels == 1, present_options(scores, concept_set))
    return shown
