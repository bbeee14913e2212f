"""Routes of comparisons. Included before the model registry's: ``/models/compare`` is no model's id."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.comparisons import service
from backend.comparisons.errors import ComparisonNotFound, ModelsNotComparable, PictureNotFound
from backend.comparisons.schemas import (
    ComparedSplit,
    ComparisonCreate,
    ComparisonDetail,
    ComparisonList,
    ComparisonRead,
)
from backend.core.caching import binary_response
from backend.core.errors import error_responses
from backend.core.schemas import HEX_ID, PathId
from backend.core.storage import StoredFileMissing
from backend.datasets.errors import DatasetDamaged, DatasetNotFound, DatasetNotReady
from backend.datasets.schemas import DatasetName
from backend.dependencies import ReadSessionDep, ResourcesDep, WriteSessionDep
from backend.jobs.errors import JobEnded, QueueFull
from backend.model_registry.errors import ModelNotFound, ModelUnavailable

router = APIRouter(tags=["comparisons"])

READ = needs(Permission.DATASETS_READ)
WRITE = needs(Permission.TRAINING_WRITE)
ModelId = Annotated[str, Query(pattern=HEX_ID)]
AS_JPEG = binary_response("image/jpeg")


@router.get("/models/compare", dependencies=[READ], responses=error_responses(ComparisonNotFound, StoredFileMissing))
def compare_models(
    session: ReadSessionDep,
    resources: ResourcesDep,
    a: ModelId,
    b: ModelId,
    dataset_id: Annotated[DatasetName | None, Query(description="Default: whichever was compared on last.")] = None,
    split: ComparedSplit = ComparedSplit.TEST,
) -> ComparisonDetail:
    """The newest comparison of two versions, B against A, whatever its status."""
    return service.find(session, resources, a, b, dataset_id, split)


@router.post(
    "/models/compare",
    status_code=202,
    dependencies=[WRITE],
    responses=error_responses(
        ModelNotFound,
        ModelUnavailable,
        ModelsNotComparable,
        DatasetNotFound,
        DatasetNotReady,
        DatasetDamaged,
        QueueFull,
    ),
)
def create_comparison(session: WriteSessionDep, resources: ResourcesDep, body: ComparisonCreate) -> ComparisonRead:
    """Queue a comparison: both versions over the same images."""
    return service.create(session, resources, body)


@router.get("/comparisons", dependencies=[READ])
def list_comparisons(
    session: ReadSessionDep, model_version_id: Annotated[str | None, Query(pattern=HEX_ID)] = None
) -> ComparisonList:
    """Comparisons, newest first; of one version, as A or B."""
    return service.list_all(session, model_version_id)


@router.get(
    "/comparisons/{comparison_id}",
    dependencies=[READ],
    responses=error_responses(ComparisonNotFound, StoredFileMissing),
)
def get_comparison(session: ReadSessionDep, resources: ResourcesDep, comparison_id: PathId) -> ComparisonDetail:
    """One comparison."""
    return service.get(session, resources, comparison_id)


@router.get(
    "/comparisons/{comparison_id}/changed/{number}",
    dependencies=[READ],
    response_class=Response,
    responses=AS_JPEG | error_responses(ComparisonNotFound, PictureNotFound),
)
def get_changed_picture(
    session: ReadSessionDep,
    resources: ResourcesDep,
    request: Request,
    comparison_id: PathId,
    number: Annotated[int, Path(ge=0, le=9999)],
) -> Response:
    """An image whose prediction changed, with the Grad-CAM of both versions. It never changes itself."""
    return service.picture(session, resources, request, comparison_id, number)


@router.post(
    "/comparisons/{comparison_id}/cancel", dependencies=[WRITE], responses=error_responses(ComparisonNotFound, JobEnded)
)
def cancel_comparison(session: WriteSessionDep, resources: ResourcesDep, comparison_id: PathId) -> ComparisonRead:
    """End a comparison within seconds."""
    return service.cancel(session, resources, comparison_id)
