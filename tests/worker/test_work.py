"""One attempt at one job: real child processes, no broker."""

from __future__ import annotations

import errno
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from backend.core.storage import LocalStorage
from backend.datasets.library import DatasetLibrary
from backend.jobs import leasing, repository, service
from backend.jobs.handling import Surroundings
from backend.jobs.kinds import JobKind, Queue
from tests.worker.fakes import CHILD, HANDLERS, FakeHandler
from tests.worker.site import Site, lives, until
from worker import following
from worker.work import Context, run_next, run_waiting


@pytest.fixture
def context(site: Site) -> Context:
    return Context(
        settings=site.settings,
        database=site.database,
        storage=LocalStorage(site.settings.storage_dir),
        library=DatasetLibrary(site.settings.datasets_dir),
        handlers=HANDLERS,
        command=CHILD,
        name="test",
        device="cpu",
        device_name="here cpu",
    )


@contextmanager
def working(context: Context, queue: Queue = Queue.TRAINING) -> Iterator[threading.Thread]:
    """The worker's thread, beside the test's."""
    thread = threading.Thread(target=run_waiting, args=(queue, context))
    thread.start()
    try:
        yield thread
    finally:
        context.stopping.set()
        thread.join()


def test_a_job_that_is_done_has_told_everything_in_order(site: Site, context: Context) -> None:
    job = site.job(steps=3, wait_at=3)
    with working(context):
        until(lambda: site.row(job).progress, "progress")
        row = site.row(job)
        assert row.progress == {"stage": "Steps", "done": 3, "total": 3}
        assert (row.worker, row.device) == ("test", "here cpu")
        site.go(job)
        row = site.ended(job)
    assert (row.status, row.error, row.progress, row.lease_expires_at) == ("succeeded", None, None, None)
    assert [event.get("status") or event.get("report") or event.get("stage") for event in site.events(job)] == [
        "queued", "running", None, {"epoch": 1}, {"epoch": 2}, "Steps", {"epoch": 3}, "succeeded",
    ]  # fmt: skip
    assert site.lines(job, "ended") == []


def test_nothing_waits(site: Site, context: Context) -> None:
    assert not run_next(Queue.TRAINING, context)
    other = site.job(JobKind.COMPARISON)
    assert not run_next(Queue.TRAINING, context)
    assert run_next(Queue.SHORT, context)
    assert site.row(other).status == "succeeded"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("memory", "memory is full"),
        ("device", "graphics card's memory is full"),
        ("full", "disk is full"),
        ("refused", "import it again"),
        ("noise", "server's log has the reason"),
        ("bug", "server's log has the reason"),
    ],
)
def test_what_breaks_ends_in_words_and_keeps_what_was_saved(site: Site, context: Context, how: str, words: str) -> None:
    job = site.job(steps=3, break_at=2, how=how)
    assert run_next(Queue.TRAINING, context)
    row = site.row(job)
    assert row.status == "failed"
    assert words in row.error
    assert site.lines(job, "ended") == ["failed"]
    assert (site.work(job) / "saved").read_text("ascii") == "1"
    if how not in ("noise", "refused"):
        assert "Traceback" in (site.work(job) / "log").read_text("utf-8")
    with site.database.writing() as session:
        service.resume(session, job)
    (site.data / "plans" / f"{job}.json").write_text('{"steps": 3}', "utf-8")
    assert run_next(Queue.TRAINING, context)
    assert site.row(job).status == "succeeded"
    assert site.lines(job, "steps") == ["1", "2", "3"]


def test_a_fault_of_ours_is_in_the_log_of_the_server(
    site: Site, context: Context, caplog: pytest.LogCaptureFixture
) -> None:
    site.job(break_at=1, how="divided")
    run_next(Queue.TRAINING, context)
    assert "ZeroDivisionError: divided" in caplog.text


def test_a_child_that_is_killed_fails_in_words(site: Site, context: Context) -> None:
    job = site.job(steps=2, wait_at=2)
    with working(context):
        os.kill(site.begun(job), signal.SIGKILL)
        row = site.ended(job)
    assert row.status == "failed"
    assert "signal 9" in row.error
    assert "memory was full" in row.error
    assert "resume" in row.error


def test_a_handler_may_refuse_before_and_fail_after(site: Site, context: Context) -> None:
    refused = site.job(refuse="The parent is gone; choose another one.")
    full, broken = site.job(finish="full"), site.job(finish="broken")
    while run_next(Queue.TRAINING, context):
        continue
    assert (site.row(refused).status, site.row(refused).error) == ("failed", "The parent is gone; choose another one.")
    assert site.children(refused) == []
    assert "disk is full" in site.row(full).error
    assert "fault in the program" in site.row(broken).error
    assert site.row(full).status == site.row(broken).status == "failed"


def test_a_cancelled_jobs_child_ends(site: Site, context: Context) -> None:
    job = site.job(steps=2, wait_at=2)
    with working(context) as thread:
        child = site.begun(job)
        with site.database.writing() as session:
            service.cancel(session, job)
        until(lambda: not thread.is_alive(), "the worker is free")
    assert not lives(child)
    assert site.row(job).status == "cancelled"
    assert site.lines(job, "ended") == ["cancelled"]


