"""Routes of batches."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.core.caching import binary_response
from backend.core.errors import error_responses
from backend.core.schemas import PathId
from backend.core.storage import StoredFileMissing
from backend.datasets.errors import DatasetDamaged, DatasetNotFound, DatasetNotReady
from backend.dependencies import ReadSessionDep, ResourcesDep, WriteSessionDep
from backend.intervention_batches import service
from backend.intervention_batches.errors import BatchEnded, BatchNotDone, BatchNotFound
from backend.intervention_batches.schemas import BatchCreate, BatchFormat, BatchList, BatchRead
from backend.interventions.errors import BadEdit, UnknownClass
from backend.model_registry.errors import ModelNotFound, ModelUnavailable

router = APIRouter(
    prefix="/intervention-batches", tags=["intervention batches"], dependencies=[needs(Permission.EXPERIMENTS_WRITE)]
)

CREATE_ERRORS = (
    ModelNotFound, ModelUnavailable, BadEdit, UnknownClass, DatasetNotFound, DatasetNotReady, DatasetDamaged,
)  # fmt: skip
_TYPES = {BatchFormat.CSV: "text/csv; charset=utf-8", BatchFormat.JSON: "application/json"}


@router.post("", status_code=202, responses=error_responses(*CREATE_ERRORS))
def create_intervention_batch(session: WriteSessionDep, resources: ResourcesDep, body: BatchCreate) -> BatchRead:
    """Apply one list of edits to every image of a data set. One batch at a time; `progress` says how far it is."""
    return service.create(session, resources, body)


@router.get("")
def list_intervention_batches(session: ReadSessionDep) -> BatchList:
    """All batches, newest first."""
    return service.list_all(session)


@router.get("/{batch_id}", responses=error_responses(BatchNotFound))
def get_intervention_batch(session: ReadSessionDep, batch_id: PathId) -> BatchRead:
    """One batch, with its result once there is one."""
    return service.get(session, batch_id)


@router.post("/{batch_id}/cancel", status_code=202, responses=error_responses(BatchNotFound, BatchEnded))
def cancel_intervention_batch(session: WriteSessionDep, resources: ResourcesDep, batch_id: PathId) -> BatchRead:
    """End a batch that waits or runs."""
    return service.cancel(session, resources, batch_id)


@router.get(
    "/{batch_id}/export",
    response_class=Response,
    responses=binary_response("text/csv", "application/json", description="A row for each image.")
    | error_responses(BatchNotFound, BatchNotDone, StoredFileMissing),
)
def export_intervention_batch(
    session: ReadSessionDep,
    resources: ResourcesDep,
    batch_id: PathId,
    form: Annotated[BatchFormat, Query(alias="format")] = BatchFormat.CSV,
) -> Response:
    """The rows of a batch, one per image: classes and probabilities before and after. That it was taken is an event."""
    content = service.export(session, resources, batch_id, form)
    headers = {"Content-Disposition": f'attachment; filename="vitrine-batch-{batch_id[:8]}.{form.value}"'}
    return StreamingResponse(content, media_type=_TYPES[form], headers=headers)
