"""An imported data set: a folder that says what each image is, where to read it, and which split it belongs to.

Shapes: N images, S pixels a side, K groups, G localizable groups.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError

from models.concepts import ConceptSet, ConceptSetError, load_concept_set
from models.data import cache
from models.data.errors import DataError
from models.data.labels import class_indices, option_labels
from models.data.manifest import MANIFEST, PreparedRow, read_manifest
from models.data.records import LESION, SPLITS, SplitName
from models.data.report import FORMAT, DatasetInfo, LeakageReport
from models.data.splitting import Item, folds_of
from models.data.thumbnails import Thumbnails

INFO = "dataset.json"
CONCEPTS = "concept_set.yaml"
REPORT = "report.json"
CONTACT_SHEET = "contact-sheet.png"

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, eq=False)
class PreparedArrays:
    """Some splits as arrays.

    Attributes:
        keys: (N,) of the images.
        images: (N, S, S, 3) uint8, memory-mapped.
        classes: (N,) int64, in the order of the concept set.
        options: (N, K) int64, option within its group, -1 where unknown (or absent, in a group of one option).
        lost: (N, K) bool, labelled with an option that the concept set lacks: unknown in a group of one option too.
        masks: (N, G, grid, grid) float32, share of each patch that the group's mask covers; None if there are none.
        lesion: (N, grid, grid) float32, the same for the whole lesion; zero where an image has no mask.
        clusters: (N,) int64, equal for images that belong together.
    """

    keys: tuple[str, ...]
    images: NDArray[np.uint8]
    classes: NDArray[np.int64]
    options: NDArray[np.int64]
    lost: NDArray[np.bool_]
    masks: NDArray[np.float32] | None
    lesion: NDArray[np.float32] | None
    clusters: NDArray[np.int64]


class PreparedDataset:
    """An imported data set; made by ``open``."""

    def __init__(self, folder: Path, info: DatasetInfo) -> None:
        self.folder = folder
        self.info = info

    @classmethod
    def open(cls, folder: Path) -> PreparedDataset:
        """Reads what is known of the set as a whole; rows and report when they are asked for.

        Raises:
            DataError: if the folder holds no imported data set.
        """
        if not (folder / INFO).is_file():
            raise DataError(f"{folder}: holds no imported data set ({INFO} is missing)")
        return cls(folder, _read_model(folder / INFO, DatasetInfo))

    @cached_property
    def report(self) -> LeakageReport:
        """What the import found; ``DataError`` if the file is missing or damaged."""
        return _read_model(self.folder / REPORT, LeakageReport)

    @cached_property
    def rows(self) -> Sequence[PreparedRow]:
        """All images, by split and then by key; ``DataError`` if the manifest is missing or damaged."""
        return tuple(read_manifest(self.folder / MANIFEST, Path(self.info.source)))

    @cached_property
    def concept_set(self) -> ConceptSet | None:
        """The set that the import was read with, as it was then; None if it was read with none, or kept no copy.

        Raises:
            DataError: if the copy is missing, damaged, or was changed since.
        """
        if self.info.concept_set_digest is None:
            return None
        path = self.folder / CONCEPTS
        try:
            found = load_concept_set(path)
        except ConceptSetError as error:
            raise DataError(f"{error}; it is the concept set of this import: import the data set again") from error
        if found.digest() != self.info.concept_set_digest:
            raise DataError(
                f"{path}: was changed since the import, so its labels mean something else; import the data set again"
            )
        return found

    def thumbnail(self, key: str, side: int) -> NDArray[np.uint8]:
        """A small copy of an image, (h, w, 3) uint8 RGB, the longer side at most ``side``.

        Raises:
            KeyError: if there is no such image.
            DataError: if it can no longer be read.
        """
        row = self.rows[self._index[key]]
        return Thumbnails(self.folder).get(row.key, row.image, side)

    def arrays(
        self,
        splits: Sequence[SplitName],
        concept_set: ConceptSet,
        size: int,
        resize_mode: str,
        grid: int = 14,
        fold: tuple[int, int] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> PreparedArrays:
        """Images and labels of some splits; decoded once, then memory-mapped from the cache folder.

        Args:
            splits: which, in this order.
            concept_set: gives the order of classes and groups, and options by class. It may be an edited one: labels
                are read by the import's own set, and what the edited one lacks is unknown.
            size: S.
            resize_mode: "shortest", "longest" or "squash", as the encoder's preprocessing.
            grid: patches a side.
            fold: (count, index): cross-validation over training and validation images by the hash of their clusters;
                this fold is then the validation split, the others the training split.
            progress: called with (done, all) while images are decoded.

        Raises:
            DataError: if an image can no longer be read or has changed, or the concept set does not fit.
            ValueError: if a split, the resize mode or the fold is none.
        """
        unknown = set(splits) - set(SPLITS)
        if unknown:
            raise ValueError(f"splits are {', '.join(SPLITS)}; got {', '.join(sorted(unknown))}")
        selected = self._selected(splits, fold)
        rows = [self.rows[index] for index in selected]
        indices = np.array(selected, dtype=np.int64)
        images = cache.squares(self.folder, self.rows, size, resize_mode, progress)
        groups = tuple(group.key for group in concept_set.groups if group.localizable)
        keys = (*(key for key in groups if key in self.info.masks), *((LESION,) if LESION in self.info.masks else ()))
        shares = cache.patches(self.folder, self.rows, keys, size, resize_mode, grid)
        by_group: dict[str, NDArray[np.float32]] = {
            key: np.asarray(shares[indices, column]) for column, key in enumerate(keys)
        }
        lesion = by_group.pop(LESION, None)
        classes = class_indices(rows, self.info, concept_set)
        labels = option_labels(rows, concept_set, self.concept_set)
        empty = np.zeros((len(rows), grid, grid), np.float32)
        masks = np.stack([by_group.get(key, empty) for key in groups], axis=1) if by_group else None
        return PreparedArrays(
            keys=tuple(row.key for row in rows),
            images=cache.selection(self.folder, images, indices),
            classes=classes,
            options=labels.options,
            lost=labels.lost,
            masks=masks,
            lesion=lesion,
            clusters=np.unique([row.cluster for row in rows], return_inverse=True)[1].astype(np.int64).reshape(-1),
        )

    @cached_property
    def _index(self) -> Mapping[str, int]:
        return {row.key: index for index, row in enumerate(self.rows)}

    def _selected(self, splits: Sequence[SplitName], fold: tuple[int, int] | None) -> list[int]:
        """Rows of the splits, in the order of the splits."""
        where: list[SplitName | None] = [row.split for row in self.rows]
        if fold is not None:
            count, index = fold
            if not 0 <= index < count:
                raise ValueError(f"fold {index} of {count}; expected 0 to {count - 1}")
            own = [row for row in self.rows if row.split in ("train", "validation")]
            folds = folds_of([Item(row.key, row.label) for row in own], [row.cluster for row in own], count)
            of_key = {row.key: number for row, number in zip(own, folds, strict=True)}
            where = [
                row.split if row.key not in of_key else "validation" if of_key[row.key] == index else "train"
                for row in self.rows
            ]
        return [index for split in splits for index, own in enumerate(where) if own == split]


def _read_model(path: Path, kind: type[_Model]) -> _Model:
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text).get("format", FORMAT)
        if found != FORMAT:
            raise DataError(f"{path}: of format {found}, this version reads {FORMAT}; import the data set again")
        return kind.model_validate_json(text)
    except (OSError, ValueError, AttributeError) as error:
        if isinstance(error, DataError):
            raise
        detail = f"{error.error_count()} fields do not fit" if isinstance(error, ValidationError) else str(error)
        raise DataError(f"{path}: cannot be read ({detail})") from error
