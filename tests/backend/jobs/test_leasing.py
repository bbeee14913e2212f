"""Claims, heartbeats and ends, on both kinds of database."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from backend.db.base import now
from backend.db.job_tables import JobRow
from backend.db.session import Database
from backend.jobs import leasing, repository, service
from backend.jobs.errors import JobEnded, JobNotEnded
from backend.jobs.kinds import JobKind, Queue
from backend.jobs.leasing import Claim, LeaseLost


@pytest.fixture(autouse=True)
def nothing_else(database: Database) -> None:
    """PostgreSQL's database outlives a test."""
    with database.writing() as session:
        for status in ("queued", "running"):
            for row in session.query(JobRow).filter_by(status=status):
                leasing.end(session, row, "cancelled")


def enqueue(database: Database, kind: JobKind = JobKind.TRAINING) -> str:
    with database.writing() as session:
        return service.enqueue(session, kind).id


def claim(database: Database, queue: Queue = Queue.TRAINING, device: str = "cpu") -> Claim | None:
    with database.writing() as session:
        return leasing.claim(session, queue, "somebody", device)


def row(database: Database, job_id: str) -> JobRow:
    with database.reading() as session:
        return repository.require(session, job_id)


def test_the_oldest_first_and_one_at_a_time_on_a_device(database: Database) -> None:
    first, second = enqueue(database), enqueue(database)
    with database.reading() as session:
        assert service.positions(session) == {first: 1, second: 2}
    assert claim(database).job_id == first
    assert claim(database) is None
    assert claim(database, device="another").job_id == second
    short = [enqueue(database, JobKind.DIAGNOSIS) for _ in range(2)]
    assert [claim(database, Queue.SHORT).job_id for _ in short] == short


def test_many_claim_at_once_and_one_gets_it(database: Database) -> None:
    job = enqueue(database)
    found: list[Claim | None] = []
    gate = threading.Barrier(8)

    def ask() -> None:
        gate.wait()
        found.append(claim(database, device=threading.current_thread().name))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.job_id for one in found if one] == [job]
    assert row(database, job).attempts == 1


def test_an_earlier_holder_writes_nothing(database: Database) -> None:
    job = enqueue(database)
    old = claim(database)
    with database.writing() as session:
        leasing.requeue(session, repository.lock(session, job), "tried", counts=True)
    new = claim(database)
    assert (new.token, new.attempt) == (2, 2)
    for act in (
        lambda session: leasing.beat(session, old, {"done": 9}),
        lambda session: leasing.tell(session, old, "log", {"text": "late"}),
        lambda session: leasing.held_row(session, old),
    ):
        with pytest.raises(LeaseLost), database.writing() as session:
            act(session)
    with database.writing() as session:
        leasing.beat(session, new, {"done": 1})
    assert row(database, job).progress == {"done": 1}


def test_a_lease_that_is_over_is_settled_and_three_times_is_enough(database: Database) -> None:
    job = enqueue(database)
    for attempt in (1, 2, 3):
        held = claim(database)
        assert held.attempt == attempt
        with database.writing() as session:
            assert leasing.reap(session, job) is None  # it lives
            repository.renew(session, job, held.token, {"lease_expires_at": now() - timedelta(seconds=1)})
        with database.reading() as session:
            assert job in repository.list_expired(session, now())
        with database.writing() as session:
            assert leasing.reap(session, job) == ("failed" if attempt == 3 else "queued")
    assert "lost 3 times" in row(database, job).error
    with database.writing() as session:
        assert service.resume(session, job).status == "queued"
    assert claim(database).attempt == 1


def test_only_what_has_not_ended_is_cancelled_and_only_what_broke_is_resumed(database: Database) -> None:
    job = enqueue(database)
    with pytest.raises(JobNotEnded), database.writing() as session:
        service.resume(session, job)
    with database.writing() as session:
        service.cancel(session, job)
    with pytest.raises(JobEnded), database.writing() as session:
        service.cancel(session, job)
    with database.writing() as session:
        service.resume(session, job)
    held = claim(database)
    with database.writing() as session:
        leasing.end(session, leasing.held_row(session, held), "succeeded")
    with pytest.raises(JobNotEnded), database.writing() as session:
        service.resume(session, job)
    with database.reading() as session:
        told = [event.data["status"] for event in repository.list_events(session, job, kind="status")]
        assert [event.sequence for event in repository.list_events(session, job)] == [1, 2, 3, 4, 5]
    assert told == ["queued", "cancelled", "queued", "running", "succeeded"]
