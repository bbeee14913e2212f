"""The images and labels of a training, as arrays.

Shapes: N images, S pixels a side, K groups, G localizable groups, rows x columns patches.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet
from models.data.synthetic.dermoscopy import synthesize
from models.train.config import ProceduralData

logger = logging.getLogger(__name__)

SplitName = Literal["train", "validation", "test"]
_FIELDS = ("images", "classes", "options", "masks")


@dataclass(frozen=True, eq=False)
class Split:
    """One split of a data set.

    Attributes:
        images: (N, S, S, 3) uint8, possibly memory-mapped.
        classes: (N,) int64.
        options: (N, K) int64, option within its group, -1 where unknown.
        masks: (N, G, rows, columns) float32, share of each patch that the group's mask covers; None without masks.
    """

    images: NDArray[np.uint8]
    classes: NDArray[np.int64]
    options: NDArray[np.int64]
    masks: NDArray[np.float32] | None

    def __len__(self) -> int:
        return int(self.images.shape[0])


def load_split(
    data: ProceduralData,
    split: SplitName,
    concept_set: ConceptSet,
    size: int,
    progress: Callable[[int, int], None] | None = None,
) -> Split:
    """Draws a split of a procedural data set, or reads it from the cache folder.

    Args:
        data: which set and how many images.
        split: which split.
        concept_set: must be the one the generator draws.
        size: side of the images in pixels.
        progress: called with (done, all) while images are drawn.

    Returns:
        The split.

    Raises:
        ValueError: if the concept set is not the generator's.
    """
    if concept_set.name != "isic2018":
        raise ValueError(f"{data.name} draws the concepts of isic2018, not of {concept_set.name!r}")
    count: int = getattr(data, split)
    folder = None if data.cache is None else data.cache / f"{data.name}-{split}-{count}-{size}"
    if folder is not None and (folder / "complete").is_file():
        images, classes, options, masks = (
            np.load(folder / f"{field}.npy", mmap_mode="r" if field == "images" else None) for field in _FIELDS
        )
        return Split(images, classes, options, masks)
    arrays = synthesize(split, count, size, progress=progress)
    if folder is not None:
        _store(folder, {field: getattr(arrays, field) for field in _FIELDS})
    return Split(arrays.images, arrays.classes, arrays.options, arrays.masks)


def _store(folder: Path, arrays: dict[str, NDArray[np.generic]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    (folder / "complete").touch()
    logger.info("kept %s", folder)
