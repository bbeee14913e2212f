"""Jobs whose result is a folder of files, made anew by every attempt: the one that comes through keeps its files.

Diagnoses, comparisons and measurements are such. What is particular to each is its order and what it says of its
result in a list.
"""

from __future__ import annotations

import shutil
from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from backend.audit.service import Subject, record
from backend.core.kept import keep_stored, store_files
from backend.core.storage import Storage
from backend.datasets.locating import locate, still_there
from backend.db.job_tables import JobRow
from backend.db.session import on_commit
from backend.jobs.handling import JobHandler, JobRefused, Surroundings
from backend.jobs.leasing import Claim

OUT = "result"  # in the job's folder
DATASET_GONE = "The data set was deleted before the {what} began."
DATASET_DELETED = "The data set was deleted while the {what} ran, so nothing of it is kept."
NOT_READABLE = "What the {what} has left cannot be read; start it again."


class KeptRow(Protocol):
    """What the rows of such jobs share."""

    id: Any
    dataset_id: Any
    result_key: Any
    summary: Any


Row = TypeVar("Row", bound=KeptRow)


class KeptResultHandler(JobHandler, Generic[Row]):
    """To be subclassed.

    Attributes:
        folder: in the storage.
        subject: in the audit trail.
        what: the job in words.
    """

    folder: ClassVar[str]
    subject: ClassVar[str]
    what: ClassVar[str]

    @abstractmethod
    def find(self, session: Session, job_id: str) -> Row | None:
        """The job's row."""

    @abstractmethod
    def order(self, session: Session, row: Row, dataset: str, around: Surroundings) -> dict[str, Any]:
        """What the child is given, ``out`` (``made_in``) among it. Errors as ``prepare``."""

    @abstractmethod
    def summarise(self, made: Path, claim: Claim, content: dict[str, Any]) -> dict[str, Any]:
        """What a list says of the result.

        Raises:
            ValueError, OSError: it cannot be read, or is of another job.
        """

    def settle(self, row: Row) -> None:  # noqa: ARG002 (for those who write more down)
        """The result is kept from now on. Default: nothing more is written down."""
        return

    def prepare(self, session: Session, job: JobRow, around: Surroundings) -> dict[str, Any]:
        row = self._row(session, job)
        dataset = locate(session, around.library, row.dataset_id)
        if dataset is None:
            raise JobRefused(DATASET_GONE.format(what=self.what))
        return self.order(session, row, dataset, around)

    def gather(self, claim: Claim, content: dict[str, Any], around: Surroundings) -> dict[str, Any]:
        made = Path(content["out"])
        try:
            summary = self.summarise(made, claim, content)
        except (ValueError, OSError) as error:
            raise JobRefused(NOT_READABLE.format(what=self.what)) from error
        key = store_files(around.storage, f"{self.folder}/{claim.job_id}", str(claim.token), made)
        return content | {"result_key": key, "summary": summary}

    def discard(self, session: Session, claim: Claim, around: Surroundings) -> None:
        row, key = self.find(session, claim.job_id), f"{self.folder}/{claim.job_id}/{claim.token}"
        if row is None or row.result_key != key:
            around.storage.delete_all(key)

    def finish(self, session: Session, job: JobRow, content: dict[str, Any], around: Surroundings) -> None:
        row = self._row(session, job)
        if not still_there(session, row.dataset_id):
            raise JobRefused(DATASET_DELETED.format(what=self.what))
        row.result_key, row.summary = content["result_key"], content["summary"]
        self.settle(row)
        keep_stored(session, around.storage, f"{self.folder}/{row.id}", str(job.token))
        told = {"status": "succeeded", **content["summary"]}
        record(session, f"{self.subject}.finished", Subject(self.subject, row.id), after=told)
        on_commit(session, lambda: shutil.rmtree(content["out"], ignore_errors=True))

    def ended(self, session: Session, job: JobRow, around: Surroundings) -> None:
        """Another attempt starts from the beginning, so nothing of this one is worth keeping."""
        if job.status == "failed":  # who cancels one has it recorded then
            told = {"status": job.status, "error": job.error}
            record(session, f"{self.subject}.finished", Subject(self.subject, job.id), after=told)
        on_commit(session, lambda: self.remove_left(around.settings.jobs_dir, around.storage, job.id))

    @classmethod
    def remove_left(cls, jobs_dir: Path, storage: Storage, job_id: str) -> None:
        """Files of attempts at a job that has no result to keep."""
        shutil.rmtree(jobs_dir / job_id / OUT, ignore_errors=True)
        storage.delete_all(f"{cls.folder}/{job_id}")

    def _row(self, session: Session, job: JobRow) -> Row:
        row = self.find(session, job.id)
        if row is None:
            raise LookupError(f"there is no {self.what} {job.id}")
        return row


def made_in(around: Surroundings) -> str:
    """Where the child leaves what it found."""
    return str(around.work / OUT)
