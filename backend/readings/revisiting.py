"""Looking again at an item that was answered, to correct the answer."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backend.reader_studies import standing
from backend.readings import repository
from backend.readings.admission import admit, require_open
from backend.readings.errors import NoAmendments, ResponseNotFound
from backend.readings.presenting import item_read
from backend.readings.schemas import ReadingItem


def answered_item(session: Session, study_id: str, response_id: str) -> ReadingItem:
    """The item of one's own locked answer, where the study takes corrections.

    Nowhere else: who could leaf back through their answers would not answer a repeated item anew.

    Raises:
        ReadingNotFound, ResponseNotFound: as they say.
        ReadingNotOpen: closed, or withdrawn.
        NoAmendments: the protocol does not allow it.
    """
    seat = admit(session, study_id)
    given = repository.response(session, seat.reader.id, response_id)
    if given is None:
        raise ResponseNotFound
    require_open(seat)
    design = standing.current_designs(session, [study_id])[study_id]
    if not design["reading"]["amend_answers"]:
        raise NoAmendments
    return item_read(study_id, repository.shown(session, given.response.assignment_id))
