"""Queries that hold labels against predictions. Each is one statement, however many labels there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Subquery, Text, and_, cast, func, or_, select
from sqlalchemy.orm import Session, load_only

from backend.db.tables import Case, Intervention, Label, ModelVersion, Prediction

# Cases whose pixels may name the patient are nobody's to compare yet.
_LOOKED_AT = Case.review != "waiting"


class LabelledCase(NamedTuple):
    """A label and what names its case."""

    label: Label
    pseudonym: str
    sha256: str
    dataset: str | None


class LabelCount(NamedTuple):
    """How many labels of a concept set lie on cases that a model has predicted."""

    model_version_id: str
    concept_set_digest: str
    labels: int


def counts(session: Session, author_id: str | None) -> list[LabelCount]:
    query = (
        select(Prediction.model_version_id, Label.concept_set_digest, func.count(Label.id.distinct()))
        .join(Label, Label.case_id == Prediction.case_id)
        .where(*_by(author_id))
        .group_by(Prediction.model_version_id, Label.concept_set_digest)
    )
    return [LabelCount(*row) for row in session.execute(query)]


def models(session: Session, ids: Iterable[str], digests: Iterable[str]) -> Sequence[ModelVersion]:
    """Those with one of the ids, or with a concept set of one of the digests; without their cards."""
    wanted = or_(ModelVersion.id.in_(set(ids)), ModelVersion.concept_set_digest.in_(set(digests)))
    needed = load_only(
        ModelVersion.name, ModelVersion.synthetic, ModelVersion.concept_set, ModelVersion.concept_set_digest
    )
    return session.scalars(select(ModelVersion).where(wanted).options(needed).order_by(ModelVersion.id)).all()


def labels(session: Session, author_id: str | None, model_version_id: str | None, most: int) -> list[LabelledCase]:
    """Changed last first; of cases that the model has predicted, if one is named."""
    query = select(Label, Case.pseudonym, Case.sha256, Case.dataset).join(Case, Case.id == Label.case_id)
    query = query.where(_LOOKED_AT, *_by(author_id), *_predicted(model_version_id))
    query = query.order_by(Label.updated_at.desc(), Label.id).limit(most)
    return [LabelledCase(*row) for row in session.execute(query)]


def count(session: Session, author_id: str | None, model_version_id: str | None) -> int:
    """Of what ``labels`` would give without a limit."""
    query = select(func.count(Label.id)).join(Case, Case.id == Label.case_id)
    return session.scalar(query.where(_LOOKED_AT, *_by(author_id), *_predicted(model_version_id))) or 0


def predictions(session: Session, author_id: str | None, model_version_id: str) -> Iterator[tuple[str, str, str]]:
    """Id, case and document (JSON) of the model's latest prediction of each labelled case, some at a time in memory."""
    latest, document = _latest(author_id, model_version_id), cast(Prediction.document, Text)
    query = select(Prediction.id, Prediction.case_id, document).join(latest, Prediction.id == latest.c.id)
    found = session.execute(query.where(latest.c.rank == 1), execution_options={"yield_per": 200})
    yield from found


def interventions(
    session: Session, author_id: str | None, model_version_id: str
) -> dict[tuple[str, str | None], tuple[str, str]]:
    """Class before and after the last intervention of each author of a label, by prediction and author."""
    latest = _latest(author_id, model_version_id)
    newest_first = (Intervention.created_at.desc(), Intervention.id.desc())
    places = func.row_number().over(
        partition_by=(Intervention.prediction_id, Intervention.author_id), order_by=newest_first
    )
    ranked = (
        select(Intervention.id, places.label("place"))
        .join(latest, and_(Intervention.prediction_id == latest.c.id, latest.c.rank == 1))
        .join(Label, and_(Label.case_id == Intervention.case_id, Label.author_id == Intervention.author_id))
        .where(*_by(author_id))
        .subquery()
    )
    columns = (
        Intervention.prediction_id,
        Intervention.author_id,
        Intervention.baseline_class,
        Intervention.predicted_class,
    )
    query = select(*columns).join(ranked, Intervention.id == ranked.c.id).where(ranked.c.place == 1)
    return {(prediction, author): (before, after) for prediction, author, before, after in session.execute(query)}


def _latest(author_id: str | None, model_version_id: str) -> Subquery:
    """Ids of the model's predictions of labelled cases; rank 1: the newest of its case."""
    newest_first = (Prediction.created_at.desc(), Prediction.id.desc())
    rank = func.row_number().over(partition_by=Prediction.case_id, order_by=newest_first).label("rank")
    labelled = select(Label.case_id).where(*_by(author_id))
    query = select(Prediction.id, rank).where(Prediction.model_version_id == model_version_id)
    return query.where(Prediction.case_id.in_(labelled)).subquery()


def _by(author_id: str | None) -> list[ColumnElement[bool]]:
    return [] if author_id is None else [Label.author_id == author_id]


def _predicted(model_version_id: str | None) -> list[ColumnElement[bool]]:
    if model_version_id is None:
        return []
    return [Label.case_id.in_(select(Prediction.case_id).where(Prediction.model_version_id == model_version_id))]
