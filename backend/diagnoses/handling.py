"""What is particular to the job of a diagnosis: its order, and what becomes of its result."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, get_args

from sqlalchemy.orm import Session

from backend.audit.service import Subject, record
from backend.core.kept import keep_files
from backend.datasets.locating import locate
from backend.db.job_tables import DiagnosisRow, JobRow
from backend.db.session import on_commit
from backend.diagnoses import repository, results
from backend.diagnoses.orders import DiagnosisOrder
from backend.jobs.handling import JobHandler, JobRefused, Surroundings
from backend.model_registry import repository as models
from backend.model_registry.presenting import has_files
from models.diagnose.results import FlagKind

FOLDER = "diagnoses"
OUT = "result"  # in the job's folder
DATASET_GONE = "The data set was deleted before the diagnosis began."
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

    def finish(self, session: Session, job: JobRow, content: dict[str, Any], around: Surroundings) -> None:
        row, made = _row(session, job), Path(content["out"])
        try:
            found = results.read_made(made, row.id).result
        except (ValueError, OSError) as error:
            raise JobRefused(NOT_READABLE) from error
        row.result_key = keep_files(session, around.storage, f"{FOLDER}/{row.id}", str(job.token), made)
        flags = {kind: len({flag.option for flag in found.flags if flag.kind == kind}) for kind in get_args(FlagKind)}
        row.summary = {"flags": flags, "images": found.images}
        told = {"status": "succeeded", **row.summary}
        record(session, "diagnosis.finished", Subject("diagnosis", row.id), after=told)
        on_commit(session, lambda: shutil.rmtree(made, ignore_errors=True))

    def ended(self, session: Session, job: JobRow, around: Surroundings) -> None:
        """A diagnosis starts from the beginning, so nothing of it is worth keeping."""
        if job.status == "failed":  # who cancels one has it recorded then
            told = {"status": job.status, "error": job.error}
            record(session, "diagnosis.finished", Subject("diagnosis", job.id), after=told)
        on_commit(session, lambda: shutil.rmtree(around.work / OUT, ignore_errors=True))


def _row(session: Session, job: JobRow) -> DiagnosisRow:
    row = repository.row(session, job.id)
    if row is None:
        raise LookupError(f"there is no diagnosis {job.id}")
    return row
