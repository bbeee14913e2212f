"""CUB-200-2011: birds of 200 species, with the published training and test split."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.concepts import ClassLabel
from models.data.adapters.base import DatasetCard
from models.data.adapters.layout import classes_from, locate, missing, require_files
from models.data.errors import DataError
from models.data.images import FileImage
from models.data.records import Record, SplitName

LISTS = ("images.txt", "image_class_labels.txt", "train_test_split.txt", "classes.txt")


class Cub:
    """Reads the four lists and the image folders. The attribute labels are not read."""

    card = DatasetCard(
        name="cub",
        title="Caltech-UCSD Birds-200-2011",
        modality="natural images",
        concept_set=None,
        layout=(
            "CUB_200_2011/images.txt, image_class_labels.txt, train_test_split.txt, classes.txt\n"
            "CUB_200_2011/images/001.Black_footed_Albatross/Black_Footed_Albatross_0046_18.jpg …"
        ),
        homepage="https://www.vision.caltech.edu/datasets/cub_200_2011/",
        citation=(
            "Wah C, Branson S, Welinder P, Perona P, Belongie S. The Caltech-UCSD Birds-200-2011 dataset. "
            "CNS-TR-2011-001, California Institute of Technology, 2011"
        ),
        licence="non-commercial research and education",
    )

    def classes(self, root: Path) -> tuple[ClassLabel, ...]:
        """The species in the order of ``classes.txt``."""
        return tuple(self._labels(self._home(root)).values())

    def records(self, root: Path) -> Iterator[Record]:
        """All images; see ``Adapter.records``."""
        home = self._home(root)
        labels = self._labels(home)
        images, species, training = (_pairs(home / name) for name in LISTS[:3])
        for name, listed in zip(LISTS[1:3], (species, training), strict=True):
            gone = next((number for number in images if number not in listed), None)
            if gone is not None:
                raise DataError(f"{home / name}: no line for image {gone}")
        require_files((home / "images" / path for path in images.values()), str(home / "images.txt"))
        for number, path in images.items():
            if species[number] not in labels:
                raise DataError(f"{home / LISTS[1]}: image {number} has class {species[number]}, not in classes.txt")
            split: SplitName = "train" if training[number] == "1" else "test"
            yield Record(f"images/{path}", FileImage(home / "images" / path), labels[species[number]].key, split=split)

    def _home(self, root: Path) -> Path:
        home = locate(self.card, root, *LISTS, "images")
        for name in LISTS:
            if not (home / name).is_file():
                raise missing(self.card, home, f"'{name}' is")
        if not (home / "images").is_dir():
            raise missing(self.card, home, "folder 'images' is")
        return home

    def _labels(self, home: Path) -> dict[str, ClassLabel]:
        """Classes by their number: "001.Black_footed_Albatross" is named "Black footed Albatross"."""
        names = {
            number: folder.split(".", 1)[-1].replace("_", " ")
            for number, folder in _pairs(home / "classes.txt").items()
        }
        labels = classes_from(names.values(), str(home / "classes.txt"))
        return {number: labels[name] for number, name in names.items()}


def _pairs(path: Path) -> dict[str, str]:
    """A list of "number value" lines."""
    pairs: dict[str, str] = {}
    for line_number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        if not line.strip():
            continue
        number, _, value = line.strip().partition(" ")
        if not value or pairs.get(number, value) != value:
            problem = "stands twice with different values" if value else "is not '<number> <value>'"
            raise DataError(f"{path}, line {line_number}: '{line.strip()}' {problem}")
        pairs[number] = value.strip()
    return pairs
