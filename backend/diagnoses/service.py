"""Starting diagnoses, and what has become of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Request, Response
from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit.service import Subject, record
from backend.core.caching import immutable
from backend.core.storage import StoredFileMissing
from backend.datasets.procedural import PROCEDURAL
from backend.datasets.service import require_ready
from backend.db.job_tables import DiagnosisRow
from backend.db.session import on_commit
from backend.diagnoses import repository, results
from backend.diagnoses.errors import DiagnosisNotDone, DiagnosisNotFound, SheetNotFound
from backend.diagnoses.handling import DiagnosisHandler
from backend.diagnoses.repository import Listed
from backend.diagnoses.schemas import DiagnosisCreate, DiagnosisDetail, DiagnosisList, DiagnosisRead, EmbeddingRead
from backend.interventions.service import editable
from backend.jobs import repository as job_rows
from backend.jobs import service as jobs
from backend.jobs.kinds import JobKind
from backend.model_registry import repository as models
from backend.people.names import Names
from backend.resources import Resources

_SETTINGS = ("split", "drawn", "seed")


def list_all(session: Session, model_version_id: str | None) -> DiagnosisList:
    """Newest first."""
    found = repository.list_all(session, model_version_id)
    return DiagnosisList(items=[DiagnosisRead(**told) for told in _fields(session, found)])


def create(session: Session, resources: Resources, body: DiagnosisCreate) -> DiagnosisRead:
    """A diagnosis that waits for its turn; an equal one that waits or runs already, if there is one.

    Raises:
        ModelNotFound, ModelUnavailable: the model is not there, or cannot be read.
        DatasetNotFound, DatasetNotReady, DatasetDamaged: there are no images to run over.
        QueueFull: too many short jobs wait.
    """
    editable(resources, body.model_version_id)
    if body.dataset_id not in PROCEDURAL:
        require_ready(session, resources, body.dataset_id)
    settings = body.model_dump(mode="json", include=set(_SETTINGS))
    models.lock(session, [body.model_version_id])  # of two equal requests at once, the second finds the first one's
    for row in repository.list_unended(session, body.model_version_id, body.dataset_id):
        if _same(row, settings):
            return _one(session, row.id)
    jobs.require_room(session, JobKind.DIAGNOSIS)
    job = jobs.enqueue(session, JobKind.DIAGNOSIS)
    row = DiagnosisRow(
        id=job.id,
        model_version_id=body.model_version_id,
        dataset_id=body.dataset_id,
        settings=settings,
        author_id=current().user_id,
    )
    session.add(row)
    told = {"model_version": row.model_version_id, "dataset": row.dataset_id, "settings": settings}
    record(session, "diagnosis.created", Subject("diagnosis", row.id), after=told)
    on_commit(session, resources.jobs.wake)
    return _one(session, row.id)


def get(session: Session, resources: Resources, diagnosis_id: str) -> DiagnosisDetail:
    """One with its result. Raises ``DiagnosisNotFound`` and ``StoredFileMissing``."""
    found = _require(session, diagnosis_id)
    key = found.row.result_key
    if key is None and found.row.job.status == "succeeded":
        raise StoredFileMissing(results.DATASET_DELETED)
    result = None if key is None else results.load(resources.storage, key, diagnosis_id).result
    return DiagnosisDetail(**_fields(session, [found])[0], result=result)


def embedding(session: Session, resources: Resources, diagnosis_id: str, method: str) -> EmbeddingRead:
    """By the method, or by the other one where this was not made.

    Raises:
        DiagnosisNotFound, DiagnosisNotDone: there is none.
        StoredFileMissing: its files are gone.
    """
    found = results.load(resources.storage, _result_key(session, diagnosis_id), diagnosis_id).embeddings
    return found.get(method) or next(iter(found.values()))


def sheet(session: Session, resources: Resources, request: Request, diagnosis_id: str, name: str) -> Response:
    """The pictures of an option or a code. Raises ``DiagnosisNotFound``, ``DiagnosisNotDone``, ``SheetNotFound``."""
    key = f"{_result_key(session, diagnosis_id)}/{name}.jpg"

    def read() -> bytes:
        try:
            return resources.storage.read(key)
        except StoredFileMissing as error:
            raise SheetNotFound from error

    return immutable(request, key, "image/jpeg", read)


def cancel(session: Session, resources: Resources, diagnosis_id: str) -> DiagnosisRead:
    """Ends one, whether it runs or waits. Raises ``DiagnosisNotFound`` and ``JobEnded``."""
    _require(session, diagnosis_id)
    before = job_rows.lock(session, diagnosis_id)
    waited = before is not None and before.status == "queued"
    jobs.cancel(session, diagnosis_id)
    if waited:  # an earlier attempt may have left something; of one that runs the worker removes it, its child first
        on_commit(
            session, lambda: DiagnosisHandler.remove_left(resources.settings.jobs_dir, resources.storage, diagnosis_id)
        )
    record(session, "diagnosis.cancelled", Subject("diagnosis", diagnosis_id), after={"status": "cancelled"})
    return _one(session, diagnosis_id)


def _same(row: DiagnosisRow, settings: dict[str, Any]) -> bool:
    """Whether it does the same; how many images would be drawn counts where some are."""
    names = [name for name in _SETTINGS if name != "drawn" or row.dataset_id in PROCEDURAL]
    return all(row.settings[name] == settings[name] for name in names)


def _require(session: Session, diagnosis_id: str) -> Listed:
    found = repository.get(session, diagnosis_id)
    if found is None:
        raise DiagnosisNotFound
    return found


def _result_key(session: Session, diagnosis_id: str) -> str:
    row = _require(session, diagnosis_id).row
    if row.result_key is None:
        raise DiagnosisNotDone(results.DATASET_DELETED if row.job.status == "succeeded" else None)
    return row.result_key


def _one(session: Session, diagnosis_id: str) -> DiagnosisRead:
    return DiagnosisRead(**_fields(session, [_require(session, diagnosis_id)])[0])


def _fields(session: Session, found: Sequence[Listed]) -> list[dict[str, Any]]:
    names = Names(session, (each.row.author_id for each in found))
    positions = jobs.positions(session)
    return [
        jobs.fields(row.job, positions, names, row.author_id)
        | {name: row.settings[name] for name in _SETTINGS}
        | {
            "model_version_id": row.model_version_id,
            "model_name": model_name,
            "dataset_id": row.dataset_id,
            "flags": row.summary["flags"] if row.summary else None,
            "images": row.summary["images"] if row.summary else None,
        }
        for row, model_name in found
    ]
