"""Queries on predictions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from backend.db.tables import Case, ModelVersion, Prediction


def get(session: Session, prediction_id: str) -> Prediction | None:
    return session.scalars(_with_model().where(Prediction.id == prediction_id)).one_or_none()


def list_of_case(session: Session, case_id: str) -> Sequence[Prediction]:
    order = (Prediction.created_at.desc(), Prediction.id.desc())
    return session.scalars(_with_model().where(Prediction.case_id == case_id).order_by(*order)).all()


def _with_model() -> Select[Prediction]:
    """With the case (its image) and the model's names, without model card and metrics."""
    model = joinedload(Prediction.model_version).load_only(ModelVersion.name, ModelVersion.synthetic)
    case = joinedload(Prediction.case).load_only(Case.image_key, Case.width, Case.height)
    return select(Prediction).options(model, case)
