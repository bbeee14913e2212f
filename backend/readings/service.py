"""What readers see and do. The service of a reader never reads what it must not tell.

Looking at an item writes nothing; saving stands in ``answering``.
"""

from __future__ import annotations

from fastapi import Request, Response
from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit.service import Subject, record
from backend.core.caching import immutable
from backend.core.storage import Storage
from backend.db.base import new_id, now
from backend.db.session import Database
from backend.db.study_tables import StudyQuery
from backend.people.names import Names
from backend.reader_studies import reader_repository, standing
from backend.reader_studies.following import code_of
from backend.reader_studies.standing import Standing
from backend.readings import answering, repository
from backend.readings.admission import admit, require_open, within_reach
from backend.readings.errors import ProfileMissing, ReadingItemNotFound
from backend.readings.presenting import (
    item_read,
    query_read,
    reading_read,
    response_read,
    status_of,
    summary_read,
)
from backend.readings.repository import Picture, Seat
from backend.readings.schemas import (
    AmendmentCreate,
    DraftRead,
    DraftUpdate,
    NextRead,
    QueryCreate,
    QueryList,
    QueryRead,
    ReadingList,
    ReadingRead,
    ReadingStart,
    ReadingStatus,
    ResponseCreate,
    ResponseList,
    ResponseRead,
)

# Long enough for an image that is fetched ahead; on a shared machine it is not kept beyond the sitting.
_KEEP_IMAGE = "private, max-age=600"
_SOMETHING_TO_DO = (ReadingStatus.READING, ReadingStatus.INVITED, ReadingStatus.WASHOUT, ReadingStatus.FINISHED)


def list_readings(session: Session) -> ReadingList:
    """Published studies that the one who asks reads in; those with something to do first."""
    user_id = current().user_id
    seats = repository.seats(session, user_id) if user_id else []
    counts = reader_repository.session_counts(session, [seat.reader.id for seat in seats])
    designs = standing.current_designs(session, [seat.reader.study_id for seat in seats])
    replies = repository.new_replies(session, [seat.reader.id for seat in seats])
    found = []
    for seat in seats:
        design, reader_id = designs[seat.reader.study_id], seat.reader.id
        where = standing.standing_of(counts.get(reader_id, []), design["order"]["washout_days"], now())
        found.append(summary_read(seat, where, design["title"], replies.get(reader_id, 0)))
    order = {status: place for place, status in enumerate(_SOMETHING_TO_DO)}
    return ReadingList(items=sorted(found, key=lambda each: order.get(each.status, len(order))))


def read_reading(session: Session, study_id: str) -> ReadingRead:
    """Instructions and progress. Raises ``ReadingNotFound``."""
    return _read(session, admit(session, study_id))


def start(session: Session, study_id: str, body: ReadingStart) -> ReadingRead:
    """Begins, once; later it changes the profile while nothing has been answered.

    Raises:
        ReadingNotFound, ReadingNotOpen: as they say.
        ProfileMissing: the study asks for one.
    """
    seat = admit(session, study_id, lock=True)
    require_open(seat)
    reader = seat.reader
    design = standing.current_designs(session, [study_id])[study_id]
    asks = design["reading"]["ask_profile"]
    answered = reader.status != "invited" and _standing(session, seat).done > 0
    if asks and body.profile is None and reader.profile is None:
        raise ProfileMissing
    if asks and body.profile is not None and not answered:
        reader.profile = body.profile.model_dump()
    if reader.status == "invited":
        reader.status, reader.joined_at = "reading", now()
        record(session, "study_reader.started", Subject("reader_study", study_id), after={"reader": code_of(reader)})
    session.flush()
    return _read(session, seat)


def see_reminder(session: Session, study_id: str) -> None:
    """Reminder and replies have been seen. Raises ``ReadingNotFound``."""
    seat = admit(session, study_id, lock=True)
    moment = now()
    seat.reader.reminder_seen_at = moment
    repository.see_replies(session, seat.reader.id, moment)


