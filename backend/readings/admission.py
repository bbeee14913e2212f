"""Who may read now, and which items are within reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.db.base import now
from backend.reader_studies import standing
from backend.readings import repository
from backend.readings.errors import NotStarted, ReadingNotFound, ReadingNotOpen
from backend.readings.repository import Asked, Place, Seat, Shown

_NOT_YET = "You are invited to this study, but it is not open yet; its coordinator is still preparing it."
_WITHDRAWN = "A coordinator has withdrawn you from this study; what you answered until then is kept."
_CLOSED = "The study is closed and takes no more answers; what you answered until then is kept."


def admit(session: Session, study_id: str, *, lock: bool = False) -> Seat:
    """The place in a published study of the one who asks. Raises ``ReadingNotFound``."""
    user_id = current().user_id
    seat = repository.seat(session, study_id, user_id, lock=lock) if user_id else None
    if seat is None:
        raise ReadingNotFound
    if seat.study_status not in ("open", "closed"):
        raise ReadingNotFound(_NOT_YET)
    return seat


def is_shut(seat: Seat) -> bool:
    """Closed for this reader."""
    return seat.study_status != "open" or seat.reader.status == "withdrawn"


def require_open(seat: Seat) -> None:
    """Raises ``ReadingNotOpen`` in a closed study and for a withdrawn reader."""
    if seat.reader.status == "withdrawn":
        raise ReadingNotOpen(_WITHDRAWN)
    if seat.study_status != "open":
        raise ReadingNotOpen(_CLOSED)


def require_turn(session: Session, seat: Seat, place: Asked) -> None:
    """Whether the reader may answer at the next place of their order.

    Raises:
        ReadingNotOpen: closed, withdrawn, or its session has not opened.
        NotStarted: the instructions come first.
    """
    require_open(seat)
    if seat.reader.status == "invited":
        raise NotStarted
    opens_at = _opening(session, seat, place)
    if opens_at is not None:
        raise ReadingNotOpen(
            f"Session {place.session} opens on {opens_at:%Y-%m-%d at %H:%M} UTC; the time between sessions is part of "
            "the study's design."
        )


def within_reach(session: Session, seat: Seat, places: Sequence[Place | Asked | Shown]) -> int:
    """How many of the next places may be shown: the current one, and the one after it unless a washout lies between.

    Args:
        session: to read with.
        seat: of the reader.
        places: the next two without an answer, or fewer.
    """
    if not places or is_shut(seat) or _opening(session, seat, places[0]) is not None:
        return 0
    if len(places) > 1 and places[1].session != places[0].session:
        return 2 if standing.washout_days(session, seat.reader.study_id) == 0 else 1
    return len(places)


def _opening(session: Session, seat: Seat, place: Place | Asked | Shown) -> datetime | None:
    """When the place's session opens; None: it is open. Once a session has an answer it stays open."""
    if place.session == 1 or place.position > 0:
        return None
    before = repository.last_answer_of(session, seat.reader.id, place.session - 1)
    return standing.opening(before, standing.washout_days(session, seat.reader.study_id), now())
