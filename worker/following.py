"""The child process of a job: started, followed, kept informed that its worker lives, and ended in any case."""

from __future__ import annotations

import json
import logging
import os
import select
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from backend.core.processes import kill_group, wait_for_end
from backend.core.settings import ROOT
from backend.db.job_tables import JobRow
from backend.jobs import leasing, repository
from backend.jobs.leasing import LeaseLost
from worker.words import BROKEN, KILLED, in_words

if TYPE_CHECKING:
    from worker.work import Attempt

logger = logging.getLogger(__name__)

_TICK = 0.5
LOOK_EVERY = 1.0  # at the row: was it cancelled?
PROGRESS_EVERY = 1.0
_GRACE = 5.0
_LOG_TAIL = 4000
_ENDS = frozenset({"done", "failed", "broken"})
# A child that hears nothing of its worker ends before the lease does, so that two never write into one folder.
SILENCE = 0.8


@dataclass(frozen=True)
class Outcome:
    """How a child ended. ``reason`` is None if it is done, or was interrupted because the worker stops."""

    reason: str | None = None
    interrupted: bool = False


class Following:
    """One child, from its start to its end.

    Args:
        attempt: whose child it is.
        content: what it is given.
    """

    def __init__(self, attempt: Attempt, content: Mapping[str, Any]) -> None:
        self._attempt = attempt
        self._silence = leasing.LEASE.total_seconds() * SILENCE
        self._content = {**content, "kind": attempt.claim.kind.value, "silence": self._silence}
        self._pending: deque[dict[str, Any]] = deque()
        self._progress: dict[str, Any] | None = None
        self._written: dict[str, Any] | None = None
        self._stage: str | None = None
        self._last: dict[str, Any] = {}
        self._rest = b""
        self._interrupted = False
        self._next_look = self._next_beat = self._next_progress = 0.0

    def run(self) -> Outcome:
        """Raises ``LeaseLost``; the child is gone then too."""
        log = self._attempt.around.work / "log"
        with log.open("ab") as output, self._process(output) as (process, events):
            while not self._attempt.context.stopping.is_set():
                if select.select([events], [], [], _TICK)[0]:
                    chunk = os.read(events, 65536)
                    if not chunk:
                        break
                    self._take(chunk)
                self._keep_up(process)
                if self._last:
                    break
            else:
                self._interrupted = True
                kill_group(process)
            wait_for_end(process, _GRACE)  # else our own signal would be taken for the one that ended it
        self._flush()
        return self._judge(process.returncode, log)

    def _judge(self, code: int, log: Path) -> Outcome:
        kind = self._attempt.claim.kind
        event = self._last.get("event")
        if event == "done":
            return Outcome()
        if event == "failed":
            return Outcome(str(self._last.get("reason")))
        if self._interrupted:
            return Outcome(interrupted=True)
        if time.monotonic() - self._attempt.beaten > self._silence:
            raise LeaseLost  # it ended itself, since we could not renew the lease
        logger.error("the child of job %s ended with %d: %s", self._attempt.claim.job_id, code, _tail(log))
        if event is None and code < 0:
            return Outcome(in_words(KILLED, kind, -code))
        return Outcome(in_words(BROKEN, kind))

    def _take(self, chunk: bytes) -> None:
        """Sorts what the child says. Whatever comes after its end is not listened to."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            try:
                event = json.loads(line)
                kind = event["event"]
            except (ValueError, KeyError, TypeError):
                event, kind = {"event": "broken"}, "broken"
            if kind in _ENDS:
                self._last = event
                return
            if kind == "progress":
                self._progress = {name: event[name] for name in ("stage", "done", "total")}
            if kind in ("progress", "stage"):
                self._enter(event["stage"])
            else:
                self._pending.append(event)

    def _enter(self, stage: str) -> None:
        """Said once, however the child says it."""
        if stage != self._stage:
            self._stage = stage
            self._pending.append({"event": "stage", "stage": stage})

    def _keep_up(self, process: subprocess.Popen[bytes]) -> None:
        """Writes down what was said, renews the lease, looks whether the job is still wanted."""
        moment = time.monotonic()
        try:
            self._flush(once=True)
            new = self._progress != self._written and moment >= self._next_progress
            if new or moment >= self._next_beat:
                self._attempt.beat(self._progress)
                self._written = self._progress
                self._next_beat = moment + leasing.HEARTBEAT.total_seconds()
                self._next_progress = moment + PROGRESS_EVERY
                self._reassure(process)
            if moment >= self._next_look:
                self._look()
                self._next_look = moment + LOOK_EVERY
        except (OperationalError, InterfaceError) as error:
            # Locked, or a full disk: perhaps for a moment only. The job goes on for as long as its lease does.
            if moment > self._attempt.lease_ends:
                raise LeaseLost from error
            logger.warning("job %s: the database does not take it (%s)", self._attempt.claim.job_id, error)

    def _flush(self, *, once: bool = False) -> None:
        """Events in their order. With ``once`` a database that does not take one raises, else it is tried again."""
        while self._pending:
            event = self._pending[0]

            def keep(session: Session, row: JobRow, event: dict[str, Any] = event) -> None:
                if event["event"] in ("stage", "log"):
                    data = {name: event[name] for name in event if name != "event"}
                    repository.append(session, row.id, event["event"], data)
                else:
                    self._attempt.handler.event(session, row, event)

            try:
                self._attempt.write(keep, patience=0 if once else None)
            except (LeaseLost, OperationalError, InterfaceError):
                raise
            except Exception:
                logger.exception("job %s: an event could not be kept", self._attempt.claim.job_id)
            self._pending.popleft()

    def _look(self) -> None:
        claim = self._attempt.claim
        with self._attempt.context.database.reading() as session:
            row = repository.get(session, claim.job_id)
            if row is None or row.status != "running" or row.token != claim.token:
                raise LeaseLost

    def _reassure(self, process: subprocess.Popen[bytes]) -> None:
        if self._sender.is_alive() or process.stdin is None:
            return
        with suppress(BlockingIOError, BrokenPipeError):
            os.write(process.stdin.fileno(), b"\n")

    @contextmanager
    def _process(self, log: Any) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
        """The process and its events. At the end it is gone, with every process it started."""
        read_end, write_end = os.pipe()
        try:
            try:
                process = subprocess.Popen(
                    [*self._attempt.context.command, str(write_end)],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    cwd=ROOT,
                    pass_fds=(write_end,),
                    start_new_session=True,  # a group of its own, to be killed as a whole
                )
            finally:
                os.close(write_end)
            self._sender = threading.Thread(target=_send, args=(process, self._content), daemon=True)
            self._sender.start()
            try:
                yield process, read_end
            finally:
                kill_group(process)
                process.wait()
                self._sender.join(timeout=_GRACE)
                if process.stdin:
                    with suppress(OSError):
                        process.stdin.close()
        finally:
            os.close(read_end)


def _send(process: subprocess.Popen[bytes], content: Mapping[str, Any]) -> None:
    """A thread's work: more than a pipe holds would block until the child reads it."""
    line = memoryview(json.dumps(dict(content)).encode() + b"\n")
    if process.stdin is None:
        return
    handle = process.stdin.fileno()
    with suppress(OSError):
        while line:
            line = line[os.write(handle, line) :]
        os.set_blocking(handle, False)


def _tail(log: Path) -> str:
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - _LOG_TAIL))
        return stream.read().decode("utf-8", "replace")
