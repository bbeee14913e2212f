"""A table of images."""

from pathlib import Path

import pytest

from models.data.adapters.csv_table import CsvTable
from models.data.adapters.settings import AdapterSettings
from models.data.errors import DataError
from models.data.masks import FileMask
from models.data.records import LESION
from tests.support.trees import mask, picture, table, text


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a.png", "b.png", "deep/c.jpg"):
        picture(tmp_path / "images" / name)
    mask(tmp_path / "masks" / "a1.png")
    mask(tmp_path / "masks" / "a2.png")
    table(
        tmp_path / "labels.csv",
        ("image", "label", "group", "split", "mask", "option:margin", "comment"),
        ("images/a.png", "IDC", "p1", "Train", "masks/a1.png | masks/a2.png", "spiculated", "x"),
        ("images/b.png", "normal", "", "", "", "", ""),
        ("images\\deep\\c", "normal", "p1", "val", "", "smooth", ""),
        ("images/b.png", "normal", "", "", "", "", "again"),
    )
    return tmp_path


def test_the_usual_columns(root: Path) -> None:
    records = list(CsvTable().records(root))
    assert [(r.key, r.label, r.group, r.split, dict(r.options)) for r in records] == [
        ("images/a.png", "idc", "p1", "train", {"margin": "spiculated"}),
        ("images/b.png", "normal", None, None, {}),
        ("images/deep/c.jpg", "normal", "p1", "validation", {"margin": "smooth"}),
    ]
    assert records[0].masks[LESION] == tuple(FileMask(root / "masks" / name) for name in ("a1.png", "a2.png"))
    assert not records[1].masks
    assert [label.name for label in CsvTable().classes(root)] == ["IDC", "normal"]
    assert [r.key for r in CsvTable().records(root / "labels.csv")] == [r.key for r in records]


def test_columns_by_settings(root: Path) -> None:
    text(root / "other.csv", "Datei;Diagnose;Patient;Rand", "images/a.png;gut;7;glatt", "images/b.png;böse;8;")
    settings = AdapterSettings(
        file="other.csv",
        image_column="Datei",
        label_column="diagnose",
        group_column="Patient",
        option_columns={"margin": "Rand"},
    )
    with pytest.raises(DataError, match=r"holds labels\.csv, other\.csv; say which one"):
        CsvTable().classes(root)
    assert [(r.label, r.group, dict(r.options)) for r in CsvTable(settings).records(root)] == [
        ("gut", "7", {"margin": "glatt"}),
        ("bose", "8", {}),
    ]


def test_other_usual_names(root: Path) -> None:
    text(root / "labels.csv", "Filename,CLASS", "images/a.png,x", "images/b.png,y")
    assert [r.label for r in CsvTable().records(root)] == ["x", "y"]
    text(root / "labels.csv", "picture,CLASS", "images/a.png,x", "images/b.png,y")
    with pytest.raises(DataError, match="column 'image' is missing; there are 'picture', 'CLASS'"):
        list(CsvTable().records(root))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"image_column": "path"}, "column 'path' is missing; there are 'image', 'label'"),
        ({"label_column": "class"}, "column 'class' is missing"),
        ({"group_column": "patient"}, "column 'patient' is missing"),
        ({"split_column": "fold"}, "column 'fold' is missing"),
        ({"mask_column": "roi"}, "column 'roi' is missing"),
        ({"option_columns": {"margin": "edge"}}, "column 'edge' is missing"),
        ({"file": "gone.csv"}, "'gone.csv' is missing"),
        ({"file": "../labels.csv"}, "leads out of"),
    ],
)
def test_columns_that_are_not_there_are_named(settings: dict, message: str, root: Path) -> None:
    with pytest.raises(DataError) as caught:
        list(CsvTable(AdapterSettings(**settings)).records(root))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("images/a.png", "images/z.png", "line 2: there is no image 'images/z.png'"),
        ("images/a.png", "/etc/passwd", "line 2: '/etc/passwd' leads out of"),
        ("images/a.png", "images/../../x.png", "leads out of"),
        ("images/a.png", "", "line 2: column 'image' is empty"),
        ("masks/a2.png", "masks/a3.png", "line 2: there is no mask 'masks/a3.png'"),
        ("masks/a2.png", "../a3.png", "leads out of"),
        ("IDC", "", "line 2: column 'label' is empty"),
        ("Train", "fold1", "line 2: column 'split' is 'fold1'"),
        ("images/b.png,normal,,,,,again", "images/b.png,IDC,,,,,", "line 5: 'images/b.png' stands twice"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, message: str, root: Path) -> None:
    path = root / "labels.csv"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(DataError) as caught:
        list(CsvTable().records(root))
    assert message in str(caught.value)


def test_missing_tables_are_named(root: Path) -> None:
    text(root / "labels.csv", "image,label")
    with pytest.raises(DataError, match="at least two classes are needed; found none"):
        list(CsvTable().records(root))
    (root / "labels.csv").unlink()
    with pytest.raises(DataError, match=r"the table \(\.csv\) is missing.*\n.*columns image"):
        list(CsvTable().records(root))
    with pytest.raises(DataError, match="no such folder"):
        list(CsvTable().records(root / "nowhere"))


def test_a_dash_says_that_no_option_is_there(tmp_path: Path) -> None:
    for name in ("a.png", "b.png", "c.png"):
        picture(tmp_path / name)
    rows = [("a.png", "x", "-"), ("b.png", "y", ""), ("c.png", "y", "seen")]
    table(tmp_path / "t.csv", ("image", "label", "option:vessels"), *rows)
    options = [dict(record.options) for record in CsvTable().records(tmp_path)]
    assert options == [{"vessels": ""}, {}, {"vessels": "seen"}]
