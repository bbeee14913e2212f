"""Routes of those who run reader studies."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.auth.errors import EmailTaken, SignsInElsewhere
from backend.core.caching import binary_response
from backend.core.errors import ServerBusy, StorageFull, error_responses
from backend.core.schemas import PathId
from backend.core.storage import StoredFileMissing
from backend.dependencies import ReadSessionDep, ResourcesDep, WriteSessionDep
from backend.jobs.errors import QueueFull
from backend.people.errors import NotWhileInactive, UnknownPerson
from backend.reader_studies import (
    amending,
    candidates,
    demonstration,
    lifecycle,
    members,
    previewing,
    publishing,
    queries,
    readers,
    service,
)
from backend.reader_studies.errors import (
    AmendmentEmpty,
    CandidateSourceMissing,
    CannotInvite,
    PreviewImpossible,
    StillReading,
    StudyChanged,
    StudyFrozen,
    StudyIncomplete,
    StudyNotFound,
    StudyNotOpen,
    StudyNotYours,
    StudyQueryNotFound,
    StudyReaderNotFound,
)
from backend.reader_studies.schemas import (
    Amendment,
    CandidateList,
    CandidateQuery,
    CaseLabels,
    PreviewCreate,
    PreviewRead,
    ProtocolList,
    QueryReply,
    ReaderCandidateList,
    ReaderInvite,
    ReaderInvited,
    ReminderRead,
    SampleCreate,
    SampleRead,
    StatusChange,
    StudyCreate,
    StudyItemList,
    StudyList,
    StudyMemberList,
    StudyMemberUpdate,
    StudyQueryList,
    StudyQueryRead,
    StudyRead,
    StudyReaderList,
    StudyUpdate,
)

router = APIRouter(prefix="/reader-studies", tags=["reader-studies"])

READ, WRITE = [needs(Permission.STUDIES_READ)], [needs(Permission.STUDIES_WRITE)]
SEEN = (StudyNotFound,)
RUN = (StudyNotFound, StudyNotYours)


@router.get("", dependencies=READ)
def list_studies(session: ReadSessionDep) -> StudyList:
    """The studies that one runs or observes; administrators see all. Readers: see /readings."""
    return service.list_studies(session)


@router.post("", status_code=201, dependencies=WRITE)
def create_study(session: WriteSessionDep, resources: ResourcesDep, body: StudyCreate) -> StudyRead:
    """A new draft."""
    return service.create(session, resources, body)


@router.post(
    "/demonstration", status_code=201, dependencies=WRITE, responses=error_responses(StorageFull, ServerBusy, QueueFull)
)
def create_demonstration(session: WriteSessionDep, resources: ResourcesDep) -> StudyRead:
    """A study on the example images: it is published at once, with the answers of two simulated readers."""
    return demonstration.create(session, resources)


@router.post("/candidates", dependencies=WRITE, responses=error_responses(CandidateSourceMissing))
def list_candidates(session: ReadSessionDep, resources: ResourcesDep, body: CandidateQuery) -> CandidateList:
    """Images to choose from: the first 200 that match, and how many there are."""
    return candidates.find(session, resources, body)


@router.post("/sample", dependencies=WRITE, responses=error_responses(CandidateSourceMissing))
def draw_sample(session: ReadSessionDep, resources: ResourcesDep, body: SampleCreate) -> SampleRead:
    """Draw images at random, evenly over the strata."""
    return candidates.sample(session, resources, body)


@router.get("/reader-candidates", dependencies=WRITE)
def list_reader_candidates(session: ReadSessionDep) -> ReaderCandidateList:
    """Accounts that can be invited."""
    return readers.candidates(session)


@router.get("/{study_id}", dependencies=READ, responses=error_responses(*SEEN))
def get_study(session: ReadSessionDep, resources: ResourcesDep, study_id: PathId) -> StudyRead:
    """One study with its design."""
    return service.get(session, resources, study_id)


@router.put("/{study_id}", dependencies=WRITE, responses=error_responses(*RUN, StudyFrozen, StudyChanged))
def update_study(session: WriteSessionDep, resources: ResourcesDep, study_id: PathId, body: StudyUpdate) -> StudyRead:
    """Save the draft."""
    return service.update(session, resources, study_id, body)


@router.delete(
    "/{study_id}",
    status_code=204,
    response_class=Response,
    dependencies=WRITE,
    responses=error_responses(*RUN, StudyFrozen),
)
def delete_study(session: WriteSessionDep, resources: ResourcesDep, study_id: PathId) -> None:
    """Delete a draft, or a demonstration. Published studies stay."""
    lifecycle.delete(session, resources, study_id)


@router.get("/{study_id}/cases", dependencies=READ, responses=error_responses(*SEEN, StillReading))
def list_study_cases(session: ReadSessionDep, resources: ResourcesDep, study_id: PathId) -> CaseLabels:
    """The design's images, with what the coordinator knows of them."""
    return candidates.of_study(session, resources, study_id)


