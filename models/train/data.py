"""The images and labels of a training, as arrays.

Shapes: N images, S pixels a side, K groups, G localizable groups, rows x columns patches.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet, available_concept_sets, load_concept_set
from models.data.prepared import CONCEPTS, PreparedDataset
from models.data.records import SPLITS, SplitName
from models.data.synthetic.generators import GENERATORS
from models.data.synthetic.samples import SyntheticArrays
from models.train.relabel import Labels, check_drawn, relabel
from models.train.settings import Auxiliary, Data, ImportedData, ProceduralData

logger = logging.getLogger(__name__)

ResizeMode = Literal["shortest", "longest", "squash"]
Drawn = Callable[[int, int], None]

_DIGEST_IMAGES = 64


@dataclass(frozen=True, eq=False)
class Split:
    """One split of a data set.

    Attributes:
        images: (N, S, S, 3) uint8, possibly memory-mapped; their tokens (N, L, D) where the encoder has run already
            (``models.train.inputs``).
        classes: (N,) int64.
        options: (N, K) int64, option within its group, -1 where unknown.
        masks: (N, G, rows, columns) float32, share of each patch that the group's mask covers; None without masks.
        lesion: (N, rows, columns) float32, the same for the whole lesion; None without lesion masks.
    """

    images: NDArray[np.uint8]
    classes: NDArray[np.int64]
    options: NDArray[np.int64]
    masks: NDArray[np.float32] | None
    lesion: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return int(self.images.shape[0])


@dataclass(frozen=True)
class InputShape:
    """What the encoder takes: side in pixels, how a picture becomes a square, and patches a side."""

    size: int
    resize_mode: ResizeMode = "longest"
    grid: int = 14


def dataset_identity(data: Data) -> tuple[str, bool]:
    """Name of the data set, and whether it is procedural."""
    if isinstance(data, ProceduralData):
        return data.name, True
    return PreparedDataset.open(data.folder).info.name, False


def dataset_origin(data: Data) -> dict[str, str] | None:
    """Title, citation and licence of an imported data set, for the model card; None for a procedural one."""
    if isinstance(data, ProceduralData):
        return None
    info = PreparedDataset.open(data.folder).info
    return {"title": info.title, "citation": info.card.citation, "licence": info.card.licence, "digest": info.digest}


def check_splits(data: Data) -> None:
    """Asks for images in every split before hours are spent on one of them.

    Raises:
        ValueError: if a split of an imported data set is empty, or test images are trained on.
    """
    if isinstance(data, ProceduralData):
        return
    dataset = PreparedDataset.open(data.folder)
    _check_apart(dataset, data.test_folder)
    counts = dataset.info.counts
    for split in SPLITS if data.fold is None else ("test",):
        if split == "test" and data.test_folder is not None:
            continue
        if not sum(counts.get(split, {}).values()):
            advice = "import it with other fractions"
            if split == "test":
                advice += ", or name another import as test_folder"
            raise ValueError(f"the {split} split of {data.folder} is empty; {advice}")


def _check_apart(dataset: PreparedDataset, test_folder: Path | None) -> None:
    """Raises ``ValueError`` if images of another import that is to be tested on are trained or validated on."""
    if test_folder is None:
        return
    seen = {row.sha256 for row in dataset.rows if row.split != "test"}
    shared = [row.key for row in PreparedDataset.open(test_folder).rows if row.sha256 in seen]
    if shared:
        raise ValueError(
            f"{len(shared)} images of the test_folder {test_folder} are among the training and validation images of "
            f"{dataset.folder}, such as {shared[0]}; a model is not tested on what it has seen"
        )


def dataset_concepts(data: Data) -> str:
    """Name of the concept set that goes with the data, or the file with an import's own copy.

    Raises:
        ValueError: if there is none, so that the settings must name one.
    """
    if isinstance(data, ProceduralData):
        return GENERATORS[data.name][1]
    info = PreparedDataset.open(data.folder).info
    name = info.concept_set
    if name is not None and info.concept_set_digest is not None:
        shipped = name in available_concept_sets() and load_concept_set(name).digest() == info.concept_set_digest
        return name if shipped else str(data.folder / CONCEPTS)
    if name is None:
        raise ValueError(f"the data set in {data.folder} comes without a concept set; name one as concept_set")
    return str(name)


def load_split(
    data: Data, split: SplitName, concept_set: ConceptSet, shape: InputShape, progress: Drawn | None = None
) -> Split:
    """Reads a split of an imported data set, or draws one of a procedural set (or reads it from the cache folder).

    Args:
        data: which set.
        split: which split.
        concept_set: of the training. An import that keeps the set that it was read with takes any edited one: what that
            lacks is unknown (``models.data.labels.option_labels``).
        shape: of the encoder's input.
        progress: called with (done, all) while images are prepared.

    Returns:
        The split.

    Raises:
        ValueError: if the concept set does not fit the data, or the split is empty.
    """
    if isinstance(data, ImportedData):
        return _imported(data, split, concept_set, shape, progress)
    count: int = getattr(data, split)
    return _drawn(data, split, count, concept_set, shape, progress)


def load_auxiliary(
    auxiliary: Auxiliary, concept_set: ConceptSet, shape: InputShape, progress: Drawn | None = None
) -> Split:
    """Draws the images that are mixed into the training batches. Arguments and errors as ``load_split``."""
    return _drawn(auxiliary, "train", auxiliary.train, concept_set, shape, progress)


def _imported(
    data: ImportedData, split: SplitName, concept_set: ConceptSet, shape: InputShape, progress: Drawn | None
) -> Split:
    foreign = split == "test" and data.test_folder is not None
    dataset = PreparedDataset.open(data.test_folder if foreign and data.test_folder else data.folder)
    arrays = dataset.arrays(
        SPLITS if foreign else (split,),
        concept_set,
        shape.size,
        shape.resize_mode,
        grid=shape.grid,
        fold=None if foreign else data.fold,
        progress=progress,
    )
    if len(arrays.classes) == 0:
        raise ValueError(f"the {split} split of {dataset.folder} is empty; import it with other fractions")
    options = with_absent(arrays.options, concept_set)
    options[arrays.lost] = -1
    return Split(arrays.images, arrays.classes, options, arrays.masks, arrays.lesion)


def has_masks(split: Split) -> bool:
    """Whether any image has a mask, of a finding or of the whole lesion."""
    return any(masks is not None and bool(masks.any()) for masks in (split.masks, split.lesion))


def labels_follow_class(split: Split, concept_set: ConceptSet) -> bool:
    """Whether every image has just the options that the class table gives its class: nobody read them in the image."""
    table = with_absent(np.asarray(concept_set.class_table(), np.int64), concept_set)
    return bool(np.array_equal(split.options, table[split.classes]))


def with_absent(options: NDArray[np.int64], concept_set: ConceptSet) -> NDArray[np.int64]:
    """(N, K) options in which a group of one option has 1 for present and 0 for absent, as losses and figures count.

    Data sets and class tables have 0 for its only option and -1 for none. Where the table has the option for no class
    and no image is labelled with it, nobody looked: it stays unknown.
    """
    options = options.copy()
    table = np.asarray(concept_set.class_table(), np.int64)
    for column, group in enumerate(concept_set.groups):
        if group.is_binary and (np.any(table[:, column] == 0) or np.any(options[:, column] == 0)):
            options[:, column] = options[:, column] == 0
    return options


def _drawn(
    data: ProceduralData | Auxiliary,
    split: SplitName,
    count: int,
    concept_set: ConceptSet,
    shape: InputShape,
    progress: Drawn | None,
) -> Split:
    synthesize, concepts = GENERATORS[data.name]
    drawn = load_concept_set(concepts)
    check_drawn(data.name, drawn, concept_set)
    folder = None if data.cache is None else data.cache / f"{data.name}-{split}-{count}-{shape.size}"
    if folder is not None and (folder / "complete").is_file():
        found = _load(folder)
    else:
        found = _split(synthesize(split, count, shape.size, progress=progress))
        if folder is not None:
            _store(folder, found)
    labels = relabel(Labels(found.classes, found.options, _regrid(found.masks, shape.grid)), drawn, concept_set)
    return Split(found.images, *labels, _regrid(found.lesion, shape.grid))


def _split(arrays: SyntheticArrays) -> Split:
    return Split(arrays.images, arrays.classes, arrays.options, arrays.masks, arrays.lesion)


def _load(folder: Path) -> Split:
    found = {
        field.name: np.load(folder / f"{field.name}.npy", mmap_mode="r" if field.name == "images" else None)
        if (folder / f"{field.name}.npy").is_file()
        else None
        for field in fields(Split)
    }
    return Split(**found)  # type: ignore[arg-type]


def _store(folder: Path, split: Split) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for field in fields(Split):
        array = getattr(split, field.name)
        if array is not None:
            np.save(folder / f"{field.name}.npy", array)
    (folder / "complete").touch()
    logger.info("kept %s", folder)


def _regrid(masks: NDArray[np.float32] | None, grid: int) -> NDArray[np.float32] | None:
    """Masks (..., rows, columns) as shares of the patches of another grid."""
    if masks is None or masks.shape[-1] == grid:
        return masks
    flat = masks.reshape(-1, *masks.shape[-2:])
    resized = np.stack([cv2.resize(mask, (grid, grid), interpolation=cv2.INTER_AREA) for mask in flat])
    return resized.reshape(*masks.shape[:-2], grid, grid).astype(np.float32)


def split_digest(split: Split) -> str:
    """SHA-256 of a split's labels and of some of its images: whether a training goes on with the same data."""
    digest = hashlib.sha256(str(split.images.shape).encode())
    for labels in (split.classes, split.options, split.masks, split.lesion):
        digest.update(b"none" if labels is None else np.ascontiguousarray(labels).tobytes())
    rows = np.unique(np.linspace(0, len(split) - 1, min(_DIGEST_IMAGES, len(split))).astype(np.int64))
    digest.update(np.ascontiguousarray(split.images[rows]).tobytes())
    return digest.hexdigest()
