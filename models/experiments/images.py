"""The images of an experiment: some splits of an import, or drawn ones, with all that is known of them.

Shapes: N images, S pixels a side, K groups.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet
from models.data.prepared import PreparedDataset
from models.data.records import SplitName
from models.experiments.surroundings import ExperimentError
from models.train.data import InputShape, Split, load_split, split_digest, with_absent
from models.train.settings import ProceduralData

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class ExperimentImages:
    """Images with their truth.

    Attributes:
        dataset: name of the set.
        synthetic: whether it is drawn.
        keys: (N,) unique names.
        data: images, classes, options (-1 where unknown) and masks.
        per_image: (N, K) whether the option was labelled in the image itself, or drawn; otherwise ``data.options`` has
            what the class table gives its class.
        clusters: (N,) equal for images that belong together: of one patient, or near-duplicates.
    """

    dataset: str
    synthetic: bool
    keys: tuple[str, ...]
    data: Split
    per_image: NDArray[np.bool_]
    clusters: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.keys)

    def digest(self) -> str:
        """SHA-256 of labels and of some of the images."""
        return split_digest(self.data)

    def take(self, rows: NDArray[np.int64]) -> ExperimentImages:
        """Some of the images (n,), in that order."""
        data = self.data
        own = Split(
            np.asarray(data.images[rows]),
            data.classes[rows],
            data.options[rows],
            None if data.masks is None else data.masks[rows],
            None if data.lesion is None else data.lesion[rows],
        )
        keys = tuple(self.keys[row] for row in rows)
        return ExperimentImages(self.dataset, self.synthetic, keys, own, self.per_image[rows], self.clusters[rows])


def read_images(
    dataset: Path | str,
    splits: Sequence[SplitName],
    concept_set: ConceptSet,
    shape: InputShape,
    *,
    drawn: int,
    progress: Progress | None = None,
) -> ExperimentImages:
    """Reads or draws the images of some splits.

    Args:
        dataset: folder of an import, or the name of a procedural set.
        splits: which, in this order.
        concept_set: of the model.
        shape: of its encoder's input.
        drawn: of a procedural set, how many images of each split.
        progress: called with (done, all) while images are decoded or drawn.

    Raises:
        DataError: if the import cannot be read.
        ExperimentError: if the splits are empty.
        ValueError: if the concept set does not fit the images.
    """
    if isinstance(dataset, str):
        return _drawn(dataset, splits, concept_set, shape, drawn, progress)
    prepared = PreparedDataset.open(dataset)
    arrays = prepared.arrays(splits, concept_set, shape.size, shape.resize_mode, grid=shape.grid, progress=progress)
    if len(arrays.keys) == 0:
        raise ExperimentError(f"{dataset}: has no images in {' and '.join(splits)}; choose another split")
    options = with_absent(arrays.options, concept_set)
    options[arrays.lost] = -1
    labelled = {row.key: row.options for row in prepared.rows}
    own = [[group.key in labelled[key] for group in concept_set.groups] for key in arrays.keys]
    return ExperimentImages(
        prepared.info.name,
        False,
        arrays.keys,
        Split(arrays.images, arrays.classes, options, arrays.masks, arrays.lesion),
        np.array(own, np.bool_).reshape(options.shape),
        arrays.clusters,
    )


def _drawn(
    name: str,
    splits: Sequence[SplitName],
    concept_set: ConceptSet,
    shape: InputShape,
    drawn: int,
    progress: Progress | None,
) -> ExperimentImages:
    data = ProceduralData.model_validate({"name": name, "train": drawn, "validation": drawn, "test": drawn})
    parts = [load_split(data, split, concept_set, shape, progress) for split in splits]
    joined = Split(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.classes for part in parts]),
        np.concatenate([part.options for part in parts]),
        _joined([part.masks for part in parts]),
        _joined([part.lesion for part in parts]),
    )
    keys = tuple(f"{split}/{index:05d}" for split in splits for index in range(drawn))
    return ExperimentImages(name, True, keys, joined, joined.options >= 0, np.arange(len(keys)))


def _joined(parts: Sequence[NDArray[np.float32] | None]) -> NDArray[np.float32] | None:
    known = [part for part in parts if part is not None]
    return np.concatenate(known) if len(known) == len(parts) else None
