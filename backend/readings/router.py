"""Routes of readers. ``next`` and ``responses`` stand under reader studies, as the contract has them."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.core.caching import binary_response
from backend.core.errors import StorageFull, error_responses
from backend.core.schemas import PathId
from backend.core.storage import StoredFileMissing
from backend.dependencies import ReadSessionDep, ResourcesDep, StorageDep, WriteSessionDep
from backend.readings import service
from backend.readings.errors import (
    AnswerLocked,
    BadAnswer,
    NoAmendments,
    NotStarted,
    OutOfTurn,
    ProfileMissing,
    ReadingItemNotFound,
    ReadingNotFound,
    ReadingNotOpen,
    ResponseNotFound,
)
from backend.readings.revisiting import answered_item
from backend.readings.schemas import (
    AmendmentCreate,
    DraftRead,
    DraftUpdate,
    NextRead,
    QueryCreate,
    QueryList,
    QueryRead,
    ReadingItem,
    ReadingList,
    ReadingRead,
    ReadingStart,
    ResponseCreate,
    ResponseList,
    ResponseRead,
)

router = APIRouter(tags=["readings"], dependencies=[needs(Permission.STUDIES_ANSWER)])

SAVE_ERRORS = (ReadingNotFound, ReadingItemNotFound, ReadingNotOpen, NotStarted, OutOfTurn, BadAnswer, AnswerLocked)


@router.get("/readings")
def list_readings(session: ReadSessionDep) -> ReadingList:
    """The studies that one reads in."""
    return service.list_readings(session)


@router.get("/readings/{study_id}", responses=error_responses(ReadingNotFound))
def get_reading(session: ReadSessionDep, study_id: PathId) -> ReadingRead:
    """Instructions and progress."""
    return service.read_reading(session, study_id)


@router.post("/readings/{study_id}/start", responses=error_responses(ReadingNotFound, ReadingNotOpen, ProfileMissing))
def start_reading(session: WriteSessionDep, study_id: PathId, body: ReadingStart) -> ReadingRead:
    """Begin, once. Again, it changes the profile only while nothing has been answered."""
    return service.start(session, study_id, body)


@router.post(
    "/readings/{study_id}/reminder/seen",
    status_code=204,
    response_class=Response,
    responses=error_responses(ReadingNotFound),
)
def see_reminder(session: WriteSessionDep, study_id: PathId) -> None:
    """The reminder and replies have been seen."""
    service.see_reminder(session, study_id)


@router.get("/reader-studies/{study_id}/next", responses=error_responses(ReadingNotFound))
def get_next_item(session: ReadSessionDep, study_id: PathId) -> NextRead:
    """The item that comes next in one's stored order, and the one after it."""
    return service.next_item(session, study_id)


@router.get(
    "/readings/{study_id}/items/{assignment_id}/image",
    response_class=Response,
    responses=binary_response("image/png") | error_responses(ReadingItemNotFound, StoredFileMissing),
)
def get_reading_image(
    request: Request, session: ReadSessionDep, storage: StorageDep, study_id: PathId, assignment_id: PathId
) -> Response:
    """The item's image: PNG without metadata. Only of items that were answered, or come now or next."""
    return service.image(session, storage, request, study_id, assignment_id)


@router.put("/readings/{study_id}/items/{assignment_id}/draft", responses=error_responses(*SAVE_ERRORS, StorageFull))
def save_draft(
    session: WriteSessionDep, resources: ResourcesDep, study_id: PathId, assignment_id: PathId, body: DraftUpdate
) -> DraftRead:
    """Keep what has been given so far."""
    return service.save_draft(session, resources.database, study_id, assignment_id, body)


@router.post(
    "/reader-studies/{study_id}/responses",
    status_code=201,
    responses=error_responses(*SAVE_ERRORS, StorageFull),
)
def create_response(
    session: WriteSessionDep, resources: ResourcesDep, study_id: PathId, body: ResponseCreate
) -> ResponseRead:
    """Answer an item. The answer is locked; the same sent again gives the same back."""
    return service.respond(session, resources.database, study_id, body)


@router.get("/readings/{study_id}/responses", responses=error_responses(ReadingNotFound))
def list_responses(session: ReadSessionDep, study_id: PathId) -> ResponseList:
    """One's own answers."""
    return service.list_responses(session, study_id)


@router.get(
    "/readings/{study_id}/responses/{response_id}/item",
    responses=error_responses(ReadingNotFound, ResponseNotFound, NoAmendments, ReadingNotOpen),
)
def get_answered_item(session: ReadSessionDep, study_id: PathId, response_id: PathId) -> ReadingItem:
    """The item of one's own locked answer, to correct it. Only where the study takes corrections."""
    return answered_item(session, study_id, response_id)


@router.post(
    "/readings/{study_id}/responses/{response_id}/amendments",
    status_code=201,
    responses=error_responses(ReadingNotFound, ResponseNotFound, NoAmendments, ReadingNotOpen, BadAnswer),
)
def amend_response(
    session: WriteSessionDep, study_id: PathId, response_id: PathId, body: AmendmentCreate
) -> ResponseRead:
    """Add a correction to a locked answer."""
    return service.amend(session, study_id, response_id, body)


@router.get("/readings/{study_id}/queries", responses=error_responses(ReadingNotFound))
def list_own_queries(session: ReadSessionDep, study_id: PathId) -> QueryList:
    """One's own questions to the coordinator, with replies."""
    return service.list_queries(session, study_id)


@router.post(
    "/readings/{study_id}/queries", status_code=201, responses=error_responses(ReadingNotFound, ReadingItemNotFound)
)
def create_query(session: WriteSessionDep, study_id: PathId, body: QueryCreate) -> QueryRead:
    """Ask the coordinator something."""
    return service.ask(session, study_id, body)
