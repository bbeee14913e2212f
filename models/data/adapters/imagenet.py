"""ImageNet (ILSVRC 2012): as on Kaggle, or the archives unpacked beside the development kit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.concepts import ClassLabel
from models.data.adapters.base import DatasetCard
from models.data.adapters.devkit import synsets_by_number
from models.data.adapters.layout import classes_from, files, key_of, locate, missing, require_labels, subfolders
from models.data.adapters.tables import read_table
from models.data.errors import DataError
from models.data.images import FileImage
from models.data.records import Record

SUFFIXES = (".jpeg", ".jpg")
DEVKIT = "ILSVRC2012_devkit_t12/data"


class ImageNet:
    """Reads the training folders by synset and the validation images, whose labels stand in a table.

    The labels of the real test images were never published: the validation images are the test split. Their labels
    come from ``LOC_val_solution.csv`` (Kaggle), from folders by synset if somebody sorted them, or from the
    development kit.
    """

    card = DatasetCard(
        name="imagenet",
        title="ImageNet (ILSVRC 2012)",
        modality="natural images",
        concept_set=None,
        layout=(
            "as on Kaggle:\n"
            "  ILSVRC/Data/CLS-LOC/train/n01440764/n01440764_18.JPEG …\n"
            "  ILSVRC/Data/CLS-LOC/val/ILSVRC2012_val_00000001.JPEG …\n"
            "  LOC_val_solution.csv (ImageId,PredictionString), LOC_synset_mapping.txt\n"
            "or from image-net.org:\n"
            "  train/n01440764/n01440764_18.JPEG …, val/ILSVRC2012_val_00000001.JPEG …\n"
            f"  {DEVKIT}/ILSVRC2012_validation_ground_truth.txt, meta.mat"
        ),
        homepage="https://www.image-net.org/challenges/LSVRC/2012/",
        citation=(
            "Russakovsky O et al. ImageNet large scale visual recognition challenge. Int J Comput Vis 2015;115:211-252"
        ),
        licence="ImageNet terms of access: non-commercial research and education",
    )

    def classes(self, root: Path) -> tuple[ClassLabel, ...]:
        """The synsets in their order by number, named as the mapping file names them."""
        return tuple(self._labels(*self._homes(root)).values())

    def records(self, root: Path) -> Iterator[Record]:
        """All training and validation images; see ``Adapter.records``."""
        home, data = self._homes(root)
        labels = self._labels(home, data)
        for folder in subfolders(data / "train"):
            images = files(folder, SUFFIXES)
            if not images:
                raise missing(self.card, home, f"every image of 'train/{folder.name}' is")
            for path in images:
                yield Record(key_of(path, data), FileImage(path), labels[folder.name].key, split="train")
        for path, synset in self._validation(home, data):
            if synset not in labels:
                raise DataError(f"{path}: has the label '{synset}', which is no folder of {data / 'train'}")
            yield Record(key_of(path, data), FileImage(path), labels[synset].key, split="test")

    def _homes(self, root: Path) -> tuple[Path, Path]:
        """The folder with the tables, and the one with ``train`` and ``val``."""
        if root.name == "ILSVRC" and (root / "Data" / "CLS-LOC").is_dir():
            root = root.parent  # the tables lie beside it
        home = locate(self.card, root, "ILSVRC/Data/CLS-LOC", "train", "val", depth=1)
        data = home / "ILSVRC" / "Data" / "CLS-LOC"
        data = data if data.is_dir() else home
        for part in ("train", "val"):
            if not (data / part).is_dir():
                raise missing(self.card, data, f"folder '{part}' is")
        return home, data

    def _labels(self, home: Path, data: Path) -> dict[str, ClassLabel]:
        synsets = [folder.name for folder in subfolders(data / "train")]
        names = _names(home / "LOC_synset_mapping.txt")
        return {
            synset: ClassLabel(key=label.key, name=names.get(synset, synset)[:300])
            for synset, label in classes_from(synsets, str(data / "train")).items()
        }

    def _validation(self, home: Path, data: Path) -> Iterator[tuple[Path, str]]:
        images = files(data / "val", SUFFIXES)
        if not images:
            sorted_by_hand = [
                (path, folder.name) for folder in subfolders(data / "val") for path in files(folder, SUFFIXES)
            ]
            if not sorted_by_hand:
                raise missing(self.card, data, "every image of 'val' is")
            yield from sorted_by_hand
            return
        source, labels = self._solution(home)
        require_labels([path.name for path in images if path.stem not in labels], str(source))
        for path in images:
            yield path, labels[path.stem]

    def _solution(self, home: Path) -> tuple[Path, dict[str, str]]:
        """Synset by the name of the validation image, and the file that says so."""
        table = home / "LOC_val_solution.csv"
        if table.is_file():
            rows = read_table(table, ["ImageId", "PredictionString"])
            return table, {row["ImageId"]: row["PredictionString"].partition(" ")[0] for row in rows}
        truth = home / DEVKIT / "ILSVRC2012_validation_ground_truth.txt"
        if not truth.is_file():
            raise missing(self.card, home, f"'LOC_val_solution.csv' or '{DEVKIT}/{truth.name}' is")
        meta = truth.with_name("meta.mat")
        if not meta.is_file():
            raise missing(self.card, home, f"'{DEVKIT}/meta.mat', which says what the numbers mean, is")
        synsets = synsets_by_number(meta)
        labels = {}
        for index, line in enumerate(truth.read_text(encoding="ascii", errors="replace").split(), start=1):
            if not line.isdigit() or int(line) not in synsets:
                raise DataError(f"{truth}, line {index}: '{line}' is no number of a class in {meta.name}")
            labels[f"ILSVRC2012_val_{index:08d}"] = synsets[int(line)]
        return truth, labels


def _names(path: Path) -> dict[str, str]:
    """Reads lines such as "n01440764 tench, Tinca tinca", where the file is there."""
    if not path.is_file():
        return {}
    lines = (line.partition(" ") for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
    return {synset: name.strip() for synset, _, name in lines if name.strip()}
