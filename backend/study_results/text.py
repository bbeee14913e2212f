"""A report as plain text, for terminals."""

from __future__ import annotations

from collections.abc import Iterator

from backend.study_results.blocks import Heading, Report, Table, Words


def as_text(report: Report) -> str:
    """Facts and tables; figures are left out, since all of their numbers stand in the tables."""
    return "\n".join(line.rstrip() for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield report.title
    yield from report.marks
    width = max(len(name) for name, _ in report.facts)
    for name, value in report.facts:
        yield f"{name:<{width}}  {' '.join(value.split())}"
    for block in report.blocks:
        if isinstance(block, Heading):
            yield ""
            yield block.text.upper() if block.depth == 1 else block.text
        elif isinstance(block, Words):
            yield block.text
        elif isinstance(block, Table):
            yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    yield table.caption
    rows = [table.columns, *table.rows]
    widths = [max(len(row[place]) for row in rows) for place in range(len(table.columns))]
    for number, row in enumerate(rows):
        cells = [
            f"{cell:<{width}}" if place < table.words else f"{cell:>{width}}"
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  " + "  ".join(cells)
        if number == 0:
            yield "  " + "  ".join("-" * width for width in widths)
    for note in table.notes:
        yield f"  Note: {note}"
