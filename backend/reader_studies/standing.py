"""How far a reader is: sessions done, the one that comes now, and when it opens.

For readers and for those who run the study alike. Readers see no protocol; what they are told of the current one is
read here for them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.access.principal import SYSTEM, acting_as
from backend.reader_studies import reader_repository as repository
from backend.reader_studies.reader_repository import SessionCount
from backend.reader_studies.schemas import SessionProgress


@dataclass(frozen=True)
class Standing:
    """Where a reader is.

    Attributes:
        sessions: in order; none before publication.
        number: of the session that comes now; of the last one when all is done.
        opens_at: None unless the reader has to wait for that session.
        last_answer_at: None before the first answer.
    """

    sessions: tuple[SessionProgress, ...]
    number: int
    opens_at: datetime | None
    last_answer_at: datetime | None

    @property
    def done(self) -> int:
        """Items answered, in all sessions."""
        return sum(each.done for each in self.sessions)

    @property
    def total(self) -> int:
        """Items, in all sessions."""
        return sum(each.total for each in self.sessions)

    @property
    def complete(self) -> bool:
        """Everything is answered."""
        return self.done == self.total > 0

    @property
    def current(self) -> SessionProgress | None:
        """The session that comes now."""
        return next((each for each in self.sessions if each.number == self.number), None)


def standing_of(counts: Sequence[SessionCount], washout: int, moment: datetime) -> Standing:
    """From what was counted.

    Args:
        counts: by session, in order.
        washout: days between a reader's last answer of a session and the next session.
        moment: now.
    """
    sessions: list[SessionProgress] = []
    before: SessionCount | None = None
    for count in counts:
        waits = count.done == 0 and before is not None and before.done == before.total
        opens_at = opening(before.last_answer_at, washout, moment) if waits and before is not None else None
        sessions.append(SessionProgress(number=count.number, done=count.done, total=count.total, opens_at=opens_at))
        before = count
    unfinished = [each for each in sessions if each.done < each.total]
    coming = unfinished[0] if unfinished else (sessions[-1] if sessions else None)
    return Standing(
        sessions=tuple(sessions),
        number=coming.number if coming else 1,
        opens_at=coming.opens_at if coming else None,
        last_answer_at=max((each.last_answer_at for each in counts if each.last_answer_at), default=None),
    )


def opening(last_answer_at: datetime | None, washout: int, moment: datetime) -> datetime | None:
    """When the session after that answer opens; None: it is open."""
    if last_answer_at is None or washout == 0:
        return None
    opens_at = last_answer_at + timedelta(days=washout)
    return opens_at if opens_at > moment else None


def current_designs(session: Session, study_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """``StudyDesign`` of published studies as their current protocols have it. Most of it is not for readers."""
    with acting_as(SYSTEM):
        return repository.current_designs(session, study_ids)


def protocol_version(session: Session, study_id: str) -> int:
    """Of the current protocol; 0 before publication."""
    with acting_as(SYSTEM):
        return repository.protocol_version(session, study_id)


def washout_days(session: Session, study_id: str) -> int:
    """As the current protocol has it; 0 before publication, when nobody can wait."""
    with acting_as(SYSTEM):
        return repository.washout_days(session, study_id) or 0
