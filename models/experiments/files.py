"""Findings as files, each written in one step, and tables as text."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.experiments.findings import NOTICE, Findings, Table

_DPI = 200
# The same figure gives the same file: no time of day in it, and ids that do not hang on chance.
_SVG: Any = {"svg.hashsalt": "vitrine", "svg.fonttype": "path"}


def write_findings(folder: Path, name: str, findings: Findings, about: Mapping[str, Any]) -> list[Path]:
    """Writes ``NAME.json``, a CSV file for each table, and each figure as PNG and SVG.

    Args:
        folder: made if missing; files of these names are replaced.
        name: of the experiment.
        findings: to write.
        about: settings, models, machine and times, for the JSON file.

    Returns:
        The files written.

    Raises:
        OSError: if they cannot be written.
        ValueError: if the document holds a number that is none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = {"notice": NOTICE, "experiment": name, **about, **findings.document, "sentences": [*findings.sentences]}
    files = {f"{name}.json": (json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()}
    files |= {f"{table.name}.csv": _csv(table).encode() for table in findings.tables}
    for drawing in findings.drawings:
        files |= _pictures(drawing.name, drawing.draw())
    for file, data in files.items():
        _write(folder / file, data)
    return [folder / file for file in files]


def table_lines(table: Table) -> list[str]:
    """The table as text: title, head, rule, rows."""
    cells = [[column.header for column in table.columns]]
    cells += [[column.text(row[column.key]) for column in table.columns] for row in table.rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(table.columns))]
    lines = [
        "  ".join(
            cell.rjust(width) if column.is_number else cell.ljust(width)
            for cell, width, column in zip(row, widths, table.columns, strict=True)
        ).rstrip()
        for row in cells
    ]
    return [table.title, "", lines[0], "-" * max(map(len, lines)), *lines[1:]]


def _csv(table: Table) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.key for column in table.columns])
    writer.writerows([row[column.key] for column in table.columns] for row in table.rows)
    return text.getvalue()


def _pictures(name: str, figure: Any) -> dict[str, bytes]:
    from matplotlib import rc_context  # noqa: PLC0415  (an experiment without figures does not wait for it)

    png, svg = io.BytesIO(), io.BytesIO()
    with rc_context(_SVG):
        figure.savefig(png, format="png", dpi=_DPI, bbox_inches="tight", metadata={"Software": None})
        figure.savefig(svg, format="svg", bbox_inches="tight", metadata={"Date": None})
    return {f"{name}.png": png.getvalue(), f"{name}.svg": svg.getvalue()}


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
