"""Queries for the export of labels."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, load_only

from backend.db.tables import Case, Label, ModelVersion, Prediction


class LabelledCase(NamedTuple):
    """A label with its case, and how the labelled prediction was shown."""

    label: Label
    case: Case
    rendering: dict[str, Any] | None

    @property
    def of_image(self) -> bool:
        """Whether it is of the frame that the case's image shows, and not of another one."""
        shown = (self.case.rendering or {}).get("frame", 0)
        return self.rendering is None or self.rendering["frame"] == shown


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
    query = select(Label, Case, Prediction.document["rendering"]).join(Case, Case.id == Label.case_id)
    query = query.join(Prediction, Prediction.id == Label.prediction_id)
    # Cases whose pixels may name the patient leave the server only once a person has looked.
    query = query.where(Label.concept_set_digest == concept_set_digest, Case.review != "waiting")
    query = query.order_by(Case.created_at, Case.id, Label.created_at, Label.id)
    return [LabelledCase(*row) for row in session.execute(query)]
