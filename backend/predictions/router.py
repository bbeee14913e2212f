"""Routes of predictions and their maps."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.cases.dependencies import CaseSnapshotDep, ViewedCaseDep
from backend.cases.errors import BadRendering, CaseNotFound, CaseWaits, FrameNotFound
from backend.core.caching import REVALIDATE, binary_response, immutable
from backend.core.errors import ServerBusy, StorageFull, error_responses
from backend.core.request import is_gone
from backend.core.storage import StoredFileMissing
from backend.dependencies import ReadSessionDep, ResourcesDep, StorageDep, WriteSessionDep
from backend.model_registry.errors import ModelChoiceNeeded, ModelNotFound, ModelUnavailable, NoActiveModel
from backend.predictions import maps, service
from backend.predictions.dependencies import ViewedPredictionDep
from backend.predictions.errors import (
    BadMapRequest,
    MapNotFound,
    ModelStarting,
    PredictionFailed,
    PredictionNotFound,
)
from backend.predictions.schemas import (
    MapFormat,
    MapKind,
    MapsRead,
    PredictionCreate,
    PredictionList,
    PredictionRead,
)

router = APIRouter(tags=["predictions"])

CREATE_ERRORS = (
    CaseNotFound,
    CaseWaits,
    FrameNotFound,
    BadRendering,
    StoredFileMissing,
    ModelNotFound,
    NoActiveModel,
    ModelChoiceNeeded,
    ModelUnavailable,
    ModelStarting,
    ServerBusy,
    PredictionFailed,
    StorageFull,
)


@router.get(
    "/cases/{case_id}/predictions", dependencies=[needs(Permission.CASES_READ)], responses=error_responses(CaseNotFound)
)
def list_predictions(session: ReadSessionDep, case: ViewedCaseDep) -> PredictionList:
    """A case's predictions, newest first."""
    return service.list_predictions(session, case)


@router.post(
    "/cases/{case_id}/predictions",
    status_code=201,
    dependencies=[needs(Permission.PREDICTIONS_WRITE)],
    responses=error_responses(*CREATE_ERRORS),
)
def create_prediction(
    request: Request,
    session: WriteSessionDep,
    resources: ResourcesDep,
    case: CaseSnapshotDep,
    body: PredictionCreate | None = None,
) -> PredictionRead:
    """Explain the case's image with a model. Every call makes a new prediction."""
    return service.create_prediction(session, resources, case, body or PredictionCreate(), is_gone(request))


@router.get(
    "/predictions/{prediction_id}",
    dependencies=[needs(Permission.CASES_READ)],
    responses=error_responses(PredictionNotFound),
)
def get_prediction(prediction: ViewedPredictionDep) -> PredictionRead:
    """One prediction."""
    return service.read_prediction(prediction)


@router.get(
    "/predictions/{prediction_id}/maps/{kind}",
    dependencies=[needs(Permission.CASES_READ)],
    response_model=MapsRead,
    responses=binary_response("image/png", description="Numbers as JSON, or a PNG of the size of the case's image.")
    | error_responses(PredictionNotFound, MapNotFound, BadMapRequest, StoredFileMissing, ServerBusy),
)
def get_prediction_map(
    request: Request,
    resources: ResourcesDep,
    storage: StorageDep,
    prediction: ViewedPredictionDep,
    kind: MapKind,
    query: Annotated[maps.MapQuery, Depends()],
) -> Response:
    """Where the model looked. Without option or group: all maps of the kind, as JSON."""
    selection = maps.select(prediction, kind, query)
    tag = f"map-{prediction.id}-{kind}-{query.tag()}"
    if query.format is MapFormat.JSON:
        return immutable(
            request, tag, "application/json", lambda: maps.as_json(storage, prediction, kind, selection), REVALIDATE
        )
    return immutable(
        request, tag, "image/png", lambda: maps.as_png(resources, prediction, kind, selection[0], query), REVALIDATE
    )
