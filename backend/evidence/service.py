"""What is known of how far a version's explanations can be trusted, and having it measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit.service import Subject, record
from backend.datasets.procedural import PROCEDURAL
from backend.datasets.service import require_ready
from backend.db.job_tables import EvidenceRow
from backend.db.session import on_commit
from backend.evidence import repository, results
from backend.evidence.errors import EvidenceMissing, MeasurementNotFound
from backend.evidence.handling import EvidenceHandler
from backend.evidence.schemas import EvidenceCreate, EvidenceRead, MeasurementList, MeasurementRead
from backend.interventions.service import editable
from backend.jobs import repository as job_rows
from backend.jobs import service as jobs
from backend.jobs.kinds import JobKind
from backend.model_registry import repository as models
from backend.model_registry.service import require
from backend.people.names import Names
from backend.resources import Resources

_SETTINGS = ("split", "drawn", "seed")


def get(session: Session, resources: Resources, model_version_id: str) -> EvidenceRead:
    """What was measured here last, else what came with the version.

    Raises:
        ModelNotFound: there is no such version.
        EvidenceMissing: nobody has measured it.
        StoredFileMissing: it was measured, and the file is gone.
    """
    version = require(session, model_version_id)
    row = repository.latest(session, model_version_id)
    key = None if row is None else row.result_key
    found = results.shipped(Path(version.folder)) if key is None else results.load(resources.storage, key)
    if found is None:
        raise EvidenceMissing
    return EvidenceRead(
        **found.model_dump(),
        is_of_these_weights=found.weights_digest == version.weights_digest,
        measured_here=key is not None,
    )


def list_measurements(session: Session, model_version_id: str) -> MeasurementList:
    """Newest first. Raises ``ModelNotFound``."""
    require(session, model_version_id)
    return MeasurementList(items=_read(session, repository.list_of_model(session, model_version_id)))


def create(session: Session, resources: Resources, model_version_id: str, body: EvidenceCreate) -> MeasurementRead:
    """A measurement that waits for its turn; an equal one that waits or runs already, if there is one.

    Raises:
        ModelNotFound, ModelUnavailable: the model is not there, or cannot be read.
        DatasetNotFound, DatasetNotReady, DatasetDamaged: there are no images to measure on.
        QueueFull: too many short jobs wait.
    """
    editable(resources, model_version_id)
    if body.dataset_id not in PROCEDURAL:
        require_ready(session, resources, body.dataset_id)
    settings = body.model_dump(mode="json", include=set(_SETTINGS))
    models.lock(session, [model_version_id])  # of two equal requests at once, the second finds the first one's
    for row in repository.list_unended(session, model_version_id, body.dataset_id):
        if _same(row, settings):
            return _one(session, model_version_id, row.id)
    jobs.require_room(session, JobKind.EVIDENCE)
    job = jobs.enqueue(session, JobKind.EVIDENCE)
    row = EvidenceRow(
        id=job.id,
        model_version_id=model_version_id,
        dataset_id=body.dataset_id,
        settings=settings,
        author_id=current().user_id,
    )
    session.add(row)
    told = {"model_version": model_version_id, "dataset": row.dataset_id, "settings": settings}
    record(session, "evidence.created", Subject("evidence", row.id), after=told)
    on_commit(session, resources.jobs.wake)
    return _one(session, model_version_id, row.id)


def cancel(session: Session, resources: Resources, model_version_id: str, measurement_id: str) -> MeasurementRead:
    """Ends one, whether it runs or waits. Raises ``MeasurementNotFound`` and ``JobEnded``."""
    _require(session, model_version_id, measurement_id)
    before = job_rows.lock(session, measurement_id)
    waited = before is not None and before.status == "queued"
    jobs.cancel(session, measurement_id)
    if waited:  # an earlier attempt may have left something; of one that runs the worker removes it, its child first
        on_commit(
            session, lambda: EvidenceHandler.remove_left(resources.settings.jobs_dir, resources.storage, measurement_id)
        )
    record(session, "evidence.cancelled", Subject("evidence", measurement_id), after={"status": "cancelled"})
    return _one(session, model_version_id, measurement_id)


def _same(row: EvidenceRow, settings: dict[str, Any]) -> bool:
    """Whether it does the same; how many images would be drawn counts where some are."""
    names = [name for name in _SETTINGS if name != "drawn" or row.dataset_id in PROCEDURAL]
    return all(row.settings[name] == settings[name] for name in names)


def _require(session: Session, model_version_id: str, measurement_id: str) -> EvidenceRow:
    found = repository.get(session, measurement_id)
    if found is None or found.model_version_id != model_version_id:
        raise MeasurementNotFound
    return found


def _one(session: Session, model_version_id: str, measurement_id: str) -> MeasurementRead:
    return _read(session, [_require(session, model_version_id, measurement_id)])[0]


def _read(session: Session, found: Sequence[EvidenceRow]) -> list[MeasurementRead]:
    names = Names(session, (row.author_id for row in found))
    positions = jobs.positions(session)
    return [
        MeasurementRead(
            **jobs.fields(row.job, positions, names, row.author_id),
            **{name: row.settings[name] for name in _SETTINGS},
            model_version_id=row.model_version_id,
            dataset_id=row.dataset_id,
            images=row.summary["images"] if row.summary else None,
        )
        for row in found
    ]
