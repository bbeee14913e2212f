"""A user's own images: a folder per class."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.concepts import ClassLabel
from models.data.adapters.base import DatasetCard
from models.data.adapters.layout import (
    DICOM_SUFFIXES,
    IMAGE_SUFFIXES,
    classes_from,
    files,
    image_at,
    key_of,
    missing,
    subfolders,
    with_masks,
)
from models.data.errors import DataError
from models.data.masks import FileMask
from models.data.records import LESION, Record, SplitName

SPLIT_FOLDERS: dict[str, SplitName] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
}


class Folder:
    """Reads ``<class>/<image>``, or ``<train|val|test>/<class>/<image>``.

    ``x_mask.png``, ``x_mask_1.png`` … beside ``x.png`` are masks of its lesion. Folders below a class folder are
    refused: whether they are patients, series or something else cannot be known; a table (adapter ``csv``) can say.
    """

    card = DatasetCard(
        name="folder",
        title="A folder per class",
        modality="any",
        concept_set=None,
        layout=(
            "<class>/<image>.png (or .jpg .tif .bmp .webp .dcm) …, for at least two classes\n"
            "<class>/<image>_mask.png … (optional: masks of the lesion)\n"
            "or with a level above: train/<class>/…, val/<class>/…, test/<class>/…"
        ),
        homepage="",
        citation="",
        licence="your own",
    )

    def classes(self, root: Path) -> tuple[ClassLabel, ...]:
        """The folders' names in alphabetical order."""
        return tuple(self._labels(root).values())

    def records(self, root: Path) -> Iterator[Record]:
        """All images; see ``Adapter.records``."""
        labels = self._labels(root)
        for part, split in self._parts(root):
            for folder in subfolders(part):
                below = subfolders(folder)
                if below:
                    raise DataError(
                        f"{folder}: holds folders such as '{below[0].name}'; images of a class stand right in its "
                        "folder. If the folders are patients or series, write a table and use the adapter csv"
                    )
                images = files(folder, IMAGE_SUFFIXES | DICOM_SUFFIXES)
                if not images:
                    raise missing(self.card, folder, "every image is")
                for path, masks in with_masks(images):
                    yield Record(
                        key_of(path, root),
                        image_at(path),
                        labels[folder.name].key,
                        split=split,
                        masks={LESION: tuple(FileMask(mask) for mask in masks)} if masks else {},
                    )

    def _parts(self, root: Path) -> list[tuple[Path, SplitName | None]]:
        if not root.is_dir():
            raise DataError(f"{root}: no such folder")
        folders = subfolders(root)
        splits = {folder: SPLIT_FOLDERS.get(folder.name.lower()) for folder in folders}
        if not any(splits.values()):
            return [(root, None)]
        strange = [folder.name for folder, split in splits.items() if split is None]
        if strange:
            raise DataError(f"{root}: holds '{strange[0]}' beside folders of splits; move it away or rename it")
        return list(splits.items())

    def _labels(self, root: Path) -> dict[str, ClassLabel]:
        names = {folder.name for part, _ in self._parts(root) for folder in subfolders(part)}
        if not names:
            raise missing(self.card, root, "every class folder is")
        return classes_from(sorted(names), str(root))
