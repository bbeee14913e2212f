"""Queries on batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.db.tables import InterventionBatch

MOST_LISTED = 200


def get(session: Session, batch_id: str) -> InterventionBatch | None:
    return session.get(InterventionBatch, batch_id)


def lock(session: Session, batch_id: str) -> InterventionBatch | None:
    """The row as it is now; nobody else changes it until the transaction ends."""
    query = select(InterventionBatch).where(InterventionBatch.id == batch_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def list_all(session: Session) -> Sequence[InterventionBatch]:
    """Newest first."""
    order = (InterventionBatch.created_at.desc(), InterventionBatch.id.desc())
    return session.scalars(select(InterventionBatch).order_by(*order).limit(MOST_LISTED)).all()


def list_unended(session: Session) -> Sequence[InterventionBatch]:
    """Those that wait or run, oldest first."""
    query = select(InterventionBatch).where(InterventionBatch.status.in_(("queued", "running")))
    return session.scalars(query.order_by(InterventionBatch.created_at, InterventionBatch.id)).all()


def set_progress(session: Session, batch_id: str, progress: dict[str, Any]) -> None:
    """Unless it has ended meanwhile."""
    session.execute(
        update(InterventionBatch)
        .where(InterventionBatch.id == batch_id, InterventionBatch.status == "running")
        .values(progress=progress)
    )