def next_item(session: Session, study_id: str) -> NextRead:
    """The next item of the stored order, and the one after it. Raises ``ReadingNotFound``."""
    seat = admit(session, study_id)
    pending = repository.pending_shown(session, seat.reader.id)
    where = _standing(session, seat)
    status, now_comes = status_of(seat, where), where.current
    shown = [item_read(study_id, each) for each in pending[: within_reach(session, seat, pending)]]
    return NextRead(
        status=status,
        item=shown[0] if shown else None,
        upcoming=shown[1] if len(shown) > 1 else None,
        done=now_comes.done if now_comes else 0,
        total=now_comes.total if now_comes else 0,
        opens_at=where.opens_at if status is ReadingStatus.WASHOUT else None,
    )


def image(session: Session, storage: Storage, request: Request, study_id: str, assignment_id: str) -> Response:
    """The image of an item within reach. Raises ``ReadingItemNotFound`` for all others alike."""
    picture = _reach(session, admit(session, study_id), assignment_id)
    tag = f"reading-{assignment_id}"
    return immutable(request, tag, "image/png", lambda: storage.read(picture.image_key), _KEEP_IMAGE)


def save_draft(session: Session, database: Database, study_id: str, assignment_id: str, body: DraftUpdate) -> DraftRead:
    """See ``answering``."""
    return answering.save_draft(session, database, study_id, assignment_id, body)


def respond(session: Session, database: Database, study_id: str, body: ResponseCreate) -> ResponseRead:
    """See ``answering``."""
    return answering.respond(session, database, study_id, body)


def amend(session: Session, study_id: str, response_id: str, body: AmendmentCreate) -> ResponseRead:
    """See ``answering``."""
    return answering.amend(session, study_id, response_id, body)


def list_responses(session: Session, study_id: str) -> ResponseList:
    """One's own answers. Raises ``ReadingNotFound``."""
    seat = admit(session, study_id)
    return ResponseList(items=[response_read(given) for given in repository.responses(session, seat.reader.id)])


def list_queries(session: Session, study_id: str) -> QueryList:
    """One's own questions. Raises ``ReadingNotFound``."""
    seat = admit(session, study_id)
    return QueryList(items=[query_read(asked) for asked in repository.queries(session, seat.reader.id)])


def ask(session: Session, study_id: str, body: QueryCreate) -> QueryRead:
    """Asks the coordinator, about an item that was answered or comes now or next, or about the study.

    Raises ``ReadingNotFound`` and ``ReadingItemNotFound``.
    """
    seat = admit(session, study_id, lock=True)
    place = _reach(session, seat, body.assignment_id).place if body.assignment_id else None
    query = StudyQuery(
        id=new_id(),
        study_id=study_id,
        reader_id=seat.reader.id,
        assignment_id=body.assignment_id,
        text=body.text,
        created_at=now(),
    )
    session.add(query)
    told = {"reader": code_of(seat.reader), "query": query.id}
    record(session, "study_query.asked", Subject("reader_study", study_id), after=told)
    asked = repository.AskedQuery(query, place.session if place else None, place.position if place else None)
    return query_read(asked)


def _read(session: Session, seat: Seat) -> ReadingRead:
    reader, study_id = seat.reader, seat.reader.study_id
    design, where = standing.current_designs(session, [study_id])[study_id], _standing(session, seat)
    owner = Names(session, [seat.owner_id]).ref_or_none(seat.owner_id)
    replies = repository.new_replies(session, [reader.id]).get(reader.id, 0)
    return reading_read(
        summary_read(seat, where, design["title"], replies),
        seat,
        where,
        design,
        owner.name if owner else None,
        repository.count_practice(session, reader.id),
    )


def _standing(session: Session, seat: Seat) -> Standing:
    counts = reader_repository.session_counts(session, [seat.reader.id]).get(seat.reader.id, [])
    washout = standing.washout_days(session, seat.reader.study_id) if len(counts) > 1 else 0
    return standing.standing_of(counts, washout, now())


def _reach(session: Session, seat: Seat, assignment_id: str) -> Picture:
    picture = repository.picture(session, seat.reader.id, assignment_id)
    if picture is None:
        raise ReadingItemNotFound
    if not picture.answered:
        pending = repository.pending_places(session, seat.reader.id)
        if picture.place not in pending[: within_reach(session, seat, pending)]:
            raise ReadingItemNotFound
    return picture
