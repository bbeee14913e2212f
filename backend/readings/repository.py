"""Queries of reading. Each names the columns that it takes: what readers must not be told is never read.

All of them are of one reader, whose id says whose rows; somebody who runs the study sees more rows than their own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.db.study_tables import (
    ReaderStudy,
    ResponseAmendment,
    StudyAssignment,
    StudyCase,
    StudyItem,
    StudyQuery,
    StudyReader,
    StudyResponse,
)


class Seat(NamedTuple):
    """Somebody's place in a study."""

    reader: StudyReader
    study_status: str
    title: str
    owner_id: str | None


class Place(NamedTuple):
    """A place in a reader's order."""

    id: str
    session: int
    position: int


class Asked(NamedTuple):
    """A place with what is asked there: for saving."""

    id: str
    session: int
    position: int
    opened_at: datetime | None
    practice: bool
    questions: list[dict[str, Any]]
    cannot_judge: bool


class Shown(NamedTuple):
    """A place with all that is shown there."""

    id: str
    session: int
    position: int
    draft: dict[str, Any] | None
    practice: bool
    content: dict[str, Any]
    width: int
    height: int


class Picture(NamedTuple):
    """The image at a place."""

    place: Place
    image_key: str
    answered: bool


class Given(NamedTuple):
    """A locked answer with its place."""

    response: StudyResponse
    session: int
    position: int
    practice: bool
    amendments: int


class AskedQuery(NamedTuple):
    """A question with the place that it is about."""

    query: StudyQuery
    session: int | None
    position: int | None


def seats(session: Session, user_id: str) -> list[Seat]:
    """In published studies; latest invitation first."""
    query = _seats().where(StudyReader.user_id == user_id, ReaderStudy.status.in_(("open", "closed")))
    return [Seat(*row) for row in session.execute(query.order_by(StudyReader.invited_at.desc(), StudyReader.id))]


def seat(session: Session, study_id: str, user_id: str, *, lock: bool = False) -> Seat | None:
    """In one study. Locked, two requests of one reader come one after the other; SQLite sees to that by itself."""
    query = _seats().where(StudyReader.study_id == study_id, StudyReader.user_id == user_id)
    if lock:
        query = query.with_for_update(of=StudyReader)
    row = session.execute(query).one_or_none()
    return None if row is None else Seat(*row)


def pending_places(session: Session, reader_id: str) -> list[Place]:
    """The next two places without an answer."""
    return [Place(*row) for row in session.execute(_pending(reader_id, _PLACE))]


def pending_asked(session: Session, reader_id: str) -> list[Asked]:
    """The same, with what is asked."""
    columns = (*_PLACE, StudyAssignment.opened_at, StudyItem.practice, *_QUESTIONS)
    query = _pending(reader_id, columns).join(StudyItem, StudyItem.id == StudyAssignment.item_id)
    return [Asked(*row) for row in session.execute(query)]


def pending_shown(session: Session, reader_id: str) -> list[Shown]:
    """The same, with all that is shown."""
    query = (
        _pending(reader_id, _SHOWN)
        .join(StudyItem, StudyItem.id == StudyAssignment.item_id)
        .join(StudyCase, StudyCase.id == StudyItem.study_case_id)
    )
    return [Shown(*row) for row in session.execute(query)]


def shown(session: Session, assignment_id: str) -> Shown:
    """All that is shown at one place."""
    query = (
        select(*_SHOWN)
        .join(StudyItem, StudyItem.id == StudyAssignment.item_id)
        .join(StudyCase, StudyCase.id == StudyItem.study_case_id)
    )
    return Shown(*session.execute(query.where(StudyAssignment.id == assignment_id)).one())


def place(session: Session, reader_id: str, assignment_id: str) -> Place | None:
    query = select(*_PLACE).where(StudyAssignment.reader_id == reader_id, StudyAssignment.id == assignment_id)
    row = session.execute(query).one_or_none()
    return None if row is None else Place(*row)


