"""Runs imports one at a time, each in a process of its own, and writes down how they end.

The row is the truth: an import that is not ``importing`` any more, because somebody cancelled it, is dropped whatever
its process says. See docs/adr/0025-imports-in-a-child-process.md.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from backend.core.processes import kill_group, wait_for_end
from backend.datasets import lifecycle, repository
from backend.datasets.importing import ImportJob
from backend.datasets.library import DatasetLibrary
from backend.db.session import Database

logger = logging.getLogger(__name__)

INTERRUPTED = "The import was interrupted because the server stopped; start it again."
KILLED = "The import was ended from outside (signal {}), perhaps because the memory was full; start it again."
BROKEN = "The import failed because of a fault in the program; the server's log has the reason."
COMMAND = (sys.executable, "-m", "backend.datasets.child")
_ROOT = Path(__file__).resolve().parents[2]
_LOG_TAIL = 4000
# Between the end of a process's events and its own end, in which its exit status comes about.
_GRACE = 5.0


class ImportRunner:
    """The one thread that supervises import processes."""

    def __init__(self, database: Database, library: DatasetLibrary, command: tuple[str, ...] = COMMAND) -> None:
        self._database = database
        self._library = library
        self._command = command
        self._waiting: queue.Queue[str | None] = queue.Queue()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._current: tuple[str, subprocess.Popen[bytes]] | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Take up what an earlier server left, then wait for imports."""
        for dataset_id in lifecycle.recover(self._database, self._library, INTERRUPTED):
            self.submit(dataset_id)
        self._thread = threading.Thread(target=self._run, name="imports", daemon=True)
        self._thread.start()

    def submit(self, dataset_id: str) -> None:
        """Import it once its turn comes. Its row must be committed."""
        self._waiting.put(dataset_id)

    def cancel(self, dataset_id: str) -> None:
        """End its process now. Its row must say so already."""
        with self._lock:
            if self._current and self._current[0] == dataset_id:
                kill_group(self._current[1])

    def stop(self) -> None:
        """End the import that runs; those that wait are taken up by the next server."""
        self._stopping.set()
        self._waiting.put(None)
        with self._lock:
            if self._current:
                kill_group(self._current[1])
        if self._thread:
            self._thread.join(timeout=30)

    @property
    def process_id(self) -> int | None:
        """Of the import that runs."""
        with self._lock:
            return self._current[1].pid if self._current else None

    def _run(self) -> None:
        while (dataset_id := self._waiting.get()) is not None and not self._stopping.is_set():
            try:
                self._import(dataset_id)
            except Exception:
                logger.exception("the import %s failed", dataset_id)
                self._record_fault(dataset_id)
            finally:
                self._library.vanish(dataset_id)

    def _record_fault(self, dataset_id: str) -> None:
        with suppress(Exception), self._database.writing() as session:
            lifecycle.fail(session, dataset_id, BROKEN)

    def _import(self, dataset_id: str) -> None:
        with self._database.writing() as session:
            job = lifecycle.begin(session, dataset_id, self._library)
        if job is None:  # cancelled or deleted while it waited
            return
        reason = self._supervise(dataset_id, job)
        with self._database.writing() as session:
            if reason is None:
                lifecycle.finish(session, dataset_id, self._library, Path(job.out))
            else:
                lifecycle.fail(session, dataset_id, reason)

    def _supervise(self, dataset_id: str, job: ImportJob) -> str | None:
        """Runs the process to its end; why it failed, or None."""
        with (Path(job.out).parent / "log").open("w+b") as log:
            with self._process(dataset_id, log) as (process, events):
                last = self._follow(dataset_id, job, process, events)
            kind = last.get("event")
            if kind == "done":
                return None
            if kind == "failed":
                return str(last["reason"])
            if self._stopping.is_set():
                return INTERRUPTED
            if self._is_wanted(dataset_id):
                logger.error("the import of %s ended with %s: %s", job.name, process.returncode, _tail(log))
            return BROKEN if kind or process.returncode >= 0 else KILLED.format(-process.returncode)

    def _follow(
        self, dataset_id: str, job: ImportJob, process: subprocess.Popen[bytes], events: IO[bytes]
    ) -> dict[str, Any]:
        """Sends the job and writes progress down; the event it ended with, or an empty one if it was killed."""
        if process.stdin is None:
            raise RuntimeError("the process has no standard input")
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(job.to_json()).encode() + b"\n")
            process.stdin.flush()
        if not self._is_wanted(dataset_id):  # cancelled just before the process was there to be killed
            kill_group(process)
        for line in events:  # ends when the process does
            try:
                event: dict[str, Any] = json.loads(line)
            except ValueError:
                if line.endswith(b"\n"):
                    return {"event": "broken"}
                break  # killed in the middle of the line
            if event["event"] != "progress":
                return event
            self._record(dataset_id, {name: event[name] for name in ("stage", "done", "total")})
        wait_for_end(process, _GRACE)  # else our own signal would be taken for the one that ended it
        return {}

    def _is_wanted(self, dataset_id: str) -> bool:
        with self._database.reading() as session:
            row = repository.get(session, dataset_id)
            return row is not None and row.status == "importing" and not self._stopping.is_set()

    def _record(self, dataset_id: str, progress: dict[str, Any]) -> None:
        try:
            with self._database.writing() as session:
                repository.set_progress(session, dataset_id, progress)
        except Exception:  # a full disk, say: the next one may come through, and the import goes on
            logger.exception("the progress of an import could not be written down")

    @contextmanager
    def _process(self, dataset_id: str, log: IO[bytes]) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
        """The process and its events. At the end it is gone, with every process it started."""
        read_end, write_end = os.pipe()
        with os.fdopen(read_end, "rb") as events:
            try:
                process = subprocess.Popen(
                    [*self._command, str(write_end)],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    cwd=_ROOT,
                    pass_fds=(write_end,),
                    start_new_session=True,  # a group of its own, to be killed as a whole
                )
            finally:
                os.close(write_end)
            with self._lock:
                self._current = (dataset_id, process)
            try:
                yield process, events
            finally:
                with self._lock:
                    self._current = None
                kill_group(process)
                process.wait()
                if process.stdin:
                    with suppress(BrokenPipeError):
                        process.stdin.close()


def _tail(log: IO[bytes]) -> str:
    log.seek(0)
    return log.read()[-_LOG_TAIL:].decode("utf-8", "replace")
