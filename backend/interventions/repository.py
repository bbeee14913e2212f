"""Queries on interventions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from backend.db.tables import Intervention, ModelVersion, Prediction

MOST = 200


def get(session: Session, intervention_id: str) -> Intervention | None:
    return session.scalars(_with_model().where(Intervention.id == intervention_id)).one_or_none()


def list_of_case(session: Session, case_id: str) -> Sequence[Intervention]:
    """Newest first, ``MOST`` at most."""
    order = (Intervention.created_at.desc(), Intervention.id.desc())
    return session.scalars(_with_model().where(Intervention.case_id == case_id).order_by(*order).limit(MOST)).all()


def _with_model() -> Select[Intervention]:
    """With the names of the prediction's model, and without the prediction's document."""
    prediction = joinedload(Intervention.prediction).load_only(Prediction.model_version_id)
    model = prediction.joinedload(Prediction.model_version).load_only(ModelVersion.name, ModelVersion.synthetic)
    return select(Intervention).options(prediction, model)
