"""Long work beside the server: one job at a time, each in a process of its own that can be killed at any moment.

The job goes to the process as a line of JSON on standard input, which then stays open for as long as the server lives
(``child``). Events come back as lines of JSON: progress, then ``done``, or ``failed`` with the reason. The row in the
database is the truth: what is no longer wanted, because somebody cancelled it, is dropped whatever its process says.
See docs/adr/0025-imports-in-a-child-process.md.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import subprocess
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy.orm import Session

from backend.core.processes import kill_group, wait_for_end
from backend.db.session import Database

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_LOG_TAIL = 4000
# Between the end of a process's events and its own end, in which its exit status comes about.
_GRACE = 5.0


@dataclass(frozen=True)
class Job:
    """What a process is given: JSON values, and the file that its output goes to."""

    content: Mapping[str, Any]
    log: Path


@dataclass(frozen=True)
class Words:
    """What a row says of a job that did not fail by itself.

    Attributes:
        kind: such as ``import``, for the log.
        killed: ended by a signal; ``{}`` is its number.
        broken: a fault of ours.
    """

    kind: str
    killed: str
    broken: str


class JobRunner(ABC):
    """The one thread that supervises the processes of one kind of job.

    Args:
        database: where the rows are.
        command: of the process; the file descriptor for its events is added.
        words: for rows and log.
    """

    def __init__(self, database: Database, command: tuple[str, ...], words: Words) -> None:
        self._database = database
        self._command = command
        self._words = words
        self._waiting: queue.Queue[str | None] = queue.Queue()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._current: tuple[str, subprocess.Popen[bytes]] | None = None
        self._thread: threading.Thread | None = None

    @abstractmethod
    def _recover(self) -> Iterable[str]:
        """Settles what an earlier server left; ids of the jobs to take up, oldest first."""

    @abstractmethod
    def _begin(self, session: Session, job_id: str) -> Job | None:
        """Its turn has come. None if it was cancelled or deleted while it waited."""

    @abstractmethod
    def _is_running(self, session: Session, job_id: str) -> bool:
        """Whether its row still says that it runs."""

    @abstractmethod
    def _note(self, session: Session, job_id: str, event: Mapping[str, Any]) -> None:
        """Writes its progress down, if it still runs."""

    @abstractmethod
    def _finish(self, session: Session, job_id: str, job: Job) -> None:
        """It is done. Nothing happens if it was cancelled just before."""

    @abstractmethod
    def _fail(self, session: Session, job_id: str, reason: str) -> None:
        """It ended badly. Nothing happens if it was cancelled."""

    @abstractmethod
    def _interrupt(self, session: Session, job_id: str) -> None:
        """The server stops while it runs."""

    def _clear(self, job_id: str) -> None:  # noqa: B027 (most have nothing to clear)
        """Removes what only the process needed."""

    def start(self) -> None:
        """Take up what an earlier server left, then wait for jobs."""
        for job_id in self._recover():
            self.submit(job_id)
        self._thread = threading.Thread(target=self._run, name=f"{self._words.kind} runner", daemon=True)
        self._thread.start()

    def submit(self, job_id: str) -> None:
        """Do it once its turn comes. Its row must be committed."""
        self._waiting.put(job_id)

    def cancel(self, job_id: str) -> None:
        """End its process now. Its row must say so already."""
        with self._lock:
            if self._current and self._current[0] == job_id:
                kill_group(self._current[1])

    def stop(self) -> None:
        """End the job that runs; those that wait are taken up by the next server."""
        self._stopping.set()
        self._waiting.put(None)
        with self._lock:
            if self._current:
                kill_group(self._current[1])
        if self._thread:
            self._thread.join(timeout=30)

    @property
    def process_id(self) -> int | None:
        """Of the job that runs."""
        with self._lock:
            return self._current[1].pid if self._current else None

    def _run(self) -> None:
        while (job_id := self._waiting.get()) is not None and not self._stopping.is_set():
            try:
                self._do(job_id)
            except Exception:
                logger.exception("the %s %s failed", self._words.kind, job_id)
                with suppress(Exception), self._database.writing() as session:
                    self._fail(session, job_id, self._words.broken)
            finally:
                self._clear(job_id)

    def _do(self, job_id: str) -> None:
        with self._database.writing() as session:
            job = self._begin(session, job_id)
        if job is None:
            return
        reason, interrupted = self._supervise(job_id, job)
        with self._database.writing() as session:
            if interrupted:
                self._interrupt(session, job_id)
            elif reason is None:
                self._finish(session, job_id, job)
            else:
                self._fail(session, job_id, reason)

    def _supervise(self, job_id: str, job: Job) -> tuple[str | None, bool]:
        """Runs the process to its end; why it failed, or None, and whether it ended because the server stops."""
        with job.log.open("w+b") as log:
            with self._process(job_id, log) as (process, events):
                last = self._follow(job_id, job, process, events)
            kind = last.get("event")
            if kind == "done":
                return None, False
            if kind == "failed":
                return str(last["reason"]), False
            if self._stopping.is_set():
                return None, True
            if self._is_wanted(job_id):
                logger.error("the %s %s ended with %s: %s", self._words.kind, job_id, process.returncode, _tail(log))
            killed = not kind and process.returncode < 0
            return self._words.killed.format(-process.returncode) if killed else self._words.broken, False

    def _follow(self, job_id: str, job: Job, process: subprocess.Popen[bytes], events: IO[bytes]) -> dict[str, Any]:
        """Sends the job and writes progress down; the event it ended with, or an empty one if it was killed."""
        if process.stdin is None:
            raise RuntimeError("the process has no standard input")
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(dict(job.content)).encode() + b"\n")
            process.stdin.flush()
        if not self._is_wanted(job_id):  # cancelled just before the process was there to be killed
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
            self._record(job_id, event)
        wait_for_end(process, _GRACE)  # else our own signal would be taken for the one that ended it
        return {}

    def _is_wanted(self, job_id: str) -> bool:
        with self._database.reading() as session:
            return self._is_running(session, job_id) and not self._stopping.is_set()

    def _record(self, job_id: str, event: Mapping[str, Any]) -> None:
        try:
            with self._database.writing() as session:
                self._note(session, job_id, event)
        except Exception:  # a full disk, say: the next one may come through, and the job goes on
            logger.exception("the progress of a %s could not be written down", self._words.kind)

    @contextmanager
    def _process(self, job_id: str, log: IO[bytes]) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
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
                self._current = (job_id, process)
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
