"""Queries on jobs and their events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.db.job_tables import JobEvent, JobRow


def get(session: Session, job_id: str) -> JobRow | None:
    return session.get(JobRow, job_id)


def require(session: Session, job_id: str) -> JobRow:
    """One that is known to be there."""
    return session.get_one(JobRow, job_id)


def lock(session: Session, job_id: str) -> JobRow | None:
    """The row as it is now; nobody else changes it until the transaction ends."""
    query = select(JobRow).where(JobRow.id == job_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def lock_queued(session: Session, queue: str) -> Sequence[JobRow]:
    """All that wait in a queue, oldest first, locked: who claims one first comes first."""
    query = select(JobRow).where(JobRow.status == "queued", JobRow.queue == queue)
    query = query.order_by(JobRow.created_at, JobRow.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).all()


def list_running(session: Session, queue: str | None = None) -> Sequence[JobRow]:
    query = select(JobRow).where(JobRow.status == "running")
    if queue is not None:
        query = query.where(JobRow.queue == queue)
    return session.scalars(query.order_by(JobRow.started_at, JobRow.id)).all()


def has_live_lease(session: Session, moment: datetime) -> bool:
    """Whether somebody who is alive works on anything."""
    query = select(JobRow.id).where(JobRow.status == "running", JobRow.lease_expires_at >= moment).limit(1)
    return session.scalar(query) is not None


def list_unsent(session: Session, sent_before: datetime) -> Sequence[JobRow]:
    """Those that wait and of which the queue was not told lately, oldest first."""
    query = select(JobRow).where(JobRow.status == "queued", (JobRow.sent_at.is_(None)) | (JobRow.sent_at < sent_before))
    return session.scalars(query.order_by(JobRow.created_at, JobRow.id)).all()


def list_expired(session: Session, moment: datetime) -> Sequence[str]:
    """Ids of those whose lease is over."""
    query = select(JobRow.id).where(JobRow.status == "running", JobRow.lease_expires_at < moment)
    return session.scalars(query).all()


def queued_ids(session: Session) -> dict[str, list[str]]:
    """Per queue, in the order of their turns."""
    query = select(JobRow.queue, JobRow.id).where(JobRow.status == "queued").order_by(JobRow.created_at, JobRow.id)
    found: dict[str, list[str]] = {}
    for queue, job_id in session.execute(query):
        found.setdefault(queue, []).append(job_id)
    return found


def renew(session: Session, job_id: str, token: int, values: dict[str, Any]) -> bool:
    """Changes a row that runs under this token; whether there was one."""
    query = update(JobRow).where(JobRow.id == job_id, JobRow.token == token, JobRow.status == "running")
    return session.execute(query.values(**values)).rowcount == 1  # type: ignore[attr-defined, no-any-return]


def mark_sent(session: Session, ids: Sequence[str], moment: datetime) -> None:
    session.execute(update(JobRow).where(JobRow.id.in_(ids)).values(sent_at=moment))


def append(session: Session, job_id: str, kind: str, data: dict[str, Any]) -> JobEvent:
    """The next event of a job, whose row must be locked."""
    last = session.scalar(select(func.max(JobEvent.sequence)).where(JobEvent.job_id == job_id)) or 0
    event = JobEvent(job_id=job_id, sequence=last + 1, kind=kind, data=data)
    session.add(event)
    session.flush()
    return event


def list_events(
    session: Session, job_id: str, after: int = 0, limit: int = 1000, kind: str | None = None
) -> Sequence[JobEvent]:
    """Events after a sequence number, in order."""
    query = select(JobEvent).where(JobEvent.job_id == job_id, JobEvent.sequence > after)
    if kind is not None:
        query = query.where(JobEvent.kind == kind)
    return session.scalars(query.order_by(JobEvent.sequence).limit(limit)).all()


def last_sequence(session: Session, job_id: str) -> int:
    return session.scalar(select(func.max(JobEvent.sequence)).where(JobEvent.job_id == job_id)) or 0


def events_of_kind(session: Session, ids: Sequence[str], kind: str) -> Sequence[JobEvent]:
    """Of several jobs, in order."""
    query = select(JobEvent).where(JobEvent.job_id.in_(ids), JobEvent.kind == kind)
    return session.scalars(query.order_by(JobEvent.job_id, JobEvent.sequence)).all()
