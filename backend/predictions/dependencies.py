"""Dependencies on predictions."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from backend.audit.service import Subject
from backend.core.schemas import PathId
from backend.db.tables import Prediction
from backend.dependencies import ResourcesDep
from backend.predictions import repository
from backend.predictions.errors import PredictionNotFound


def get_prediction(resources: ResourcesDep, prediction_id: PathId) -> Prediction:
    """In a transaction of its own, since drawing a map afterwards may take a while."""
    with resources.database.reading() as session:
        prediction = repository.get(session, prediction_id)
    if prediction is None:
        raise PredictionNotFound
    return prediction


def view_prediction(resources: ResourcesDep, prediction: Annotated[Prediction, Depends(get_prediction)]) -> Prediction:
    """The view is noted before anything of it is sent."""
    told = {"case": prediction.case_id}
    resources.views.note("prediction.viewed", Subject("prediction", prediction.id), told)
    return prediction


ViewedPredictionDep = Annotated[Prediction, Depends(view_prediction)]
