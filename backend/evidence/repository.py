"""Queries on measurements of evidence."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from backend.db.job_tables import EvidenceRow, JobRow

MOST_LISTED = 100


def get(session: Session, measurement_id: str) -> EvidenceRow | None:
    """With its job, as it is now."""
    query = _with_job().where(EvidenceRow.id == measurement_id).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def row(session: Session, measurement_id: str) -> EvidenceRow | None:
    return session.get(EvidenceRow, measurement_id)


def latest(session: Session, model_version_id: str) -> EvidenceRow | None:
    """That was done last. Asks for no job: these are not for everybody who may see a model."""
    query = select(EvidenceRow).where(
        EvidenceRow.model_version_id == model_version_id, EvidenceRow.result_key.is_not(None)
    )
    return session.scalars(query.order_by(EvidenceRow.measured_at.desc(), EvidenceRow.id).limit(1)).one_or_none()


def list_of_model(session: Session, model_version_id: str) -> Sequence[EvidenceRow]:
    """Newest first."""
    query = _with_job().where(EvidenceRow.model_version_id == model_version_id)
    return session.scalars(query.order_by(JobRow.created_at.desc(), JobRow.id).limit(MOST_LISTED)).all()


def list_unended(session: Session, model_version_id: str, dataset_id: str) -> Sequence[EvidenceRow]:
    """Those that wait or run, oldest first."""
    query = select(EvidenceRow).join(EvidenceRow.job).where(JobRow.status.in_(("queued", "running")))
    query = query.where(EvidenceRow.model_version_id == model_version_id, EvidenceRow.dataset_id == dataset_id)
    return session.scalars(query.order_by(JobRow.created_at, JobRow.id)).all()


def _with_job() -> Select[EvidenceRow]:
    return select(EvidenceRow).join(EvidenceRow.job).options(contains_eager(EvidenceRow.job))
