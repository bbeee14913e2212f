"""Routes of labels."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from backend.access.dependencies import needs
from backend.access.permissions import Permission
from backend.cases.dependencies import ViewedCaseDep
from backend.cases.errors import CaseNotFound
from backend.core.errors import error_responses
from backend.db.tables import Prediction
from backend.dependencies import ReadSessionDep, WriteSessionDep
from backend.labels import service
from backend.labels.errors import BadLabel
from backend.labels.schemas import LabelList, LabelRead, LabelUpdate
from backend.predictions.dependencies import get_prediction
from backend.predictions.errors import PredictionNotFound

router = APIRouter(tags=["labels"])


@router.put(
    "/predictions/{prediction_id}/label",
    dependencies=[needs(Permission.LABELS_WRITE)],
    responses=error_responses(PredictionNotFound, BadLabel),
)
def put_label(
    session: WriteSessionDep, prediction: Annotated[Prediction, Depends(get_prediction)], body: LabelUpdate
) -> LabelRead:
    """Say what one sees in the image, in the words of the prediction's concept set. Replaces one's own label."""
    return service.put_label(session, prediction, body)


@router.get(
    "/cases/{case_id}/labels", dependencies=[needs(Permission.CASES_READ)], responses=error_responses(CaseNotFound)
)
def list_labels(session: ReadSessionDep, case: ViewedCaseDep) -> LabelList:
    """What people saw in a case. Readers see their own labels only."""
    return service.list_labels(session, case)
