"""Queries on audit events."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.db.tables import AuditEvent

# Any number that nothing else in this database locks by.
_LOCK = 0x76697472


def lock(session: Session) -> None:
    """Lets one transaction at a time add events. SQLite has only one that writes anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def last(session: Session) -> tuple[int, str] | None:
    """Sequence number and hash of the newest event."""
    query = select(AuditEvent.sequence, AuditEvent.hash).order_by(AuditEvent.sequence.desc()).limit(1)
    row = session.execute(query).one_or_none()
    return None if row is None else (row.sequence, row.hash)


def stream(session: Session, after: int = 0) -> Iterator[AuditEvent]:
    """All events, oldest first, a thousand at a time in memory."""
    query = select(AuditEvent).where(AuditEvent.sequence > after).order_by(AuditEvent.sequence)
    yield from session.scalars(query.execution_options(yield_per=1000))


def hashes(session: Session, after: int) -> list[tuple[int, str]]:
    """Sequence numbers and hashes of what came after an event."""
    query = select(AuditEvent.sequence, AuditEvent.hash).where(AuditEvent.sequence > after)
    return [(row.sequence, row.hash) for row in session.execute(query.order_by(AuditEvent.sequence))]
