"""What is particular to the job of a diagnosis: its order, and what becomes of its result."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, get_args

from sqlalchemy.orm import Session

from backend.audit.service import Subject, record
from backend.core.kept import keep_stored, store_files
from backend.core.storage import Storage
from backend.datasets.locating import locate, still_there
from backend.db.job_tables import DiagnosisRow, JobRow
from backend.db.session import on_commit
from backend.diagnoses import repository, results
from backend.diagnoses.orders import DiagnosisOrder
from backend.jobs.handling import JobHandler, JobRefused, Surroundings
from backend.jobs.leasing import Claim
from backend.model_registry import repository as models
from backend.model_registry.presenting import has_files
from models.diagnose.results import FlagKind

FOLDER = "diagnoses"
OUT = "result"  # in the job's folder
DATASET_GONE = "The data set was deleted before the diagnosis began."
DATASET_DELETED = "The data set was deleted while the diagnosis ran, so nothing of it is kept."
MODEL_GONE = "The model's files are gone; put them back, or diagnose another version."
NOT_READABLE = "What the diagnosis has left cannot be read; start it again."


class DiagnosisHandler(JobHandler):
    """Of ``JobKind.DIAGNOSIS``."""

    def prepare(self, session: Session, job: JobRow, around: Surroundings) -> dict[str, Any]:
        row = _row(session, job)
        dataset = locate(session, around.library, row.dataset_id)
        if dataset is None:
            raise JobRefused(DATASET_GONE)
        model = models.get(session, row.model_version_id)
        if model is None or not has_files(model.folder):
            raise JobRefused(MODEL_GONE)
        return DiagnosisOrder(
            model=model.folder,
            model_version_id=model.id,
            dataset=dataset,
            **{name: row.settings[name] for name in ("split", "drawn", "seed")},
            device=around.device,
            out=str(around.work / OUT),
        ).to_json()

    def gather(self, claim: Claim, content: dict[str, Any], around: Surroundings) -> dict[str, Any]:
        made = Path(content["out"])
        try:
            found = results.read_made(made, claim.job_id).result
        except (ValueError, OSError) as error:
            raise JobRefused(NOT_READABLE) from error
        flags = {kind: len({flag.option for flag in found.flags if flag.kind == kind}) for kind in get_args(FlagKind)}
        summary = {"flags": flags, "images": found.images}
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
        record(session, "diagnosis.finished", Subject("diagnosis", row.id), after=told)
        on_commit(session, lambda: shutil.rmtree(content["out"], ignore_errors=True))

    def ended(self, session: Session, job: JobRow, around: Surroundings) -> None:
        """A diagnosis starts from the beginning, so nothing of it is worth keeping."""
        if job.status == "failed":  # who cancels one has it recorded then
            told = {"status": job.status, "error": job.error}
            record(session, "diagnosis.finished", Subject("diagnosis", job.id), after=told)
        on_commit(session, lambda: remove_left(around.settings.jobs_dir, around.storage, job.id))


def remove_left(jobs_dir: Path, storage: Storage, diagnosis_id: str) -> None:
    """Pictures and results of attempts at one that has none to keep."""
    shutil.rmtree(jobs_dir / diagnosis_id / OUT, ignore_errors=True)
    storage.delete_all(f"{FOLDER}/{diagnosis_id}")


def _row(session: Session, job: JobRow) -> DiagnosisRow:
    row = repository.row(session, job.id)
    if row is None:
        raise LookupError(f"there is no diagnosis {job.id}")
    return row
