"""Routes of cases."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Query, Request, Response, UploadFile

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.audit.service import Subject
from backend.cases import rendering, reviewing, service
from backend.cases.dependencies import CaseDep, CaseForUpdateDep, CasesDep, CaseSnapshotDep, ViewedCaseDep
from backend.cases.errors import (
    BadCursor,
    BadRegion,
    BadRendering,
    CaseInStudy,
    CaseNotFound,
    CaseNotYours,
    CaseWaits,
    DamagedImage,
    FrameNotFound,
    GroupsMissing,
    ImageTooLarge,
    NothingToReview,
    UnknownCaseDataset,
    UnsupportedImage,
)
from backend.cases.schemas import (
    CaseDisplay,
    CasePage,
    CaseRead,
    CaseUpdate,
    DeidentificationRead,
    Notes,
    Pseudonym,
    Review,
    ReviewCreate,
    Search,
    SharingUpdate,
)
from backend.core.caching import binary_response, immutable
from backend.core.errors import PayloadTooLarge, Responses, ServerBusy, StorageFull, error_responses
from backend.core.schemas import Limit
from backend.core.storage import StoredFileMissing
from backend.dependencies import ReadSessionDep, ResourcesDep, StorageDep, WriteSessionDep
from backend.people.errors import UnknownGroup

router = APIRouter(prefix="/cases", tags=["cases"])

READ, WRITE = needs(Permission.CASES_READ), needs(Permission.CASES_WRITE)

HAVE_ALREADY: Responses = {
    200: {"model": CaseRead, "description": "One has this very file already; it is given back unchanged."}
}
UPLOAD_ERRORS = (UnsupportedImage, DamagedImage, ImageTooLarge, PayloadTooLarge, StorageFull, ServerBusy)


@router.get("", dependencies=[READ], responses=error_responses(BadCursor))
def list_cases(
    session: ReadSessionDep,
    resources: ResourcesDep,
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    search: Annotated[
        Search | None, Query(description="In pseudonym and notes, and in the file names of one's own cases.")
    ] = None,
    review: Annotated[Review | None, Query(description="Only cases whose pixels wait for a look, say.")] = None,
) -> CasePage:
    """Cases that one may see, newest first."""
    wanted = {name: value for name, value in (("search", search), ("review", review)) if value}
    resources.views.note("cases.listed", Subject("case", "*"), wanted or None)
    return service.list_cases(session, limit, cursor, search, review)


@router.post(
    "",
    status_code=201,
    dependencies=[WRITE],
    responses=HAVE_ALREADY | error_responses(*UPLOAD_ERRORS),
)
def create_case(
    cases: CasesDep,
    response: Response,
    file: Annotated[UploadFile, File(description="DICOM, PNG, JPEG, JPEG 2000, TIFF, WebP or BMP.")],
    pseudonym: Annotated[Pseudonym | None, Form()] = None,
    notes: Annotated[Notes | None, Form()] = None,
) -> CaseRead:
    """Upload an image. It is decoded in a process of its own, and de-identified before anything is kept."""
    case, created = cases.create_from_upload(file.file, file.filename, pseudonym, notes)
    if not created:
        response.status_code = 200
    return case


@router.get("/{case_id}", dependencies=[READ], responses=error_responses(CaseNotFound))
def get_case(session: ReadSessionDep, case: ViewedCaseDep) -> CaseRead:
    """One case."""
    return service.read_case(session, case)


@router.patch(
    "/{case_id}", dependencies=[WRITE], responses=error_responses(CaseNotFound, CaseNotYours, UnknownCaseDataset)
)
def update_case(session: WriteSessionDep, case: CaseForUpdateDep, update: CaseUpdate) -> CaseRead:
    """Change pseudonym, notes or data set."""
    return service.update_case(session, case, update)


@router.put(
    "/{case_id}/sharing",
    dependencies=[WRITE],
    responses=error_responses(CaseNotFound, CaseNotYours, CaseWaits, UnknownGroup, GroupsMissing),
)
def share_case(session: WriteSessionDep, case: CaseForUpdateDep, body: SharingUpdate) -> CaseRead:
    """Say who else sees the case. Those who do can explain it again, not change, share or delete it."""
    return service.share_case(session, case, body)


@router.delete(
    "/{case_id}",
    status_code=204,
    dependencies=[WRITE],
    response_class=Response,
    responses=error_responses(CaseNotFound, CaseNotYours, CaseInStudy),
)
def delete_case(session: WriteSessionDep, case: CaseForUpdateDep, storage: StorageDep) -> None:
    """Delete a case with its image, predictions and maps, for good."""
    service.delete_case(session, storage, case)


@router.get(
    "/{case_id}/image",
    dependencies=[READ],
    response_class=Response,
    responses=binary_response("image/png")
    | error_responses(CaseNotFound, FrameNotFound, BadRendering, StoredFileMissing, ServerBusy),
)
def get_case_image(
    request: Request,
    case: ViewedCaseDep,
    resources: ResourcesDep,
    frame: Annotated[int, Query(ge=0, le=100_000)] = 0,
    center: Annotated[float | None, Query(allow_inf_nan=False, description="Of a window; with `width`.")] = None,
    width: Annotated[float | None, Query(gt=0, allow_inf_nan=False)] = None,
    inverted: Annotated[bool | None, Query(description="Default: as the file says.")] = None,
) -> Response:
    """A frame as PNG: orientation applied, metadata dropped; by default the first one as its file asks to show it."""
    return rendering.image_response(request, resources, case, frame, center, width, inverted)


@router.get("/{case_id}/display", dependencies=[READ], responses=error_responses(CaseNotFound))
def get_case_display(case: ViewedCaseDep) -> CaseDisplay:
    """How the values of a case become what is seen: windows, unit, spacing, orientation."""
    return rendering.read_display(case)


@router.get(
    "/{case_id}/frames/{frame}",
    dependencies=[READ],
    response_class=Response,
    responses=binary_response(
        "application/octet-stream",
        description="Values of a frame, row by row, little endian, as GET …/display says; gzip as content encoding.",
    )
    | error_responses(CaseNotFound, FrameNotFound, StoredFileMissing),
)
def get_case_frame(
    request: Request, case: ViewedCaseDep, storage: StorageDep, frame: Annotated[int, Path(ge=0, le=100_000)]
) -> Response:
    """The stored values of a frame, for true window and level."""
    return rendering.frame_response(request, storage, case, frame)


@router.get("/{case_id}/deidentification", dependencies=[READ], responses=error_responses(CaseNotFound))
def get_case_deidentification(case: ViewedCaseDep) -> DeidentificationRead:
    """What was taken out of the file. Never what it said."""
    return reviewing.read_deidentification(case)


@router.post(
    "/{case_id}/review",
    dependencies=[WRITE],
    responses=error_responses(
        CaseNotFound, CaseNotYours, NothingToReview, BadRegion, StoredFileMissing, StorageFull, ServerBusy
    ),
)
def review_case(
    session: WriteSessionDep, resources: ResourcesDep, case: CaseSnapshotDep, body: ReviewCreate
) -> CaseRead:
    """Say that one has looked at the pixels; text about the patient is blacked out for good."""
    return reviewing.review(session, resources, case, body)


@router.get(
    "/{case_id}/thumbnail",
    dependencies=[READ],
    response_class=Response,
    responses=binary_response("image/webp") | error_responses(CaseNotFound, StoredFileMissing),
)
def get_case_thumbnail(
    request: Request,
    case: CaseDep,
    storage: StorageDep,
    size: Annotated[int, Query(ge=16, le=512, description="Longest side in pixels.")] = 256,
) -> Response:
    """A small picture."""
    tag = f"thumbnail-{case.thumbnail_key}-{size}"
    return immutable(
        request, tag, "image/webp", lambda: service.thumbnail(storage, case, size), rendering.cache_of(case)
    )
