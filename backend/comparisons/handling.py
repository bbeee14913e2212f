"""What is particular to the job of a comparison: its order, and what becomes of its result."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.audit.service import Subject, record
from backend.comparisons import repository, results
from backend.comparisons.orders import ComparisonOrder
from backend.core.kept import keep_stored, store_files
from backend.core.storage import Storage
from backend.datasets.locating import locate, still_there
from backend.db.job_tables import ComparisonRow, JobRow
from backend.db.session import on_commit
from backend.jobs.handling import JobHandler, JobRefused, Surroundings
from backend.jobs.leasing import Claim
from backend.model_registry import repository as models
from backend.model_registry.presenting import has_files

FOLDER = "comparisons"
OUT = "result"  # in the job's folder
DATASET_GONE = "The data set was deleted before the comparison began."
DATASET_DELETED = "The data set was deleted while the comparison ran, so nothing of it is kept."
MODEL_GONE = "The files of the model {name} are gone; put them back, or compare another version."
NOT_READABLE = "What the comparison has left cannot be read; start it again."


class ComparisonHandler(JobHandler):
    """Of ``JobKind.COMPARISON``."""

    def prepare(self, session: Session, job: JobRow, around: Surroundings) -> dict[str, Any]:
        row = _row(session, job)
        dataset = locate(session, around.library, row.dataset_id)
        if dataset is None:
            raise JobRefused(DATASET_GONE)
        return ComparisonOrder(
            model_a=_folder(session, row.model_a_id),
            model_a_id=row.model_a_id,
            model_b=_folder(session, row.model_b_id),
            model_b_id=row.model_b_id,
            dataset=dataset,
            **{name: row.settings[name] for name in ("split", "drawn", "seed")},
            out=str(around.work / OUT),
        ).to_json()

    def gather(self, claim: Claim, content: dict[str, Any], around: Surroundings) -> dict[str, Any]:
        made = Path(content["out"])
        try:
            found = results.read_made(made, claim.job_id).comparison
        except (ValueError, OSError) as error:
            raise JobRefused(NOT_READABLE) from error
        summary = {"sentence": found.summary, "images": found.data.images, "changed": len(found.changed)}
        key = store_files(around.storage, f"{FOLDER}/{claim.job_id}", str(claim.token), made)
        return content | {"result_key": key, "summary": summary}

    def discard(self, session: Session, claim: Claim, around: Surroundings) -> None:
        row, key = repository.row(session, claim.job_id), f"{FOLDER}/{claim.job_id}/{claim.token}"
        if row is None or row.result_key != key:
            around.storage.delete_all(key)

    def finish(self, session: Session, job: JobRow, content: dict[str, Any], around: Surroundings) -> None:
        row = _row(session, job)
        if not still_there(session, row.dataset_id):
            raise JobRefused(DATASET_DELETED)
        row.result_key, row.summary = content["result_key"], content["summary"]
        keep_stored(session, around.storage, f"{FOLDER}/{row.id}", str(job.token))
        told = {"status": "succeeded", **content["summary"]}
        record(session, "comparison.finished", Subject("comparison", row.id), after=told)
        on_commit(session, lambda: shutil.rmtree(content["out"], ignore_errors=True))

    def ended(self, session: Session, job: JobRow, around: Surroundings) -> None:
        """A comparison starts from the beginning, so nothing of it is worth keeping."""
        if job.status == "failed":  # who cancels one has it recorded then
            told = {"status": job.status, "error": job.error}
            record(session, "comparison.finished", Subject("comparison", job.id), after=told)
        on_commit(session, lambda: remove_left(around.settings.jobs_dir, around.storage, job.id))


def remove_left(jobs_dir: Path, storage: Storage, comparison_id: str) -> None:
    """Pictures and results of attempts at one that has none to keep."""
    shutil.rmtree(jobs_dir / comparison_id / OUT, ignore_errors=True)
    storage.delete_all(f"{FOLDER}/{comparison_id}")


def _folder(session: Session, model_version_id: str) -> str:
    model = models.get(session, model_version_id)
    if model is None or not has_files(model.folder):
        raise JobRefused(MODEL_GONE.format(name=model_version_id if model is None else model.name))
    return model.folder


def _row(session: Session, job: JobRow) -> ComparisonRow:
    row = repository.row(session, job.id)
    if row is None:
        raise LookupError(f"there is no comparison {job.id}")
    return row
