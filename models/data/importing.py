"""From a folder as downloaded to a data set that can be trained on.

The result is a folder that is there as a whole or not at all; images stay where they are.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from models.concepts import ClassLabel, ConceptSet, ConceptSetError, load_concept_set
from models.data.adapters.base import Adapter
from models.data.duplicates import Match, find_matches
from models.data.errors import DataError
from models.data.labels import check_classes, check_options
from models.data.pool import Cancelled, in_order
from models.data.prepared import PreparedDataset
from models.data.reading import Reading, crashed, examine
from models.data.records import Record
from models.data.report import Unreadable
from models.data.splitting import Assignment, Fractions, Item, assign_splits, check_fractions, cluster_keys
from models.data.writing import Imported, write_dataset

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
# Names of the sets that are drawn: an import of that name could not be told from them.
_PROCEDURAL = ("synthetic-dermoscopy", "synthetic-ultrasound")
Stage = Literal["listing", "reading", "comparing", "writing"]


@dataclass(frozen=True)
class ImportOptions:
    """Choices of an import.

    Attributes:
        fractions: shares of train, validation and test, for what no publisher has split.
        published_split: keep the publisher's split where there is one.
        concept_set: that goes with the data, or the name or file of it; None: the adapter's, if it has one. The import
            keeps a copy.
        ignore_duplicates: split as if no image were a near-duplicate of another, to measure what that does to a figure;
            patients and lesions stay together, and the report says which images leak.
        workers: processes; None: one per processor.
        overwrite: replace an import of that name.
    """

    fractions: Fractions = (0.7, 0.15, 0.15)
    published_split: bool = True
    concept_set: str | ConceptSet | None = None
    workers: int | None = None
    overwrite: bool = False
    ignore_duplicates: bool = False


@dataclass(frozen=True)
class ImportProgress:
    """How far an import is; ``total`` is 0 while it is not known."""

    stage: Stage
    done: int
    total: int


class ImportCancelled(Exception):
    """The import was stopped; nothing is left of it."""


Report = Callable[[ImportProgress], None]


def import_dataset(
    adapter: Adapter,
    root: Path,
    out: Path,
    name: str,
    options: ImportOptions = ImportOptions(),
    progress: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> PreparedDataset:
    """Reads a data set, finds near-duplicates, splits it, and writes the folder of the import.

    Files that cannot be read are left out and reported.

    Args:
        adapter: reads the layout.
        root: the folder as downloaded; images are read from there later too.
        out: folder of the import, which must not be there yet.
        name: of the import: lower-case letters, digits and hyphens.
        options: choices.
        progress: told of every step.
        cancelled: asked a few times a second.

    Raises:
        DataError: if the layout, the labels or the options do not fit, no image can be read, or the folder cannot be
            written; the message says what to do.
        ImportCancelled: once ``cancelled`` says so.
    """
    tell = progress or (lambda _: None)
    stop = cancelled or (lambda: False)
    root, out = root.expanduser().absolute(), out.expanduser().absolute()
    _check(name, root, out, options)
    try:
        with _folder_in_the_making(out, options.overwrite) as folder:
            found = _gather(adapter, root, name, options, tell, stop)
            write_dataset(folder, found, lambda done, total: _step(tell, stop, "writing", done, total))
    except Cancelled as error:
        raise ImportCancelled(f"the import of {name} was stopped") from error
    except OSError as error:
        raise DataError(f"{error.filename or out}: {error.strerror or error}") from error
    return PreparedDataset.open(out)


def remove_leftovers(parent: Path) -> None:
    """Removes what imports into folders below ``parent`` left behind when their process was killed."""
    for path in parent.glob(".*.importing-*"):
        owner = path.name.rpartition("-")[2]
        if not owner.isdigit() or not _is_running(int(owner)):
            shutil.rmtree(path, ignore_errors=True)


def _gather(
    adapter: Adapter, root: Path, name: str, options: ImportOptions, tell: Report, stop: Callable[[], bool]
) -> Imported:
    classes = adapter.classes(root)
    concept_set = _concept_set(options.concept_set or adapter.card.concept_set, classes, name)
    records = _list(adapter, root, {label.key for label in classes}, tell, stop)
    if concept_set is not None:
        check_options(records, concept_set)
    kept, readings, unreadable = _read(records, options.workers, tell, stop)
    matches = find_matches(
        [reading.grey for reading in readings if reading.grey is not None],
        [reading.sha256 for reading in readings],
        progress=lambda done, total: _step(tell, stop, "comparing", done, total),
    )
    return Imported(
        name=name,
        root=root,
        card=adapter.card,
        classes=classes,
        concept_set=concept_set,
        fractions=options.fractions,
        published_split=options.published_split,
        duplicates_ignored=options.ignore_duplicates,
        records=kept,
        readings=readings,
        matches=matches,
        assignment=_split(kept, matches, options),
        unreadable=unreadable,
    )


def _split(records: Sequence[Record], matches: Sequence[Match], options: ImportOptions) -> Assignment:
    items = [
        Item(record.key, record.label, record.group, record.split if options.published_split else None)
        for record in records
    ]
    links = [(match.a, match.b) for match in matches]
    if not options.ignore_duplicates:
        return assign_splits(items, links, options.fractions)
    # What belongs together is known all the same: intervals and cross-validation go on drawing it as one.
    return replace(assign_splits(items, (), options.fractions), clusters=cluster_keys(items, links))


def _list(adapter: Adapter, root: Path, labels: set[str], tell: Report, stop: Callable[[], bool]) -> list[Record]:
    records: list[Record] = []
    keys: set[str] = set()
    for record in adapter.records(root):
        if record.key in keys:
            raise DataError(f"{root}: the key {record.key!r} stands twice; the adapter {adapter.card.name} is at fault")
        if record.label not in labels:
            raise DataError(f"{record.key}: its class '{record.label}' is none of {', '.join(sorted(labels))}")
        if not _is_text(record.key):
            raise DataError(f"{root}: the file name {record.key!r} is not valid UTF-8; rename the file")
        keys.add(record.key)
        records.append(record)
        if len(records) % 256 == 0:
            _step(tell, stop, "listing", len(records), 0)
    _step(tell, stop, "listing", len(records), len(records))
    if not records:
        raise DataError(f"{root}: holds no images in the layout of {adapter.card.title}:\n{adapter.card.layout}")
    # By key: nothing may depend on the order in which a file system lists files.
    return sorted(records, key=lambda record: record.key)


def _read(
    records: Sequence[Record], workers: int | None, tell: Report, stop: Callable[[], bool]
) -> tuple[list[Record], list[Reading], list[Unreadable]]:
    kept, readings, unreadable = [], [], []
    results = in_order(examine, records, workers, crashed, stop)
    for number, (record, reading) in enumerate(zip(records, results, strict=True), start=1):
        if reading.error is not None:
            unreadable.append(Unreadable(key=record.key, reason=reading.error))
        else:
            if reading.mask_error is not None:
                unreadable.append(Unreadable(key=record.key, reason=reading.mask_error, kept=True))
            kept.append(record if reading.mask_error is None else replace(record, masks={}))
            readings.append(reading)
        _step(tell, stop, "reading", number, len(records))
    if not kept:
        raise DataError(f"none of {len(records)} images can be read; the first one: {unreadable[0].reason}")
    return kept, readings, unreadable


def _step(tell: Report, stop: Callable[[], bool], stage: Stage, done: int, total: int) -> None:
    if stop():
        raise Cancelled
    tell(ImportProgress(stage, done, total))


def _is_text(name: str) -> bool:
    """Whether a name can be written into the files of an import: file systems also take bytes that are no text."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check(name: str, root: Path, out: Path, options: ImportOptions) -> None:
    if not NAME.fullmatch(name):
        raise DataError(f"{name!r} is no name for a data set; use lower-case letters, digits and hyphens, 64 at most")
    if name in _PROCEDURAL:
        raise DataError(f"{name} is the name of a procedural set; choose another")
    try:
        check_fractions(options.fractions)
    except ValueError as error:
        raise DataError(str(error)) from error
    if not _is_text(str(root)):
        raise DataError(f"the folder {str(root)!r} has a name that is not valid UTF-8; rename it")
    if out.exists() and not options.overwrite:
        raise DataError(f"{out}: is there already; choose another name, or remove it first")
    if out.exists() and not (out / "dataset.json").is_file():
        raise DataError(f"{out}: is no imported data set, so it is not replaced")


def _concept_set(given: str | ConceptSet | None, classes: Sequence[ClassLabel], dataset: str) -> ConceptSet | None:
    if given is None:
        return None
    try:
        concept_set = given if isinstance(given, ConceptSet) else load_concept_set(given)
    except ConceptSetError as error:
        raise DataError(str(error)) from error
    check_classes([label.key for label in classes], concept_set, dataset)
    return concept_set


@contextmanager
def _folder_in_the_making(out: Path, overwrite: bool) -> Iterator[Path]:
    """A hidden folder beside ``out`` that takes its place in one step at the end, or vanishes."""
    out.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(out.parent)
    folder = out.parent / f".{out.name}.importing-{os.getpid()}"
    try:
        folder.mkdir()  # within: Ctrl-C may come the moment it is there
        yield folder
        old = out.parent / f".{out.name}.importing-old-{os.getpid()}"
        if overwrite and out.exists():
            out.rename(old)
        folder.rename(out)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
