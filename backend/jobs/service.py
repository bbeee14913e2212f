"""Making, cancelling and resuming jobs, whatever they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from backend.db.base import new_id, now
from backend.db.job_tables import JobRow
from backend.jobs import leasing, repository
from backend.jobs.errors import JobEnded, JobNotEnded, QueueFull
from backend.jobs.kinds import JobKind
from backend.jobs.schemas import JobProgress
from backend.people.names import Names

RESUMED = "Resumed by a person."
MOST_WAITING = 20  # in a queue; more are nobody's plan


def enqueue(session: Session, kind: JobKind) -> JobRow:
    """A job that waits for its turn. The caller wakes the dispatcher once this is committed."""
    row = JobRow(id=new_id(), kind=kind.value, queue=kind.queue.value, status="queued", created_at=now())
    row.attempts = row.token = 0
    session.add(row)
    session.flush()
    repository.append(session, row.id, "status", {"status": "queued"})
    return row


def require_room(session: Session, kind: JobKind) -> None:
    """Raises ``QueueFull`` if too many jobs wait where one of this kind would."""
    if len(repository.queued_ids(session).get(kind.queue.value, ())) >= MOST_WAITING:
        raise QueueFull


def cancel(session: Session, job_id: str) -> JobRow:
    """Ends a job, whether it runs or waits: its worker notices within seconds. Raises ``JobEnded``."""
    row = _locked(session, job_id)
    if row.status not in ("queued", "running"):
        raise JobEnded
    leasing.end(session, row, "cancelled")
    return row


def resume(session: Session, job_id: str) -> JobRow:
    """Queues a job again that failed or was cancelled; it goes on from what it had saved. Raises ``JobNotEnded``."""
    row = _locked(session, job_id)
    if row.status not in ("failed", "cancelled"):
        raise JobNotEnded
    row.attempts = 0
    leasing.requeue(session, row, RESUMED, counts=False)
    return row


def fields(row: JobRow, positions: Mapping[str, int], names: Names, author_id: str | None) -> dict[str, Any]:
    """Of ``JobRead``."""
    return {
        "id": row.id,
        "status": row.status,
        "position": positions.get(row.id),
        "attempts": row.attempts,
        "error": row.error,
        "progress": JobProgress(**row.progress) if row.progress else None,
        "created_at": row.created_at,
        "created_by": names.ref_or_none(author_id),
        "started_at": row.started_at,
        "finished_at": row.finished_at,
    }


def positions(session: Session) -> dict[str, int]:
    """Of every job that waits: its place in its queue, from 1."""
    return {job_id: place for ids in repository.queued_ids(session).values() for place, job_id in enumerate(ids, 1)}


def _locked(session: Session, job_id: str) -> JobRow:
    row = repository.lock(session, job_id)
    if row is None:
        raise LookupError(f"there is no job {job_id}")  # domains look their own row up first
    return row
