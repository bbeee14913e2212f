"""Places365-Standard, 256 pixels, with the easy directory structure: a folder per scene below train and val."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.concepts import ClassLabel
from models.data.adapters.base import DatasetCard
from models.data.adapters.layout import classes_from, files, key_of, locate, missing, subfolders
from models.data.errors import DataError
from models.data.images import FileImage
from models.data.records import Record, SplitName

PARTS: tuple[tuple[str, SplitName], ...] = (("train", "train"), ("val", "test"))


class Places365:
    """Reads the two folders. The labels of the real test images were never published: ``val`` is the test split."""

    card = DatasetCard(
        name="places365",
        title="Places365-Standard",
        modality="natural images",
        concept_set=None,
        layout=(
            "places365_standard/train/airfield/00000001.jpg …\n"
            "places365_standard/val/airfield/Places365_val_00000435.jpg …"
        ),
        homepage="http://places2.csail.mit.edu/download.html",
        citation=(
            "Zhou B, Lapedriza A, Khosla A, Oliva A, Torralba A. Places: a 10 million image database for scene "
            "recognition. IEEE Trans Pattern Anal Mach Intell 2018;40:1452-1464"
        ),
        licence="annotations CC BY; images for non-commercial research",
    )

    def classes(self, root: Path) -> tuple[ClassLabel, ...]:
        """The scenes by the names of their folders."""
        return tuple(self._labels(self._home(root)).values())

    def records(self, root: Path) -> Iterator[Record]:
        """All images; see ``Adapter.records``."""
        home = self._home(root)
        labels = self._labels(home)
        for part, split in PARTS:
            for folder in subfolders(home / part):
                if folder.name not in labels:
                    raise DataError(f"{folder}: no class of this name in {home / 'train'}")
                images = files(folder)
                if not images:
                    raise missing(self.card, home, f"every image of '{part}/{folder.name}' is")
                for path in images:
                    yield Record(key_of(path, home), FileImage(path), labels[folder.name].key, split=split)

    def _home(self, root: Path) -> Path:
        home = locate(self.card, root, "train", "val", depth=1)
        for part, _ in PARTS:
            if not (home / part).is_dir():
                raise missing(self.card, home, f"folder '{part}' is")
        return home

    def _labels(self, home: Path) -> dict[str, ClassLabel]:
        return classes_from((folder.name for folder in subfolders(home / "train")), str(home / "train"))
