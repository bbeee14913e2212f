"""CMMD: mammograms as DICOM from TCIA, one label per breast from the clinical workbook."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from models.data.adapters.base import DatasetCard
from models.data.adapters.dicom import read_header
from models.data.adapters.layout import DICOM_SUFFIXES, ShippedClasses, files, key_of, locate, missing
from models.data.adapters.tables import Row, read_table
from models.data.errors import DataError
from models.data.images import DicomImage
from models.data.records import Record

logger = logging.getLogger(__name__)

CLINICAL = "CMMD_clinicaldata_revision"
COLUMNS = ("ID1", "LeftRight", "abnormality", "classification")
ABNORMALITIES = ("mass", "calcification", "both")
# What the concept set asks of a mass does not apply where there is none; the same with calcifications.
NO_MASS = {group: f"no_{group}" for group in ("mass_shape", "mass_margin", "mass_density")}
NO_CALCIFICATION = {group: f"no_{group}" for group in ("calcification_form", "calcification_spread")}


class Cmmd(ShippedClasses):
    """Reads what the NBIA Data Retriever writes, with the clinical table beside it (.xlsx, or saved as .csv).

    The table has a row per biopsied breast; the DICOM header says which breast an image shows (Image Laterality), so
    label and abnormality are matched by patient and side. Images of a breast without a row have no biopsy and are
    left out. Groups are patients; TCIA publishes no splits.
    """

    card = DatasetCard(
        name="cmmd",
        title="Chinese Mammography Database (CMMD)",
        modality="mammography",
        concept_set="cmmd",
        layout=(
            f"{CLINICAL}.xlsx or .csv (ID1,LeftRight,Age,number,abnormality,classification,subtype)\n"
            "CMMD/D1-0001/<study>/<series>/1-1.dcm …\n"
            "metadata.csv (optional, from the NBIA Data Retriever: says whether the download is complete)"
        ),
        homepage="https://doi.org/10.7937/tcia.eqde-4b16",
        citation=(
            "Cui C et al. The Chinese Mammography Database (CMMD): an online mammography database with biopsy "
            "confirmed types for machine diagnosis of breast. The Cancer Imaging Archive 2021, "
            "doi:10.7937/tcia.eqde-4b16"
        ),
        licence="CC BY 4.0",
    )

    def records(self, root: Path) -> Iterator[Record]:
        """All images of biopsied breasts; see ``Adapter.records``."""
        home = _home(self.card, root)
        table = _clinical(self.card, root, home)
        breasts = _breasts(table)
        if (home / "metadata.csv").is_file():
            _check_complete(self.card, home)
        images = files(home / "CMMD", DICOM_SUFFIXES, deep=True)
        seen = set()
        left_out = 0
        for path in images:
            header = read_header(path)
            patient = header.patient or path.relative_to(home / "CMMD").parts[0]
            if header.laterality not in ("L", "R"):
                raise DataError(f"{path}: has no Image Laterality (0020,0062), so its breast's label cannot be found")
            breast = (patient, header.laterality)
            if breast not in breasts:
                left_out += 1
                continue
            seen.add(breast)
            label, options = breasts[breast]
            yield Record(key_of(path, home), DicomImage(path), label, group=patient, options=options)
        if not seen:
            raise missing(self.card, home, f"every image of a breast that {table.name} names is")
        logger.info("%s: %d images of breasts without biopsy left out", home, left_out)
        gone = [f"{patient} {side}" for patient, side in breasts if (patient, side) not in seen]
        if gone:
            logger.warning("%s: no images of %d breasts of the table, such as %s", home, len(gone), gone[0])


def _home(card: DatasetCard, root: Path) -> Path:
    """The folder that holds ``CMMD``, also where the root is that folder itself."""
    if root.is_dir() and root.name == "CMMD" and not (root / "CMMD").is_dir():
        return root.parent
    return locate(card, root, "CMMD")


def _clinical(card: DatasetCard, root: Path, home: Path) -> Path:
    for folder in dict.fromkeys((home, root)):
        for suffix in (".xlsx", ".csv"):
            if (folder / f"{CLINICAL}{suffix}").is_file():
                return folder / f"{CLINICAL}{suffix}"
    raise missing(card, home, f"'{CLINICAL}.xlsx' or '{CLINICAL}.csv' is")


def _breasts(table: Path) -> dict[tuple[str, str], tuple[str, dict[str, str]]]:
    """Label and options by patient and side ("L", "R")."""
    rows: dict[tuple[str, str], Row] = {}
    breasts = {}
    for row in read_table(table, COLUMNS):
        patient, side = row["ID1"], row["LeftRight"].upper()[:1]
        label, abnormality = row["classification"].lower(), row["abnormality"].lower()
        if side not in ("L", "R"):
            raise DataError(f"{row.place}: 'LeftRight' is '{row['LeftRight']}', neither L nor R")
        if label not in ("benign", "malignant"):
            raise DataError(f"{row.place}: 'classification' is '{row['classification']}', neither Benign nor Malignant")
        if abnormality and abnormality not in ABNORMALITIES:
            raise DataError(f"{row.place}: 'abnormality' is '{row['abnormality']}', none of {', '.join(ABNORMALITIES)}")
        before = rows.setdefault((patient, side), row)
        if before is not row and before.cells != row.cells:
            raise DataError(f"{row.place}: '{patient}', {side} stands twice with different values ({before.place})")
        breasts[patient, side] = (label, _options(abnormality))
    return breasts


def _options(abnormality: str) -> dict[str, str]:
    if not abnormality:
        return {}
    absent = {"mass": NO_CALCIFICATION, "calcification": NO_MASS, "both": {}}[abnormality]
    return {"abnormality": abnormality, **absent}


def _check_complete(card: DatasetCard, home: Path) -> None:
    """Every series that the Data Retriever lists has the number of files it had."""
    for row in read_table(home / "metadata.csv", ["File Location", "Number of Images"]):
        parts: Sequence[str] = PurePosixPath(row["File Location"].replace("\\", "/")).parts
        if ".." in parts or not row["Number of Images"].isdigit():
            raise DataError(f"{row.place}: no folder and number of images that can be read")
        folder = home.joinpath(*(part for part in parts if part not in ("/", ".")))
        there = len(files(folder, DICOM_SUFFIXES)) if folder.is_dir() else 0
        if there < int(row["Number of Images"]):
            what = f"'{row['File Location']}' holds {there} of {row['Number of Images']} images; the rest is"
            raise missing(card, home, what)
