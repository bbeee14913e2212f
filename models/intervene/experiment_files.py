"""The concept intervention test as text and as files, each written in one step."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from models.intervene.experiment import ConceptInterventionResult, InterventionRow

NOTICE = "Research use only. Not for diagnosis."
NAME = "concept-intervention"


def table_lines(result: ConceptInterventionResult, class_name: str) -> list[str]:
    """The table in the paper's layout (table 7), with the interval and the decisions that flipped.

    Args:
        result: of the test.
        class_name: the target's.
    """
    header = ("Intervention", f"Avg. P({class_name})", "Relative change", "95 % interval", "Flipped")
    cells = [header, *(_cells(row) for row in result.rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in cells
    ]
    return [lines[0], "-" * len(lines[0]), *lines[1:]]


def write_files(folder: Path, result: ConceptInterventionResult, content: dict[str, Any]) -> list[Path]:
    """Writes ``concept-intervention.json``, its table as ``.csv``, and ``…-images.csv`` with every image tested.

    Args:
        folder: made if missing; files of these names are replaced.
        result: of the test.
        content: of the JSON file.

    Returns:
        The files written.

    Raises:
        OSError: if they cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = ["baseline", *("+".join(row.groups) for row in result.rows[1:])]
    table = (
        ("+".join(row.groups) or "none", row.mean, row.relative_change, row.low, row.high, row.flipped)
        for row in result.rows
    )
    images = (
        (key, truth, *map(float, values))
        for key, truth, values in zip(result.keys, result.truth, result.probabilities, strict=True)
    )
    files = {
        f"{NAME}.json": json.dumps({"notice": NOTICE, **content}, indent=1, ensure_ascii=False, allow_nan=False) + "\n",
        f"{NAME}.csv": _csv(("groups", "mean_probability", "relative_change", "low", "high", "flipped"), table),
        f"{NAME}-images.csv": _csv(("image", "class", *names), images),
    }
    for name, text in files.items():
        _write(folder / name, text)
    return [folder / name for name in files]


def _cells(row: InterventionRow) -> tuple[str, str, str, str, str]:
    if row.relative_change is None or row.low is None or row.high is None:
        return row.intervention, f"{row.mean:.3f}", "–", "–", "–"
    span = f"{row.low:+.1%} to {row.high:+.1%}"
    return row.intervention, f"{row.mean:.3f}", f"{row.relative_change:+.1%}", span, str(row.flipped)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str | int | float | None]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, "utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
