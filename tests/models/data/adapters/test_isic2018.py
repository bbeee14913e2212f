"""ISIC 2018 Task 3 as its archives unpack."""

import shutil
from pathlib import Path

import pytest

from models.data.adapters.isic2018 import CODES, GROUPINGS, Isic2018
from models.data.errors import DataError
from tests.support.trees import picture, table, text

HEADER = ("image", *CODES)


def one_hot(image: str, code: str) -> list[str]:
    return [image, *("1.0" if name == code else "0.0" for name in CODES)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    parts = {
        "Training": {"ISIC_0024306": "NV", "ISIC_0024307": "MEL", "ISIC_0024308": "NV"},
        "Validation": {"ISIC_0034321": "VASC"},
        "Test": {"ISIC_0034524": "AKIEC"},
    }
    for part, images in parts.items():
        for name in images:
            picture(tmp_path / f"ISIC2018_Task3_{part}_Input" / f"{name}.jpg")
        truth = f"ISIC2018_Task3_{part}_GroundTruth"
        table(tmp_path / truth / f"{truth}.csv", HEADER, *(one_hot(*item) for item in images.items()))
        text(tmp_path / f"ISIC2018_Task3_{part}_Input" / "LICENSE.txt", "CC-BY-NC")
    table(
        tmp_path / GROUPINGS,
        ("image", "lesion_id", "diagnosis_confirm_type"),
        ("ISIC_0024306", "HAM_0000550", "follow_up"),
        ("ISIC_0024307", "HAM_0003577", "histopathology"),
        ("ISIC_0024308", "HAM_0000550", "follow_up"),
    )
    return tmp_path


def truth_of(root: Path, part: str = "Training") -> Path:
    return root / f"ISIC2018_Task3_{part}_GroundTruth" / f"ISIC2018_Task3_{part}_GroundTruth.csv"


def test_labels_lesions_and_splits(root: Path) -> None:
    records = list(Isic2018().records(root))

    assert [(r.key, r.label, r.group, r.split) for r in records] == [
        ("ISIC2018_Task3_Training_Input/ISIC_0024306.jpg", "nv", "HAM_0000550", "train"),
        ("ISIC2018_Task3_Training_Input/ISIC_0024307.jpg", "mel", "HAM_0003577", "train"),
        ("ISIC2018_Task3_Training_Input/ISIC_0024308.jpg", "nv", "HAM_0000550", "train"),
        ("ISIC2018_Task3_Validation_Input/ISIC_0034321.jpg", "vasc", None, "validation"),
        ("ISIC2018_Task3_Test_Input/ISIC_0034524.jpg", "akiec", None, "test"),
    ]
    assert records[0].image.read().shape == (4, 6, 3)
    assert {r.label for r in records} < {label.key for label in Isic2018().classes(root)}


def test_it_is_found_one_folder_down(root: Path) -> None:
    assert [r.key for r in Isic2018().records(root.parent)] == [r.key for r in Isic2018().records(root)]


def test_training_alone_will_do(root: Path) -> None:
    for part in ("Validation", "Test"):
        shutil.rmtree(root / f"ISIC2018_Task3_{part}_Input")
        shutil.rmtree(root / f"ISIC2018_Task3_{part}_GroundTruth")
    assert {r.split for r in Isic2018().records(root)} == {"train"}


def test_without_groupings_it_warns(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    (root / GROUPINGS).unlink()
    assert {r.group for r in Isic2018().records(root)} == {None}
    assert GROUPINGS in caplog.text


@pytest.mark.parametrize("part", ["Training", "Validation", "Test"])
def test_missing_halves_are_named(part: str, root: Path) -> None:
    truth_of(root, part).unlink()
    with pytest.raises(DataError, match=rf"'ISIC2018_Task3_{part}_GroundTruth\.csv' is missing"):
        list(Isic2018().records(root))


def test_missing_images_folders_and_rows_are_named(root: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such folder"):
        list(Isic2018().records(tmp_path / "nowhere"))
    with pytest.raises(DataError, match=r"Training_Input' or .* is missing.*\n(.*\n)*.*LesionGroupings"):
        list(Isic2018().records(root / "ISIC2018_Task3_Test_Input"))

    (root / "ISIC2018_Task3_Training_Input" / "ISIC_0024307.jpg").unlink()
    with pytest.raises(DataError, match=r"Training_GroundTruth\.csv names .*ISIC_0024307\.jpg, which cannot be found"):
        list(Isic2018().records(root))
    picture(root / "ISIC2018_Task3_Training_Input" / "ISIC_0024307.jpg")
    picture(root / "ISIC2018_Task3_Training_Input" / "ISIC_0099999.jpg")
    with pytest.raises(DataError, match=r"has no row for ISIC_0099999\.jpg"):
        list(Isic2018().records(root))
    shutil.rmtree(root / "ISIC2018_Task3_Training_Input")
    with pytest.raises(DataError, match="folder 'ISIC2018_Task3_Training_Input' is missing"):
        list(Isic2018().records(root))


def test_missing_columns_and_odd_labels_are_named(root: Path) -> None:
    path = truth_of(root)
    content = path.read_text()
    path.write_text(content.replace("AKIEC", "AK"))
    with pytest.raises(DataError, match="column 'AKIEC' is missing; there are 'image', 'MEL'"):
        list(Isic2018().records(root))
    path.write_text(content.replace("ISIC_0024307,1.0", "ISIC_0024307,0.0"))
    with pytest.raises(DataError, match="line 3: exactly one diagnosis must be 1; there are 0"):
        list(Isic2018().records(root))
    path.write_text(content.replace("ISIC_0024307,1.0", "ISIC_0024307,0.7"))
    with pytest.raises(DataError, match=r"line 3: column 'MEL' holds '0\.7'"):
        list(Isic2018().records(root))
    (root / GROUPINGS).write_text("image,lesion\nISIC_0024306,1\n")
    with pytest.raises(DataError, match="column 'lesion_id' is missing"):
        list(Isic2018().records(root))
