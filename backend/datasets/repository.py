"""Queries on data sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from backend.db.tables import Dataset


def get(session: Session, dataset_id: str) -> Dataset | None:
    return session.get(Dataset, dataset_id)


def lock(session: Session, dataset_id: str) -> Dataset | None:
    """The row as it is now; nobody else changes it until the transaction ends."""
    query = select(Dataset).where(Dataset.id == dataset_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def find(session: Session, name: str) -> Dataset | None:
    return session.scalars(select(Dataset).where(Dataset.name == name)).one_or_none()


def list_all(session: Session) -> Sequence[Dataset]:
    return session.scalars(select(Dataset).order_by(Dataset.created_at.desc(), Dataset.id)).all()


def list_importing(session: Session) -> Sequence[Dataset]:
    """Oldest first."""
    query = select(Dataset).where(Dataset.status == "importing").order_by(Dataset.created_at, Dataset.id)
    return session.scalars(query).all()


def list_ready_stamps(session: Session) -> dict[str, tuple[str, str | None]]:
    """Id and stamp of the ready ones, by name."""
    query = select(Dataset.name, Dataset.id, Dataset.stamp).where(Dataset.status == "ready")
    return {name: (dataset_id, stamp) for name, dataset_id, stamp in session.execute(query)}


def set_progress(session: Session, dataset_id: str, progress: dict[str, Any]) -> bool:
    """Whether it is still being imported."""
    query = update(Dataset).where(Dataset.id == dataset_id, Dataset.status == "importing").values(progress=progress)
    return cast("CursorResult[Any]", session.execute(query)).rowcount > 0
