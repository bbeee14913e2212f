"""Cardiomegaly in MIMIC-CXR-JPG: frontal chest radiographs labelled from their reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from models.data.adapters.base import DatasetCard
from models.data.adapters.layout import ShippedClasses, locate, missing, require_files
from models.data.adapters.tables import read_table
from models.data.errors import DataError
from models.data.images import FileImage
from models.data.records import Record, SplitName

CHEXPERT = "mimic-cxr-2.0.0-chexpert.csv"
METADATA = "mimic-cxr-2.0.0-metadata.csv"
SPLIT = "mimic-cxr-2.0.0-split.csv"
FRONTAL = frozenset({"PA", "AP"})
SPLIT_NAMES: Mapping[str, SplitName] = {"train": "train", "validate": "validation", "test": "test"}
LABELS = {"1.0": "cardiomegaly", "1": "cardiomegaly", "0.0": "no_cardiomegaly", "0": "no_cardiomegaly"}
# Other findings of the same reports that are concepts of the heart's size and work: column to group, absent, present.
CONCEPTS = {
    "Pleural Effusion": ("effusion", "no_effusion", "effusion"),
    "Edema": ("congestion", "no_congestion", "congestion"),
    "Enlarged Cardiomediastinum": ("mediastinum", "normal_width", "widened"),
}


class Cardio(ShippedClasses):
    """Reads the folder as PhysioNet serves it; tables packed (.csv.gz) or not.

    Labels are the CheXpert labels of the reports. An image counts if its view is PA or AP and its report affirms (1)
    or denies (0) cardiomegaly; reports that are uncertain (-1) or silent (blank) say nothing about the heart and are
    left out, silent ones with "No Finding" too. Top folders (``p10`` … ``p19``) that were not downloaded are passed
    over; a file missing below one that was is an error. Splits are the published ones, groups the patients.
    """

    card = DatasetCard(
        name="cardio",
        title="Cardiomegaly, MIMIC-CXR-JPG",
        modality="chest radiography",
        concept_set="cardio",
        layout=(
            f"{CHEXPERT}.gz (subject_id,study_id,Cardiomegaly,…)\n"
            f"{METADATA}.gz (dicom_id,subject_id,study_id,ViewPosition,…)\n"
            f"{SPLIT}.gz (dicom_id,study_id,subject_id,split)\n"
            "files/p10/p10000032/s50414267/<dicom_id>.jpg …"
        ),
        homepage="https://physionet.org/content/mimic-cxr-jpg/",
        citation=(
            "Johnson AEW et al. MIMIC-CXR-JPG, a large publicly available database of labeled chest radiographs. "
            "arXiv:1901.07042, 2019"
        ),
        licence="PhysioNet Credentialed Health Data License 1.5.0",
    )

    def records(self, root: Path) -> Iterator[Record]:
        """All frontal images with a sure label; see ``Adapter.records``."""
        # PhysioNet's own wget command makes physionet.org/files/mimic-cxr-jpg/<version>/
        home = locate(self.card, root, f"{CHEXPERT}.gz", CHEXPERT, depth=3)
        studies = _studies(_table(self.card, home, CHEXPERT))
        splits = _splits(_table(self.card, home, SPLIT))
        metadata = _table(self.card, home, METADATA)
        if not (home / "files").is_dir():
            raise missing(self.card, home, "folder 'files' is")
        downloaded = {path.name for path in (home / "files").iterdir() if path.is_dir()}
        found = False
        for row in read_table(metadata, ["dicom_id", "subject_id", "study_id", "ViewPosition"]):
            image, patient, study = row["dicom_id"], row["subject_id"], row["study_id"]
            top = f"p{patient[:2]}"
            if row["ViewPosition"] not in FRONTAL or study not in studies or top not in downloaded:
                continue
            path = home / "files" / top / f"p{patient}" / f"s{study}" / f"{image}.jpg"
            require_files([path], str(metadata))
            if image not in splits:
                raise DataError(f"{home / SPLIT}: no row for dicom_id '{image}'")
            found = True
            label, options = studies[study]
            key = path.relative_to(home).as_posix()
            yield Record(key, FileImage(path), label, patient, splits[image], options)
        if not found:
            raise missing(self.card, home, "every frontal image with a sure label ('files/p10/…') is")


def _table(card: DatasetCard, home: Path, name: str) -> Path:
    for path in (home / f"{name}.gz", home / name):
        if path.is_file():
            return path
    raise missing(card, home, f"'{name}.gz' is")


def _studies(path: Path) -> dict[str, tuple[str, dict[str, str]]]:
    """Label and options of every study whose report affirms or denies cardiomegaly."""
    studies = {}
    for row in read_table(path, ["study_id", "Cardiomegaly"], tuple(CONCEPTS)):
        label = LABELS.get(row["Cardiomegaly"])
        if label is None:
            if row["Cardiomegaly"] not in ("", "-1", "-1.0"):
                raise DataError(f"{row.place}: 'Cardiomegaly' is '{row['Cardiomegaly']}', not 1.0, 0.0, -1.0 or blank")
            continue
        options = {
            group: present if row[column].startswith("1") else absent
            for column, (group, absent, present) in CONCEPTS.items()
            if row[column] in ("1.0", "1", "0.0", "0")
        }
        studies[row["study_id"]] = (label, options)
    return studies


def _splits(path: Path) -> dict[str, SplitName]:
    splits = {}
    for row in read_table(path, ["dicom_id", "split"]):
        if row["split"] not in SPLIT_NAMES:
            raise DataError(f"{row.place}: split '{row['split']}' is none of {', '.join(SPLIT_NAMES)}")
        splits[row["dicom_id"]] = SPLIT_NAMES[row["split"]]
    return splits
