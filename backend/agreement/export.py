"""All labels that one may see, as a file: one row a label, with a model's answers beside it if one is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.agreement import repository, service
from backend.agreement.answers import PRESENT, Answer, Vocabulary
from backend.agreement.repository import LabelledCase
from backend.agreement.schemas import ExportedAnswer, ExportedLabel, LabelsExport, LabelsFormat
from backend.core.spreadsheet import Cell, csv_table
from backend.db.tables import ModelVersion
from backend.model_registry import service as registry
from backend.people.names import Names
from backend.predictions.schemas import ModelSummary
from models.explain.export import NOT_FOR_DIAGNOSIS

MOST_ROWS = 100_000
_ABSENT = "absent"
_FACTS = tuple(name for name in ExportedLabel.model_fields if name not in ("options", "model"))


@dataclass(frozen=True, eq=False)
class _Model:
    """A named model and what it says, by case."""

    row: ModelVersion
    words: Vocabulary
    answers: dict[str, Answer]


def export_labels(session: Session, model_version_id: str | None, form: LabelsFormat) -> bytes:
    """The file. Raises ``ModelNotFound``."""
    model = None
    if model_version_id is not None:
        version = registry.require(session, model_version_id)
        said = service.answers(session, None, version.id)
        model = _Model(version, Vocabulary(registry.concept_set_of(version)), said)
    rows = repository.labels(session, None, model_version_id, MOST_ROWS)
    names = Names(session, (row.label.author_id for row in rows))
    found = [_exported(row, names, model) for row in rows]
    if form is LabelsFormat.CSV:
        return _as_csv(found, model)
    about = ModelSummary.model_validate(model.row) if model else None
    return LabelsExport(notice=NOT_FOR_DIAGNOSIS, model=about, labels=found).model_dump_json(indent=1).encode() + b"\n"


def _exported(row: LabelledCase, names: Names, model: _Model | None) -> ExportedLabel:
    label, author = row.label, names.ref(row.label.author_id)
    answered = model.answers.get(label.case_id) if model else None
    return ExportedLabel(
        label_id=label.id,
        case_id=label.case_id,
        pseudonym=row.pseudonym,
        image_sha256=row.sha256,
        dataset=row.dataset,
        author_id=author.id,
        author=author.name,
        concept_set_digest=label.concept_set_digest,
        prediction_id=label.prediction_id,
        created_at=label.created_at,
        updated_at=label.updated_at,
        class_key=label.class_key,
        options=label.options,
        model=_said(model.words, answered) if model and answered else None,
    )


def _said(words: Vocabulary, found: Answer) -> ExportedAnswer:
    options: dict[str, str | None] = {}
    for group, place in zip(words.concept_set.groups, found.options, strict=True):
        option = group.option_keys[0 if group.is_binary else place]
        options[group.key] = None if group.is_binary and place != PRESENT else f"{group.key}.{option}"
    key = words.concept_set.class_keys[found.class_index]
    return ExportedAnswer(prediction_id=found.prediction_id, class_key=key, options=options)


def _as_csv(found: list[ExportedLabel], model: _Model | None) -> bytes:
    own = list(model.words.concept_set.group_keys) if model else []
    groups = [*own, *sorted({key for label in found for key in label.options} - set(own))]
    columns = [*_FACTS, *(f"option:{key}" for key in groups)]
    if model is not None:
        columns += ["model_prediction_id", "model_class_key", *(f"model_option:{key}" for key in own)]
    return csv_table(columns, (_cells(label, groups, own)[: len(columns)] for label in found))


def _cells(label: ExportedLabel, groups: list[str], own: list[str]) -> list[Cell]:
    """Of all columns, those of the model last."""
    facts: list[Cell] = [_fact(getattr(label, name)) for name in _FACTS]
    facts += [_option(label.options, key) for key in groups]
    said = label.model
    if said is None:
        return [*facts, None, None, *(None for _ in own)]
    return [*facts, said.prediction_id, said.class_key, *(_option(said.options, key) for key in own)]


def _fact(value: str | datetime | None) -> Cell:
    return value.isoformat() if isinstance(value, datetime) else value


def _option(options: dict[str, str | None], key: str) -> Cell:
    """Empty: not marked."""
    return (options[key] or _ABSENT) if key in options else None
