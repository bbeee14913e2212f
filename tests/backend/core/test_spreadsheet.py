"""CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.spreadsheet import csv_line, csv_table


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"])
def test_what_begins_a_formula_gets_a_quote(text: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_line([text]).decode(), newline=""))
    assert row == [f"'{text}"]


def test_numbers_and_a_lone_dash_stay() -> None:
    assert csv_line([-1, -2.5, "-", None, "a,b"]) == b'-1,-2.5,-,,"a,b"\r\n'


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1, max_size=5))
def test_other_text_comes_back(values: list[str]) -> None:
    columns = [f"c{place}" for place in range(len(values))]
    header, row = csv.reader(io.StringIO(csv_table(columns, [values]).decode(), newline=""))
    assert header == columns
    assert [cell.removeprefix("'") for cell in row] == [value.removeprefix("'") for value in values]
