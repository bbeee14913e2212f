"""Queries on model versions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, load_only

from backend.db.job_tables import JobRow, ModelActivation, TrainingRun
from backend.db.tables import ModelVersion

MOST_ACTIVATIONS = 200


def get(session: Session, model_version_id: str) -> ModelVersion | None:
    return session.get(ModelVersion, model_version_id)


def list_all(session: Session) -> Sequence[ModelVersion]:
    order = (ModelVersion.active.desc(), ModelVersion.created_at.desc(), ModelVersion.id)
    return session.scalars(select(ModelVersion).order_by(*order)).all()


def list_active(session: Session, dataset: str | None = None) -> Sequence[ModelVersion]:
    query = select(ModelVersion).where(ModelVersion.active).order_by(ModelVersion.dataset)
    if dataset is not None:
        query = query.where(ModelVersion.dataset == dataset)
    return session.scalars(query).all()


def count_active(session: Session) -> int:
    return session.scalar(select(func.count()).where(ModelVersion.active)) or 0


def active_ids(session: Session) -> set[str]:
    return set(session.scalars(select(ModelVersion.id).where(ModelVersion.active)))


def names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Of those that there are."""
    query = select(ModelVersion.id, ModelVersion.name).where(ModelVersion.id.in_(set(ids)))
    return dict(session.execute(query).all())


def folders(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Of those that there are."""
    query = select(ModelVersion.id, ModelVersion.folder).where(ModelVersion.id.in_(set(ids)))
    return dict(session.execute(query).all())


def lock(session: Session, ids: Iterable[str]) -> Sequence[ModelVersion]:
    """Versions as they are now, in the order of their ids; nobody else changes them until the transaction ends.

    Not against rows that refer to them, such as those of predictions.
    """
    return _locked(session, ModelVersion.id.in_(set(ids)))


def lock_dataset(session: Session, dataset: str) -> Sequence[ModelVersion]:
    """The same of all versions of a data set."""
    return _locked(session, ModelVersion.dataset == dataset)


def _locked(session: Session, wanted: ColumnElement[bool]) -> Sequence[ModelVersion]:
    needed = load_only(ModelVersion.name, ModelVersion.dataset, ModelVersion.active, ModelVersion.folder)
    query = select(ModelVersion).where(wanted).order_by(ModelVersion.id).options(needed)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(query).all()


def latest_activations(session: Session, ids: Iterable[str]) -> dict[str, ModelActivation]:
    """Of each version the last time that somebody wanted it: a rollback only undoes that of another one."""
    order = (ModelActivation.created_at.desc(), ModelActivation.id.desc())
    rank = func.row_number().over(partition_by=ModelActivation.model_version_id, order_by=order).label("rank")
    wanted = ModelActivation.model_version_id.in_(set(ids)) & (ModelActivation.kind != "rollback")
    ranked = select(ModelActivation.id, rank).where(wanted).subquery()
    query = select(ModelActivation).join(ranked, ModelActivation.id == ranked.c.id).where(ranked.c.rank == 1)
    return {row.model_version_id: row for row in session.scalars(query)}


def list_activations(session: Session, dataset: str | None) -> Sequence[ModelActivation]:
    """Newest first."""
    query = select(ModelActivation).order_by(ModelActivation.created_at.desc(), ModelActivation.id.desc())
    if dataset is not None:
        query = query.where(ModelActivation.dataset == dataset)
    return session.scalars(query.limit(MOST_ACTIVATIONS)).all()


def training_runs(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Of each version that a run here has made, the run's id; the first one's, if several have made the same."""
    query = select(TrainingRun.model_version_id, TrainingRun.id).join(TrainingRun.job)
    query = query.where(TrainingRun.model_version_id.in_(set(ids))).order_by(JobRow.created_at.desc(), JobRow.id.desc())
    return {model_version_id: run_id for model_version_id, run_id in session.execute(query) if model_version_id}


def run_states(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Of those that there are, how far they are."""
    query = select(TrainingRun.id, JobRow.status).join(TrainingRun.job).where(TrainingRun.id.in_(set(ids)))
    return dict(session.execute(query).all())
