"""Queries for the export of labels."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, load_only

from backend.db.tables import Case, Label, ModelVersion, Prediction


class LabelledCase(NamedTuple):
    """A label with its case."""

    label: Label
    case: Case


class LabelledConcepts(NamedTuple):
    """A concept set that labels are of: a model that has it, and how many labels."""

    model: ModelVersion
    labels: int


def list_concepts(session: Session) -> list[LabelledConcepts]:
    """One row for each concept set, most labels first."""
    query = select(Label.concept_set_digest, func.count(Label.id)).group_by(Label.concept_set_digest)
    needed = load_only(ModelVersion.concept_set, ModelVersion.concept_set_digest)
    found = []
    for digest, count in session.execute(query):
        model = session.scalars(
            select(ModelVersion)
            .join(Prediction, Prediction.model_version_id == ModelVersion.id)
            .join(Label, Label.prediction_id == Prediction.id)
            .where(Label.concept_set_digest == digest, ModelVersion.concept_set_digest == digest)
            .options(needed)
            .limit(1)
        ).one_or_none()
        if model is not None:
            found.append(LabelledConcepts(model, count))
    return sorted(found, key=lambda each: (-each.labels, each.model.concept_set_digest))


def list_labels(session: Session, concept_set_digest: str) -> list[LabelledCase]:
    """All labels of a concept set, by case and then by time."""
    query = select(Label, Case).join(Case, Case.id == Label.case_id)
    query = query.where(Label.concept_set_digest == concept_set_digest)
    query = query.order_by(Case.created_at, Case.id, Label.created_at, Label.id)
    return [LabelledCase(*row) for row in session.execute(query)]
