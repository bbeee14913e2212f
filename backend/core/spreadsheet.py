"""Tables for spreadsheets: CSV whose text no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | int | float | None

# A spreadsheet takes text that begins like this for a formula, and some of it comes from those who are watched.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_line(values: Sequence[Cell]) -> bytes:
    """One row, UTF-8."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([_harmless(value) for value in values])
    return text.getvalue().encode()


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A header and its rows."""
    return csv_line(columns) + b"".join(csv_line(row) for row in rows)


def _harmless(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) and value != "-" else value
