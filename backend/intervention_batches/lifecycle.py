"""How a batch goes on and ends: what becomes of its row, step by step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.audit.service import Subject, record
from backend.core.storage import Storage
from backend.datasets.folders import shown
from backend.datasets.library import DatasetLibrary
from backend.datasets.locating import locate
from backend.db.base import now
from backend.db.session import Database, on_rollback
from backend.db.tables import InterventionBatch, ModelVersion
from backend.intervention_batches import repository
from backend.intervention_batches.jobs import RESULT, ROWS, BatchJob
from backend.intervention_batches.rows import SUFFIX
from backend.model_registry import repository as models

FOLDER = "intervention-batches"
# The first time, and twice again after the server stopped in the middle.
MOST_ATTEMPTS = 3
GIVEN_UP = (
    "The server stopped while the batch ran, three times; perhaps the batch is why. Start it again when it is not."
)
DATASET_GONE = "The data set was deleted before the batch began."
_FIELDS = ("operation", "option_id", "value", "reference_class")


def begin(session: Session, batch_id: str, library: DatasetLibrary, folder: Path, device: str) -> BatchJob | None:
    """The turn of a batch has come. None if it was cancelled while it waited, or cannot be done any more."""
    row = repository.lock(session, batch_id)
    if row is None or row.status != "queued":
        return None
    dataset = locate(session, library, row.dataset_id)
    model: ModelVersion | None = models.get(session, row.model_version_id)
    if dataset is None or model is None:
        end(session, row, "failed", error=DATASET_GONE)
        return None
    row.status, row.attempts, row.progress = "running", row.attempts + 1, {"done": 0, "total": 0}
    settings = row.settings
    return BatchJob(
        model=model.folder,
        dataset=dataset,
        split=settings["split"],
        edits=[{name: edit[name] for name in _FIELDS} for edit in settings["edits"]],
        predicted_class=settings["predicted_class"],
        minimum_probability=settings["minimum_probability"],
        limit=settings["limit"],
        seed=settings["seed"],
        device=device,
        out=str(folder),
    )


def finish(session: Session, batch_id: str, storage: Storage, made: Path) -> None:
    """Its process has left result and rows in the folder."""
    row = repository.lock(session, batch_id)
    if row is None or row.status != "running":
        return  # cancelled just before its end
    on_rollback(session, lambda: storage.delete_all(f"{FOLDER}/{batch_id}"))
    row.rows_key = storage.put(f"{FOLDER}/{batch_id}", (made / ROWS).read_bytes(), SUFFIX)
    row.result = json.loads((made / RESULT).read_text("utf-8"))
    end(session, row, "succeeded")


def fail(session: Session, batch_id: str, reason: str) -> None:
    """It ended badly, or could not even begin. Nothing happens if it was cancelled."""
    row = repository.lock(session, batch_id)
    if row is not None and row.status in ("queued", "running"):
        end(session, row, "failed", error=shown(reason))


def interrupt(session: Session, batch_id: str) -> bool:
    """The server stopped while it ran: it waits again, unless that happened too often. Whether it waits."""
    row = repository.lock(session, batch_id)
    if row is None or row.status != "running":
        return False
    if row.attempts >= MOST_ATTEMPTS:
        end(session, row, "failed", error=GIVEN_UP)
        return False
    row.status, row.progress = "queued", None
    return True


def recover(database: Database) -> list[str]:
    """After a start: ids of the batches to run, oldest first; what ran when the last server was killed waits again."""
    with database.writing() as session:
        return [
            row.id for row in repository.list_unended(session) if row.status == "queued" or interrupt(session, row.id)
        ]


def end(session: Session, row: InterventionBatch, status: str, error: str | None = None) -> None:
    """Writes an end down, and into the trail."""
    row.status, row.error, row.progress, row.finished_at = status, error, None, now()
    told: dict[str, Any] = {"status": status}
    if error is not None:
        told["error"] = error
    if row.result is not None:
        told |= {"images": row.result["images"], "flipped": row.result["flipped"]}
    action = "intervention_batch.cancelled" if status == "cancelled" else "intervention_batch.finished"
    record(session, action, Subject("intervention_batch", row.id), after=told)
