"""Queries on predictions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from backend.db.tables import Case, ModelVersion, Prediction

# With what it takes to show the case as the model saw it.
_WITH_IMAGE = joinedload(Prediction.case).load_only(
    Case.image_key, Case.width, Case.height, Case.frames, Case.frames_key, Case.display, Case.rendering
)


def get(session: Session, prediction_id: str) -> Prediction | None:
    return session.scalars(_with_model().options(_WITH_IMAGE).where(Prediction.id == prediction_id)).one_or_none()


def list_of_case(session: Session, case_id: str) -> Sequence[Prediction]:
    order = (Prediction.created_at.desc(), Prediction.id.desc())
    return session.scalars(_with_model().where(Prediction.case_id == case_id).order_by(*order)).all()


def _with_model() -> Select[Prediction]:
    """With the model's names, without model card and metrics."""
    model = joinedload(Prediction.model_version).load_only(ModelVersion.name, ModelVersion.synthetic)
    return select(Prediction).options(model)
