"""Tables of labels as they are published: CSV in its many shapes, and one Excel workbook.

Read with care for what really occurs: a byte order mark, CRLF, blanks around column names, empty columns and rows at
the end, semicolons, gzip, the same id twice.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from models.data.errors import DataError

MAX_WORKBOOK_BYTES = 50_000_000
DELIMITERS = ",;\t"

Lines = Generator[tuple[int, list[str]], None, None]


@dataclass(frozen=True)
class Row:
    """One row that is not empty.

    Attributes:
        place: file and line, for messages.
        cells: by the column's name as it was asked for; stripped, "" where the cell or an optional column is absent.
    """

    place: str
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The stripped text of a cell."""
        return self.cells[column]


def read_table(path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Row]:
    """Reads a CSV file (also .gz) or the first sheet of an .xlsx workbook that has the columns.

    Column names are compared without case and surrounding blanks.

    Raises:
        DataError: if the file or a required column is missing, or it is no such table; the message names it.
    """
    lines = _workbook_lines(path, required) if path.suffix.lower() == ".xlsx" else _csv_lines(path)
    with closing(lines):
        header = next(lines, None)
        if header is None or not any(header[1]):
            raise DataError(f"{path}: is empty; columns expected are {', '.join(required)}")
        columns = _columns(path, header[1], required, optional)
        for number, values in lines:
            if not any(value.strip() for value in values):
                continue
            place = f"{path}, line {number}"
            if any(value.strip() for value in values[len(header[1]) :]):
                raise DataError(f"{place}: has more cells than the header; is a text with commas not in quotes?")
            cells = {
                name: values[index].strip() if index is not None and index < len(values) else ""
                for name, index in columns.items()
            }
            yield Row(place, cells)


def header_of(path: Path) -> tuple[str, ...]:
    """The column names of a CSV file, stripped; ``DataError`` as in ``read_table``."""
    with closing(_csv_lines(path)) as lines:
        _, header = next(lines, (0, []))
    return tuple(name.strip() for name in header if name.strip())


def unique(rows: Iterable[Row], column: str) -> Iterator[Row]:
    """Rows by id: one that stands twice with the same cells counts once.

    Raises:
        DataError: if an id is empty, or stands twice with different cells.
    """
    seen: dict[str, Row] = {}
    for row in rows:
        name = row[column]
        if not name:
            raise DataError(f"{row.place}: column '{column}' is empty")
        before = seen.setdefault(name, row)
        if before is row:
            yield row
        elif before.cells != row.cells:
            raise DataError(f"{row.place}: '{name}' stands twice with different values (also {before.place})")


def normal(name: str) -> str:
    """A column's name without case, and with blanks only between words."""
    return " ".join(name.split()).casefold()


def _columns(
    path: Path, header: Sequence[str], required: Sequence[str], optional: Sequence[str]
) -> dict[str, int | None]:
    places: dict[str, list[int]] = {}
    for index, name in enumerate(header):
        places.setdefault(normal(name), []).append(index)
    absent = [name for name in required if normal(name) not in places]
    if absent:
        there = ", ".join(f"'{name.strip()}'" for name in header if name.strip())
        names = ", ".join(f"'{name}'" for name in absent)
        raise DataError(f"{path}: column {names} is missing; there are {there or 'no columns'}")
    columns: dict[str, int | None] = {}
    for name in (*required, *optional):
        found = places.get(normal(name), [])
        if len(found) > 1:
            raise DataError(f"{path}: column '{name}' stands {len(found)} times; which one counts?")
        columns[name] = found[0] if found else None
    return columns


def _csv_lines(path: Path) -> Lines:
    try:
        with _open_text(path) as stream:
            first = stream.readline()
            delimiter = max(DELIMITERS, key=first.count)
            reader = csv.reader(_chain(first, stream), delimiter=delimiter)
            for values in reader:
                yield reader.line_num, values
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file") from error
    except UnicodeError as error:
        raise DataError(f"{path}: is not UTF-8 text; save it as 'CSV UTF-8'") from error
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        raise DataError(f"{path}: cannot be read as a CSV table ({error})") from error


def _chain(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


def _open_text(path: Path) -> io.TextIOWrapper:
    opener: Any = gzip.open if path.suffix.lower() == ".gz" else open
    with opener(path, "rb") as raw:
        start = raw.read(2)
    wide = start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    stream: IO[bytes] = opener(path, "rb")
    return io.TextIOWrapper(stream, encoding="utf-16" if wide else "utf-8-sig", newline="")


def _workbook_lines(path: Path, required: Sequence[str]) -> Lines:
    try:
        if path.stat().st_size > MAX_WORKBOOK_BYTES:
            raise DataError(f"{path}: larger than {MAX_WORKBOOK_BYTES // 1_000_000} MB, which no table of labels is")
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file") from error
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, InvalidFileException) as error:
        raise DataError(f"{path}: cannot be read as an Excel workbook ({error})") from error
    with closing(workbook):
        wanted = {normal(name) for name in required}
        # The sheet that has most of the columns, wherever it stands: what it lacks is then named.
        sheets = [list(map(_texts, sheet.iter_rows(values_only=True))) for sheet in workbook.worksheets]
        best = max(sheets, key=lambda sheet: len(wanted & set(map(normal, sheet[0]))) if sheet else -1)
        yield from enumerate(best, start=1)


def _texts(values: Iterable[object]) -> list[str]:
    texts = ["" if value is None else str(value) for value in values]
    # Numbers typed into Excel come back as floats: 3.0 was a 3.
    return [re.sub(r"^(-?\d+)\.0$", r"\1", text) for text in texts]
