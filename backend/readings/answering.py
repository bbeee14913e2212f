"""Saving what readers answer: drafts, locked answers, corrections.

All that can be asked before is asked in a reading transaction, so that writing, where on SQLite one waits for another,
takes three statements. What can become untrue meanwhile is asked again once the answer is written, when it holds until
the end: that the study is open and the reader in it. If the item has an answer by then, the database keeps the first
one, and whoever sent the same gets it.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from backend.audit.service import Subject, record
from backend.db.base import new_id, now
from backend.db.session import Database
from backend.db.study_tables import ResponseAmendment, StudyResponse
from backend.reader_studies import standing
from backend.reader_studies.following import code_of
from backend.readings import repository
from backend.readings.admission import admit, require_open, require_turn
from backend.readings.checking import check
from backend.readings.errors import (
    AnswerLocked,
    NoAmendments,
    OutOfTurn,
    ReadingItemNotFound,
    ResponseNotFound,
)
from backend.readings.presenting import response_read
from backend.readings.repository import Asked, Given, Seat
from backend.readings.schemas import AmendmentCreate, DraftRead, DraftUpdate, ResponseCreate, ResponseRead


def save_draft(session: Session, database: Database, study_id: str, assignment_id: str, body: DraftUpdate) -> DraftRead:
    """Keeps what was given so far for the item that is read now.

    Raises:
        ReadingNotFound, ReadingItemNotFound, ReadingNotOpen, NotStarted: as they say.
        OutOfTurn: another item comes first.
        AnswerLocked: it is answered.
        BadAnswer: what was given does not fit the questions; it may be incomplete.
    """
    with database.reading() as before:
        seat = admit(before, study_id)
        pending = repository.pending_asked(before, seat.reader.id)
        if not pending or pending[0].id != assignment_id:
            if repository.response_of_place(before, seat.reader.id, assignment_id) is not None:
                raise AnswerLocked
            raise _elsewhere(before, seat, assignment_id)
        place = pending[0]
        require_turn(before, seat, place)
    check(place.questions, place.cannot_judge, body.answers, body.cannot_judge, complete=False)
    draft, moment = DraftRead.model_validate(body), now()
    if not repository.keep_draft(session, place.id, draft.model_dump(), place.opened_at or moment, moment):
        raise AnswerLocked
    return draft


def respond(session: Session, database: Database, study_id: str, body: ResponseCreate) -> ResponseRead:
    """Locks the answer to the item that is read now. The same answer sent again gives the stored one back.

    Raises:
        ReadingNotFound, ReadingItemNotFound, ReadingNotOpen, NotStarted: as they say.
        OutOfTurn: another item comes first.
        AnswerLocked: it is answered, and differently.
        BadAnswer: it does not fit the questions.
    """
    with database.reading() as before:
        seat = admit(before, study_id)
        pending = repository.pending_asked(before, seat.reader.id)
        if not pending or pending[0].id != body.assignment_id:
            return _answered_before(before, seat, body)
        place = pending[0]
        require_turn(before, seat, place)
        version = standing.protocol_version(before, study_id)
    answers = check(place.questions, place.cannot_judge, body.answers, body.cannot_judge, complete=True)
    response = _response(seat, place, body, answers, version)
    if not repository.lock_answer(session, response):
        return _answered_before(session, seat, body)
    require_open(admit(session, study_id))
    if len(pending) == 1:
        repository.finish(session, seat.reader.id, response.submitted_at)
        told = {"reader": code_of(seat.reader)}
        record(session, "study_reader.finished", Subject("reader_study", study_id), after=told)
    return response_read(Given(response, place.session, place.position, place.practice, 0))


def amend(session: Session, study_id: str, response_id: str, body: AmendmentCreate) -> ResponseRead:
    """Adds a correction to a locked answer, which stays.

    Raises:
        ReadingNotFound, ResponseNotFound: as they say.
        NoAmendments: the protocol does not allow it.
        ReadingNotOpen: closed, or withdrawn.
        BadAnswer: it does not fit the questions.
    """
    seat = admit(session, study_id, lock=True)
    given = repository.response(session, seat.reader.id, response_id)
    if given is None:
        raise ResponseNotFound
    require_open(seat)
    design = standing.current_designs(session, [study_id])[study_id]
    if not design["reading"]["amend_answers"]:
        raise NoAmendments
    questions, may_decline = repository.questions_of(session, given.response.assignment_id)
    answers = check(questions, may_decline, body.answers, body.cannot_judge, complete=True)
    session.add(
        ResponseAmendment(
            study_id=study_id,
            response_id=response_id,
            reader_id=seat.reader.id,
            answers=answers,
            cannot_judge=body.cannot_judge,
            reason=body.reason,
        )
    )
    told = {"reader": code_of(seat.reader), "response": response_id}
    record(session, "study_response.amended", Subject("reader_study", study_id), after=told)
    return response_read(given._replace(amendments=given.amendments + 1))


def _response(
    seat: Seat, place: Asked, body: ResponseCreate, answers: dict[str, int | str], version: int
) -> StudyResponse:
    moment = now()
    return StudyResponse(
        id=new_id(),
        study_id=seat.reader.study_id,
        reader_id=seat.reader.id,
        assignment_id=place.id,
        answers=answers,
        cannot_judge=body.cannot_judge,
        comment=body.comment,
        active_ms=body.active_ms,
        idle_ms=body.idle_ms,
        opened_at=place.opened_at or moment,
        submitted_at=moment,
        protocol_version=version,
    )


def _answered_before(session: Session, seat: Seat, body: ResponseCreate) -> ResponseRead:
    """The stored answer, also when the study was closed since: who asks again did not hear that it was kept."""
    given = repository.response_of_place(session, seat.reader.id, body.assignment_id)
    if given is None:
        raise _elsewhere(session, seat, body.assignment_id)
    stored = given.response
    # Times may differ: they go on in a browser that does not know yet.
    same = stored.cannot_judge == body.cannot_judge and stored.comment == body.comment
    if not same or (not stored.cannot_judge and stored.answers != body.answers):
        raise AnswerLocked
    return response_read(given)


def _elsewhere(session: Session, seat: Seat, assignment_id: str) -> ReadingItemNotFound | OutOfTurn:
    if repository.place(session, seat.reader.id, assignment_id) is None:
        return ReadingItemNotFound()
    require_open(seat)
    return OutOfTurn()
