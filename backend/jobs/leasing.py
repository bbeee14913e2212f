"""Who works on a job: claims, heartbeats, ends, and what happens when nobody is heard of any more.

A claim raises the row's token. Everything that a worker writes names its token, so one that was given up for dead and
comes back writes nothing: it gets ``LeaseLost`` and stops.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.db.base import now
from backend.db.job_tables import JobRow
from backend.jobs import repository
from backend.jobs.kinds import JobKind, Queue

HEARTBEAT = timedelta(seconds=10)
LEASE = timedelta(seconds=45)
# The first time, and twice again after its worker was lost.
MOST_ATTEMPTS = 3
LOST = "The worker was not heard of any more for {seconds:.0f} seconds; the job waits for another one."
GIVEN_UP = (
    "Its worker was lost {attempts} times; perhaps the job is why, for example because it needs more memory than the "
    "machine has. What it had saved is kept: resume it when the cause is found."
)
INTERRUPTED = "The worker was stopped; the job waits for it to start again."


class LeaseLost(Exception):
    """The job was cancelled, or somebody else has it now: stop, and write nothing."""


@dataclass(frozen=True)
class Claim:
    """The right to work on a job.

    Attributes:
        job_id: of the job.
        token: fencing token; everything written must name it.
        kind: what to make.
        attempt: 1 the first time.
    """

    job_id: str
    token: int
    kind: JobKind
    attempt: int


def claim(session: Session, queue: Queue, worker: str, device: str) -> Claim | None:
    """Takes the job whose turn it is.

    Args:
        session: a writing one.
        queue: to take from.
        worker: who asks, for people who look for it.
        device: that it would run on; of ``training``, one job at a time runs on each.

    Returns:
        The claim, or None if nothing waits or the device is taken.
    """
    waiting = repository.lock_queued(session, queue.value)
    if not waiting:
        return None
    if queue is Queue.TRAINING and any(row.device == device for row in repository.list_running(session, queue.value)):
        return None
    row = waiting[0]
    row.status, row.attempts, row.token = "running", row.attempts + 1, row.token + 1
    row.worker, row.device, row.progress, row.error = worker, device, None, None
    row.started_at = row.heartbeat_at = now()
    row.lease_expires_at = row.started_at + LEASE
    session.flush()
    repository.append(session, row.id, "status", {"status": "running", "attempt": row.attempts})
    return Claim(row.id, row.token, JobKind(row.kind), row.attempts)


def beat(session: Session, held: Claim, progress: Mapping[str, Any] | None = None) -> None:
    """Renews the lease, and says how far the job is. Raises ``LeaseLost``."""
    moment = now()
    values: dict[str, Any] = {"heartbeat_at": moment, "lease_expires_at": moment + LEASE}
    if progress is not None:
        values["progress"] = dict(progress)
    if not repository.renew(session, held.job_id, held.token, values):
        raise LeaseLost


def held_row(session: Session, held: Claim) -> JobRow:
    """The row, locked, if the claim still holds. Raises ``LeaseLost``."""
    row = repository.lock(session, held.job_id)
    if row is None or row.status != "running" or row.token != held.token:
        raise LeaseLost
    return row


def tell(session: Session, held: Claim, kind: str, data: Mapping[str, Any]) -> None:
    """Adds an event to what the job's page shows. Raises ``LeaseLost``."""
    held_row(session, held)
    repository.append(session, held.job_id, kind, dict(data))


def end(session: Session, row: JobRow, status: str, error: str | None = None) -> None:
    """Writes an end down. The row must be locked."""
    row.status, row.error, row.progress, row.lease_expires_at, row.finished_at = status, error, None, None, now()
    session.flush()
    repository.append(session, row.id, "status", {"status": status, "error": error})


def requeue(session: Session, row: JobRow, why: str, *, counts: bool) -> None:
    """The job waits again, in its old place. The row must be locked.

    Args:
        session: a writing one.
        row: of a job that ran, or that has failed or was cancelled.
        why: for its page.
        counts: whether this was an attempt; not when the server itself stopped the worker, or a person resumes it.
    """
    if not counts:
        row.attempts = max(0, row.attempts - 1)
    row.status, row.progress, row.lease_expires_at, row.sent_at = "queued", None, None, None
    row.error = row.finished_at = None
    session.flush()
    repository.append(session, row.id, "status", {"status": "queued", "why": why})


def reap(session: Session, job_id: str) -> str | None:
    """Settles a job whose lease is over; its new status, or None if it lives after all."""
    row = repository.lock(session, job_id)
    moment = now()
    if row is None or row.status != "running" or row.lease_expires_at is None or row.lease_expires_at >= moment:
        return None
    if row.attempts >= MOST_ATTEMPTS:
        end(session, row, "failed", GIVEN_UP.format(attempts=row.attempts))
    else:
        silent = moment - (row.heartbeat_at or moment)
        requeue(session, row, LOST.format(seconds=silent.total_seconds()), counts=True)
    return row.status
