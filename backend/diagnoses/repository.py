"""Queries on diagnoses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from backend.db.job_tables import DiagnosisRow, JobRow
from backend.db.tables import ModelVersion

MOST_LISTED = 100


class Listed(NamedTuple):
    """A diagnosis with its job, and the name of its model."""

    row: DiagnosisRow
    model_name: str


def get(session: Session, diagnosis_id: str) -> Listed | None:
    """As it is now."""
    query = _with_names().where(DiagnosisRow.id == diagnosis_id).execution_options(populate_existing=True)
    found = session.execute(query).one_or_none()
    return None if found is None else Listed(*found)


def row(session: Session, diagnosis_id: str) -> DiagnosisRow | None:
    return session.get(DiagnosisRow, diagnosis_id)


def list_all(session: Session, model_version_id: str | None) -> list[Listed]:
    """Newest first."""
    query = _with_names().order_by(JobRow.created_at.desc(), JobRow.id)
    if model_version_id is not None:
        query = query.where(DiagnosisRow.model_version_id == model_version_id)
    return [Listed(*found) for found in session.execute(query.limit(MOST_LISTED))]


def list_of_dataset(session: Session, dataset_id: str) -> Sequence[DiagnosisRow]:
    """All over the images of one data set."""
    return session.scalars(select(DiagnosisRow).where(DiagnosisRow.dataset_id == dataset_id)).all()


def list_unended(session: Session, model_version_id: str, dataset_id: str) -> Sequence[DiagnosisRow]:
    """Those that wait or run, oldest first."""
    query = select(DiagnosisRow).join(DiagnosisRow.job).where(JobRow.status.in_(("queued", "running")))
    query = query.where(DiagnosisRow.model_version_id == model_version_id, DiagnosisRow.dataset_id == dataset_id)
    return session.scalars(query.order_by(JobRow.created_at, JobRow.id)).all()


def _with_names() -> Select[DiagnosisRow, str]:
    query = select(DiagnosisRow, ModelVersion.name).join(DiagnosisRow.job)
    return query.join(ModelVersion, ModelVersion.id == DiagnosisRow.model_version_id).options(
        contains_eager(DiagnosisRow.job)
    )
