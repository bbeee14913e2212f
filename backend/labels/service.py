"""Marking a case, and reading what was marked."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit.service import Subject, record
from backend.cases import repository as cases
from backend.db.base import new_id, now
from backend.db.tables import Case, Label, ModelVersion, Prediction
from backend.labels import repository
from backend.labels.errors import BadLabel
from backend.labels.schemas import LabelList, LabelRead, LabelUpdate
from backend.model_registry import service as registry
from backend.model_registry.presenting import concept_set_summary
from backend.people.names import Names
from backend.predictions.errors import PredictionNotFound
from models.concepts import ConceptSet, Group

_KEPT = ("prediction_id", "class_key", "options")


def put_label(session: Session, prediction: Prediction, update: LabelUpdate) -> LabelRead:
    """Creates or replaces the label of the one who asks.

    Raises:
        BadLabel: something that the concept set does not have.
        PredictionNotFound: the case was deleted meanwhile.
    """
    author = current().user_id
    if author is None:
        raise RuntimeError("a label needs somebody who made it")
    if cases.lock(session, prediction.case_id) is None:  # also keeps the same person's other request waiting
        raise PredictionNotFound
    model = registry.require(session, prediction.model_version_id)
    check(registry.concept_set_of(model), update)
    label = repository.own(session, prediction.case_id, author, model.concept_set_digest)
    if label is None:
        label = _create(session, prediction, model, author, update)
    else:
        _change(session, label, prediction, update)
    return _read(label, model, Names(session, [author]))


def list_labels(session: Session, case: Case) -> LabelList:
    """Of a case, those that one may see."""
    found = repository.list_of_case(session, case.id)
    names = Names(session, (label.author_id for label in found))
    return LabelList(items=[_read(label, label.prediction.model_version, names) for label in found])


def check(concept_set: ConceptSet, update: LabelUpdate) -> None:
    """Raises ``BadLabel`` and names the fault."""
    if update.class_key is not None and update.class_key not in concept_set.class_keys:
        raise BadLabel(f"There is no class '{update.class_key}'; classes are {', '.join(concept_set.class_keys)}.")
    groups = {group.key: group for group in concept_set.groups}
    for key, option_id in update.options.items():
        if key not in groups:
            raise BadLabel(f"There is no group '{key}'; groups are {', '.join(groups)}.")
        _check_option(groups[key], option_id)


def _check_option(group: Group, option_id: str | None) -> None:
    known = [f"{group.key}.{key}" for key in group.option_keys]
    if option_id is None and not group.is_binary:
        raise BadLabel(
            f"Group '{group.key}' has {len(known)} options, so null ('absent') says nothing; "
            "name one of them, or leave the group out."
        )
    if option_id is not None and option_id not in known:
        raise BadLabel(f"Group '{group.key}' has no option '{option_id}'; options are {', '.join(known)}.")


def _create(session: Session, prediction: Prediction, model: ModelVersion, author: str, update: LabelUpdate) -> Label:
    moment = now()
    label = Label(
        id=new_id(),
        case_id=prediction.case_id,
        author_id=author,
        prediction_id=prediction.id,
        concept_set_digest=model.concept_set_digest,
        class_key=update.class_key,
        options=dict(update.options),
        created_at=moment,
        updated_at=moment,
    )
    session.add(label)
    told = {"case": label.case_id, **{name: getattr(label, name) for name in _KEPT}}
    record(session, "label.created", Subject("label", label.id), after=told)
    return label


def _change(session: Session, label: Label, prediction: Prediction, update: LabelUpdate) -> None:
    wanted: dict[str, Any] = {"prediction_id": prediction.id, **update.model_dump()}
    changed = {name: value for name, value in wanted.items() if getattr(label, name) != value}
    if not changed:
        return
    before = {name: getattr(label, name) for name in changed}
    for name, value in changed.items():
        setattr(label, name, value)
    label.updated_at = now()
    record(session, "label.changed", Subject("label", label.id), before, changed)


def _read(label: Label, model: ModelVersion, names: Names) -> LabelRead:
    return LabelRead(
        id=label.id,
        case_id=label.case_id,
        prediction_id=label.prediction_id,
        concept_set=concept_set_summary(model),
        author=names.ref(label.author_id),
        mine=label.author_id == current().user_id,
        class_key=label.class_key,
        options=label.options,
        created_at=label.created_at,
        updated_at=label.updated_at,
    )
