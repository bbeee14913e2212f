"""Starting comparisons, and what has become of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Request, Response
from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit.service import Subject, record
from backend.comparisons import repository, results
from backend.comparisons.errors import ComparisonNotFound, ModelsNotComparable, PictureNotFound
from backend.comparisons.handling import ComparisonHandler
from backend.comparisons.repository import Listed
from backend.comparisons.schemas import (
    ComparedModel,
    ComparedSplit,
    ComparisonCreate,
    ComparisonDetail,
    ComparisonList,
    ComparisonRead,
)
from backend.core.caching import immutable
from backend.core.storage import StoredFileMissing
from backend.datasets.procedural import PROCEDURAL
from backend.datasets.service import require_ready
from backend.db.job_tables import ComparisonRow
from backend.db.session import on_commit
from backend.interventions.service import editable
from backend.jobs import repository as job_rows
from backend.jobs import service as jobs
from backend.jobs.kinds import JobKind
from backend.model_registry import repository as models
from backend.people.names import Names
from backend.resources import Resources
from models.compare.concepts import CompareError, match

SAME = "A and B are the same version; choose two that differ."
_SETTINGS = ("split", "drawn", "seed")


def find(
    session: Session, resources: Resources, a: str, b: str, dataset_id: str | None, split: ComparedSplit
) -> ComparisonDetail:
    """The newest one of two versions. Raises ``ComparisonNotFound`` and ``StoredFileMissing``."""
    found = repository.newest(session, a, b, dataset_id, split.value)
    if found is None:
        raise ComparisonNotFound
    return _detail(session, resources, found)


def create(session: Session, resources: Resources, body: ComparisonCreate) -> ComparisonRead:
    """A comparison that waits for its turn; an equal one that waits or runs already, if there is one.

    Raises:
        ModelNotFound, ModelUnavailable: a model is not there, or cannot be read.
        ModelsNotComparable: they are the same one, or tell other classes apart.
        DatasetNotFound, DatasetNotReady, DatasetDamaged: there are no images to run over.
        QueueFull: too many short jobs wait.
    """
    if body.a == body.b:
        raise ModelsNotComparable(SAME)
    heads = [editable(resources, model_version_id).head for model_version_id in (body.a, body.b)]
    try:
        match(heads[0].concept_set, heads[1].concept_set)
    except CompareError as error:
        raise ModelsNotComparable(f"{error}.") from error
    if body.dataset_id not in PROCEDURAL:
        require_ready(session, resources, body.dataset_id)
    settings = body.model_dump(mode="json", include=set(_SETTINGS))
    models.lock(session, [body.a, body.b])  # of two equal requests at once, the second finds the first one's
    for row in repository.list_unended(session, body.a, body.b, body.dataset_id):
        if _same(row, settings):
            return _one(session, row.id)
    jobs.require_room(session, JobKind.COMPARISON)
    job = jobs.enqueue(session, JobKind.COMPARISON)
    row = ComparisonRow(
        id=job.id,
        model_a_id=body.a,
        model_b_id=body.b,
        dataset_id=body.dataset_id,
        settings=settings,
        author_id=current().user_id,
    )
    session.add(row)
    told = {"a": row.model_a_id, "b": row.model_b_id, "dataset": row.dataset_id, "settings": settings}
    record(session, "comparison.created", Subject("comparison", row.id), after=told)
    on_commit(session, resources.jobs.wake)
    return _one(session, row.id)


def list_all(session: Session, model_version_id: str | None) -> ComparisonList:
    """Newest first."""
    found = repository.list_all(session, model_version_id)
    return ComparisonList(items=[ComparisonRead(**told) for told in _fields(session, found)])


def get(session: Session, resources: Resources, comparison_id: str) -> ComparisonDetail:
    """One with its result. Raises ``ComparisonNotFound`` and ``StoredFileMissing``."""
    return _detail(session, resources, _require(session, comparison_id))


def picture(session: Session, resources: Resources, request: Request, comparison_id: str, number: int) -> Response:
    """An image whose prediction changed. Raises ``ComparisonNotFound`` and ``PictureNotFound``."""
    folder = _require(session, comparison_id).row.result_key
    if folder is None:
        raise PictureNotFound
    key = f"{folder}/changed-{number}.jpg"

    def read() -> bytes:
        try:
            return resources.storage.read(key)
        except StoredFileMissing as error:
            raise PictureNotFound from error

    return immutable(request, key, "image/jpeg", read)


def cancel(session: Session, resources: Resources, comparison_id: str) -> ComparisonRead:
    """Ends one, whether it runs or waits. Raises ``ComparisonNotFound`` and ``JobEnded``."""
    _require(session, comparison_id)
    before = job_rows.lock(session, comparison_id)
    waited = before is not None and before.status == "queued"
    jobs.cancel(session, comparison_id)
    if waited:  # an earlier attempt may have left something; of one that runs the worker removes it, its child first
        on_commit(
            session,
            lambda: ComparisonHandler.remove_left(resources.settings.jobs_dir, resources.storage, comparison_id),
        )
    record(session, "comparison.cancelled", Subject("comparison", comparison_id), after={"status": "cancelled"})
    return _one(session, comparison_id)


def _same(row: ComparisonRow, settings: dict[str, Any]) -> bool:
    """Whether it does the same; how many images would be drawn counts where some are."""
    names = [name for name in _SETTINGS if name != "drawn" or row.dataset_id in PROCEDURAL]
    return all(row.settings[name] == settings[name] for name in names)


def _require(session: Session, comparison_id: str) -> Listed:
    found = repository.get(session, comparison_id)
    if found is None:
        raise ComparisonNotFound
    return found


def _detail(session: Session, resources: Resources, found: Listed) -> ComparisonDetail:
    key = found.row.result_key
    if key is None and found.row.job.status == "succeeded":
        raise StoredFileMissing(results.DATASET_DELETED)
    result = None if key is None else results.load(resources.storage, key, found.row.id)
    return ComparisonDetail(**_fields(session, [found])[0], result=result)


def _one(session: Session, comparison_id: str) -> ComparisonRead:
    return ComparisonRead(**_fields(session, [_require(session, comparison_id)])[0])


def _fields(session: Session, found: Sequence[Listed]) -> list[dict[str, Any]]:
    names = Names(session, (each.row.author_id for each in found))
    positions = jobs.positions(session)
    return [
        jobs.fields(each.row.job, positions, names, each.row.author_id)
        | {name: each.row.settings[name] for name in _SETTINGS}
        | {
            "a": ComparedModel(id=each.row.model_a_id, name=each.name_a, active=each.active_a),
            "b": ComparedModel(id=each.row.model_b_id, name=each.name_b, active=each.active_b),
            "dataset_id": each.row.dataset_id,
            "summary": each.row.summary["sentence"] if each.row.summary else None,
        }
        for each in found
    ]
