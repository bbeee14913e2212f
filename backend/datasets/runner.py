"""Runs imports one at a time, each in a process of its own, and writes down how they end.

The row is the truth: an import that is not ``importing`` any more, because somebody cancelled it, is dropped whatever
its process says. See docs/adr/0025-imports-in-a-child-process.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.core.jobs import Job, JobRunner, Words
from backend.datasets import lifecycle, repository
from backend.datasets.library import DatasetLibrary
from backend.db.session import Database

INTERRUPTED = "The import was interrupted because the server stopped; start it again."
KILLED = "The import was ended from outside (signal {}), perhaps because the memory was full; start it again."
BROKEN = "The import failed because of a fault in the program; the server's log has the reason."
COMMAND = (sys.executable, "-m", "backend.datasets.child")


class ImportRunner(JobRunner):
    """The one thread that supervises import processes."""

    def __init__(self, database: Database, library: DatasetLibrary, command: tuple[str, ...] = COMMAND) -> None:
        super().__init__(database, command, Words("import", KILLED, BROKEN))
        self._library = library

    def _recover(self) -> Iterable[str]:
        return lifecycle.recover(self._database, self._library, INTERRUPTED)

    def _begin(self, session: Session, job_id: str) -> Job | None:
        job = lifecycle.begin(session, job_id, self._library)
        return None if job is None else Job(job.to_json(), Path(job.out).parent / "log")

    def _is_running(self, session: Session, job_id: str) -> bool:
        row = repository.get(session, job_id)
        return row is not None and row.status == "importing"

    def _note(self, session: Session, job_id: str, event: Mapping[str, Any]) -> None:
        repository.set_progress(session, job_id, {name: event[name] for name in ("stage", "done", "total")})

    def _finish(self, session: Session, job_id: str, job: Job) -> None:
        lifecycle.finish(session, job_id, self._library, Path(job.content["out"]))

    def _fail(self, session: Session, job_id: str, reason: str) -> None:
        lifecycle.fail(session, job_id, reason)

    def _interrupt(self, session: Session, job_id: str) -> None:
        lifecycle.fail(session, job_id, INTERRUPTED)

    def _clear(self, job_id: str) -> None:
        self._library.vanish(job_id)
