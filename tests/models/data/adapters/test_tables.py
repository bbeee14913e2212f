"""Tables as they are really published: what is read, what is refused and with which words."""

import gzip
from pathlib import Path

import openpyxl
import pytest

from models.data.adapters.tables import header_of, read_table, unique
from models.data.errors import DataError
from tests.support.trees import text


def cells(path: Path, *columns: str) -> list[dict[str, str]]:
    return [dict(row.cells) for row in read_table(path, columns)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_marks_line_ends_and_empty_columns_do_not_matter(encoding: str, newline: str, tmp_path: Path) -> None:
    path = text(
        tmp_path / "t.csv",
        "Image name,Retinopathy grade,Risk of macular edema ,,,",
        "IDRiD_001,3,2,,,",
        '"IDRiD, 002", 0 ,0,,,',
        ",,,,,",
        "",
        "IDRiD_003,1",
        newline=newline,
        encoding=encoding,
    )
    rows = cells(path, "image name", "Risk of macular edema", "Retinopathy grade")
    assert rows == [
        {"image name": "IDRiD_001", "Risk of macular edema": "2", "Retinopathy grade": "3"},
        {"image name": "IDRiD, 002", "Risk of macular edema": "0", "Retinopathy grade": "0"},
        {"image name": "IDRiD_003", "Risk of macular edema": "", "Retinopathy grade": "1"},
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str, tmp_path: Path) -> None:
    path = text(tmp_path / "t.csv", delimiter.join(["ID1", " LeftRight"]), delimiter.join(["D1-0001", "R"]))
    assert cells(path, "ID1", "LeftRight") == [{"ID1": "D1-0001", "LeftRight": "R"}]


def test_packed_tables_are_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert cells(path, "b") == [{"b": "2"}]
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DataError, match=r"t\.csv\.gz: cannot be read as a CSV table"):
        cells(path, "b")


def test_optional_columns_are_empty_where_they_are_not(tmp_path: Path) -> None:
    path = text(tmp_path / "t.csv", "a,b", "1,2")
    assert [row.cells for row in read_table(path, ["a"], ["b", "c"])] == [{"a": "1", "b": "2", "c": ""}]
    assert header_of(path) == ("a", "b")


def test_the_sheet_with_the_columns_is_read(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["notes"])
    sheet = workbook.create_sheet("clinical")
    sheet.append(["ID1", "Age"])
    sheet.append(["D1-0001", 45.0])
    sheet.append([None, None])
    workbook.save(tmp_path / "t.xlsx")

    assert cells(tmp_path / "t.xlsx", "ID1", "Age") == [{"ID1": "D1-0001", "Age": "45"}]
    with pytest.raises(DataError, match=r"t\.xlsx: column 'LeftRight' is missing; there are 'ID1', 'Age'"):
        cells(tmp_path / "t.xlsx", "ID1", "LeftRight")
    (tmp_path / "no.xlsx").write_bytes(b"PK not really")
    with pytest.raises(DataError, match=r"no\.xlsx: cannot be read as an Excel workbook"):
        cells(tmp_path / "no.xlsx", "ID1")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty; columns expected are a, b"),
        (b"a,c\n1,2\n", "column 'b' is missing; there are 'a', 'c'"),
        (b"c\n1\n", "column 'a', 'b' is missing"),
        (b"a,b,B\n1,2,3\n", "column 'b' stands 2 times"),
        (b"a,b\n1,2\n1,x, y\n", "line 3: has more cells than the header"),
        (b"a,b\n\xe4,2\n", "is not UTF-8 text"),
    ],
)
def test_what_is_wrong_is_named(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        cells(path, "a", "b")
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    for name in ("t.csv", "t.csv.gz", "t.xlsx"):
        with pytest.raises(DataError, match="no such file"):
            cells(tmp_path / name, "a")


def test_ids_that_repeat_count_once_unless_they_disagree(tmp_path: Path) -> None:
    path = text(tmp_path / "t.csv", "id,label", "x,1", "y,2", "x,1")
    assert [row["id"] for row in unique(read_table(path, ["id", "label"]), "id")] == ["x", "y"]

    text(path, "id,label", "x,1", "y,2", "x,3")
    with pytest.raises(DataError, match=r"line 4: 'x' stands twice with different values \(also .*line 2\)"):
        list(unique(read_table(path, ["id", "label"]), "id"))
    text(path, "id,label", ",1")
    with pytest.raises(DataError, match="line 2: column 'id' is empty"):
        list(unique(read_table(path, ["id", "label"]), "id"))
