"""Queries on training runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from backend.db.job_tables import JobEvent, JobRow, TrainingRun
from backend.db.tables import ConceptSetRevision, ConceptSetRow, ModelVersion


def get(session: Session, training_run_id: str) -> TrainingRun | None:
    """As it is now, with its job."""
    query = select(TrainingRun).where(TrainingRun.id == training_run_id).options(joinedload(TrainingRun.job))
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def list_page(session: Session, page: slice) -> tuple[int, Sequence[TrainingRun]]:
    """How many there are, and some of them, newest first, with their jobs."""
    total = session.scalar(select(func.count()).select_from(TrainingRun)) or 0
    query = select(TrainingRun).join(TrainingRun.job).options(joinedload(TrainingRun.job))
    query = query.order_by(JobRow.created_at.desc(), JobRow.id)
    return total, session.scalars(query.slice(page.start, page.stop)).all()


def taken_names(session: Session) -> set[str]:
    """Of models, and of runs: one that failed or was cancelled can be resumed and needs its name then."""
    models = set(session.scalars(select(ModelVersion.name)))
    return models | set(session.scalars(select(TrainingRun.name)))


def count_waiting(session: Session, queue: str) -> int:
    """Jobs that wait in a queue."""
    query = select(func.count()).select_from(JobRow).where(JobRow.status == "queued", JobRow.queue == queue)
    return session.scalar(query) or 0


def count_before(session: Session, queue: str) -> int:
    """Jobs that would come before a new one in a queue, the one that runs included."""
    query = select(func.count()).select_from(JobRow)
    query = query.where(JobRow.status.in_(("queued", "running")), JobRow.queue == queue)
    return session.scalar(query) or 0


def succeeded(session: Session, ids: Collection[str]) -> set[str]:
    """Those that have ended well."""
    query = select(TrainingRun.id).join(TrainingRun.job)
    return set(session.scalars(query.where(TrainingRun.id.in_(sorted(ids)), JobRow.status == "succeeded")))


def sets_by_ids(session: Session, ids: Collection[str]) -> Mapping[str, ConceptSetRow]:
    query = select(ConceptSetRow).where(ConceptSetRow.id.in_(sorted(ids)))
    return {row.id: row for row in session.scalars(query)}


def revisions_by_ids(session: Session, ids: Collection[str]) -> Mapping[str, ConceptSetRevision]:
    query = select(ConceptSetRevision).where(ConceptSetRevision.id.in_(sorted(ids)))
    return {row.id: row for row in session.scalars(query)}


class NamedModel(NamedTuple):
    """A model version without what is large of it."""

    id: str
    name: str
    validation: dict[str, Any] | None


def models_by_ids(session: Session, ids: Collection[str]) -> Mapping[str, NamedModel]:
    query = select(ModelVersion.id, ModelVersion.name, ModelVersion.metrics["validation"])
    return {row[0]: NamedModel(*row) for row in session.execute(query.where(ModelVersion.id.in_(sorted(ids))))}


def latest_epochs(session: Session, ids: Collection[str]) -> Mapping[str, JobEvent]:
    """The last epoch of each run that has had one."""
    last = (
        select(JobEvent.job_id, func.max(JobEvent.sequence).label("sequence"))
        .where(JobEvent.job_id.in_(sorted(ids)), JobEvent.kind == "epoch")
        .group_by(JobEvent.job_id)
        .subquery()
    )
    both = and_(JobEvent.job_id == last.c.job_id, JobEvent.sequence == last.c.sequence)
    return {event.job_id: event for event in session.scalars(select(JobEvent).join(last, both))}


def list_kind(session: Session, job_id: str, kind: str, until: int, latest: int) -> Sequence[JobEvent]:
    """The latest events of a kind up to a sequence number, oldest first."""
    query = select(JobEvent).where(JobEvent.job_id == job_id, JobEvent.kind == kind, JobEvent.sequence <= until)
    found = session.scalars(query.order_by(JobEvent.sequence.desc()).limit(latest)).all()
    return list(reversed(found))


class MadeHere(NamedTuple):
    """A model that a run made."""

    id: str
    name: str
    metrics: dict[str, Any]
    concept_set: dict[str, Any]


def list_made(session: Session, latest: int) -> list[MadeHere]:
    """The models of the latest runs that succeeded, newest first."""
    query = select(ModelVersion.id, ModelVersion.name, ModelVersion.metrics, ModelVersion.concept_set)
    query = query.join(TrainingRun, TrainingRun.model_version_id == ModelVersion.id)
    query = query.join(JobRow, JobRow.id == TrainingRun.id).where(JobRow.status == "succeeded")
    return [MadeHere(*row) for row in session.execute(query.order_by(JobRow.finished_at.desc()).limit(latest))]
