"""ISIC 2018 Task 3: seven diagnoses in dermoscopic images (HAM10000), with the challenge's three splits."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

from models.data.adapters.base import DatasetCard
from models.data.adapters.layout import ShippedClasses, files, locate, missing, require_files, require_labels
from models.data.adapters.tables import read_table, unique
from models.data.errors import DataError
from models.data.images import FileImage
from models.data.records import Record, SplitName

logger = logging.getLogger(__name__)

CODES = {"MEL": "mel", "NV": "nv", "BCC": "bcc", "AKIEC": "akiec", "BKL": "bkl", "DF": "df", "VASC": "vasc"}
PARTS: tuple[tuple[str, SplitName], ...] = (("Training", "train"), ("Validation", "validation"), ("Test", "test"))
GROUPINGS = "ISIC2018_Task3_Training_LesionGroupings.csv"


class Isic2018(ShippedClasses):
    """Reads the folders as the archives unpack; validation and test may be left out, in both folders."""

    card = DatasetCard(
        name="isic2018",
        title="ISIC 2018 Task 3 (HAM10000)",
        modality="dermoscopy",
        concept_set="isic2018",
        layout=(
            "ISIC2018_Task3_Training_Input/ISIC_0024306.jpg …\n"
            "ISIC2018_Task3_Training_GroundTruth/ISIC2018_Task3_Training_GroundTruth.csv"
            " (image,MEL,NV,BCC,AKIEC,BKL,DF,VASC)\n"
            "ISIC2018_Task3_Training_LesionGroupings.csv (image,lesion_id,…; keeps images of one lesion together)\n"
            "ISIC2018_Task3_Validation_Input/, ISIC2018_Task3_Validation_GroundTruth/ (optional)\n"
            "ISIC2018_Task3_Test_Input/, ISIC2018_Task3_Test_GroundTruth/ (optional)"
        ),
        homepage="https://challenge.isic-archive.com/data/#2018",
        citation=(
            "Codella N et al. Skin lesion analysis toward melanoma detection 2018. arXiv:1902.03368, 2019; Tschandl P, "
            "Rosendahl C, Kittler H. The HAM10000 dataset. Sci Data 2018;5:180161"
        ),
        licence="CC BY-NC 4.0",
    )

    def records(self, root: Path) -> Iterator[Record]:
        """All images; see ``Adapter.records``."""
        home = locate(self.card, root, "ISIC2018_Task3_Training_Input", "ISIC2018_Task3_Training_GroundTruth")
        lesions = _lesions(home)
        for part, split in PARTS:
            folder = home / f"ISIC2018_Task3_{part}_Input"
            table = _table(home, part)
            if part != "Training" and not folder.is_dir() and table is None:
                continue
            if not folder.is_dir():
                raise missing(self.card, home, f"folder '{folder.name}' is")
            if table is None:
                raise missing(self.card, home, f"'ISIC2018_Task3_{part}_GroundTruth.csv' is")
            yield from _part(folder, table, split, lesions)


def _part(folder: Path, table: Path, split: SplitName, lesions: dict[str, str]) -> Iterator[Record]:
    labels = {
        row["image"]: _label(row.cells, row.place) for row in unique(read_table(table, ["image", *CODES]), "image")
    }
    images = files(folder, (".jpg",))
    require_labels([path.name for path in images if path.stem not in labels], str(table))
    require_files((folder / f"{image}.jpg" for image in labels), str(table))
    for path in images:
        yield Record(f"{folder.name}/{path.name}", FileImage(path), labels[path.stem], lesions.get(path.stem), split)


def _label(cells: Mapping[str, str], place: str) -> str:
    marked = []
    for code, key in CODES.items():
        value = cells[code]
        if value not in ("0", "0.0", "1", "1.0"):
            raise DataError(f"{place}: column '{code}' holds '{value}', neither 0 nor 1")
        if value.startswith("1"):
            marked.append(key)
    if len(marked) != 1:
        raise DataError(f"{place}: exactly one diagnosis must be 1; there are {len(marked)}")
    return marked[0]


def _table(home: Path, part: str) -> Path | None:
    name = f"ISIC2018_Task3_{part}_GroundTruth"
    candidates = (home / name / f"{name}.csv", home / f"{name}.csv")
    return next((path for path in candidates if path.is_file()), None)


def _lesions(home: Path) -> dict[str, str]:
    candidates = (home / GROUPINGS, home / "ISIC2018_Task3_Training_GroundTruth" / GROUPINGS)
    path = next((path for path in candidates if path.is_file()), None)
    if path is None:
        logger.warning("%s: no %s, so lesions photographed twice are known by likeness only", home, GROUPINGS)
        return {}
    return {row["image"]: row["lesion_id"] for row in unique(read_table(path, ["image", "lesion_id"]), "image")}
