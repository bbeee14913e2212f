"""IDRiD part B with its odd headers."""

from pathlib import Path

import pytest

from models.concepts import load_concept_set
from models.data.adapters.idrid import EDEMA_RISK, PARTS, Idrid
from models.data.errors import DataError
from tests.support.trees import picture, text

HEADER = "Image name,Retinopathy grade,Risk of macular edema ,,,,,,,,,"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    home = tmp_path / "B. Disease Grading" / "B. Disease Grading"  # the archive within its folder
    for (folder, table, _), rows in zip(PARTS, (["IDRiD_001,3,2", "IDRiD_002,0,0"], ["IDRiD_001,4,1"]), strict=True):
        for row in rows:
            picture(home / "1. Original Images" / folder / f"{row[:9]}.jpg")
        text(
            home / "2. Groundtruths" / table,
            HEADER,
            *(f"{row},,,,,,,,," for row in rows),
            ",,,,,,,,,,,",
            newline="\r\n",
        )
    text(home / "CC-BY-4.0.txt", "licence")
    return home


def test_grades_edema_and_splits(root: Path) -> None:
    records = list(Idrid().records(root))

    assert [(r.key, r.label, r.options["macular_edema_risk"], r.split) for r in records] == [
        ("1. Original Images/a. Training Set/IDRiD_001.jpg", "severe_npdr", "near_macula", "train"),
        ("1. Original Images/a. Training Set/IDRiD_002.jpg", "no_dr", "no_exudate", "train"),
        ("1. Original Images/b. Testing Set/IDRiD_001.jpg", "pdr", "away_from_macula", "test"),
    ]
    assert [label.key for label in Idrid().classes(root)] == [
        "no_dr", "mild_npdr", "moderate_npdr", "severe_npdr", "pdr",
    ]  # fmt: skip


def test_the_options_are_those_of_the_concept_set() -> None:
    groups = {group.key: group.option_keys for group in load_concept_set("idrid").groups}
    assert groups["macular_edema_risk"] == tuple(EDEMA_RISK.values())


def test_folders_around_it_and_beside_it_do_not_matter(root: Path) -> None:
    keys = [r.key for r in Idrid().records(root)]
    picture(root.parent / "A. Segmentation" / "1. Original Images" / "a. Training Set" / "IDRiD_01.jpg")
    (root.parent / "C. Localization" / "2. Groundtruths").mkdir(parents=True)
    for outer in (root.parent, root.parent.parent):
        assert [r.key for r in Idrid().records(outer)] == keys


@pytest.mark.parametrize(("folder", "table", "split"), PARTS)
def test_missing_folders_and_tables_are_named(folder: str, table: str, split: str, root: Path) -> None:
    (root / "1. Original Images" / folder).rename(root / "moved")
    with pytest.raises(DataError, match=rf"folder '1\. Original Images/{folder}' is missing"):
        list(Idrid().records(root))
    (root / "moved").rename(root / "1. Original Images" / folder)
    (root / "2. Groundtruths" / table).unlink()
    with pytest.raises(DataError, match=rf"'2\. Groundtruths/{table}' is missing.*\n.*1\. Original Images"):
        list(Idrid().records(root))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Retinopathy grade", "Grade", "column 'Retinopathy grade' is missing; there are 'Image name', 'Grade'"),
        ("IDRiD_001,3", "IDRiD_001,5", "line 2: 'Retinopathy grade' is '5', not 0 to 4"),
        ("3,2,", "3,x,", "line 2: 'Risk of macular edema' is 'x', not 0 to 2"),
        ("IDRiD_002,", "IDRiD_001,", "line 3: 'IDRiD_001' stands twice with different values"),
        ("IDRiD_002,0,0", ",,", "has no row for IDRiD_002.jpg"),
        ("IDRiD_002,0,0,,,,,,,,,\r\n", "IDRiD_002,0,0\r\nIDRiD_003,0,0\r\n", "IDRiD_003.jpg, which cannot be found"),
    ],
)
def test_what_is_wrong_in_the_table_is_named(old: str, new: str, message: str, root: Path) -> None:
    path = root / "2. Groundtruths" / PARTS[0][1]
    content = path.read_bytes().decode()
    assert old in content
    path.write_bytes(content.replace(old, new, 1).encode())
    with pytest.raises(DataError) as caught:
        list(Idrid().records(root))
    assert message in str(caught.value)
