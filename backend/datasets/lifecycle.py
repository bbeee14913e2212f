"""How a data set comes and goes: what its row and its folder become, step by step."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.audit.service import Subject, record
from backend.datasets import repository
from backend.datasets.concepts import find_concepts
from backend.datasets.folders import meant, shown
from backend.datasets.importing import ImportJob
from backend.datasets.library import DatasetLibrary
from backend.datasets.procedural import PROCEDURAL
from backend.datasets.schemas import ImportSettingsCreate
from backend.db.base import now
from backend.db.session import Database
from backend.db.tables import Dataset
from models.data.prepared import PreparedDataset

logger = logging.getLogger(__name__)

OCCUPIED = (
    "While it was being imported, another data set took the name. Choose another name and start the import again."
)


def begin(session: Session, dataset_id: str, library: DatasetLibrary) -> ImportJob | None:
    """The turn of an import has come. None if it was cancelled or deleted while it waited."""
    row = repository.lock(session, dataset_id)
    if row is None or row.status != "importing":
        return None
    row.progress = {"stage": "listing", "done": 0, "total": 0}
    settings = ImportSettingsCreate.model_validate(row.settings)
    concepts = None if settings.concept_set is None else find_concepts(session, settings.concept_set)
    session.flush()
    return ImportJob(
        name=row.name,
        adapter=row.adapter,
        source=str(meant(row.source)),
        out=str(library.workplace(dataset_id) / row.name),
        fractions=settings.fractions,
        published_split=settings.published_split,
        concept_set=None if concepts is None else concepts.model_dump(mode="json"),
        columns=settings.columns(),
    )


def finish(session: Session, dataset_id: str, library: DatasetLibrary, made: Path) -> None:
    """The folder is made: it moves to its place, and the row says what it holds."""
    row = repository.lock(session, dataset_id)
    if row is None or row.status != "importing":
        return  # cancelled just before its end
    try:
        library.publish(made, row.name)
    except FileExistsError:
        fail(session, dataset_id, OCCUPIED)
        return
    stamp = library.stamp(row.name)
    if stamp is None:
        raise FileNotFoundError(library.folder(row.name))
    describe(row, library.open(row.name, stamp), stamp)
    record(session, "dataset.imported", Subject("dataset", row.id), after=_told(row))


def fail(session: Session, dataset_id: str, reason: str) -> None:
    """An import ended badly. Nothing happens if it was cancelled."""
    row = repository.lock(session, dataset_id)
    if row is not None and row.status == "importing":
        row.status, row.error, row.progress = "failed", shown(reason), None
        record(session, "dataset.import_failed", Subject("dataset", row.id), after={"error": row.error})


def recover(database: Database, library: DatasetLibrary, reason: str) -> list[str]:
    """After a start: what ran when the last server stopped has failed, unless its folder is there as a whole.

    Returns:
        Ids of the imports that had not begun, oldest first.
    """
    library.prepare()
    waiting = []
    with database.writing() as session:
        for row in repository.list_importing(session):
            if row.progress is None:
                waiting.append(row.id)
            elif _adopt(row, library):
                record(session, "dataset.imported", Subject("dataset", row.id), after=_told(row))
            else:
                fail(session, row.id, reason)
    follow_folders(database, library)
    return waiting


def follow_folders(database: Database, library: DatasetLibrary) -> None:
    """Brings the table up to date with the folders: ``vitrine data import`` makes some, a person removes some."""
    stamps = library.stamps()
    for name in PROCEDURAL:
        stamps.pop(name, None)
    with database.reading() as session:
        known = repository.list_ready_stamps(session)
    if {name: stamp for name, (_, stamp) in known.items()} == stamps:
        return
    changed = {name: stamp for name, stamp in stamps.items() if name not in known or known[name][1] != stamp}
    opened = {name: library.try_open(name, stamp) for name, stamp in changed.items()}
    gone = known.keys() - stamps.keys()
    if not gone and not any(opened.values()):
        return
    with database.writing() as session:
        for name in gone:
            _forget(session, name, library)
        for name, prepared in opened.items():
            if prepared is not None:
                _take_in(session, name, prepared, stamps[name])


def describe(row: Dataset, prepared: PreparedDataset, stamp: str) -> None:
    """The row of a data set that is there."""
    info = prepared.info
    row.status, row.progress, row.error = "ready", None, None
    row.adapter, row.source = info.adapter, shown(info.source)
    row.stamp = stamp
    row.info = {
        "title": info.title,
        "modality": info.modality,
        "concept_set": info.concept_set,
        "concept_set_digest": info.concept_set_digest,
        "classes": [{"key": label.key, "name": label.name} for label in info.classes],
        "images": info.images,
    }


def _adopt(row: Dataset, library: DatasetLibrary) -> bool:
    """The server was killed between moving the folder and writing that down."""
    stamp = library.stamp(row.name)
    prepared = library.try_open(row.name, stamp) if stamp else None
    if prepared is None or stamp is None:
        return False
    describe(row, prepared, stamp)
    return True


def _take_in(session: Session, name: str, prepared: PreparedDataset, stamp: str) -> None:
    """A folder that somebody else made. Another content is another data set, with an id of its own."""
    row = repository.find(session, name)
    if row is not None and (row.status == "importing" or row.stamp == stamp):
        return
    if row is not None:
        session.delete(row)
        session.flush()
    settings: dict[str, Any] = {}
    row = Dataset(name=name, settings=settings, created_at=_moment(prepared.info.created_at))
    describe(row, prepared, stamp)
    session.add(row)
    session.flush()
    record(session, "dataset.found", Subject("dataset", row.id), after=_told(row))
    logger.info("found the data set %s", name)


def _forget(session: Session, name: str, library: DatasetLibrary) -> None:
    """The folder is gone; unless it came back, or was replaced, since that was seen."""
    row = repository.find(session, name)
    if row is not None and row.status == "ready" and library.stamp(name) is None:
        session.delete(row)
        record(session, "dataset.lost", Subject("dataset", row.id), before=_told(row))
        logger.info("the folder of the data set %s is gone", name)


def _told(row: Dataset) -> dict[str, Any]:
    """What the audit trail says of a data set that is there."""
    return {"name": row.name, "source": row.source, "stamp": row.stamp}


def _moment(text: str) -> datetime:
    """When it was imported; now, if the file says nothing of use."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return now()
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
