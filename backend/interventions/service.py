"""Trying edits, keeping them, and finding out what would change a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit.service import Subject, record
from backend.cases import repository as cases
from backend.cases.errors import CaseNotFound
from backend.db.base import new_id
from backend.db.tables import Case, Intervention, Prediction
from backend.interventions import outcome, repository
from backend.interventions.edits import to_model, to_read
from backend.interventions.errors import BadEdit, TokensNotKept, UnknownClass
from backend.interventions.schemas import (
    CheckList,
    CheckRead,
    CounterfactualCreate,
    CounterfactualList,
    CounterfactualRead,
    EditCreate,
    InterventionCreate,
    InterventionList,
    InterventionPreview,
    InterventionRead,
    ModelHead,
)
from backend.model_registry import service as registry
from backend.people.names import Names
from backend.predictions.schemas import ModelSummary
from backend.predictions.tokens import unpack_tokens
from backend.resources import Resources
from models.intervene.advice import checks
from models.intervene.editing import EditableModel, Predicted, Recomputed, TokensMissing, decide_from, recompute
from models.intervene.regions import RegionEdit
from models.intervene.scores import Edit, EditError
from models.intervene.search import EXACT_GROUPS, counterfactuals

Edits = Sequence[Edit | RegionEdit]


def read_head(resources: Resources, model_version_id: str) -> ModelHead:
    """For a browser or a script that recomputes by itself. Raises ``ModelNotFound`` and ``ModelUnavailable``."""
    return outcome.head_of(model_version_id, editable(resources, model_version_id))


def editable(resources: Resources, model_version_id: str) -> EditableModel:
    """What stands behind a model's tokens. Raises ``ModelNotFound`` and ``ModelUnavailable``."""
    with resources.database.reading() as session:
        folder = Path(registry.require(session, model_version_id).folder)
    return resources.editable.get(model_version_id, folder)


def preview(resources: Resources, prediction: Prediction, edits: Sequence[EditCreate]) -> InterventionPreview:
    """Tries edits. Raises ``BadEdit``, ``TokensNotKept`` and the errors of ``editable``."""
    wanted = to_model(edits)
    model = editable(resources, prediction.model_version_id)
    predicted = predicted_by(resources, prediction, wanted)
    found = _recompute(model, predicted, wanted)
    return InterventionPreview(
        prediction_id=prediction.id,
        case_id=prediction.case_id,
        edits=[to_read(edit) for edit in wanted],
        **outcome.to_document(model.head, predicted, found),
    )


def create(session: Session, resources: Resources, prediction: Prediction, body: InterventionCreate) -> Intervention:
    """Keeps edits and what follows. Errors as ``preview``; ``CaseNotFound`` if the case was deleted meanwhile."""
    tried = preview(resources, prediction, body.edits)
    if cases.lock(session, prediction.case_id) is None:
        raise CaseNotFound
    document = tried.model_dump(mode="json", exclude={"prediction_id", "case_id", "edits"})
    row = Intervention(
        id=new_id(),
        case_id=prediction.case_id,
        prediction_id=prediction.id,
        author_id=current().user_id,
        note=body.note,
        edits=[edit.model_dump(mode="json") for edit in tried.edits],
        outcome=document,
        baseline_class=tried.baseline_class,
        predicted_class=tried.predicted_class,
    )
    session.add(row)
    told = {
        "case": prediction.case_id,
        "prediction": prediction.id,
        "predicted_class": tried.predicted_class,
        "edits": [_for_the_trail(edit) for edit in row.edits],
    }
    before = {"predicted_class": tried.baseline_class}
    record(session, "intervention.created", Subject("intervention", row.id), before=before, after=told)
    return repository.get(session, row.id) or row


def list_of_case(session: Session, case: Case) -> InterventionList:
    """Newest first."""
    return InterventionList(items=read_all(session, repository.list_of_case(session, case.id)))


def read(session: Session, row: Intervention) -> InterventionRead:
    """As the contract shows it."""
    return read_all(session, [row])[0]


