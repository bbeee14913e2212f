"""A user's own images as arrays in one file, as in MedMNIST.

Shapes: N images, H rows, W columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.concepts import ClassLabel
from models.data.adapters.arrays import ArrayMember, NpzImage, members
from models.data.adapters.base import DatasetCard
from models.data.adapters.layout import classes_from, files, missing
from models.data.adapters.settings import AdapterSettings
from models.data.errors import DataError
from models.data.records import Record, SplitName

PARTS: tuple[tuple[str, SplitName], ...] = (("train", "train"), ("val", "validation"), ("test", "test"))


class Npz:
    """Reads images (N, H, W), (N, H, W, 1) or (N, H, W, 3) of uint8 with labels (N,) or (N, 1), numbers or texts.

    Names of classes that are numbers come from an array ``class_names`` where there is one.
    """

    card = DatasetCard(
        name="npz",
        title="Arrays in an .npz file, as in MedMNIST",
        modality="any",
        concept_set=None,
        layout=(
            "<any name>.npz with train_images, train_labels, val_images, val_labels, test_images, test_labels\n"
            "  or with images and labels; class_names if wanted"
        ),
        homepage="https://medmnist.com/",
        citation="",
        licence="your own",
    )

    def __init__(self, settings: AdapterSettings | None = None) -> None:
        self._settings = settings or AdapterSettings()

    def classes(self, root: Path) -> tuple[ClassLabel, ...]:
        """The classes in the order of their numbers, or of their names."""
        arrays = members(self._file(root))
        labels = self._labels(arrays, self._parts(arrays))
        return tuple(labels[name] for name in labels)

    def records(self, root: Path) -> Iterator[Record]:
        """All images; see ``Adapter.records``."""
        path = self._file(root)
        arrays = members(path)
        parts = self._parts(arrays)
        labels = self._labels(arrays, parts)
        for images, named, split in parts:
            # Keys of one length: whoever sorts them still reads the file from front to back.
            digits = len(str(arrays[images].shape[0]))
            for row, label in enumerate(_values(arrays[named])):
                key = f"{path.name}/{images}#{row:0{digits}d}"
                yield Record(key, NpzImage(path, images, row), labels[label].key, split=split)

    def _file(self, root: Path) -> Path:
        if root.is_file():
            return root
        if not root.is_dir():
            raise DataError(f"{root}: no such folder")
        if self._settings.file is not None:
            name = Path(self._settings.file)
            if name.name != self._settings.file or not (root / name).is_file():
                raise missing(self.card, root, f"'{self._settings.file}' is")
            return root / name
        found = files(root, (".npz",))
        if len(found) > 1:
            raise DataError(f"{root}: holds {', '.join(path.name for path in found)}; say which one (setting: file)")
        if not found:
            raise missing(self.card, root, "the .npz file is")
        return found[0]

    def _parts(self, arrays: dict[str, ArrayMember]) -> list[tuple[str, str, SplitName | None]]:
        """Names of the arrays of images and of labels, with their split."""
        parts: list[tuple[str, str, SplitName | None]] = [
            (f"{prefix}_images", f"{prefix}_labels", split)
            for prefix, split in PARTS
            if f"{prefix}_images" in arrays or f"{prefix}_labels" in arrays
        ] or [("images", "labels", None)]
        place = next(iter(arrays.values())).path if arrays else None
        for images, labels, _ in parts:
            for name in (images, labels):
                if name not in arrays:
                    there = ", ".join(sorted(arrays)) or "no arrays"
                    raise DataError(f"{place or 'the .npz file'}: array '{name}' is missing; there are {there}")
            _check(arrays[images], arrays[labels])
        return parts

    def _labels(
        self, arrays: dict[str, ArrayMember], parts: list[tuple[str, str, SplitName | None]]
    ) -> dict[str | int, ClassLabel]:
        values: set[str | int] = {value for _, name, _ in parts for value in _values(arrays[name])}
        source = str(arrays[parts[0][1]].path)
        if not all(isinstance(value, int) for value in values):
            texts = classes_from(sorted(str(value) for value in values), source)
            return {value: texts[str(value)] for value in sorted(values, key=str)}
        numbers = sorted(value for value in values if isinstance(value, int))
        names = {number: f"Class {number}" for number in range(max(numbers, default=-1) + 1)}
        if "class_names" in arrays:
            given = [str(name) for name in arrays["class_names"].load().tolist()]
            if numbers and (numbers[0] < 0 or numbers[-1] >= len(given)):
                raise DataError(
                    f"{source}: labels run from {numbers[0]} to {numbers[-1]}; {len(given)} names are given"
                )
            names = dict(enumerate(given))
        if numbers and numbers[0] < 0:
            raise DataError(f"{source}: labels begin with {numbers[0]}; numbers of classes begin with 0")
        labels = classes_from(names.values(), source)
        return {number: labels[name] for number, name in names.items()}


def _check(images: ArrayMember, labels: ArrayMember) -> None:
    shape = images.shape
    if images.dtype != np.uint8:
        raise DataError(f"{images.path}: array '{images.name}' is of {images.dtype}, not of uint8 (0 to 255)")
    if len(shape) not in (3, 4) or (len(shape) == 4 and shape[3] not in (1, 3)):
        raise DataError(
            f"{images.path}: array '{images.name}' has shape {shape}, not (N, H, W), (N, H, W, 1) or (N, H, W, 3)"
        )
    if labels.shape not in ((shape[0],), (shape[0], 1)):
        raise DataError(
            f"{labels.path}: array '{labels.name}' has shape {labels.shape}, not ({shape[0]},) or ({shape[0]}, 1): "
            "one class an image"
        )
    if labels.dtype.kind not in "iubUS":
        raise DataError(f"{labels.path}: array '{labels.name}' is of {labels.dtype}, neither whole numbers nor texts")


def _values(labels: ArrayMember) -> list[str | int]:
    loaded: NDArray[np.generic] = labels.load().reshape(-1)
    if labels.dtype.kind == "S":
        return [value.decode("utf-8", "replace") for value in loaded.tolist()]
    return [value if isinstance(value, str) else int(value) for value in loaded.tolist()]
