"""Queries on model versions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db.tables import ModelVersion


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
