"""The images that an edit is tried on: splits of an imported data set, or drawn ones, as the encoder takes them.

Shapes: N images, S pixels a side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet, load_concept_set
from models.data import cache
from models.data.errors import DataError
from models.data.prepared import PreparedDataset
from models.data.records import SplitName
from models.data.synthetic.generators import GENERATORS

UNKNOWN = -1
DRAWN = 500  # images of each split, unless somebody says how many
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class EncoderInput:
    """S, the side in pixels, and how a picture becomes a square: "shortest", "longest" or "squash"."""

    size: int
    resize_mode: str


@dataclass(frozen=True, eq=False)
class LabelledImages:
    """Images with what is known of them.

    Attributes:
        keys: (N,) unique names.
        images: (N, S, S, 3) uint8, possibly memory-mapped.
        truth: (N,) int64, class in the order of the concept set; ``UNKNOWN`` where its label is no class of it.
    """

    keys: tuple[str, ...]
    images: NDArray[np.uint8]
    truth: NDArray[np.int64]


def is_procedural(dataset: str) -> bool:
    """Whether this is the name of a set that is drawn."""
    return dataset in GENERATORS


def read_images(
    dataset: Path | str,
    splits: Sequence[SplitName],
    concept_set: ConceptSet,
    wanted: EncoderInput,
    *,
    drawn: int = DRAWN,
    progress: Progress | None = None,
) -> LabelledImages:
    """Reads or draws the images of some splits.

    Args:
        dataset: folder of an import, or the name of a procedural set.
        splits: which, in this order.
        concept_set: of the model; classes are found in it by their keys.
        wanted: what the encoder takes.
        drawn: of a procedural set, how many images of each split.
        progress: called with (done, all) while images are decoded or drawn.

    Returns:
        The images.

    Raises:
        DataError: if the folder holds no import, an image of it has changed, or the splits are empty.
    """
    if isinstance(dataset, str) and is_procedural(dataset):
        return _drawn(dataset, splits, concept_set, wanted, drawn, progress)
    prepared = PreparedDataset.open(Path(dataset))
    chosen = [index for split in splits for index, row in enumerate(prepared.rows) if row.split == split]
    if not chosen:
        raise DataError(f"{prepared.folder}: has no images in {' and '.join(splits)}; choose another split")
    squares = cache.squares(prepared.folder, prepared.rows, wanted.size, wanted.resize_mode, progress)
    rows = [prepared.rows[index] for index in chosen]
    return LabelledImages(
        tuple(row.key for row in rows),
        cache.selection(prepared.folder, squares, np.array(chosen, np.int64)),
        _classes([row.label for row in rows], concept_set),
    )


def _drawn(
    name: str,
    splits: Sequence[SplitName],
    concept_set: ConceptSet,
    wanted: EncoderInput,
    count: int,
    progress: Progress | None,
) -> LabelledImages:
    synthesize, concepts = GENERATORS[name]
    labels = load_concept_set(concepts).class_keys
    keys: list[str] = []
    parts: list[Any] = []
    truth: list[str] = []
    for split in splits:
        found = synthesize(split, count, wanted.size, progress=progress)
        keys += [f"{split}/{index:05d}" for index in range(count)]
        parts.append(found.images)
        truth += [labels[index] for index in found.classes]
    return LabelledImages(tuple(keys), np.concatenate(parts), _classes(truth, concept_set))


def _classes(labels: Sequence[str], concept_set: ConceptSet) -> NDArray[np.int64]:
    order = {key: index for index, key in enumerate(concept_set.class_keys)}
    return np.array([order.get(label, UNKNOWN) for label in labels], np.int64)
