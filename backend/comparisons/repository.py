"""Queries on comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from backend.db.job_tables import ComparisonRow, JobRow
from backend.db.tables import ModelVersion

MOST_LISTED = 100
_A, _B = aliased(ModelVersion), aliased(ModelVersion)


class Listed(NamedTuple):
    """A comparison with its job, and of both models the name and whether it is active."""

    row: ComparisonRow
    name_a: str
    active_a: bool
    name_b: str
    active_b: bool


def get(session: Session, comparison_id: str) -> Listed | None:
    """As it is now."""
    query = _with_models().where(ComparisonRow.id == comparison_id).execution_options(populate_existing=True)
    found = session.execute(query).one_or_none()
    return None if found is None else Listed(*found)


def row(session: Session, comparison_id: str) -> ComparisonRow | None:
    return session.get(ComparisonRow, comparison_id)


def newest(session: Session, a: str, b: str, dataset_id: str | None, split: str) -> Listed | None:
    """Of two versions in this order; None if they were never compared like this."""
    query = _with_models().where(ComparisonRow.model_a_id == a, ComparisonRow.model_b_id == b)
    query = query.where(ComparisonRow.settings["split"].as_string() == split)
    if dataset_id is not None:
        query = query.where(ComparisonRow.dataset_id == dataset_id)
    else:  # one whose result went with its data set says nothing any more
        query = query.where(or_(JobRow.status != "succeeded", ComparisonRow.result_key.is_not(None)))
    found = session.execute(query.order_by(JobRow.created_at.desc(), JobRow.id).limit(1)).one_or_none()
    return None if found is None else Listed(*found)


def list_all(session: Session, model_version_id: str | None) -> list[Listed]:
    """Newest first; of one version, as either."""
    query = _with_models().order_by(JobRow.created_at.desc(), JobRow.id)
    if model_version_id is not None:
        query = query.where(
            or_(ComparisonRow.model_a_id == model_version_id, ComparisonRow.model_b_id == model_version_id)
        )
    return [Listed(*found) for found in session.execute(query.limit(MOST_LISTED))]


def list_of_dataset(session: Session, dataset_id: str) -> Sequence[ComparisonRow]:
    """All over the images of one data set."""
    return session.scalars(select(ComparisonRow).where(ComparisonRow.dataset_id == dataset_id)).all()


def list_unended(session: Session, a: str, b: str, dataset_id: str) -> Sequence[ComparisonRow]:
    """Those that wait or run, oldest first."""
    query = select(ComparisonRow).join(ComparisonRow.job).where(JobRow.status.in_(("queued", "running")))
    query = query.where(
        ComparisonRow.model_a_id == a, ComparisonRow.model_b_id == b, ComparisonRow.dataset_id == dataset_id
    )
    return session.scalars(query.order_by(JobRow.created_at, JobRow.id)).all()


def _with_models() -> Select[ComparisonRow, str, bool, str, bool]:
    query = select(ComparisonRow, _A.name, _A.active, _B.name, _B.active).join(ComparisonRow.job)
    query = query.join(_A, _A.id == ComparisonRow.model_a_id).join(_B, _B.id == ComparisonRow.model_b_id)
    return query.options(contains_eager(ComparisonRow.job))
