"""Workers, brokers and children are killed; no job is lost and none is done twice. Real processes throughout."""

from __future__ import annotations

import itertools
import os
import signal

import pytest

from backend.core.queue import Broker
from backend.jobs import service
from backend.jobs.dispatcher import JobDispatcher
from backend.jobs.kinds import TASKS, JobKind, Queue
from tests.worker.site import BrokerProcess, Site, kill, lives, until


def test_a_killed_workers_job_is_picked_up_again_and_goes_on(
    broker: BrokerProcess, site: Site, sending: JobDispatcher
) -> None:
    job = site.job(steps=4, wait_at=3)
    first = site.worker()
    child = site.begun(job)
    second = site.worker()
    until(lambda: site.lines(job, "steps") == ["1", "2"], "two steps are done")
    kill(first)
    until(lambda: not lives(child), "the child has ended with its worker")
    site.begun(job, times=2)
    site.go(job)
    row = site.ended(job)
    assert (row.status, row.attempts, row.error) == ("succeeded", 2, None)
    assert site.lines(job, "steps") == ["1", "2", "3", "4"]  # none again
    assert site.lines(job, "finished") == ["2"]
    assert str(second.pid) in row.worker
    whys = [event["why"] for event in site.events(job, "status") if "why" in event]
    assert len(whys) == 1
    assert "not heard of" in whys[0]


def test_a_job_whose_workers_are_lost_three_times_fails_in_words(
    valkey: BrokerProcess, site: Site, sending: JobDispatcher
) -> None:
    job = site.job(steps=2, wait_at=2)
    workers = [site.worker() for _ in range(3)]
    by_number = {worker.pid: worker for worker in workers}
    for attempt in (1, 2, 3):
        site.begun(job, times=attempt)
        holder = int(site.row(job).worker.rpartition(" ")[2])
        kill(by_number.pop(holder))
    row = site.ended(job)
    assert (row.status, row.attempts) == ("failed", 3)
    assert "lost 3 times" in row.error
    assert "resume" in row.error
    assert (site.work(job) / "saved").read_text("ascii") == "1"  # kept
    with site.database.writing() as session:
        service.resume(session, job)
    site.go(job)
    site.worker()
    assert site.ended(job).status == "succeeded"
    assert site.lines(job, "steps") == ["1", "2"]


def test_a_broker_that_is_killed_loses_nothing_and_doubles_nothing(
    broker: BrokerProcess, site: Site, sending: JobDispatcher
) -> None:
    running = site.job(steps=2, wait_at=2)
    worker = site.worker()
    site.begun(running)
    waiting = [site.job() for _ in range(4)]
    until(lambda: all(site.row(job).sent_at for job in waiting), "the queue was told")
    broker.kill()
    late = site.job()  # while there is no broker
    until(lambda: sending.state == "unavailable", "the server has noticed")
    site.go(running)
    assert site.ended(running).status == "succeeded"
    broker.start()
    for job in (*waiting, late):
        assert site.ended(job).status == "succeeded", site.told(job)
    for job in (running, *waiting, late):
        assert len(site.children(job)) == 1
        assert site.lines(job, "finished") == ["1"]
    assert worker.poll() is None
    assert sending.state == "ok"


def test_a_message_that_comes_several_times_does_its_work_once(
    valkey: BrokerProcess, site: Site, sending: JobDispatcher
) -> None:
    job = site.job(steps=2, wait_at=2)
    site.worker("both")
    site.begun(job)
    extra = Broker(site.broker_url)
    for _ in range(5):
        extra.send(TASKS[Queue.TRAINING], Queue.TRAINING, job)
    until(lambda: extra.waiting(Queue.TRAINING) <= 1, "they were delivered")
    site.go(job)
    assert site.ended(job).status == "succeeded"
    extra.send(TASKS[Queue.TRAINING], Queue.TRAINING, job)  # and when it is done already
    other = site.job(JobKind.DIAGNOSIS)
    assert site.ended(other).status == "succeeded"
    until(lambda: extra.waiting(Queue.TRAINING) == 0, "it was delivered")
    extra.close()
    assert len(site.children(job)) == 1
    assert site.lines(job, "finished") == ["1"]


def test_a_worker_that_hung_writes_nothing_any_more(valkey: BrokerProcess, site: Site, sending: JobDispatcher) -> None:
    job = site.job(steps=3, wait_at=2)
    first = site.worker()
    child = site.begun(job)
    second = site.worker()
    # Between two writes: who is stopped inside one keeps SQLite locked for everybody (docs/adr/0046).
    until(lambda: site.row(job).progress, "what it had to say is written down")
    beat = site.row(job).heartbeat_at
    until(lambda: site.row(job).heartbeat_at != beat, "its heart has just beaten")
    os.kill(first.pid, signal.SIGSTOP)
    site.begun(job, times=2)
    assert not lives(child)  # it has not heard of its worker, and has ended before the other one began
    site.go(job)
    assert site.ended(job).status == "succeeded"
    before = site.events(job)
    os.kill(first.pid, signal.SIGCONT)
    until(lambda: "somebody else's" in site.log(first), "it has seen that it is not its job", lambda: site.log(first))
    assert site.events(job) == before
    row = site.row(job)
    assert (row.status, row.attempts) == ("succeeded", 2)
    assert str(second.pid) in row.worker
    kill(second)
    assert site.ended(site.job()).status == "succeeded"  # it is of use again


def test_cancelling_ends_the_child_and_frees_the_worker(
    valkey: BrokerProcess, site: Site, sending: JobDispatcher
) -> None:
    job = site.job(steps=2, wait_at=2)
    site.worker()
    child = site.begun(job)
    after = site.job()
    with site.database.writing() as session:
        service.cancel(session, job)
    until(lambda: not lives(child), "the child is gone")
    assert site.ended(after).status == "succeeded"
    row = site.row(job)
    assert (row.status, row.error) == ("cancelled", None)
    assert site.lines(job, "finished") == []
    assert site.events(job)[-1]["status"] == "cancelled"


def test_a_worker_that_is_told_to_stop_gives_its_job_back(
    valkey: BrokerProcess, site: Site, sending: JobDispatcher
) -> None:
    job = site.job(steps=2, wait_at=2)
    worker = site.worker()
    child = site.begun(job)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=30) == 0, site.log(worker)
    assert not lives(child)
    row = site.row(job)
    assert (row.status, row.attempts) == ("queued", 0)  # it was no attempt of its own
    assert "stopped" in site.events(job, "status")[-1]["why"]
    site.go(job)
    site.worker()
    assert site.ended(job).status == "succeeded"
    assert site.row(job).attempts == 1


@pytest.mark.parametrize("queue", ["training", "both"])
def test_two_workers_on_one_device_never_train_at_once(
    valkey: BrokerProcess, site: Site, sending: JobDispatcher, queue: str
) -> None:
    jobs = [site.job(steps=3) for _ in range(5)]
    for _ in range(2):
        site.worker(queue)
    for job in jobs:
        assert site.ended(job).status == "succeeded"
    times = []
    for job in jobs:
        [started], [through] = site.lines(job, "started"), site.lines(job, "through")
        times.append((float(started.split()[2]), float(through)))
    times.sort()
    assert all(end <= begin for (_, end), (begin, _) in itertools.pairwise(times))
