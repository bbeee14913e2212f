"""Queries on audit events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select, text
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


@dataclass(frozen=True)
class Wanted:
    """Which events: of an actor (with their tokens), an action or subject (``case.*``, ``case/*``), from and to."""

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    since: str | None = None
    until: str | None = None


def page(session: Session, wanted: Wanted, before: int | None, limit: int) -> Sequence[AuditEvent]:
    """Newest first."""
    query = select(AuditEvent).where(*_matching(wanted)).order_by(AuditEvent.sequence.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(AuditEvent.sequence < before)).all()


def chunk(session: Session, wanted: Wanted, after: int, limit: int) -> Sequence[AuditEvent]:
    """Oldest first."""
    query = select(AuditEvent).where(*_matching(wanted), AuditEvent.sequence > after)
    return session.scalars(query.order_by(AuditEvent.sequence).limit(limit)).all()


def count(session: Session, wanted: Wanted) -> int:
    return session.scalar(select(func.count()).select_from(AuditEvent).where(*_matching(wanted))) or 0


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action)))


def _matching(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.actor is not None:
        by_token = AuditEvent.actor.startswith(f"{wanted.actor} (token ", autoescape=True)
        found.append(or_(AuditEvent.actor == wanted.actor, by_token))
    for column, value in ((AuditEvent.action, wanted.action), (AuditEvent.subject, wanted.subject)):
        if value is not None and value.endswith("*"):
            found.append(column.startswith(value.removesuffix("*"), autoescape=True))
        elif value is not None:
            found.append(column == value)
    if wanted.since is not None:
        found.append(AuditEvent.at >= wanted.since)
    if wanted.until is not None:
        found.append(AuditEvent.at < wanted.until)
    return found
