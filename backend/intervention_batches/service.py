"""Starting batches, and what has become of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit.service import Subject, record
from backend.datasets.procedural import PROCEDURAL
from backend.datasets.service import require_ready
from backend.db.session import on_commit
from backend.db.tables import InterventionBatch
from backend.intervention_batches import lifecycle, repository, rows
from backend.intervention_batches.errors import BatchEnded, BatchNotDone, BatchNotFound
from backend.intervention_batches.schemas import BatchCreate, BatchFormat, BatchList, BatchRead
from backend.interventions.edits import to_model, to_read
from backend.interventions.errors import BadEdit, UnknownClass
from backend.interventions.schemas import EditCreate, EditRead
from backend.interventions.service import editable
from backend.model_registry import repository as models
from backend.people.names import Names
from backend.resources import Resources
from models.intervene.regions import RegionEdit
from models.intervene.scores import DecisionHead, EditError

_SETTINGS = ("split", "edits", "predicted_class", "minimum_probability", "limit", "seed")


def create(session: Session, resources: Resources, body: BatchCreate) -> BatchRead:
    """A batch that waits for its turn.

    Raises:
        ModelNotFound, ModelUnavailable: the model is not there, or cannot be read.
        BadEdit: an edit that the model cannot take.
        UnknownClass: the model has no such class.
        DatasetNotFound, DatasetNotReady, DatasetDamaged: there are no images to run over.
    """
    head = editable(resources, body.model_version_id).head
    edits = _checked(head, body.edits)
    keys = head.concept_set.class_keys
    if body.predicted_class is not None and body.predicted_class not in keys:
        raise UnknownClass(f"The model has no class {body.predicted_class!r}; it knows {', '.join(keys)}.")
    if body.dataset_id not in PROCEDURAL:
        require_ready(session, resources, body.dataset_id)
    settings = body.model_dump(mode="json", include=set(_SETTINGS))
    settings["edits"] = [edit.model_dump(mode="json") for edit in edits]
    row = InterventionBatch(
        status="queued",
        dataset_id=body.dataset_id,
        model_version_id=body.model_version_id,
        author_id=current().user_id,
        settings=settings,
    )
    session.add(row)
    session.flush()
    told = {"dataset": row.dataset_id, "model_version": row.model_version_id, "settings": row.settings}
    record(session, "intervention_batch.created", Subject("intervention_batch", row.id), after=told)
    on_commit(session, lambda: resources.batches.submit(row.id))
    return _read(session, [row])[0]


def list_all(session: Session) -> BatchList:
    """Newest first."""
    return BatchList(items=_read(session, repository.list_all(session)))


def get(session: Session, batch_id: str) -> BatchRead:
    """One. Raises ``BatchNotFound``."""
    return _read(session, [require(session, batch_id)])[0]


def cancel(session: Session, resources: Resources, batch_id: str) -> BatchRead:
    """Ends a batch, whether it runs or waits. Raises ``BatchNotFound`` and ``BatchEnded``."""
    row = repository.lock(session, batch_id)
    if row is None:
        raise BatchNotFound
    if row.status not in ("queued", "running"):
        raise BatchEnded
    lifecycle.end(session, row, "cancelled")
    on_commit(session, lambda: resources.batches.cancel(batch_id))
    return _read(session, [row])[0]


def export(session: Session, resources: Resources, batch_id: str, form: BatchFormat) -> Iterator[bytes]:
    """The rows, a few at a time. Raises ``BatchNotFound``, ``BatchNotDone`` and ``StoredFileMissing``, at once."""
    row = require(session, batch_id)
    if row.rows_key is None or row.result is None:
        raise BatchNotDone
    model = models.get(session, row.model_version_id)
    synthetic = row.dataset_id in PROCEDURAL or (model is not None and model.synthetic)
    content = resources.storage.read(row.rows_key)
    told = {"dataset": row.dataset_id, "format": form.value}
    with resources.database.writing() as writer:
        record(writer, "intervention_batch.exported", Subject("intervention_batch", row.id), after=told)
    if form is BatchFormat.CSV:
        return rows.as_csv(content, [each["key"] for each in row.result["classes"]], synthetic)
    return rows.as_json(content, _read(session, [row])[0].model_dump(mode="json"), synthetic)


def require(session: Session, batch_id: str) -> InterventionBatch:
    """The row, or ``BatchNotFound``."""
    row = repository.get(session, batch_id)
    if row is None:
        raise BatchNotFound
    return row


def _checked(head: DecisionHead, edits: Sequence[EditCreate]) -> list[EditRead]:
    """The edits as they are kept. Raises ``BadEdit`` for one that cannot be applied to any image."""
    wanted = to_model(edits)
    tried = np.asarray(head.statistics.means, np.float64)
    for index, edit in enumerate(wanted):
        if isinstance(edit, RegionEdit):
            raise BadEdit(f"edit {index + 1}: a region is of one image, so a batch takes none; edit scores instead")
        try:
            tried = head.apply_one(tried, edit, index)
        except EditError as error:
            raise BadEdit(str(error)) from error
    return [to_read(edit) for edit in wanted]


def _read(session: Session, found: Sequence[InterventionBatch]) -> list[BatchRead]:
    names = Names(session, (row.author_id for row in found))
    return [
        BatchRead.model_validate(
            {
                **{name: getattr(row, name) for name in ("id", "status", "error", "progress", "result")},
                **{
                    name: getattr(row, name) for name in ("dataset_id", "model_version_id", "created_at", "finished_at")
                },
                **{name: row.settings[name] for name in _SETTINGS},
                "created_by": names.ref_or_none(row.author_id),
            }
        )
        for row in found
    ]
