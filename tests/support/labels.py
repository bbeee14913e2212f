"""Labelled cases with different predictions, straight in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy.orm import Session

from backend.db.base import new_id, now
from backend.db.tables import Case, Intervention, Label, ModelVersion, Prediction
from backend.predictions.document import to_document
from models.concepts import ConceptSet
from tests.support.explainer import explain_by_colour
from tests.support.people import Person
from tests.support.server import API, resources_of

Options = dict[str, str | None]


def model_id(client: TestClient, name: str = "colour") -> str:
    """Of a registered model."""
    items = client.get(f"{API}/models").json()["items"]
    return next(str(item["id"]) for item in items if item["name"] == name)


def random_mark(random: np.random.Generator, concept_set: ConceptSet) -> tuple[str | None, Options]:
    """A class and options, some of them not marked."""
    options: Options = {}
    for group in concept_set.groups:
        if random.random() < 0.7:
            options[group.key] = f"{group.key}.{random.choice(group.option_keys)}"
            if group.is_binary and random.random() < 0.5:
                options[group.key] = None
    return (str(random.choice(concept_set.class_keys)) if random.random() < 0.8 else None), options


class Labelled:
    """Adds cases, predictions and labels, each a moment after the one before.

    Args:
        client: of a server whose models are registered.
        concept_set: of the model.
        model: its id.
    """

    def __init__(self, client: TestClient, concept_set: ConceptSet, model: str) -> None:
        self.database = resources_of(client).database
        self.concept_set = concept_set
        self.model = model
        self._moment = now()

    def case(self, session: Session, owner: Person, visibility: str = "open", pseudonym: str = "P") -> str:
        row = Case(
            id=new_id(), pseudonym=pseudonym, sha256="5" * 64, width=8, height=8, frames=1, source_format="png",
            deidentified=True, synthetic=True, image_key="none", thumbnail_key="none", owner_id=owner.id,
            visibility=visibility,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id

    def prediction(self, session: Session, case: str, colour: Sequence[int]) -> Prediction:
        image = Image.new("RGB", (8, 8), tuple(colour))
        explanation = explain_by_colour(image, self.concept_set)
        row = Prediction(
            id=new_id(), case_id=case, model_version_id=self.model, predicted_class=explanation.predicted_class,
            predicted_class_name="", probability=float(explanation.probabilities.max()), maps_key="none",
            document=to_document(explanation, self.concept_set), created_at=self.later(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row

    def label(
        self, session: Session, prediction: Prediction, person: Person, class_key: str | None, options: Options
    ) -> Label:
        moment = self.later()
        digest = session.get_one(ModelVersion, prediction.model_version_id).concept_set_digest
        row = Label(
            id=new_id(), case_id=prediction.case_id, author_id=person.id, prediction_id=prediction.id,
            concept_set_digest=digest, class_key=class_key, options=options, created_at=moment, updated_at=moment,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row

    def intervention(self, session: Session, prediction: Prediction, person: Person, after: str) -> None:
        session.add(
            Intervention(
                id=new_id(),
                case_id=prediction.case_id,
                prediction_id=prediction.id,
                author_id=person.id,
                edits=[],
                outcome={},
                baseline_class=prediction.predicted_class,
                predicted_class=after,
                created_at=self.later(),
            )
        )
        session.flush()

    def later(self) -> datetime:
        self._moment += timedelta(seconds=1)
        return self._moment
