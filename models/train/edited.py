"""Images with labels in terms of an edited concept set.

Shapes: N images, K groups.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.concepts import ConceptSet, ConceptSetError, load_concept_set
from models.data.errors import DataError
from models.data.labels import check_classes, check_options
from models.data.prepared import PreparedDataset
from models.data.records import SplitName
from models.train.data import Drawn, InputShape, Split, dataset_concepts, load_split
from models.train.relabel import Labels, relabel
from models.train.settings import Data, ImportedData


def load_edited(
    data: Data,
    split: SplitName,
    own: ConceptSet | None,
    edited: ConceptSet,
    shape: InputShape,
    progress: Drawn | None = None,
) -> Split:
    """``load_split`` for an edited set, whose data may name options that it no longer has: those are unknown then.

    An import that keeps the set that it was read with says itself what its labels mean; one that keeps none is read by
    ``own``, of which it was told that its labels fit.

    Args:
        data: which set.
        split: which split.
        own: that the labels of the data fit, such as a parent's; None if there is none but ``edited``.
        edited: to label with.
        shape: of the encoder's input.
        progress: called with (done, all) while images are prepared.

    Raises:
        ValueError: if the labels fit neither set, or the split is empty.
    """
    if isinstance(data, ImportedData) and own is not None:
        folders = {data.folder, data.test_folder or data.folder} if split == "test" else {data.folder}
        prepared = [PreparedDataset.open(folder) for folder in folders]
        for one in prepared:
            check_classes([label.key for label in one.info.classes], edited, one.info.name)
        try:
            for one in prepared:
                check_options(one.rows, one.concept_set or edited)
        except DataError:
            return relabelled(load_split(data, split, own, shape, progress), own, edited)
    return load_split(data, split, edited, shape, progress)


def load_for_training(
    data: Data, split: SplitName, concept_set: ConceptSet, shape: InputShape, progress: Drawn | None = None
) -> Split:
    """``load_edited`` with the concept set that the data came with: for a training that no parent's labels fit.

    Arguments and errors as ``load_split``.
    """
    return load_edited(data, split, data_concepts(data), concept_set, shape, progress)


def data_concepts(data: Data) -> ConceptSet | None:
    """The concept set that the labels of an import are in terms of; None where it is drawn, or does not say."""
    if not isinstance(data, ImportedData):
        return None
    try:
        return load_concept_set(dataset_concepts(data))
    except (ConceptSetError, ValueError):
        return None


def relabelled(split: Split, before: ConceptSet, edited: ConceptSet) -> Split:
    """Labels by key; a group that ``before`` lacks has what the edited table says of the class."""
    labels = relabel(Labels(split.classes, split.options, split.masks), before, edited)
    table = np.asarray(edited.class_table(), np.int64)
    for column, group in enumerate(edited.groups):
        if group.key not in before.group_keys and not group.is_binary:
            labels.options[:, column] = table[labels.classes, column]
        elif group.is_binary and group.key in before.group_keys:
            old = before.group_keys.index(group.key)
            if before.groups[old].option_keys == group.option_keys:
                labels.options[:, column] = split.options[:, old]
    return replace(split, classes=labels.classes, options=labels.options, masks=labels.masks)
