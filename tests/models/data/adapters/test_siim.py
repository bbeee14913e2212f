"""SIIM-ACR: DICOM tree and the table of run-length codes."""

from pathlib import Path

import numpy as np
import pytest

from models.data.adapters.siim import Siim
from models.data.errors import DataError
from models.data.records import LESION
from tests.support.trees import dicom, text

UID = "1.2.276.0.7230010.3.1.4.8323329"


def image(root: Path, number: int, patient: str, folder: str = "dicom-images-train") -> Path:
    return dicom(root / folder / f"{UID}.1{number}" / f"{UID}.2{number}" / f"{UID}.{number}.dcm", patient)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    home = tmp_path / "siim"
    for number, patient in enumerate(("A", "A", "B", "")):
        image(home, number, patient)
    # the header of the first stage: a blank before the second name, blanks before the codes; 5 rows, 8 columns
    text(
        home / "train-rle.csv",
        "ImageId, EncodedPixels",
        f"{UID}.0, -1",
        f"{UID}.1, 6 2 3 1",
        f"{UID}.1, 0 1",
        f"{UID}.2, -1",
        f"{UID}.2, -1",
        f"{UID}.3, 39 1",
    )
    return home


def test_labels_patients_and_masks(root: Path) -> None:
    records = list(Siim().records(root.parent))

    assert [(r.label, r.group) for r in records] == [
        ("no_pneumothorax", "A"),
        ("pneumothorax", "A"),
        ("no_pneumothorax", "B"),
        ("pneumothorax", None),
    ]
    assert records[0].key == f"dicom-images-train/{UID}.10/{UID}.20/{UID}.0.dcm"
    assert not records[0].masks
    union = np.logical_or.reduce([source.read() for source in records[1].masks[LESION]])
    assert union.shape == (5, 8) == records[1].image.read().shape[:2]
    # down the columns: pixels 6 and 7 are rows 1 and 2 of column 1, pixel 11 is row 1 of column 2
    assert np.argwhere(union).tolist() == [[0, 0], [1, 1], [1, 2], [2, 1]]
    assert np.argwhere(records[3].masks[LESION][0].read()).tolist() == [[4, 7]]


def test_the_final_table_also_labels_the_first_test_images(root: Path) -> None:
    image(root, 8, "C", "dicom-images-test")
    image(root, 9, "D", "dicom-images-test")
    content = (root / "train-rle.csv").read_text().replace(", ", ",")
    (root / "stage_2_train.csv").write_text(content + f"{UID}.8,-1\n")
    records = list(Siim().records(root))
    assert [r.key.split("/")[0] for r in records] == ["dicom-images-test"] + ["dicom-images-train"] * 4


def test_an_image_without_a_row_is_left_out(root: Path) -> None:
    image(root, 7, "E")
    assert len(list(Siim().records(root))) == 4


def test_a_damaged_file_stays_in_the_list_and_fails_when_read(root: Path) -> None:
    next((root / "dicom-images-train").rglob(f"{UID}.1.dcm")).write_bytes(b"not a DICOM")
    records = list(Siim().records(root))
    assert (records[1].label, records[1].group, dict(records[1].masks)) == ("pneumothorax", None, {})
    with pytest.raises(DataError):
        records[1].image.read()


def test_what_is_missing_is_named(root: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="'dicom-images-train' or 'stage_2_train' is missing"):
        list(Siim().records(root / "dicom-images-train"))
    path = next((root / "dicom-images-train").rglob(f"{UID}.2.dcm"))
    content = path.read_bytes()
    path.unlink()
    with pytest.raises(DataError, match=rf"1 images of the table, such as '{UID}\.2\.dcm', are missing"):
        list(Siim().records(root))
    path.write_bytes(content)
    rle = root / "train-rle.csv"
    lines = rle.read_text()
    rle.unlink()
    with pytest.raises(DataError, match=r"'stage_2_train\.csv' or 'train-rle\.csv' is missing"):
        list(Siim().records(root))
    rle.write_text(lines.replace(" EncodedPixels", "rle"))
    with pytest.raises(DataError, match="column 'EncodedPixels' is missing; there are 'ImageId', 'rle'"):
        list(Siim().records(root))
    rle.write_text(lines.replace(f"{UID}.1, 0 1", f"{UID}.1, -1"))
    with pytest.raises(DataError, match=r"line 4: .* stands both with -1 and with a mask"):
        list(Siim().records(root))
    rle.write_text(lines.replace(" 39 1", ""))
    with pytest.raises(DataError, match="line 7: column 'EncodedPixels' is empty"):
        list(Siim().records(root))
    rle.write_text(f"ImageId, EncodedPixels\n{UID}.0, -1\n")
    with pytest.raises(DataError, match=rf"has no row for {UID}\.1\.dcm, {UID}\.2\.dcm, {UID}\.3\.dcm"):
        list(Siim().records(root))
