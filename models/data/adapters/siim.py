"""SIIM-ACR pneumothorax: chest radiographs as DICOM, run-length coded masks of the pneumothorax."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.data.adapters.base import DatasetCard
from models.data.adapters.dicom import DicomHeader, read_header
from models.data.adapters.layout import DICOM_SUFFIXES, ShippedClasses, files, key_of, locate, missing, require_labels
from models.data.adapters.tables import read_table
from models.data.errors import DataError
from models.data.images import DicomImage
from models.data.masks import RunLengthMask
from models.data.records import LESION, MaskSource, Record

TABLES = ("stage_2_train.csv", "train-rle.csv")
FOLDERS = ("dicom-images-train", "stage_2_train")
NO_FINDING = "-1"


class Siim(ShippedClasses):
    """Reads the DICOM tree of Kaggle and the table of masks: -1 is no pneumothorax, several rows are several masks.

    The patient is the Patient ID of the DICOM header. The competition's test images came without labels; the final
    table (``stage_2_train.csv``) labels those of its first stage, which are read from ``dicom-images-test``.
    """

    card = DatasetCard(
        name="siim",
        title="SIIM-ACR Pneumothorax Segmentation",
        modality="chest radiography",
        concept_set="siim",
        layout=(
            "stage_2_train.csv or train-rle.csv (ImageId,EncodedPixels)\n"
            "dicom-images-train/<study>/<series>/<ImageId>.dcm …\n"
            "dicom-images-test/<study>/<series>/<ImageId>.dcm … (optional; read as far as the table has labels)"
        ),
        homepage="https://www.kaggle.com/competitions/siim-acr-pneumothorax-segmentation",
        citation="Zawacki A et al. SIIM-ACR Pneumothorax Segmentation. Kaggle 2019",
        licence="rules of the Kaggle competition: research and education, non-commercial",
    )

    def records(self, root: Path) -> Iterator[Record]:
        """All labelled images; see ``Adapter.records``."""
        home = locate(self.card, root, *FOLDERS)
        codes = _codes(_table(self.card, home))
        train = next(home / name for name in FOLDERS if (home / name).is_dir())
        images = files(train, DICOM_SUFFIXES, deep=True)
        if not images:
            raise missing(self.card, home, f"'{train.name}/**/*.dcm' is")
        named = {path.stem: path for path in images}
        if (home / "dicom-images-test").is_dir():
            later = files(home / "dicom-images-test", DICOM_SUFFIXES, deep=True)
            named.update((path.stem, path) for path in later if path.stem in codes)
        gone = [image for image in codes if image not in named]
        if gone:
            raise missing(self.card, home, f"{len(gone)} images of the table, such as '{gone[0]}.dcm', are")
        unlabelled = [path for stem, path in named.items() if stem not in codes]
        # Stage 1 of the competition left a few images out of its table (its own page says so); half of them is no few.
        if len(unlabelled) > len(named) // 2:
            require_labels([path.name for path in unlabelled], str(_table(self.card, home)))
        for path in sorted(named.values()):
            if path.stem in codes:
                yield _record(path, home, codes[path.stem])


def _table(card: DatasetCard, home: Path) -> Path:
    for name in TABLES:
        # Kaggle's own download has put a folder of the table's name around it
        for path in (home / name, home / name / name):
            if path.is_file():
                return path
    raise missing(card, home, " or ".join(f"'{name}'" for name in TABLES) + " is")


def _codes(table: Path) -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for row in read_table(table, ["ImageId", "EncodedPixels"]):
        image, code = row["ImageId"], row["EncodedPixels"]
        if not code:
            raise DataError(f"{row.place}: column 'EncodedPixels' is empty; no pneumothorax is written -1")
        found = codes.setdefault(image, [])
        if code not in found:
            found.append(code)
        if NO_FINDING in found and len(found) > 1:
            raise DataError(f"{row.place}: '{image}' stands both with -1 and with a mask")
    return codes


def _record(path: Path, home: Path, codes: list[str]) -> Record:
    try:
        header = read_header(path)
    except DataError:
        # One damaged file among thousands: reading its pixels will fail with a reason that the report names.
        header = DicomHeader("", "", 0, 0)
    found = codes != [NO_FINDING]
    masks: tuple[MaskSource, ...] = ()
    if found and header.rows and header.columns:
        masks = tuple(RunLengthMask(code, header.rows, header.columns) for code in codes)
    return Record(
        key_of(path, home),
        DicomImage(path),
        "pneumothorax" if found else "no_pneumothorax",
        group=header.patient or None,
        masks={LESION: masks} if masks else {},
    )
