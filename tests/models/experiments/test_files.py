"""What experiments write and print."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from models.experiments.files import table_lines, write_findings
from models.experiments.findings import NOTICE, Column, Drawing, Findings, Table

TABLE = Table(
    "drops",
    "What is lost",
    (Column("name", "Group"), Column("drop", "Drop", "+.1%"), Column("n", "Images", "d")),
    ({"name": "margin", "drop": -0.167, "n": 50}, {"name": "all", "drop": None, "n": 7}),
)


def drawing() -> Figure:
    figure = Figure(figsize=(1, 1))
    figure.add_subplot().plot([0, 1], [1, 0])
    return figure


def test_a_table_as_text() -> None:
    assert table_lines(TABLE) == [
        "What is lost",
        "",
        "Group     Drop  Images",
        "----------------------",
        "margin  -16.7%      50",
        "all          –       7",
    ]


def test_everything_is_written(tmp_path: Path) -> None:
    findings = Findings({"rows": [1, 2]}, (TABLE,), (Drawing("curve", drawing),), ("It fell.",))
    written = write_findings(tmp_path / "new", "fall", findings, {"command": "vitrine experiment fall"})
    assert sorted(path.name for path in written) == ["curve.png", "curve.svg", "drops.csv", "fall.json"]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(path.name for path in written)
    content = json.loads((tmp_path / "new" / "fall.json").read_text("utf-8"))
    assert content == {
        "notice": NOTICE, "experiment": "fall", "command": "vitrine experiment fall", "rows": [1, 2],
        "sentences": ["It fell."],
    }  # fmt: skip
    with (tmp_path / "new" / "drops.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["name", "drop", "n"], ["margin", "-0.167", "50"], ["all", "", "7"]]


def test_the_same_figure_is_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_findings(tmp_path / name, "fall", Findings({}, (), (Drawing("curve", drawing),)), {})
    for file in ("curve.png", "curve.svg"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_what_is_no_number_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_findings(tmp_path, "fall", Findings({"value": float("nan")}), {})
    assert list(tmp_path.iterdir()) == []