def read_all(session: Session, rows: Sequence[Intervention]) -> list[InterventionRead]:
    """As the contract shows them. Prediction and model must be loaded with the rows."""
    names = Names(session, (row.author_id for row in rows))
    return [
        InterventionRead(
            id=row.id,
            prediction_id=row.prediction_id,
            case_id=row.case_id,
            model=ModelSummary.model_validate(row.prediction.model_version),
            note=row.note,
            edits=row.edits,
            created_by=names.ref_or_none(row.author_id),
            created_at=row.created_at,
            **row.outcome,
        )
        for row in rows
    ]


def find_counterfactuals(
    resources: Resources, prediction: Prediction, body: CounterfactualCreate
) -> CounterfactualList:
    """The smallest sets of option changes that reach a class. Raises ``UnknownClass`` and as ``preview``."""
    model = editable(resources, prediction.model_version_id)
    keys = model.head.concept_set.class_keys
    if body.wanted_class not in keys:
        raise UnknownClass(f"The model has no class {body.wanted_class!r}; it knows {', '.join(keys)}.")
    start = to_model(body.edits)
    predicted = predicted_by(resources, prediction, start)
    now = _recompute(model, predicted, start)
    wanted = keys.index(body.wanted_class)
    found = counterfactuals(model.head, now.scores, wanted, body.limit, now.decision.logits)
    results = []
    for each in found:
        after = decide_from(model.head, predicted, model.head.apply(now.scores, each.edits))
        results.append(
            CounterfactualRead(
                edits=[to_read(edit) for edit in each.edits],
                predicted_class=keys[after.predicted],
                probability=float(after.probabilities[wanted]),
                margin=each.margin,
                exact=each.exact,
            )
        )
    already = now.decision.predicted == wanted
    return CounterfactualList(
        wanted_class=body.wanted_class,
        reachable=bool(found),
        already_predicted=already,
        exact_groups=EXACT_GROUPS,
        results=[] if already else results,
    )


def find_checks(resources: Resources, prediction: Prediction) -> CheckList:
    """Which group to look at first. Raises as ``editable``."""
    model = editable(resources, prediction.model_version_id)
    keys = model.head.concept_set.group_keys
    found = checks(model.head, predicted_by(resources, prediction, []))
    return CheckList(
        items=[
            CheckRead(
                group_key=keys[check.group],
                expected_change=check.expected_change,
                flip_probability=check.flip_probability,
            )
            for check in found
        ]
    )


def predicted_by(resources: Resources, prediction: Prediction, edits: Edits) -> Predicted:
    """What was predicted, as numbers; the tokens only where an edit needs them."""
    document = prediction.document
    options = [option for group in document["groups"] for option in group["options"]]
    wants_tokens = any(isinstance(edit, RegionEdit) for edit in edits) and prediction.tokens_key is not None
    tokens = unpack_tokens(resources.storage.read(prediction.tokens_key)) if wants_tokens else None  # type: ignore[arg-type]
    return Predicted(
        scores=_numbers(option["score"] for option in options),
        logits=_numbers(each["logit"] for each in document["classes"]),
        probabilities=_numbers(each["probability"] for each in document["classes"]),
        tokens=None if tokens is None else tokens.astype(np.float64),
    )


def _recompute(model: EditableModel, predicted: Predicted, edits: Edits) -> Recomputed:
    try:
        return recompute(model, predicted, edits)
    except EditError as error:
        raise BadEdit(str(error)) from error
    except TokensMissing as error:
        raise TokensNotKept from error


def _for_the_trail(edit: dict[str, Any]) -> dict[str, Any]:
    """Without what is null, and of patches only how many."""
    told = {name: value for name, value in edit.items() if value is not None}
    return told | {"patches": len(told["patches"])} if "patches" in told else told


def _numbers(values: Iterable[float]) -> np.ndarray:
    return np.fromiter(values, np.float64)
