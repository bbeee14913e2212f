"""Queries on labels."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backend.db.tables import Label, ModelVersion, Prediction


def own(session: Session, case_id: str, author_id: str, concept_set_digest: str) -> Label | None:
    """Somebody's label of a case, in one concept set."""
    query = select(Label).where(
        Label.case_id == case_id, Label.author_id == author_id, Label.concept_set_digest == concept_set_digest
    )
    return session.scalars(query).one_or_none()


def list_of_case(session: Session, case_id: str) -> Sequence[Label]:
    """With the concept sets that they belong to, and without the predictions' documents."""
    prediction = joinedload(Label.prediction)
    model = prediction.joinedload(Prediction.model_version).load_only(
        ModelVersion.concept_set, ModelVersion.concept_set_digest
    )
    query = select(Label).where(Label.case_id == case_id).order_by(Label.updated_at.desc(), Label.id)
    return session.scalars(query.options(prediction.load_only(Prediction.model_version_id), model)).all()
