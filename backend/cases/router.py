"""Routes of cases."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.audit.service import Subject
from backend.cases import service
from backend.cases.dependencies import CaseDep, CaseForUpdateDep, CasesDep, ViewedCaseDep
from backend.cases.errors import (
    BadCursor,
    CaseInStudy,
    CaseNotFound,
    CaseNotYours,
    DamagedImage,
    GroupsMissing,
    ImageTooLarge,
    UnknownCaseDataset,
    UnsupportedImage,
)
from backend.cases.schemas import CasePage, CaseRead, CaseUpdate, Notes, Pseudonym, Search, SharingUpdate
from backend.core.caching import REVALIDATE, binary_response, immutable
from backend.core.errors import PayloadTooLarge, ServerBusy, StorageFull, error_responses
from backend.core.schemas import Limit
from backend.core.storage import StoredFileMissing
from backend.dependencies import ReadSessionDep, ResourcesDep, StorageDep, WriteSessionDep
from backend.people.errors import UnknownGroup

router = APIRouter(prefix="/cases", tags=["cases"])

READ, WRITE = needs(Permission.CASES_READ), needs(Permission.CASES_WRITE)

UPLOAD_ERRORS = (UnsupportedImage, DamagedImage, ImageTooLarge, PayloadTooLarge, StorageFull, ServerBusy)


@router.get("", dependencies=[READ], responses=error_responses(BadCursor))
def list_cases(
    session: ReadSessionDep,
    resources: ResourcesDep,
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    search: Annotated[Search | None, Query(description="In pseudonym, notes and file name.")] = None,
) -> CasePage:
    """Cases that one may see, newest first."""
    resources.views.note("cases.listed", Subject("case", "*"), {"search": search} if search else None)
    return service.list_cases(session, limit, cursor, search)


@router.post("", status_code=201, dependencies=[WRITE], responses=error_responses(*UPLOAD_ERRORS))
def create_case(
    cases: CasesDep,
    file: Annotated[UploadFile, File(description="PNG, JPEG, TIFF, WebP or BMP.")],
    pseudonym: Annotated[Pseudonym | None, Form()] = None,
    notes: Annotated[Notes | None, Form()] = None,
) -> CaseRead:
    """Upload an image. The same bytes again make another case."""
    return cases.create_from_upload(file.file, file.filename, pseudonym, notes)


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
    responses=error_responses(CaseNotFound, CaseNotYours, UnknownGroup, GroupsMissing),
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
    responses=binary_response("image/png") | error_responses(CaseNotFound, StoredFileMissing),
)
def get_case_image(request: Request, case: ViewedCaseDep, storage: StorageDep) -> Response:
    """The image as PNG: orientation applied, metadata dropped."""
    return immutable(request, f"image-{case.id}", "image/png", lambda: storage.read(case.image_key), REVALIDATE)


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
    tag = f"thumbnail-{case.id}-{size}"
    return immutable(request, tag, "image/webp", lambda: service.thumbnail(storage, case, size), REVALIDATE)
