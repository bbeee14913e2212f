"""Doing jobs: claim, prepare, child process, heartbeats, end. The row is the truth; the claim's token guards it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from backend.core.errors import AppError
from backend.core.settings import Settings
from backend.core.storage import Storage
from backend.datasets.library import DatasetLibrary
from backend.db.job_tables import JobRow
from backend.db.session import Database
from backend.jobs import leasing, repository
from backend.jobs.handling import JobHandler, JobRefused, Surroundings
from backend.jobs.kinds import JobKind, Queue
from backend.jobs.leasing import Claim, LeaseLost
from worker.following import Following
from worker.words import BROKEN, DISK_FULL, in_words, is_disk_full

logger = logging.getLogger(__name__)

_T = TypeVar("_T")
_PAUSE = 0.5  # between two tries to write to a database that does not take it
# Why a job failed is worth waiting for a disk that is full: the claim's token says whether it is still ours to write.
_END_PATIENCE = 600.0


@dataclass
class Context:
    """What a worker works with.

    Attributes:
        settings: of the application.
        database: with the audit trail's heads.
        storage: for results.
        library: of the data sets.
        handlers: of every kind.
        command: of a child; the file descriptor for its events is added.
        name: of this worker, for people who look for it.
        device: that children use, such as ``cpu`` or ``cuda:0``.
        device_name: the same with the machine's name: of ``training``, one job runs on each.
        stopping: set once the worker is told to end.
    """

    settings: Settings
    database: Database
    storage: Storage
    library: DatasetLibrary
    handlers: Mapping[JobKind, JobHandler]
    command: tuple[str, ...]
    name: str
    device: str
    device_name: str
    stopping: threading.Event = field(default_factory=threading.Event)
    _turns: dict[Queue, threading.Lock] = field(default_factory=lambda: {queue: threading.Lock() for queue in Queue})
    _told: dict[Queue, threading.Event] = field(default_factory=lambda: {queue: threading.Event() for queue in Queue})

    @property
    def busy(self) -> bool:
        """Whether it works on a job."""
        return any(turn.locked() for turn in self._turns.values())


def run_waiting(queue: Queue, context: Context) -> None:
    """Does what waits in a queue, one after the other. Returns at once where that is being done already."""
    told, turn = context._told[queue], context._turns[queue]  # noqa: SLF001 (the context is this module's)
    told.set()
    # Who is told while another thread is at its end must not be forgotten: so look again after every turn.
    while told.is_set() and not context.stopping.is_set() and turn.acquire(blocking=False):
        try:
            told.clear()
            while run_next(queue, context):
                continue
        except (OperationalError, InterfaceError):
            logger.exception("the database does not answer; the queue sends again what waits")
        finally:
            turn.release()


def run_next(queue: Queue, context: Context) -> bool:
    """Claims the job whose turn it is and does it to its end; False if there was none."""
    if context.stopping.is_set():
        return False
    with context.database.writing() as session:
        claim = leasing.claim(session, queue, context.name, context.device_name)
    if claim is None:
        return False
    logger.info("job %s: attempt %d begins", claim.job_id, claim.attempt)
    attempt = Attempt(claim, context)
    try:
        attempt.run()
    except LeaseLost:
        logger.warning("job %s was cancelled or is somebody else's now; stopped", claim.job_id)
        attempt.tidy()
    return True


class Attempt:
    """One worker's work on one job.

    Args:
        claim: the right to it.
        context: what the worker works with.
    """

    def __init__(self, claim: Claim, context: Context) -> None:
        self.claim = claim
        self.context = context
        self.handler = context.handlers[claim.kind]
        work = context.settings.jobs_dir / claim.job_id
        self.around = Surroundings(context.settings, context.storage, context.library, work, context.device)
        self.beaten = time.monotonic()

    @property
    def lease_ends(self) -> float:
        """By this process's own clock."""
        return self.beaten + leasing.LEASE.total_seconds()

    def run(self) -> None:
        """To its end. Raises ``LeaseLost`` where it is not this worker's any more."""
        content = self._settle(lambda: self.write(self._prepare))
        if content is None:
            return
        outcome = self._settle(lambda: Following(self, content).run())
        if outcome is None:
            return
        if outcome.interrupted:
            self.write(lambda session, row: leasing.requeue(session, row, leasing.INTERRUPTED, counts=False))
        elif outcome.reason is not None:
            self.fail(outcome.reason)
        else:
            self._settle(lambda: self._keep(content))

    def write(self, action: Callable[[Session, JobRow], _T], *, patience: float | None = None) -> _T:
        """One transaction on the row, if it is still ours; tried again while the database does not take it.

        Args:
            action: gets the session and the row, locked.
            patience: seconds to go on trying; by default until the lease is over. 0 raises the database's error.

        Raises:
            LeaseLost: it is not ours any more, or nothing could be written until the lease was over.
        """
        until = self.lease_ends if patience is None else time.monotonic() + patience
        while True:
            try:
                with self.context.database.writing() as session:
                    return action(session, leasing.held_row(session, self.claim))
            except (OperationalError, InterfaceError) as error:
                if patience == 0:
                    raise
                if time.monotonic() > until or self.context.stopping.is_set():
                    raise LeaseLost from error
                logger.warning("job %s: the database does not take it (%s); trying again", self.claim.job_id, error)
                time.sleep(_PAUSE)

    def beat(self, progress: Mapping[str, Any] | None) -> None:
        """Renews the lease. Raises ``LeaseLost``, and database errors."""
        moment = time.monotonic()
        with self.context.database.writing() as session:
            leasing.beat(session, self.claim, progress)
        self.beaten = moment

    def fail(self, reason: str) -> None:
        """The end, with the reason."""

        def end(session: Session, row: JobRow) -> None:
            leasing.end(session, row, "failed", reason)
            self.handler.ended(session, row, self.around)

        logger.info("job %s failed: %s", self.claim.job_id, reason)
        try:
            self.write(end, patience=_END_PATIENCE)
        except LeaseLost:
            raise
        except Exception:
            logger.exception("job %s: its handler could not note that it has failed", self.claim.job_id)
            self.write(lambda session, row: leasing.end(session, row, "failed", reason), patience=_END_PATIENCE)

    def tidy(self) -> None:
        """After the claim was lost, and with the child gone: what a cancelled job leaves, its handler removes."""
        try:
            with self.context.database.writing() as session:
                row = repository.lock(session, self.claim.job_id)
                # Of one that was resumed or taken over the folder is somebody else's now.
                if row is not None and row.status == "cancelled" and row.token == self.claim.token:
                    self.handler.ended(session, row, self.around)
        except Exception:
            logger.exception("job %s: what it has left could not be removed", self.claim.job_id)

    def _prepare(self, session: Session, row: JobRow) -> dict[str, Any]:
        self.around.work.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = self.handler.prepare(session, row, self.around)
        leasing.beat(session, self.claim)  # however long that took
        return content

    def _keep(self, content: dict[str, Any]) -> bool:
        """Files first, then the rows, and neither without the other."""
        self.write(lambda session, _row: leasing.beat(session, self.claim))  # storing them may take a while
        try:
            gathered = self.handler.gather(self.claim, content, self.around)
            return self.write(lambda session, row: self._finish(session, row, gathered))
        except BaseException:
            self._discard()
            raise

    def _discard(self) -> None:
        try:
            with self.context.database.reading() as session:
                self.handler.discard(session, self.claim, self.around)
        except Exception:
            # Nothing is known of the row, so its files stay: better too many than too few.
            logger.exception("job %s: what was stored for it may be left behind", self.claim.job_id)

    def _finish(self, session: Session, row: JobRow, content: dict[str, Any]) -> bool:
        self.handler.finish(session, row, content, self.around)
        leasing.end(session, row, "succeeded")
        return True

    def _settle(self, step: Callable[[], _T]) -> _T | None:
        """A step of the handler; where it does not work out, the job fails in words and None is returned."""
        try:
            return step()
        except LeaseLost:
            raise
        except JobRefused as refused:
            reason = refused.reason
        except AppError as error:
            reason = error.detail
        except Exception as error:
            logger.exception("job %s broke", self.claim.job_id)
            reason = in_words(DISK_FULL if is_disk_full(error) else BROKEN, self.claim.kind)
        self.fail(reason)
        return None
