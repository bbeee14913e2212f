"""IDRiD, part B: diabetic retinopathy grade and risk of macular edema in fundus photographs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.data.adapters.base import DatasetCard
from models.data.adapters.layout import ShippedClasses, files, key_of, locate, missing, require_files, require_labels
from models.data.adapters.tables import Row, read_table, unique
from models.data.errors import DataError
from models.data.images import FileImage
from models.data.records import Record, SplitName

GRADES = {"0": "no_dr", "1": "mild_npdr", "2": "moderate_npdr", "3": "severe_npdr", "4": "pdr"}
EDEMA_RISK = {"0": "no_exudate", "1": "away_from_macula", "2": "near_macula"}
PARTS: tuple[tuple[str, str, SplitName], ...] = (
    ("a. Training Set", "a. IDRiD_Disease Grading_Training Labels.csv", "train"),
    ("b. Testing Set", "b. IDRiD_Disease Grading_Testing Labels.csv", "test"),
)
COLUMNS = ("Image name", "Retinopathy grade", "Risk of macular edema")


class Idrid(ShippedClasses):
    """Reads "B. Disease Grading" as it unpacks, with or without that folder around it.

    The second label of each image, the risk of macular edema, becomes its option of ``macular_edema_risk``. IDRiD
    names no patients.
    """

    card = DatasetCard(
        name="idrid",
        title="IDRiD, B. Disease Grading",
        modality="fundus photography",
        concept_set="idrid",
        layout=(
            "1. Original Images/a. Training Set/IDRiD_001.jpg …\n"
            "1. Original Images/b. Testing Set/IDRiD_001.jpg …\n"
            "2. Groundtruths/a. IDRiD_Disease Grading_Training Labels.csv"
            " (Image name,Retinopathy grade,Risk of macular edema)\n"
            "2. Groundtruths/b. IDRiD_Disease Grading_Testing Labels.csv"
        ),
        homepage="https://ieee-dataport.org/open-access/indian-diabetic-retinopathy-image-dataset-idrid",
        citation=(
            "Porwal P et al. Indian Diabetic Retinopathy Image Dataset (IDRiD): a database for diabetic retinopathy "
            "screening research. Data 2018;3:25, doi:10.21227/H25W98"
        ),
        licence="CC BY 4.0",
    )

    def records(self, root: Path) -> Iterator[Record]:
        """All images; see ``Adapter.records``."""
        # Parts A and C have folders of the same names, so the tables of part B come first.
        tables = [f"2. Groundtruths/{table}" for _, table, _ in PARTS]
        home = locate(self.card, root, *tables, "1. Original Images")
        for folder_name, table_name, split in PARTS:
            folder, table = home / "1. Original Images" / folder_name, home / "2. Groundtruths" / table_name
            if not folder.is_dir():
                raise missing(self.card, home, f"folder '1. Original Images/{folder_name}' is")
            if not table.is_file():
                raise missing(self.card, home, f"'2. Groundtruths/{table_name}' is")
            rows = {row[COLUMNS[0]]: row for row in unique(read_table(table, COLUMNS), COLUMNS[0])}
            images = files(folder, (".jpg",))
            require_labels([path.name for path in images if path.stem not in rows], str(table))
            require_files((folder / f"{name}.jpg" for name in rows), str(table))
            for path in images:
                yield _record(path, home, rows[path.stem], split)


def _record(path: Path, home: Path, row: Row, split: SplitName) -> Record:
    grade, risk = row[COLUMNS[1]], row[COLUMNS[2]]
    if grade not in GRADES:
        raise DataError(f"{row.place}: '{COLUMNS[1]}' is '{grade}', not 0 to 4")
    if risk not in EDEMA_RISK:
        raise DataError(f"{row.place}: '{COLUMNS[2]}' is '{risk}', not 0 to 2")
    options = {"macular_edema_risk": EDEMA_RISK[risk]}
    # Both folders count from IDRiD_001, so the key keeps the folder.
    return Record(key_of(path, home), FileImage(path), GRADES[grade], split=split, options=options)