def test_of_a_job_that_goes_on_elsewhere_nothing_is_removed(site: Site, context: Context) -> None:
    job = site.job(steps=2, wait_at=2)
    with working(context) as thread:
        site.begun(job)
        with site.database.writing() as session:
            service.cancel(session, job)
            service.resume(session, job)
            leasing.claim(session, Queue.TRAINING, "another", "there cpu")
        until(lambda: not thread.is_alive(), "the worker is free")
    assert site.row(job).status == "running"
    assert site.lines(job, "ended") == []


def test_what_was_cancelled_while_it_waited_is_never_begun(site: Site, context: Context) -> None:
    job = site.job()
    with site.database.writing() as session:
        service.cancel(session, job)
    assert not run_next(Queue.TRAINING, context)
    assert site.children(job) == []


def test_stopping_gives_the_job_back_without_counting(site: Site, context: Context) -> None:
    job = site.job(steps=2, wait_at=2)
    with working(context):
        child = site.begun(job)
        until(lambda: site.events(job, "epoch"), "the first step is written down")
    assert not lives(child)
    assert (site.row(job).status, site.row(job).attempts) == ("queued", 0)
    assert not run_next(Queue.TRAINING, context)  # it stops


def test_a_database_that_is_locked_for_a_while_does_not_end_the_job(
    site: Site, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.db.session.BUSY_SECONDS", 0.05)
    context.database = type(site.database)(site.settings.resolved_database_url)
    monkeypatch.setattr(following, "_TICK", 0.05)
    job = site.job(steps=3, wait_at=2)
    with working(context) as thread:
        child = site.begun(job)
        until(lambda: site.row(job).progress, "progress")
        with site.database.writing() as session:
            service.enqueue(session, JobKind.DIAGNOSIS)  # holds the lock of SQLite until the block ends
            site.go(job)
            until(lambda: site.lines(job, "through"), "the child is through")
            assert thread.is_alive()
            assert site.row(job).status == "running"
        assert site.ended(job).status == "succeeded"
    assert not lives(child)
    assert [event["report"]["epoch"] for event in site.events(job, "epoch")] == [1, 2, 3]  # none lost
    context.database.close()


def test_whoever_loses_the_lease_for_lack_of_a_database_stops(
    site: Site, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leasing, "LEASE", timedelta(seconds=1))
    monkeypatch.setattr(leasing, "HEARTBEAT", timedelta(seconds=0.1))
    monkeypatch.setattr("backend.db.session.BUSY_SECONDS", 0.05)
    context.database = type(site.database)(site.settings.resolved_database_url)
    job = site.job(steps=2, wait_at=2)
    with working(context) as thread:
        child = site.begun(job)
        with site.database.writing() as session:
            service.enqueue(session, JobKind.DIAGNOSIS)
            until(lambda: not thread.is_alive(), "the worker has given up")
            assert not lives(child)
    assert site.row(job).status == "running"  # for the reaper to settle
    context.database.close()


def test_a_large_order_reaches_the_child(site: Site, context: Context) -> None:
    job = site.job(filler="x" * 500_000)
    assert run_next(Queue.TRAINING, context)
    assert site.row(job).status == "succeeded"


def test_who_is_told_twice_works_once_and_forgets_nothing(site: Site, context: Context) -> None:
    first = site.job(steps=2, wait_at=2)
    with working(context):
        site.begun(first)
        second = site.job()
        run_waiting(Queue.TRAINING, context)  # returns at once: the other thread is at it
        assert site.row(second).status == "queued"
        site.go(first)
        assert site.ended(second).status == "succeeded"
        until(lambda: not context.busy, "nothing is left to do")


def test_a_handler_that_breaks_at_the_end_does_not_keep_the_job_from_ending(
    site: Site, context: Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_: object) -> None:
        raise ValueError("of the audit")

    monkeypatch.setattr(FakeHandler, "ended", break_down)
    job = site.job(refuse="No.")
    assert run_next(Queue.TRAINING, context)
    assert (site.row(job).status, site.row(job).error) == ("failed", "No.")
    assert "of the audit" in caplog.text


def test_files_are_stored_while_others_write(site: Site, context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.db.session.BUSY_SECONDS", 0.05)
    others = type(site.database)(site.settings.resolved_database_url)
    job = site.job()
    gather = FakeHandler.gather

    def slow(self: FakeHandler, claim: leasing.Claim, content: dict[str, Any], around: Surroundings) -> dict[str, Any]:
        with others.writing() as session:
            repository.append(session, job, "log", {"text": "somebody else"})
        return gather(self, claim, content, around)

    monkeypatch.setattr(FakeHandler, "gather", slow)
    assert run_next(Queue.TRAINING, context)
    others.close()
    assert site.row(job).status == "succeeded"
    assert {"text": "somebody else"} in site.events(job, "log")
    assert (len(site.lines(job, "gathered")), site.lines(job, "discarded")) == (1, [])


def test_what_was_stored_for_an_end_that_did_not_come_through_is_discarded(site: Site, context: Context) -> None:
    job = site.job(finish="broken")
    assert run_next(Queue.TRAINING, context)
    assert site.row(job).status == "failed"
    assert site.lines(job, "gathered") == ["1"]
    assert site.lines(job, "discarded") == ["1 running"]  # looked up afresh, before the failure is written down


def test_a_full_disk_before_the_child_begins(site: Site, context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("worker.following.subprocess.Popen", full)
    job = site.job()
    assert run_next(Queue.TRAINING, context)
    assert site.row(job).status == "failed"
    assert "disk is full" in site.row(job).error
