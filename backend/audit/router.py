"""Routes of the trail."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from backend.access.dependencies import PrincipalDep, needs
from backend.access.permissions import Permission
from backend.audit import reading
from backend.audit.heads import Heads
from backend.audit.reading import AuditFilter
from backend.audit.schemas import AuditEventPage, AuditVerification, ExportFormat
from backend.audit.service import Subject, record
from backend.core.caching import binary_response
from backend.core.schemas import Limit
from backend.db.base import now
from backend.dependencies import ReadSessionDep, ResourcesDep

router = APIRouter(prefix="/audit-events", tags=["audit"], dependencies=[needs(Permission.AUDIT_READ)])

FilterDep = Annotated[AuditFilter, Depends()]
MAX_SEQUENCE = 2**31 - 1
_TYPES = {ExportFormat.CSV: "text/csv; charset=utf-8", ExportFormat.JSONL: "application/jsonl"}


@router.get("")
def list_audit_events(
    session: ReadSessionDep,
    resources: ResourcesDep,
    found: FilterDep,
    before: Annotated[int | None, Query(ge=1, le=MAX_SEQUENCE, description="Only events before this one.")] = None,
    limit: Limit = 50,
) -> AuditEventPage:
    """What was done, newest first."""
    resources.views.note("audit.viewed", Subject("audit", "events"), found.told())
    return reading.list_events(session, found, before, limit)


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses=binary_response("text/csv", "application/jsonl", description="All that match, oldest first."),
)
def export_audit_events(
    resources: ResourcesDep,
    principal: PrincipalDep,
    found: FilterDep,
    form: Annotated[ExportFormat, Query(alias="format")] = ExportFormat.CSV,
) -> StreamingResponse:
    """The trail as a file. That it was taken is an event too."""
    with resources.database.writing() as session:
        told = {"format": form.value, **found.told()}
        record(session, "audit.exported", Subject("audit", "events"), after=told)
    name = f"vitrine-audit-{now():%Y-%m-%d}.{form.value}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = reading.export(resources.database, principal, found, form)
    return StreamingResponse(content, media_type=_TYPES[form], headers=headers)


@router.get("/verification")
def verify_audit_events(session: ReadSessionDep, resources: ResourcesDep) -> AuditVerification:
    """Whether the trail is as it was written."""
    return reading.verify_trail(session, Heads(resources.settings.audit_heads_file))
