"""The rows of a batch, one per image: kept as compressed lines of JSON, handed out as CSV or JSON, a few at a time."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from backend.core.spreadsheet import Cell, csv_line

NOTICE = "Research use only. Not for diagnosis."
SUFFIX = ".jsonl.gz"


def pack(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """As they are kept. The same rows give the same bytes."""
    content = io.BytesIO()
    with gzip.GzipFile(fileobj=content, mode="wb", mtime=0) as stream:
        for row in rows:
            stream.write(json.dumps(row, ensure_ascii=False, allow_nan=False).encode() + b"\n")
    return content.getvalue()


def unpack(content: bytes) -> Iterator[dict[str, Any]]:
    """One row after the other."""
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
        for line in stream:
            yield json.loads(line)


def as_csv(content: bytes, class_keys: Sequence[str], synthetic: bool) -> Iterator[bytes]:
    """A header, then a row per image; the last two columns say what may not be forgotten."""
    probabilities = [f"{when}:{key}" for when in ("before", "after") for key in class_keys]
    yield csv_line(
        ("image", "class", "predicted_before", "predicted_after", "flipped", *probabilities, "synthetic", "notice")
    )
    for row in unpack(content):
        values: list[Cell] = [row[name] for name in ("image", "class", "predicted_before", "predicted_after")]
        numbers = [row[when][key] for when in ("before", "after") for key in class_keys]
        yield csv_line((*values, int(row["flipped"]), *numbers, int(synthetic), NOTICE))


def as_json(content: bytes, batch: Mapping[str, Any], synthetic: bool) -> Iterator[bytes]:
    """One document: the batch, and its rows."""
    head = json.dumps({"notice": NOTICE, "synthetic": synthetic, "batch": batch}, ensure_ascii=False, allow_nan=False)
    yield head[:-1].encode() + b', "rows": ['
    for place, row in enumerate(unpack(content)):
        yield (b",\n" if place else b"\n") + json.dumps(row, ensure_ascii=False, allow_nan=False).encode()
    yield b"\n]}\n"
