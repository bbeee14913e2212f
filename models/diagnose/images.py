"""The images of a diagnosis: a split of an import or a drawn one, with who said what about each group.

Shapes: N images, K groups.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet
from models.data.errors import DataError
from models.data.prepared import PreparedDataset
from models.data.records import SplitName
from models.train.data import InputShape, Split, load_split
from models.train.settings import ImportedData, ProceduralData


@dataclass(frozen=True, eq=False)
class DiagnosedImages:
    """A split with the names of its images and the source of their labels.

    Attributes:
        dataset: name of the set.
        synthetic: whether it is drawn.
        split: which.
        keys: (N,) unique names.
        data: images, classes, options and masks.
        per_image: (N, K) bool, whether the option was labelled in the image itself; otherwise ``data.options`` has
            what the class table gives its class.
    """

    dataset: str
    synthetic: bool
    split: str
    keys: tuple[str, ...]
    data: Split
    per_image: NDArray[np.bool_]

    def __post_init__(self) -> None:
        wanted = self.data.options.shape
        if len(self.keys) != len(self.data) or self.per_image.shape != wanted:
            raise ValueError(
                f"expected {len(self.data)} keys and label sources {wanted}, "
                f"got {len(self.keys)} and {self.per_image.shape}"
            )


def read_diagnosed(
    data: ProceduralData | ImportedData,
    split: SplitName,
    concept_set: ConceptSet,
    shape: InputShape,
    progress: Callable[[int, int], None] | None = None,
) -> DiagnosedImages:
    """Reads or draws a split.

    Args:
        data: an import, or a procedural set and how many images of it.
        split: which.
        concept_set: of the model.
        shape: of its encoder's input.
        progress: called with (done, all) while images are prepared.

    Raises:
        DataError: if the import cannot be read.
        ValueError: if the split is empty or the concept set does not fit the data.
    """
    found = load_split(data, split, concept_set, shape, progress)
    if isinstance(data, ProceduralData):
        keys = tuple(f"{split}/{index:05d}" for index in range(len(found)))
        return DiagnosedImages(data.name, True, split, keys, found, np.ones(found.options.shape, np.bool_))
    prepared = PreparedDataset.open(data.folder)
    rows = [row for row in prepared.rows if row.split == split]
    if len(rows) != len(found):
        raise DataError(f"{prepared.folder}: changed while it was read; try again")
    own = np.array([[group.key in row.options for group in concept_set.groups] for row in rows], np.bool_)
    return DiagnosedImages(
        prepared.info.name, False, split, tuple(row.key for row in rows), found, own.reshape(found.options.shape)
    )


def diagnosed_data(dataset: Path | str, drawn: int) -> ProceduralData | ImportedData:
    """What to read or draw.

    Args:
        dataset: folder of an import, or the name of a procedural set.
        drawn: images of a procedural set, 64 at least.
    """
    if isinstance(dataset, Path):
        return ImportedData(kind="imported", folder=dataset)
    return ProceduralData.model_validate({"name": dataset, "train": drawn, "validation": drawn, "test": drawn})
