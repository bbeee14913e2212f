"""Reading the trail: pages, exports, verification."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator
from sqlalchemy.orm import Session

from backend.access.principal import Principal, acting_as
from backend.audit import repository
from backend.audit.chain import canonical, timestamp
from backend.audit.heads import Heads
from backend.audit.schemas import AuditEventPage, AuditEventRead, AuditProblem, AuditVerification, ExportFormat
from backend.audit.verify import content_of, verify
from backend.core.schemas import LINE
from backend.core.spreadsheet import csv_line
from backend.db.session import Database
from backend.db.tables import AuditEvent

_MAX_PROBLEMS = 100
_COLUMNS = (
    "sequence", "at", "actor", "address", "request_id", "action", "subject", "before", "after", "previous", "hash",
)  # fmt: skip


def _in_utc(moment: datetime) -> datetime:
    """Without a time zone it is taken for UTC, as the trail tells its own moments."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError("is before the year 1 or after 9999 in UTC") from None


Text = Annotated[str, *LINE]
Moment = Annotated[datetime, AfterValidator(_in_utc)]


@dataclass(frozen=True)
class AuditFilter:
    """Which events; what is left away does not narrow."""

    actor: Annotated[Text | None, Query(max_length=320, description="E-mail, system or anonymous.")] = None
    action: Annotated[Text | None, Query(max_length=64, description="Such as case.created, or case.* for all.")] = None
    subject: Annotated[Text | None, Query(max_length=128, description="Such as case/0f3a…, or case/* for all.")] = None
    since: Annotated[Moment | None, Query(description="This moment and later.")] = None
    until: Annotated[Moment | None, Query(description="Before this moment.")] = None

    def wanted(self) -> repository.Wanted:
        """As the repository takes it."""
        return repository.Wanted(
            actor=self.actor,
            action=self.action,
            subject=self.subject,
            since=timestamp(self.since) if self.since else None,
            until=timestamp(self.until) if self.until else None,
        )

    def told(self) -> dict[str, str]:
        """As the trail tells that somebody asked for it."""
        return {name: str(value) for name, value in vars(self).items() if value is not None}


def list_events(session: Session, found: AuditFilter, before: int | None, limit: int) -> AuditEventPage:
    """A page, newest first."""
    wanted = found.wanted()
    rows = repository.page(session, wanted, before, limit + 1)
    items = [_read(row) for row in rows[:limit]]
    return AuditEventPage(
        items=items,
        next_before=items[-1].sequence if len(rows) > limit else None,
        total=repository.count(session, wanted),
        actions=repository.actions(session),
    )


def verify_trail(session: Session, heads: Heads) -> AuditVerification:
    """As ``vitrine audit verify``."""
    found = verify(session, heads)
    problems = [AuditProblem(sequence=each.sequence, text=each.text) for each in found.problems[:_MAX_PROBLEMS]]
    return AuditVerification(events=found.events, problems=problems, unbroken=not found.problems)


def export(database: Database, principal: Principal, found: AuditFilter, form: ExportFormat) -> Iterator[bytes]:
    """The events, oldest first, a few at a time. It runs while the answer is sent, so it says again who asks."""
    if form is ExportFormat.CSV:
        yield csv_line(_COLUMNS)
    last = 0
    while True:
        with acting_as(principal), database.reading() as session:
            rows = repository.chunk(session, found.wanted(), last, 1000)
        if not rows:
            return
        last = rows[-1].sequence
        yield b"".join(_line(row, form) for row in rows)


def _line(row: AuditEvent, form: ExportFormat) -> bytes:
    if form is ExportFormat.CSV:
        return csv_line([getattr(row, name) for name in _COLUMNS])
    content = content_of(row)._asdict() | {"previous": row.previous, "hash": row.hash}
    return canonical(content).encode() + b"\n"


def _read(row: AuditEvent) -> AuditEventRead:
    return AuditEventRead(
        sequence=row.sequence,
        at=_moment(row.at),
        actor=row.actor,
        address=row.address,
        request_id=row.request_id,
        action=row.action,
        subject=row.subject,
        before=_details(row.before),
        after=_details(row.after),
        hash=row.hash,
    )


def _moment(text: str) -> datetime:
    """Of a trail that somebody tampered with the rest must stay readable."""
    try:
        return _in_utc(datetime.fromisoformat(text))
    except (TypeError, ValueError):
        return datetime.min.replace(tzinfo=UTC)


def _details(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    try:
        found = json.loads(text)
    except (TypeError, ValueError):
        found = None
    return found if isinstance(found, dict) else {"unreadable": str(text)}