@router.post(
    "/{study_id}/preview",
    dependencies=WRITE,
    responses=error_responses(*RUN, PreviewImpossible, StillReading, ServerBusy, StoredFileMissing),
)
def preview_item(
    session: ReadSessionDep, resources: ResourcesDep, study_id: PathId, body: PreviewCreate
) -> PreviewRead:
    """An item as the reader will see it. Nothing is kept."""
    return previewing.preview(session, resources, study_id, body)


@router.get(
    "/{study_id}/cases/{index}/image",
    dependencies=READ,
    response_class=Response,
    responses=binary_response("image/png")
    | error_responses(*SEEN, StillReading, PreviewImpossible, StoredFileMissing, ServerBusy),
)
def get_study_image(
    request: Request,
    session: ReadSessionDep,
    resources: ResourcesDep,
    study_id: PathId,
    index: Annotated[int, Path(ge=0, le=999, description="Place in the design's list of images.")],
) -> Response:
    """An image of the design, as readers will see it."""
    return previewing.image(session, resources, request, study_id, index)


@router.post(
    "/{study_id}/publish",
    status_code=202,
    dependencies=WRITE,
    responses=error_responses(*RUN, StudyFrozen, StudyIncomplete, StudyChanged, QueueFull),
)
def publish_study(session: WriteSessionDep, resources: ResourcesDep, study_id: PathId) -> StudyRead:
    """Freeze the design and prepare what readers will see; the study opens once that is done."""
    return publishing.publish(session, resources, study_id)


@router.post("/{study_id}/cancel", status_code=202, dependencies=WRITE, responses=error_responses(*RUN, StudyNotOpen))
def cancel_publication(session: WriteSessionDep, resources: ResourcesDep, study_id: PathId) -> StudyRead:
    """Stop preparing; the study is a draft again."""
    return publishing.cancel(session, resources, study_id)


@router.post("/{study_id}/close", dependencies=WRITE, responses=error_responses(*RUN, StudyNotOpen))
def close_study(session: WriteSessionDep, study_id: PathId, body: StatusChange) -> StudyRead:
    """End reading. Results can be seen by all members from then on."""
    return lifecycle.close(session, study_id, body)


@router.post("/{study_id}/reopen", dependencies=WRITE, responses=error_responses(*RUN, StudyNotOpen))
def reopen_study(session: WriteSessionDep, study_id: PathId, body: StatusChange) -> StudyRead:
    """Let readers go on."""
    return lifecycle.reopen(session, study_id, body)


@router.get("/{study_id}/protocols", dependencies=READ, responses=error_responses(*SEEN))
def list_protocols(session: ReadSessionDep, study_id: PathId) -> ProtocolList:
    """All versions of the protocol, with what each changed."""
    return amending.list_protocols(session, study_id)


@router.post(
    "/{study_id}/amendments",
    status_code=201,
    dependencies=WRITE,
    responses=error_responses(*RUN, StudyNotOpen, AmendmentEmpty),
)
def amend_study(session: WriteSessionDep, study_id: PathId, body: Amendment) -> StudyRead:
    """Change what may still be changed: a new version of the protocol, with a reason."""
    return amending.amend(session, study_id, body)


