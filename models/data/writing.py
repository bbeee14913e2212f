"""Writes the folder of an import: rows, report, thumbnails, contact sheet, and last what says that it is whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.concepts import ClassLabel, ConceptSet, dump_concept_set
from models.data.adapters.base import DatasetCard
from models.data.duplicates import Match
from models.data.leakage import leakage_report
from models.data.manifest import MANIFEST, PreparedRow, write_manifest
from models.data.prepared import CONCEPTS, CONTACT_SHEET, INFO, REPORT
from models.data.reading import Reading, read_mask
from models.data.records import LESION, SPLITS, Record
from models.data.report import DatasetInfo, DatasetSource, Sizes, Unreadable
from models.data.sheet import chosen, draw_sheet
from models.data.splitting import Assignment, Fractions
from models.data.thumbnails import SIDE as THUMBNAIL
from models.data.thumbnails import Thumbnails

_COLUMNS = 8
# Of a larger report the rest are made when somebody looks.
_THUMBNAILS = 400


@dataclass(frozen=True, eq=False)
class Imported:
    """Everything that is known of a data set before it is written; records, readings and assignment in one order."""

    name: str
    root: Path
    card: DatasetCard
    classes: tuple[ClassLabel, ...]
    concept_set: ConceptSet | None
    fractions: Fractions
    published_split: bool
    duplicates_ignored: bool
    records: Sequence[Record]
    readings: Sequence[Reading]
    matches: Sequence[Match]
    assignment: Assignment
    unreadable: Sequence[Unreadable]


def write_dataset(folder: Path, found: Imported, step: Callable[[int, int], None]) -> None:
    """Writes all files into an empty folder.

    Args:
        folder: is there.
        found: what to write.
        step: called with (done, all); may raise to stop.
    """
    rows, matches = _rows(found)
    report = leakage_report(rows, matches, found.assignment.crossings, found.unreadable)
    thumbnails = Thumbnails(folder)
    named = list(dict.fromkeys(image.row for cluster in report.clusters for image in cluster.images))[:_THUMBNAILS]
    shown = [index for _, indices in chosen(rows, found.classes, _COLUMNS) for index in indices]
    wanted = list(dict.fromkeys([*shown, *named]))
    for done, index in enumerate(wanted):
        step(done, len(wanted))
        thumbnails.get(rows[index].key, rows[index].image, 64)
    sheet = draw_sheet(
        rows,
        found.classes,
        lambda index: thumbnails.get(rows[index].key, rows[index].image, THUMBNAIL),
        lambda index: _lesion(rows[index]),
        _COLUMNS,
    )
    Image.fromarray(sheet).save(folder / CONTACT_SHEET)
    write_manifest(folder / MANIFEST, rows, found.root)
    if found.concept_set is not None:
        # So that later edits of the set do not change what the labels mean.
        dump_concept_set(found.concept_set, folder / CONCEPTS)
    (folder / REPORT).write_text(report.model_dump_json(indent=1), encoding="utf-8")
    # Last: a folder with this file is whole.
    (folder / INFO).write_text(_info(found, rows).model_dump_json(indent=2), encoding="utf-8")
    step(len(wanted), len(wanted))


def _rows(found: Imported) -> tuple[list[PreparedRow], list[Match]]:
    """Rows by split and then by key, and the matches by their new indices."""
    order = sorted(range(len(found.records)), key=lambda index: _place(found, index))
    places = {index: place for place, index in enumerate(order)}
    matches = []
    for match in found.matches:
        a, b = sorted((places[match.a], places[match.b]))
        matches.append(replace(match, a=a, b=b))
    return [_row(found, index) for index in order], matches


def _place(found: Imported, index: int) -> tuple[int, str]:
    split = found.assignment.splits[index]
    return (len(SPLITS) if split is None else SPLITS.index(split), found.records[index].key)


def _row(found: Imported, index: int) -> PreparedRow:
    record, reading = found.records[index], found.readings[index]
    return PreparedRow(
        key=record.key,
        label=record.label,
        split=found.assignment.splits[index],
        published_split=record.split,
        group=record.group,
        cluster=found.assignment.clusters[index],
        width=reading.width,
        height=reading.height,
        sha256=reading.sha256,
        image=record.image,
        options=record.options,
        masks=record.masks,
    )


def _lesion(row: PreparedRow) -> NDArray[np.bool_] | None:
    """What is outlined on the contact sheet: the lesion, or all that is marked."""
    sources = row.masks.get(LESION) or tuple(source for group in row.masks.values() for source in group)
    return read_mask(sources, row.height, row.width) if sources else None


def _info(found: Imported, rows: Sequence[PreparedRow]) -> DatasetInfo:
    counts = {split: {label.key: 0 for label in found.classes} for split in SPLITS}
    for row in rows:
        if row.split is not None:
            counts[row.split][row.label] += 1
    card = found.card
    return DatasetInfo(
        name=found.name,
        # In the title, so that every page, report and model card says it.
        title=card.title + (", near-duplicates not kept apart" if found.duplicates_ignored else ""),
        adapter=card.name,
        modality=card.modality,
        concept_set=None if found.concept_set is None else found.concept_set.name,
        concept_set_digest=None if found.concept_set is None else found.concept_set.digest(),
        source=str(found.root),
        card=DatasetSource(homepage=card.homepage, citation=card.citation, licence=card.licence),
        classes=tuple(found.classes),
        fractions=found.fractions,
        published_split=found.published_split,
        duplicates_ignored=found.duplicates_ignored,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        images=len(rows),
        counts=counts,
        sizes=_sizes(rows),
        masks=tuple(sorted({key for row in rows for key, sources in row.masks.items() if sources})),
        digest=_digest(rows),
    )


def _sizes(rows: Sequence[PreparedRow]) -> Sizes:
    widths, heights = sorted(row.width for row in rows), sorted(row.height for row in rows)
    middle = len(rows) // 2
    return Sizes(
        min_width=widths[0],
        median_width=widths[middle],
        max_width=widths[-1],
        min_height=heights[0],
        median_height=heights[middle],
        max_height=heights[-1],
    )


def _digest(rows: Sequence[PreparedRow]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        line = [row.key, row.label, row.split, row.sha256, dict(sorted(row.options.items())), sorted(row.masks)]
        digest.update(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()
