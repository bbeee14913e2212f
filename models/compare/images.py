"""The images that two models are compared on, as each encoder takes them, with what is known of them.

Shapes: N images, S pixels a side, K groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet, Group, load_concept_set
from models.data import cache
from models.data.errors import DataError
from models.data.manifest import PreparedRow
from models.data.prepared import PreparedDataset
from models.data.records import SplitName
from models.data.synthetic.generators import GENERATORS
from models.intervene.images import DRAWN, UNKNOWN, EncoderInput, Progress, is_procedural
from models.train.relabel import Labels, relabel

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Wanted:
    """What one of the models takes and knows."""

    concept_set: ConceptSet
    encoder: EncoderInput


@dataclass(frozen=True, eq=False)
class ComparedImages:
    """The images of a split.

    Attributes:
        name: of the data set.
        synthetic: whether they are drawn.
        keys: (N,) unique names.
        images: of both models, (N, S, S, 3) uint8 each, possibly memory-mapped; S may differ.
        classes: (N,) in A's order, ``UNKNOWN`` where the label is no class of it.
        options: of both models, (N, K) option within the group, ``UNKNOWN`` where not known or none of the set's.
        clusters: (N,) equal for images that belong together.
        labelled: whether any image has concept labels of its own; else they follow from the class.
    """

    name: str
    synthetic: bool
    keys: tuple[str, ...]
    images: tuple[NDArray[np.uint8], NDArray[np.uint8]]
    classes: Indices
    options: tuple[Indices, Indices]
    clusters: Indices
    labelled: bool


def read_compared(
    dataset: Path | str,
    splits: Sequence[SplitName],
    wanted: tuple[Wanted, Wanted],
    *,
    drawn: int = DRAWN,
    progress: Progress | None = None,
) -> ComparedImages:
    """Reads or draws the images of some splits, once where both encoders take the same.

    Args:
        dataset: folder of an import, or the name of a procedural set.
        splits: which, in this order.
        wanted: by A and by B.
        drawn: of a procedural set, how many images of each split.
        progress: called with (done, all) while images are decoded or drawn.

    Raises:
        DataError: if the folder holds no import, an image of it has changed, or the splits are empty.
    """
    if isinstance(dataset, str) and is_procedural(dataset):
        return _drawn(dataset, splits, wanted, drawn, progress)
    return _imported(Path(dataset), splits, wanted, progress)


def _drawn(
    name: str, splits: Sequence[SplitName], wanted: tuple[Wanted, Wanted], count: int, progress: Progress | None
) -> ComparedImages:
    synthesize, concepts = GENERATORS[name]
    generator = load_concept_set(concepts)
    pictures, found = [], []
    for size in dict.fromkeys(one.encoder.size for one in wanted):  # only the pixels depend on the size
        found = [synthesize(split, count, size, progress=progress) for split in splits]
        pictures.append(np.concatenate([part.images for part in found]))
    labels = np.concatenate([part.classes for part in found])
    options = np.concatenate([part.options for part in found])
    keys = tuple(f"{split}/{index:05d}" for split in splits for index in range(count))
    return ComparedImages(
        name=name,
        synthetic=True,
        keys=keys,
        images=(pictures[0], pictures[-1]),
        classes=_classes([generator.class_keys[label] for label in labels], wanted[0].concept_set),
        options=(
            _drawn_options(labels, options, generator, wanted[0].concept_set),
            _drawn_options(labels, options, generator, wanted[1].concept_set),
        ),
        clusters=np.arange(len(keys)),
        labelled=True,
    )


def _drawn_options(labels: Indices, options: Indices, generator: ConceptSet, concept_set: ConceptSet) -> Indices:
    if set(generator.class_keys) - set(concept_set.class_keys):  # drawn for something else: nothing is known
        return np.full((len(labels), concept_set.group_count), UNKNOWN, np.int64)
    return relabel(Labels(labels, options, None), generator, concept_set).options


def _imported(
    folder: Path, splits: Sequence[SplitName], wanted: tuple[Wanted, Wanted], progress: Progress | None
) -> ComparedImages:
    prepared = PreparedDataset.open(folder)
    chosen = [index for split in splits for index, row in enumerate(prepared.rows) if row.split == split]
    if not chosen:
        raise DataError(f"{folder}: has no images in {' and '.join(splits)}; choose another split")
    rows = [prepared.rows[index] for index in chosen]
    read: dict[EncoderInput, Any] = {}
    for encoder in (one.encoder for one in wanted):
        if encoder not in read:
            squares = cache.squares(folder, prepared.rows, encoder.size, encoder.resize_mode, progress)
            read[encoder] = cache.selection(folder, squares, np.array(chosen, np.int64))
    return ComparedImages(
        name=prepared.info.name,
        synthetic=False,
        keys=tuple(row.key for row in rows),
        images=(read[wanted[0].encoder], read[wanted[1].encoder]),
        classes=_classes([row.label for row in rows], wanted[0].concept_set),
        options=(label_options(rows, wanted[0].concept_set), label_options(rows, wanted[1].concept_set)),
        clusters=np.unique([row.cluster for row in rows], return_inverse=True)[1].astype(np.int64).reshape(-1),
        labelled=any(row.options for row in rows),
    )


def label_options(rows: Sequence[PreparedRow], concept_set: ConceptSet) -> Indices:
    """(N, K) options, of the image where it is labelled, else of its class; as a training counts them.

    A class or an option that the set lacks (an edited set may) is unknown rather than an error. A group of one option
    has 1 for present and 0 for absent, and is unknown where neither table nor labels ever have it: nobody looked.
    """
    table = dict(zip(concept_set.class_keys, concept_set.class_table(), strict=True))
    result = np.full((len(rows), concept_set.group_count), UNKNOWN, np.int64)
    for column, group in enumerate(concept_set.groups):
        by_class = {key: row[column] for key, row in table.items()}
        result[:, column] = [_option(row, group, by_class) for row in rows]
        looked = np.any(result[:, column] == 1) or 0 in by_class.values()
        if group.is_binary and not looked:
            result[:, column] = UNKNOWN
    return result


def _option(row: PreparedRow, group: Group, by_class: Mapping[str, int]) -> int:
    if group.key in row.options:
        option = row.options[group.key]
        if group.is_binary:
            return 1 if option in group.option_keys else 0 if not option else UNKNOWN
        return group.option_keys.index(option) if option in group.option_keys else UNKNOWN
    if row.label not in by_class:
        return UNKNOWN
    return int(by_class[row.label] == 0) if group.is_binary else by_class[row.label]


def _classes(labels: Sequence[str], concept_set: ConceptSet) -> Indices:
    order = {key: index for index, key in enumerate(concept_set.class_keys)}
    return np.array([order.get(label, UNKNOWN) for label in labels], np.int64)
