"""What is sent to the queue, and when it is sent again."""

from __future__ import annotations

import sqlite3
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backend.db.base import now
from backend.db.job_tables import JobRow
from backend.db.migrate import upgrade
from backend.db.session import Database
from backend.jobs import dispatcher, leasing, repository, service
from backend.jobs.dispatcher import JobDispatcher
from backend.jobs.kinds import TASKS, JobKind, Queue


class FakeBroker:
    """Remembers messages."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.taken = 0
        self.gone = False
        self.closed = False

    def ping(self) -> bool:
        return not self.gone

    def waiting(self, queue: str) -> int:
        return sum(one[1] == queue for one in self.sent[self.taken :])

    def send(self, task: str, queue: str, job_id: str) -> None:
        if self.gone:
            raise ConnectionError
        self.sent.append((task, queue, job_id))

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """SQLite is enough here."""
    url = f"sqlite:///{tmp_path}/jobs.sqlite3"
    upgrade(url)
    return Database(url)


def enqueue(database: Database, kind: JobKind = JobKind.TRAINING) -> str:
    with database.writing() as session:
        return service.enqueue(session, kind).id


def long_ago(database: Database, *ids: str) -> None:
    with database.writing() as session:
        repository.mark_sent(session, ids, now() - timedelta(minutes=1))


def until(condition) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_each_job_goes_once_to_its_queue(database: Database) -> None:
    broker = FakeBroker()
    sending = JobDispatcher(database, broker)
    training, short = enqueue(database), enqueue(database, JobKind.DIAGNOSIS)
    assert sending.send_waiting() == 2
    assert sending.send_waiting() == 0
    assert broker.sent == [
        (TASKS[Queue.TRAINING], "training", training),
        (TASKS[Queue.SHORT], "short", short),
    ]


def test_what_may_be_lost_is_sent_again_but_the_queue_does_not_grow(database: Database) -> None:
    broker = FakeBroker()
    sending = JobDispatcher(database, broker)
    jobs = [enqueue(database) for _ in range(3)]
    sending.send_waiting()
    long_ago(database, *jobs)
    assert sending.send_waiting() == 0  # they lie there still
    broker.taken = 3  # by a worker that was lost, say
    assert sending.send_waiting() == 0  # not yet
    long_ago(database, *jobs)
    assert sending.send_waiting() == 1  # one is enough: who takes it does all that waits
    with database.writing() as session:
        leasing.claim(session, Queue.TRAINING, "somebody", "cpu")
        leasing.requeue(session, repository.lock(session, jobs[0]), "its worker was lost", counts=True)
    assert sending.send_waiting() == 1  # at once
    assert broker.sent[-1][2] == jobs[0]


def test_a_lost_worker_is_told_of_to_whoever_must_know(database: Database) -> None:
    told = []
    sending = JobDispatcher(database, FakeBroker(), lambda session, row: told.append((row.id, row.status)))
    job = enqueue(database)
    for _ in range(leasing.MOST_ATTEMPTS):
        assert told == []
        with database.writing() as session:
            held = leasing.claim(session, Queue.TRAINING, "somebody", "cpu")
            repository.renew(session, job, held.token, {"lease_expires_at": now() - timedelta(seconds=1)})
        assert sending.reap() == 1
    assert told == [(job, "failed")]
    assert sending.reap() == 0


def test_the_thread_survives_a_broker_and_a_database_that_are_gone(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(dispatcher, "TICK", 0.01)
    monkeypatch.setattr(dispatcher, "WARN_AFTER", 0.0)
    broker = FakeBroker()
    sending = JobDispatcher(database, broker)
    states = {sending.state}  # nobody has asked yet
    sending.start()
    until(lambda: sending.state == "ok")
    broker.gone = True
    until(lambda: sending.state == "unavailable")
    job = enqueue(database)
    sending.wake()
    broken = threading.Event()

    def fail(*_: object) -> None:
        broken.set()
        raise RuntimeError("no database")

    with monkeypatch.context() as patch:
        patch.setattr(repository, "list_unsent", fail)
        broker.gone = False
        assert broken.wait(20)
    until(lambda: broker.sent)
    assert broker.sent[0][2] == job
    sending.stop()
    assert "unavailable" in states
    assert broker.closed
    assert caplog.text.count("could not be sent") == 1  # said once, not every second
    assert "VITRINE_BROKER_URL" in caplog.text


def expire(database: Database) -> None:
    """Somebody claims the job whose turn it is, and is lost."""
    with database.writing() as session:
        held = leasing.claim(session, Queue.TRAINING, "somebody", "cpu")
        repository.renew(session, held.job_id, held.token, {"lease_expires_at": now() - timedelta(seconds=1)})


def status(database: Database, job: str) -> str:
    with database.reading() as session:
        return repository.require(session, job).status


def test_an_end_that_the_database_does_not_take_comes_later_and_whole(database: Database) -> None:
    told, locked = [], True

    def tell(session: Session, row: JobRow) -> None:
        if locked:
            raise OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))
        told.append(row.id)

    sending = JobDispatcher(database, FakeBroker(), tell)
    job = enqueue(database)
    for _ in range(leasing.MOST_ATTEMPTS):
        expire(database)
        settled = sending.reap()
    assert (settled, status(database, job), told) == (0, "running", [])
    locked = False
    assert sending.reap() == 1
    assert (status(database, job), told) == ("failed", [job])


def test_without_a_queue_nothing_is_sent_and_lost_workers_are_noticed(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(dispatcher, "TICK", 0.01)
    monkeypatch.setattr(dispatcher, "REAP_EVERY", 0.01)
    monkeypatch.setattr(dispatcher, "WARN_AFTER", 0.0)
    job = enqueue(database)
    expire(database)
    off = JobDispatcher(database, None)
    off.start()
    off.wake()
    until(lambda: status(database, job) == "queued")
    assert off.state == "off"
    assert off.send_waiting() == 0
    off.stop()
    assert "VITRINE_BROKER_URL" not in caplog.text  # there is none to complain of
