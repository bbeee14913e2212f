"""The manifest of an imported data set: one row per image, as CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.data.errors import DataError
from models.data.records import SPLITS, ImageSource, MaskSource, SplitName
from models.data.sources import decode_source, encode_source

MANIFEST = "manifest.csv"
COLUMNS = ("image", "class", "split", "published_split", "group", "cluster", "width", "height", "sha256",
           "options", "source", "masks")  # fmt: skip


@dataclass(frozen=True)
class PreparedRow:
    """One image.

    Attributes:
        key: unique within the data set.
        label: key of the class.
        split: where it belongs; None if it is left out of every split (the report says why).
        published_split: the publisher's.
        group: patient or lesion.
        cluster: key of all that must stay together.
        width: W.
        height: H.
        sha256: of the pixels.
        options: per-image concept labels, group key to option key.
        image: where to read it.
        masks: by group key or ``LESION``.
    """

    key: str
    label: str
    split: SplitName | None
    published_split: SplitName | None
    group: str | None
    cluster: str
    width: int
    height: int
    sha256: str
    image: ImageSource
    options: Mapping[str, str] = field(default_factory=dict)
    masks: Mapping[str, tuple[MaskSource, ...]] = field(default_factory=dict)


def write_manifest(path: Path, rows: Sequence[PreparedRow], root: Path) -> None:
    """Writes the rows as CSV; what a cell cannot hold is JSON."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for row in rows:
            masks = {key: [encode_source(source, root) for source in sources] for key, sources in row.masks.items()}
            writer.writerow(
                (
                    row.key,
                    row.label,
                    row.split or "",
                    row.published_split or "",
                    row.group or "",
                    row.cluster,
                    row.width,
                    row.height,
                    row.sha256,
                    _json(dict(row.options)),
                    _json(encode_source(row.image, root)),
                    _json(masks),
                )
            )


def read_manifest(path: Path, root: Path) -> list[PreparedRow]:
    """Reads what ``write_manifest`` wrote; ``DataError`` if it is missing or damaged."""
    csv.field_size_limit(1 << 27)  # a run-length code can be longer than the 128 KiB that csv takes for damage
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise DataError(f"{path}: not a manifest of this version; import the data set again")
            return [_row(cells, root) for cells in reader]
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise error if isinstance(error, DataError) else DataError(f"{path}: cannot be read ({error})") from error


def _row(cells: Mapping[str, str], root: Path) -> PreparedRow:
    return PreparedRow(
        key=cells["image"],
        label=cells["class"],
        split=_split(cells["split"]),
        published_split=_split(cells["published_split"]),
        group=cells["group"] or None,
        cluster=cells["cluster"],
        width=int(cells["width"]),
        height=int(cells["height"]),
        sha256=cells["sha256"],
        options=json.loads(cells["options"] or "{}"),
        image=decode_source(json.loads(cells["source"]), root),
        masks={
            key: tuple(decode_source(values, root) for values in sources)
            for key, sources in json.loads(cells["masks"] or "{}").items()
        },
    )


def _split(name: str) -> SplitName | None:
    for split in SPLITS:
        if name == split:
            return split
    if name:
        raise DataError(f"{name!r} is no split")
    return None


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""
