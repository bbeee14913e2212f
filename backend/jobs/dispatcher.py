"""The server's thread that tells workers what waits, and takes jobs from workers that are not heard of any more."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Literal, Protocol

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from backend.db.base import now
from backend.db.job_tables import JobRow
from backend.db.session import Database
from backend.jobs import leasing, repository
from backend.jobs.kinds import TASKS, Queue

logger = logging.getLogger(__name__)

QueueState = Literal["ok", "unavailable", "off"]
TICK = 1.0
REAP_EVERY = 5.0
# A job that waits and of which the queue was last told this long ago: perhaps the message was lost.
RESEND_AFTER = timedelta(seconds=20)
# A broker that is started again is not worth a warning.
WARN_AFTER = 5.0
# Older than this, what is known of the broker is not believed; longer than the database may block.
_FRESH = 20.0
UNREACHABLE = (
    "the queue does not answer; jobs wait in the database until it does. "
    "If it stays like this, see VITRINE_BROKER_URL and VITRINE_BROKER_BINARY"
)


class Sender(Protocol):
    """Of ``backend.core.queue.Broker``, what is needed here."""

    def ping(self) -> bool: ...
    def waiting(self, queue: str) -> int: ...
    def send(self, task: str, queue: str, job_id: str) -> None: ...
    def close(self) -> None: ...


class JobDispatcher:
    """``wake`` it whenever a job was queued. Messages are sent here, never in a request's thread.

    Args:
        database: where the rows are.
        broker: None where this server has no queue; then nothing is sent, but jobs of lost workers are settled still.
        given_up: told of a job that failed because its workers were lost too often, inside that transaction.
    """

    def __init__(
        self, database: Database, broker: Sender | None, given_up: Callable[[Session, JobRow], None] | None = None
    ) -> None:
        self._database = database
        self._broker = broker
        self._given_up = given_up
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._answers = False
        self._asked = time.monotonic()
        self._answered = self._asked
        self._warned = self._complained = False

    @property
    def state(self) -> QueueState:
        """Of the queue; known already, so that nobody waits for it."""
        if self._broker is None:
            return "off"
        return "ok" if self._answers and time.monotonic() - self._asked < _FRESH else "unavailable"

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="job dispatcher", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """A job waits, and its row is committed. Returns at once."""
        self._wake.set()

    def stop(self) -> None:
        """End; what was not sent is sent by the next server."""
        self._stopping.set()
        self._wake.set()
        if self._thread:
            self._thread.join(timeout=30)
        if self._broker is not None:
            self._broker.close()

    def send_waiting(self) -> int:
        """Tells the queue of what waits; how many messages that took."""
        if self._broker is None:
            return 0
        with self._database.reading() as session:
            rows = repository.list_unsent(session, now() - RESEND_AFTER)
        sent = 0
        # Any message makes a worker take all that waits. So none is sent again while one lies there: else the queue
        # would grow for as long as a training lasts.
        idle = {queue: self._broker.waiting(queue) == 0 for queue in {row.queue for row in rows if row.sent_at}}
        for row in rows:
            if row.sent_at is None or idle[row.queue]:
                self._broker.send(TASKS[Queue(row.queue)], row.queue, row.id)
                idle[row.queue] = False
                sent += 1
        if rows:
            with self._database.writing() as session:
                repository.mark_sent(session, [row.id for row in rows], now())
        return sent

    def reap(self) -> int:
        """Settles jobs whose lease is over; how many."""
        with self._database.reading() as session:
            expired = repository.list_expired(session, now())
        settled = 0
        for job_id in expired:
            try:
                status = self._reap_one(job_id, self._given_up)
            except (OperationalError, InterfaceError) as error:
                # Nothing was written. Without what follows, the end would stand in no audit trail.
                logger.warning("job %s: the database does not take its end (%s); trying again", job_id, error)
                continue
            except Exception:
                logger.exception("what follows from the end of job %s could not be done", job_id)
                status = self._reap_one(job_id, None)
            if status is not None:
                logger.warning("the worker of job %s was lost; the job is now %s", job_id, status)
                settled += 1
        return settled

    def _reap_one(self, job_id: str, given_up: Callable[[Session, JobRow], None] | None) -> str | None:
        with self._database.writing() as session:
            status = leasing.reap(session, job_id)
            if status == "failed" and given_up is not None:
                given_up(session, repository.require(session, job_id))
        return status

    def _run(self) -> None:
        next_reap = 0.0
        while not self._stopping.is_set():
            try:
                if time.monotonic() >= next_reap:
                    next_reap = time.monotonic() + REAP_EVERY
                    self.reap()
                self._ask()
                if self._answers:
                    self.send_waiting()
            except Exception:  # the database or the broker is gone; both come back
                if not self._complained:
                    logger.exception("waiting jobs could not be sent to the queue; trying again every second")
                self._complained = True
            else:
                self._complained = False
            self._wake.wait(TICK)
            self._wake.clear()

    def _ask(self) -> None:
        if self._broker is None:
            return
        answers = self._broker.ping()
        self._answers, self._asked = answers, time.monotonic()
        if answers:
            self._answered, self._warned = self._asked, False
        elif not self._warned and self._asked - self._answered > WARN_AFTER:
            logger.warning(UNREACHABLE)
            self._warned = True
