"""CMMD as the NBIA Data Retriever writes it."""

import logging
from pathlib import Path

import openpyxl
import pytest

from models.concepts import load_concept_set
from models.data.adapters.cmmd import CLINICAL, Cmmd
from models.data.errors import DataError
from tests.support.trees import dicom, table

HEADER = ("ID1", "LeftRight", "Age", "number", "abnormality", "classification", "subtype")
ROWS = (
    ("D1-0001", "R", 44, 2, "calcification", "Benign", None),
    ("D1-0002", "L", 40, 4, "both", "Malignant", None),
    ("D1-0002", "R", 40, 4, "mass", "Benign", None),
    ("D2-0003", "L", 51, 4, "mass", "Malignant", "Luminal A"),
)
SERIES = {"D1-0001": "R", "D1-0002": "LR", "D2-0003": "LR"}


def series(home: Path, patient: str) -> Path:
    return home / "CMMD" / patient / "07-18-2010-NA-NA-79377" / "1.000000-NA-70244"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    home = tmp_path / "manifest-1616439774456"
    for patient, sides in SERIES.items():
        for index, side in enumerate(sides):
            dicom(series(home, patient) / f"1-{index + 1}.dcm", patient, side)
        (series(home, patient) / "LICENSE").write_text("CC BY 4.0")
    workbook = openpyxl.Workbook()
    for row in (HEADER, *ROWS):
        workbook.active.append(row)
    workbook.save(tmp_path / f"{CLINICAL}.xlsx")
    metadata(home)
    return tmp_path


def metadata(home: Path, extra: int = 0) -> None:
    rows = []
    for patient, sides in SERIES.items():
        place = str(series(Path(), patient)).replace("/", "\\")
        rows.append(("1.3.6.1", "CMMD", patient, len(sides) + extra, f".\\{place}"))
    table(home / "metadata.csv", ("Series UID", "Collection", "Subject ID", "Number of Images", "File Location"), *rows)


def test_label_and_abnormality_of_each_breast(root: Path) -> None:
    records = list(Cmmd().records(root))

    assert [(r.group, r.label, r.options["abnormality"]) for r in records] == [
        ("D1-0001", "benign", "calcification"),
        ("D1-0002", "malignant", "both"),
        ("D1-0002", "benign", "mass"),
        ("D2-0003", "malignant", "mass"),  # its right breast has no row
    ]
    assert records[0].key == "CMMD/D1-0001/07-18-2010-NA-NA-79377/1.000000-NA-70244/1-1.dcm"
    assert records[0].image.read().shape == (5, 8, 3)
    assert {label.key for label in Cmmd().classes(root)} == {"benign", "malignant"}


def test_what_does_not_apply_to_a_breast_is_said(root: Path) -> None:
    calcification, both, mass, _ = Cmmd().records(root)

    assert dict(both.options) == {"abnormality": "both"}
    assert calcification.options["mass_margin"] == "no_mass_margin"
    assert mass.options["calcification_form"] == "no_calcification_form"
    assert not calcification.options.keys() & {"calcification_form", "calcification_spread"}
    groups = {group.key: group.option_keys for group in load_concept_set("cmmd").groups}
    for record in (calcification, both, mass):
        assert all(option in groups[group] for group, option in record.options.items())


def test_a_saved_csv_will_do_and_the_table_may_lie_beside_the_images(root: Path) -> None:
    (root / f"{CLINICAL}.xlsx").unlink()
    home = root / "manifest-1616439774456"
    lines = [";".join("" if cell is None else str(cell) for cell in row) for row in (HEADER, *ROWS)]
    (home / f"{CLINICAL}.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    (home / "metadata.csv").unlink()
    assert len(list(Cmmd().records(home))) == 4
    (home / f"{CLINICAL}.csv").rename(home / "CMMD" / f"{CLINICAL}.csv")
    assert len(list(Cmmd().records(home / "CMMD"))) == 4


def test_a_breast_without_images_is_told(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    home = root / "manifest-1616439774456"
    (home / "metadata.csv").unlink()
    (series(home, "D1-0001") / "1-1.dcm").unlink()
    with caplog.at_level(logging.WARNING):
        assert len(list(Cmmd().records(root))) == 3
    assert "no images of 1 breasts of the table, such as D1-0001 R" in caplog.text


def test_what_is_missing_is_named(root: Path) -> None:
    home = root / "manifest-1616439774456"
    metadata(home, extra=1)
    with pytest.raises(DataError, match=r"CMMD\\D1-0001.*holds 1 of 2 images; the rest is missing"):
        list(Cmmd().records(root))
    (home / "metadata.csv").unlink()
    dicom(series(home, "D1-0001") / "1-1.dcm", "D1-0001", "")
    with pytest.raises(DataError, match=r"1-1\.dcm: has no Image Laterality"):
        list(Cmmd().records(root))
    (series(home, "D1-0001") / "1-1.dcm").write_bytes(b"rubbish")
    with pytest.raises(DataError, match=r"1-1\.dcm: cannot be read as DICOM"):
        list(Cmmd().records(root))
    (root / f"{CLINICAL}.xlsx").unlink()
    with pytest.raises(DataError, match=rf"'{CLINICAL}\.xlsx' or '{CLINICAL}\.csv' is missing.*\n.*LeftRight"):
        list(Cmmd().records(root))
    with pytest.raises(DataError, match="'CMMD' is missing"):
        list(Cmmd().records(series(home, "D1-0001")))


@pytest.mark.parametrize(
    ("header", "row", "message"),
    [
        (("ID1", "LeftRight", "abnormality"), ("D1-0001", "R", "mass"), "column 'classification' is missing"),
        (HEADER, ("D1-0001", "B", 44, 2, "mass", "Benign", ""), "'LeftRight' is 'B'"),
        (HEADER, ("D1-0001", "R", 44, 2, "mass", "unknown", ""), "'classification' is 'unknown'"),
        (HEADER, ("D1-0001", "R", 44, 2, "cyst", "Benign", ""), "'abnormality' is 'cyst', none of mass"),
        (HEADER, ("D9-0001", "R", 44, 2, "mass", "Benign", ""), "every image of a breast that"),
    ],
)
def test_what_is_wrong_in_the_table_is_named(header: tuple, row: tuple, message: str, root: Path) -> None:
    (root / f"{CLINICAL}.xlsx").unlink()
    table(root / f"{CLINICAL}.csv", header, row)
    with pytest.raises(DataError) as caught:
        list(Cmmd().records(root))
    assert message in str(caught.value)


def test_rows_that_contradict_each_other_are_named(root: Path) -> None:
    (root / f"{CLINICAL}.xlsx").unlink()
    table(root / f"{CLINICAL}.csv", HEADER, ROWS[0], (*ROWS[0][:5], "Malignant", ""))
    with pytest.raises(DataError, match="line 3: 'D1-0001', R stands twice with different values"):
        list(Cmmd().records(root))
