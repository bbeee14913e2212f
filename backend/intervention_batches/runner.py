"""Runs batches one at a time, each in a process of its own. See docs/adr/0025-imports-in-a-child-process.md."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.core.jobs import Job, JobRunner, Words
from backend.core.settings import Settings
from backend.core.storage import Storage
from backend.datasets.library import DatasetLibrary
from backend.db.session import Database
from backend.intervention_batches import lifecycle, repository

KILLED = "The batch was ended from outside (signal {}), perhaps because the memory was full; start it again."
BROKEN = "The batch failed because of a fault in the program; the server's log has the reason."
COMMAND = (sys.executable, "-m", "backend.intervention_batches.child")


class BatchRunner(JobRunner):
    """The one thread that supervises the processes of batches.

    Args:
        database: where the rows are.
        library: of the data sets.
        storage: for the results.
        settings: device, and the folder that processes write into.
        command: of a process.
    """

    def __init__(
        self,
        database: Database,
        library: DatasetLibrary,
        storage: Storage,
        settings: Settings,
        command: tuple[str, ...] = COMMAND,
    ) -> None:
        super().__init__(database, command, Words("batch", KILLED, BROKEN))
        self._library = library
        self._storage = storage
        self._device = settings.device
        self._root = settings.data_dir / "batches"

    def _recover(self) -> Iterable[str]:
        shutil.rmtree(self._root, ignore_errors=True)
        return lifecycle.recover(self._database)

    def _begin(self, session: Session, job_id: str) -> Job | None:
        folder = self._root / job_id
        job = lifecycle.begin(session, job_id, self._library, folder, self._device)
        if job is None:
            return None
        folder.mkdir(parents=True, exist_ok=True)
        return Job(job.to_json(), folder / "log")

    def _is_running(self, session: Session, job_id: str) -> bool:
        row = repository.get(session, job_id)
        return row is not None and row.status == "running"

    def _note(self, session: Session, job_id: str, event: Mapping[str, Any]) -> None:
        repository.set_progress(session, job_id, {name: event[name] for name in ("done", "total")})

    def _finish(self, session: Session, job_id: str, job: Job) -> None:
        lifecycle.finish(session, job_id, self._storage, Path(job.content["out"]))

    def _fail(self, session: Session, job_id: str, reason: str) -> None:
        lifecycle.fail(session, job_id, reason)

    def _interrupt(self, session: Session, job_id: str) -> None:
        lifecycle.interrupt(session, job_id)

    def _clear(self, job_id: str) -> None:
        shutil.rmtree(self._root / job_id, ignore_errors=True)
