"""CIFAR-10 and CIFAR-100: the python version (pickles, read without running them) and the binary version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.concepts import ClassLabel
from models.data.adapters.arrays import PlanarImage
from models.data.adapters.base import DatasetCard
from models.data.adapters.layout import classes_from, locate, missing
from models.data.adapters.pickles import PickledArray, read_batch
from models.data.errors import DataError
from models.data.records import Record, SplitName

PIXELS = 3 * 32 * 32
CITATION = "Krizhevsky A. Learning multiple layers of features from tiny images. University of Toronto, 2009"
HOMEPAGE = "https://www.cs.toronto.edu/~kriz/cifar.html"


@dataclass(frozen=True)
class Version:
    """The files of one CIFAR set in one of its versions.

    Attributes:
        folder: that the archive unpacks to.
        batches: file name and split.
        names: file that names the classes.
        field: of the names and of the labels in the pickles; "" in the binary version.
        label_bytes: before each image in the binary version, the last of them the class.
    """

    folder: str
    batches: tuple[tuple[str, SplitName], ...]
    names: str
    field: tuple[str, str] = ("", "")
    label_bytes: int = 0


class Cifar:
    """Reads either version; if both are there, the binary one, which needs no pickle."""

    def __init__(self, card: DatasetCard, versions: tuple[Version, ...]) -> None:
        self.card = card
        self._versions = versions

    def classes(self, root: Path) -> tuple[ClassLabel, ...]:
        """The classes in the order of their numbers."""
        home, version = self._find(root)
        return self._labels(home, version)

    def records(self, root: Path) -> Iterator[Record]:
        """All images; see ``Adapter.records``."""
        home, version = self._find(root)
        labels = self._labels(home, version)
        for name, split in version.batches:
            path = home / name
            if not path.is_file():
                raise missing(self.card, home, f"'{name}' is")
            for row, (offset, number) in enumerate(_images(path, version)):
                if not 0 <= number < len(labels):
                    raise DataError(f"{path}, image {row}: has class {number}; there are {len(labels)} names")
                yield Record(f"{name}#{row:05d}", PlanarImage(path, offset), labels[number].key, split=split)

    def _find(self, root: Path) -> tuple[Path, Version]:
        # The archive's folder, its parent, or a folder with the files themselves
        markers = [f"{version.folder}/{version.names}" for version in self._versions]
        markers += [version.batches[0][0] for version in self._versions]
        home = locate(self.card, root, *markers, depth=1)
        for version in self._versions:
            for folder in (home / version.folder, home):
                if (folder / version.names).is_file():
                    return folder, version
        names = " or ".join(f"'{version.names}'" for version in self._versions)
        raise missing(self.card, home, f"{names} is")

    def _labels(self, home: Path, version: Version) -> tuple[ClassLabel, ...]:
        path = home / version.names
        if version.label_bytes:
            names = path.read_text(encoding="ascii", errors="replace").split()
        else:
            names = [_text(name) for name in _field(read_batch(path), version.field[0], path, list)]
        return tuple(classes_from(names, str(path)).values())


def _images(path: Path, version: Version) -> Iterator[tuple[int, int]]:
    """Byte offset and class number of every image."""
    return _binary_images(path, version.label_bytes) if version.label_bytes else _pickled_images(path, version.field[1])


def _binary_images(path: Path, label_bytes: int) -> Iterator[tuple[int, int]]:
    size, record = path.stat().st_size, label_bytes + PIXELS
    if not size or size % record:
        raise DataError(f"{path}: {size} bytes are no whole number of images of {record} bytes; download it again")
    with path.open("rb") as stream:
        for start in range(0, size, record):
            stream.seek(start + label_bytes - 1)
            yield start + label_bytes, stream.read(1)[0]


def _pickled_images(path: Path, field: str) -> Iterator[tuple[int, int]]:
    batch = read_batch(path)
    array: PickledArray = _field(batch, "data", path, PickledArray)
    numbers: list[Any] = _field(batch, field, path, list)
    count = len(numbers)
    if array.shape != (count, PIXELS) or array.code not in ("u1", "|u1") or len(array.data) != count * PIXELS:
        raise DataError(f"{path}: 'data' has shape {array.shape} of {array.code}, not ({count}, {PIXELS}) of u1")
    if not all(isinstance(number, int) for number in numbers):
        raise DataError(f"{path}: '{field}' holds something else than whole numbers")
    # The pixels stand in the file as they are, so each image can be read from there without unpickling again.
    start = path.read_bytes().find(array.data)
    if start < 0:
        raise DataError(f"{path}: the pixels do not stand in it in one piece; download the original again")
    for row, number in enumerate(numbers):
        yield start + row * PIXELS, number


def _field(batch: dict[str, Any], name: str, path: Path, kind: type) -> Any:
    if name not in batch:
        raise DataError(f"{path}: '{name}' is missing; there are {', '.join(sorted(batch)) or 'no fields'}")
    if not isinstance(batch[name], kind):
        raise DataError(f"{path}: '{name}' is no {'array' if kind is PickledArray else kind.__name__}")
    return batch[name]


def _text(name: object) -> str:
    return name.decode("latin1") if isinstance(name, bytes) else str(name)


_TRAIN_10: tuple[tuple[str, SplitName], ...] = tuple((f"data_batch_{number}", "train") for number in range(1, 6))

CIFAR10 = Cifar(
    DatasetCard(
        name="cifar10",
        title="CIFAR-10",
        modality="natural images",
        concept_set=None,
        layout=(
            "cifar-10-batches-py/data_batch_1 … data_batch_5, test_batch, batches.meta\n"
            "or cifar-10-batches-bin/data_batch_1.bin … data_batch_5.bin, test_batch.bin, batches.meta.txt"
        ),
        homepage=HOMEPAGE,
        citation=CITATION,
        licence="none stated; free to use with citation",
    ),
    (
        Version(
            "cifar-10-batches-bin",
            (*((f"{name}.bin", split) for name, split in _TRAIN_10), ("test_batch.bin", "test")),
            "batches.meta.txt",
            label_bytes=1,
        ),
        Version("cifar-10-batches-py", (*_TRAIN_10, ("test_batch", "test")), "batches.meta", ("label_names", "labels")),
    ),
)

CIFAR100 = Cifar(
    DatasetCard(
        name="cifar100",
        title="CIFAR-100",
        modality="natural images",
        concept_set=None,
        layout=("cifar-100-python/train, test, meta\nor cifar-100-binary/train.bin, test.bin, fine_label_names.txt"),
        homepage=HOMEPAGE,
        citation=CITATION,
        licence="none stated; free to use with citation",
    ),
    (
        Version(
            "cifar-100-binary", (("train.bin", "train"), ("test.bin", "test")), "fine_label_names.txt", label_bytes=2
        ),
        Version(
            "cifar-100-python", (("train", "train"), ("test", "test")), "meta", ("fine_label_names", "fine_labels")
        ),
    ),
)
