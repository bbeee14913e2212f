"""Labels that people gave afterwards, added to the training images of a retraining.

Shapes: N images, S pixels a side, K groups, G localizable groups.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet, ConceptSetError, load_concept_set
from models.data.adapters.registry import find_adapter
from models.data.errors import DataError
from models.data.importing import ImportOptions, import_dataset
from models.data.prepared import INFO, PreparedDataset
from models.train.data import InputShape, Split, load_split
from models.train.edited import relabelled
from models.train.retrain.errors import RetrainError
from models.train.settings import ImportedData

_CONCEPT_SET = "concept_set.yaml"
_SCRATCH = "vitrine-labels-"


@dataclass(frozen=True, eq=False)
class Labelled:
    """Images with labels from people.

    Attributes:
        split: in terms of the edited concept set, in memory.
        digest: of the labels and images.
    """

    split: Split
    digest: str


def read_labels(
    folder: Path, parent: ConceptSet, edited: ConceptSet, shape: InputShape, scratch: Path | None = None
) -> Labelled:
    """Reads a folder as ``vitrine labels export`` writes it, any other that ``data import csv`` reads, or an import.

    Args:
        folder: the table with its images; the labels are of the concept set beside it, else of the parent's.
        parent: concept set of the parent.
        edited: to label with; options that it lacks are unknown.
        shape: of the encoder's input.
        scratch: folder of one retraining to import a table in, made if missing; what an earlier attempt left there, as
            when it was killed, is removed. None for the system's temporary folder.

    Raises:
        RetrainError: if the folder cannot be read, or its labels fit neither concept set.
    """
    try:
        own = load_concept_set(folder / _CONCEPT_SET) if (folder / _CONCEPT_SET).is_file() else parent
        if (folder / INFO).is_file():
            return _read(folder, own, edited, shape)
        _clear(scratch)
        with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=scratch) as making:
            place = Path(making) / "labels"
            options = ImportOptions(fractions=(1.0, 0.0, 0.0), published_split=False, workers=1)
            import_dataset(find_adapter("csv"), folder, place, "labels", options)
            return _read(place, own, edited, shape)
    except (DataError, ConceptSetError) as error:
        raise RetrainError(f"the labels in {folder} cannot be used: {error}") from error


def _clear(scratch: Path | None) -> None:
    if scratch is not None:
        scratch.mkdir(parents=True, exist_ok=True)
        for left in scratch.glob(f"{_SCRATCH}*"):
            shutil.rmtree(left, ignore_errors=True)


def _read(place: Path, own: ConceptSet, edited: ConceptSet, shape: InputShape) -> Labelled:
    # All images whatever their split: as those of another import that is only tested on.
    data = ImportedData(kind="imported", folder=place, test_folder=place)
    found = load_split(data, "test", own, shape)
    found = replace(found, images=np.array(found.images))
    if own.digest() != edited.digest():
        found = relabelled(found, own, edited)
    return Labelled(found, PreparedDataset.open(place).info.digest)


@dataclass(frozen=True)
class Merged:
    """What became of the labelled images.

    Attributes:
        corrected: training images whose labels were replaced.
        added: new training images.
        left_out: images that are validated or tested on.
    """

    corrected: int
    added: int
    left_out: int


class Joined:
    """Images (or tokens) of two arrays as one; only rows that are asked for are read."""

    def __init__(self, first: NDArray[Any], second: NDArray[Any]) -> None:
        if first.shape[1:] != second.shape[1:] or first.dtype != second.dtype:
            raise ValueError(f"expected {first.shape[1:]} {first.dtype}, got {second.shape[1:]} {second.dtype}")
        self._first, self._second = first, second
        self.shape = (len(first) + len(second), *first.shape[1:])
        self.dtype = first.dtype

    def __len__(self) -> int:
        return int(self.shape[0])

    def __getitem__(self, rows: slice | NDArray[np.int64]) -> NDArray[Any]:
        chosen = np.arange(len(self))[rows]
        out = np.empty((len(chosen), *self.shape[1:]), self.dtype)
        early = chosen < len(self._first)
        out[early] = self._first[chosen[early]]
        out[~early] = self._second[chosen[~early] - len(self._first)]
        return out


def thinned(split: Split, count: int | None) -> Split:
    """At most so many images of a split, evenly spread over it; all of them for None."""
    if count is None or len(split) <= count:
        return split
    rows = np.unique(np.linspace(0, len(split) - 1, count).astype(np.int64))
    masks, lesion = (None if known is None else known[rows] for known in (split.masks, split.lesion))
    return Split(np.asarray(split.images[rows]), split.classes[rows], split.options[rows], masks, lesion)


def merge(train: Split, held: tuple[Split, ...], extra: Split) -> tuple[Split, Split | None, Merged]:
    """Takes corrected labels into the training images. Images are compared pixel by pixel at the encoder's size.

    An image that is trained on already gets the new class, and the new options where somebody said something; one that
    is validated or tested on is left out, whatever was said of it: a model is not tested on what it has seen.

    Args:
        train: the training split.
        held: validation and test split.
        extra: labelled images.

    Returns:
        The training split with its corrected labels, the images to be added to it (None if there are none), and what
        became of how many.
    """
    kept_back = {digest for split in held for digest in _digests(split.images)}
    place = {digest: row for row, digest in enumerate(_digests(train.images))}
    classes, options = train.classes.copy(), train.options.copy()
    new: dict[str, int] = {}
    corrected = left_out = 0
    for row, digest in enumerate(_digests(extra.images)):
        if digest in kept_back:
            left_out += 1
        elif digest in place:
            known = extra.options[row] >= 0
            classes[place[digest]] = extra.classes[row]
            options[place[digest], known] = extra.options[row, known]
            corrected += 1
        else:
            new[digest] = row  # the same image twice: the later row counts
    told = Merged(corrected, len(new), left_out)
    merged = replace(train, classes=classes, options=options)
    if not new:
        return merged, None, told
    rows = np.array(list(new.values()), np.int64)
    added = Split(
        extra.images[rows],
        extra.classes[rows],
        extra.options[rows],
        _fitting(extra.masks, rows, train.masks),
        _fitting(extra.lesion, rows, train.lesion),
    )
    return merged, added, told


def join(train: Split, added: Split, images: Any) -> Split:
    """The training split with what ``merge`` found to add; ``images`` (N, …) are those of both."""
    pairs = (("classes", np.int64), ("options", np.int64))
    labels = {name: np.concatenate([getattr(train, name), getattr(added, name)]).astype(kind) for name, kind in pairs}
    masks = {
        name: None if getattr(train, name) is None else np.concatenate([getattr(train, name), getattr(added, name)])
        for name in ("masks", "lesion")
    }
    return Split(images, labels["classes"], labels["options"], masks["masks"], masks["lesion"])


def _fitting(
    own: NDArray[np.float32] | None, rows: NDArray[np.int64], like: NDArray[np.float32] | None
) -> NDArray[np.float32] | None:
    """Masks of some rows as the training split has them: empty where the labelled images have none."""
    if like is None:
        return None
    return np.zeros((len(rows), *like.shape[1:]), np.float32) if own is None else own[rows]


def _digests(images: NDArray[np.uint8]) -> list[str]:
    return [hashlib.sha256(np.ascontiguousarray(image).data).hexdigest() for image in images]