@router.get("/{study_id}/items", dependencies=READ, responses=error_responses(*SEEN, StillReading))
def list_study_items(session: ReadSessionDep, study_id: PathId) -> StudyItemList:
    """The items of a published study, with what readers do not know."""
    return service.list_items(session, study_id)


@router.get("/{study_id}/readers", dependencies=READ, responses=error_responses(*SEEN))
def list_study_readers(session: ReadSessionDep, study_id: PathId) -> StudyReaderList:
    """Who reads, how far they are and how fast."""
    return readers.list_readers(session, study_id)


@router.post(
    "/{study_id}/readers",
    status_code=201,
    dependencies=WRITE,
    responses=error_responses(*RUN, CannotInvite, EmailTaken, UnknownPerson),
)
def invite_reader(session: WriteSessionDep, study_id: PathId, body: ReaderInvite) -> ReaderInvited:
    """Add a reader. Of an open study they get their order at once."""
    return readers.invite(session, study_id, body)


@router.post(
    "/{study_id}/readers/{reader_id}/link",
    status_code=201,
    dependencies=WRITE,
    responses=error_responses(*RUN, StudyReaderNotFound, CannotInvite, NotWhileInactive, SignsInElsewhere),
)
def create_reader_link(session: WriteSessionDep, study_id: PathId, reader_id: PathId) -> ReaderInvited:
    """A new link for a reader who has not chosen a password yet."""
    return readers.renew_link(session, study_id, reader_id)


@router.post(
    "/{study_id}/readers/{reader_id}/reminder",
    status_code=201,
    dependencies=WRITE,
    responses=error_responses(*RUN, StudyReaderNotFound, StudyNotOpen),
)
def remind_reader(session: WriteSessionDep, study_id: PathId, reader_id: PathId) -> ReminderRead:
    """Remind a reader in Vitrine, and get the words for a mail."""
    return readers.remind(session, study_id, reader_id)


@router.post(
    "/{study_id}/readers/{reader_id}/withdraw",
    dependencies=WRITE,
    responses=error_responses(*RUN, StudyReaderNotFound),
)
def withdraw_reader(
    session: WriteSessionDep, study_id: PathId, reader_id: PathId, body: StatusChange
) -> StudyReaderList:
    """Take a reader out. Answers stay in the export, marked, and out of the results."""
    return readers.withdraw(session, study_id, reader_id, body)


@router.get("/{study_id}/queries", dependencies=READ, responses=error_responses(*SEEN, StillReading))
def list_study_queries(session: ReadSessionDep, study_id: PathId) -> StudyQueryList:
    """Readers' questions."""
    return queries.list_queries(session, study_id)


@router.post(
    "/{study_id}/queries/{query_id}/reply",
    dependencies=WRITE,
    responses=error_responses(*RUN, StudyQueryNotFound, StillReading),
)
def reply_to_query(session: WriteSessionDep, study_id: PathId, query_id: PathId, body: QueryReply) -> StudyQueryRead:
    """Reply to a reader, who sees it where they read."""
    return queries.reply(session, study_id, query_id, body)


@router.get("/{study_id}/members", dependencies=READ, responses=error_responses(*SEEN))
def list_study_members(session: ReadSessionDep, study_id: PathId) -> StudyMemberList:
    """Who runs or observes the study."""
    return members.list_members(session, study_id)


@router.post("/{study_id}/members", dependencies=WRITE, responses=error_responses(*RUN, UnknownPerson, CannotInvite))
def update_study_member(session: WriteSessionDep, study_id: PathId, body: StudyMemberUpdate) -> StudyMemberList:
    """Make somebody a coordinator or an observer."""
    return members.set_member(session, study_id, body)


@router.delete("/{study_id}/members/{user_id}", dependencies=WRITE, responses=error_responses(*RUN))
def remove_study_member(session: WriteSessionDep, study_id: PathId, user_id: PathId) -> StudyMemberList:
    """Take somebody out."""
    return members.remove(session, study_id, user_id)
