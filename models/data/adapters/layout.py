"""What the adapters share: finding folders, listing images, and saying what is missing."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from models.concepts import ClassLabel, load_concept_set
from models.concepts.keys import key_from_name
from models.data.adapters.base import DatasetCard
from models.data.errors import DataError
from models.data.images import DicomImage, FileImage
from models.data.records import ImageSource

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"})
DICOM_SUFFIXES = frozenset({".dcm", ".dicom"})
_NAMED = 3


def missing(card: DatasetCard, root: Path, what: str) -> DataError:
    """The error for a file or folder that is not there: it names it and shows the whole layout."""
    return DataError(f"{root}: {what} missing. {card.title} is expected as\n{textwrap.indent(card.layout, '  ')}")


def locate(card: DatasetCard, root: Path, *markers: str, depth: int = 2) -> Path:
    """The folder that holds one of the markers: the root, or below it, since unpacking often adds a folder.

    Args:
        card: of the data set, for the message.
        root: where to begin.
        markers: names or relative paths of files or folders; the first one counts first.
        depth: how many folders down to look.

    Raises:
        DataError: if the root is no folder, or none of them is there.
    """
    if not root.is_dir():
        raise DataError(f"{root}: no such folder")
    level = [root]
    for _ in range(depth + 1):
        for marker in markers:
            for folder in level:
                if (folder / marker).exists():
                    return folder
        level = [child for folder in level for child in subfolders(folder)]
    raise missing(card, root, " or ".join(f"'{marker}'" for marker in markers) + " is")


def subfolders(folder: Path) -> list[Path]:
    """Folders right below, by name; hidden ones and the rubbish of archivers left out."""
    return sorted(path for path in folder.iterdir() if not is_rubbish(path.name) and path.is_dir())


def files(folder: Path, suffixes: Iterable[str] = IMAGE_SUFFIXES, deep: bool = False) -> list[Path]:
    """Files with one of the suffixes, by name; ``deep`` also looks into folders below."""
    wanted = frozenset(suffixes)
    found = []
    # os.walk reads whether an entry is a file with the folder itself: no further call for each of a million images
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if deep and not is_rubbish(name)]
        found += [Path(place, name) for name in names if not is_rubbish(name) and Path(name).suffix.lower() in wanted]
    return sorted(found)


def is_rubbish(name: str) -> bool:
    """Hidden files, and what macOS puts into archives."""
    return name.startswith(".") or name == "__MACOSX"


def require_files(paths: Iterable[Path], source: str) -> None:
    """Checks that every file is there.

    Raises:
        DataError: with the first few that are not, and how many there are.
    """
    gone = [path for path in paths if not path.is_file()]
    if gone:
        raise DataError(f"{source} names {_some([str(path) for path in gone])}, which cannot be found")


def require_labels(unlabelled: Sequence[str], source: str) -> None:
    """Raises ``DataError`` if images have no row in the table of labels."""
    if unlabelled:
        raise DataError(f"{source} has no row for {_some(unlabelled)}")


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"


def key_of(path: Path, root: Path) -> str:
    """The key of an image file: its path below the root, with forward slashes."""
    return path.relative_to(root).as_posix()


def image_at(path: Path) -> ImageSource:
    """How to read an image file: as DICOM by its suffix, otherwise as a picture."""
    if path.suffix.lower() in DICOM_SUFFIXES:
        return DicomImage(path)
    return FileImage(path)


class ShippedClasses:
    """An adapter whose classes are those of a shipped concept set: one order for both."""

    card: DatasetCard

    def classes(self, root: Path) -> tuple[ClassLabel, ...]:
        """The classes of the concept set; ``DataError`` if the root is no folder."""
        if not root.is_dir():
            raise DataError(f"{root}: no such folder")
        if self.card.concept_set is None:
            raise ValueError(f"{self.card.name} has no concept set")
        return load_concept_set(self.card.concept_set).classes


def classes_from(names: Iterable[str], source: str) -> dict[str, ClassLabel]:
    """Classes by their name in the data, in the given order.

    Raises:
        DataError: if two names give one key, or there are fewer than two.
    """
    labels: dict[str, ClassLabel] = {}
    names_of_key: dict[str, str] = {}
    for name in names:
        key = key_from_name(name)
        if key in names_of_key and names_of_key[key] != name:
            raise DataError(f"{source}: the classes '{names_of_key[key]}' and '{name}' would have one key, {key}")
        names_of_key[key] = name
        labels[name] = ClassLabel(key=key, name=name)
    if len(labels) < 2:
        raise DataError(f"{source}: at least two classes are needed; found {', '.join(labels) or 'none'}")
    return labels


def with_masks(paths: Sequence[Path]) -> Iterator[tuple[Path, tuple[Path, ...]]]:
    """Pairs images with their masks: ``x_mask.png``, ``x_mask_1.png`` … beside ``x.png``.

    Args:
        paths: files of one folder.

    Yields:
        Each image with its masks. A ``…_mask`` file without an image is an image itself.
    """
    stems = {path.stem for path in paths}
    masks: dict[str, list[Path]] = {}
    images = []
    for path in paths:
        owner = mask_owner(path.stem, stems)
        if owner is None:
            images.append(path)
        else:
            masks.setdefault(owner, []).append(path)
    for image in images:
        yield image, tuple(masks.get(image.stem, ()))


def mask_owner(stem: str, stems: Iterable[str] | Mapping[str, object]) -> str | None:
    """The image that a file is a mask of by its name, None if it is an image itself."""
    match = re.fullmatch(r"(.+)_mask(?:_\d+)?", stem)
    return match[1] if match and match[1] in stems else None