def picture(session: Session, reader_id: str, assignment_id: str) -> Picture | None:
    query = (
        select(*_PLACE, StudyCase.image_key, StudyResponse.id)
        .join(StudyItem, StudyItem.id == StudyAssignment.item_id)
        .join(StudyCase, StudyCase.id == StudyItem.study_case_id)
        .outerjoin(StudyResponse, StudyResponse.assignment_id == StudyAssignment.id)
        .where(StudyAssignment.reader_id == reader_id, StudyAssignment.id == assignment_id)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else Picture(Place(*row[:3]), row[3], row[4] is not None)


def last_answer_of(session: Session, reader_id: str, number: int) -> datetime | None:
    """Of one session."""
    query = (
        select(func.max(StudyResponse.submitted_at))
        .join(StudyAssignment, StudyAssignment.id == StudyResponse.assignment_id)
        .where(StudyAssignment.reader_id == reader_id, StudyAssignment.session == number)
    )
    return session.scalar(query)


def keep_draft(
    session: Session, assignment_id: str, draft: dict[str, Any], opened_at: datetime, moment: datetime
) -> bool:
    """False, and nothing is kept, if the place was answered meanwhile."""
    answered = exists().where(StudyResponse.assignment_id == StudyAssignment.id)
    query = update(StudyAssignment).where(StudyAssignment.id == assignment_id, ~answered)
    values = {"draft": draft, "opened_at": opened_at, "saved_at": moment}
    done = session.execute(query.values(values), execution_options={"synchronize_session": False})
    return bool(getattr(done, "rowcount", 0))


def lock_answer(session: Session, response: StudyResponse) -> bool:
    """Writes a locked answer, and ends the draft. False, and nothing is written, if there is one already.

    Whoever sends the same place at the same moment waits here until the first one is through.
    """
    try:
        with session.begin_nested():
            session.add(response)
    except IntegrityError:
        return False
    query = update(StudyAssignment).where(StudyAssignment.id == response.assignment_id)
    values = {"draft": None, "opened_at": response.opened_at, "saved_at": response.submitted_at}
    session.execute(query.values(values), execution_options={"synchronize_session": False})
    return True


def finish(session: Session, reader_id: str, moment: datetime) -> None:
    """Unless they were withdrawn meanwhile."""
    query = update(StudyReader).where(StudyReader.id == reader_id, StudyReader.status == "reading")
    values = {"status": "finished", "finished_at": moment}
    session.execute(query.values(values), execution_options={"synchronize_session": False})


def response_of_place(session: Session, reader_id: str, assignment_id: str) -> Given | None:
    query = _given(reader_id).where(StudyResponse.assignment_id == assignment_id)
    row = session.execute(query).one_or_none()
    return None if row is None else Given(*row)


def response(session: Session, reader_id: str, response_id: str) -> Given | None:
    row = session.execute(_given(reader_id).where(StudyResponse.id == response_id)).one_or_none()
    return None if row is None else Given(*row)


def responses(session: Session, reader_id: str) -> list[Given]:
    """Newest first."""
    order = (StudyAssignment.session.desc(), StudyAssignment.position.desc())
    return [Given(*row) for row in session.execute(_given(reader_id).order_by(*order))]


def questions_of(session: Session, assignment_id: str) -> tuple[list[dict[str, Any]], bool]:
    """What is asked at a place, and whether it may be declined."""
    query = select(*_QUESTIONS).join(StudyAssignment, StudyAssignment.item_id == StudyItem.id)
    row = session.execute(query.where(StudyAssignment.id == assignment_id)).one()
    return row[0], row[1]


def count_practice(session: Session, reader_id: str) -> int:
    query = select(func.count()).select_from(StudyAssignment).join(StudyItem, StudyItem.id == StudyAssignment.item_id)
    return session.scalar(query.where(StudyAssignment.reader_id == reader_id, StudyItem.practice)) or 0


def new_replies(session: Session, reader_ids: Collection[str]) -> dict[str, int]:
    """Replies that the reader has not seen."""
    query = (
        select(StudyQuery.reader_id, func.count())
        .where(
            StudyQuery.reader_id.in_(set(reader_ids)), StudyQuery.replied_at.is_not(None), StudyQuery.seen_at.is_(None)
        )
        .group_by(StudyQuery.reader_id)
    )
    return dict(session.execute(query).all()) if reader_ids else {}


def see_replies(session: Session, reader_id: str, moment: datetime) -> None:
    query = update(StudyQuery).where(
        StudyQuery.reader_id == reader_id, StudyQuery.replied_at.is_not(None), StudyQuery.seen_at.is_(None)
    )
    session.execute(query.values(seen_at=moment), execution_options={"synchronize_session": False})


def queries(session: Session, reader_id: str) -> list[AskedQuery]:
    """Newest first."""
    query = (
        select(StudyQuery, StudyAssignment.session, StudyAssignment.position)
        .outerjoin(StudyAssignment, StudyAssignment.id == StudyQuery.assignment_id)
        .where(StudyQuery.reader_id == reader_id)
        .order_by(StudyQuery.created_at.desc(), StudyQuery.id)
    )
    return [AskedQuery(*row) for row in session.execute(query)]


_PLACE = (StudyAssignment.id, StudyAssignment.session, StudyAssignment.position)
_QUESTIONS = (StudyItem.content["questions"], StudyItem.content["cannot_judge"].as_boolean())
_SHOWN = (
    *_PLACE, StudyAssignment.draft, StudyItem.practice, StudyItem.content, StudyCase.width, StudyCase.height,
)  # fmt: skip


def _seats() -> Select[StudyReader, str, str, str | None]:
    return select(StudyReader, ReaderStudy.status, ReaderStudy.title, ReaderStudy.owner_id).join(
        ReaderStudy, ReaderStudy.id == StudyReader.study_id
    )


def _pending(reader_id: str, columns: Sequence[Any]) -> Select[Any]:
    return (
        select(*columns)
        .select_from(StudyAssignment)
        .outerjoin(StudyResponse, StudyResponse.assignment_id == StudyAssignment.id)
        .where(StudyAssignment.reader_id == reader_id, StudyResponse.id.is_(None))
        .order_by(StudyAssignment.session, StudyAssignment.position)
        .limit(2)
    )


def _given(reader_id: str) -> Select[Any]:
    amendments = (
        select(func.count())
        .select_from(ResponseAmendment)
        .where(ResponseAmendment.response_id == StudyResponse.id)
        .scalar_subquery()
    )
    return (
        select(StudyResponse, StudyAssignment.session, StudyAssignment.position, StudyItem.practice, amendments)
        .join(StudyAssignment, StudyAssignment.id == StudyResponse.assignment_id)
        .join(StudyItem, StudyItem.id == StudyAssignment.item_id)
        .where(StudyResponse.reader_id == reader_id)
    )
