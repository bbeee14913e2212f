"""Server-sent events: all of them, in order, to whoever may see them, and no longer than the server lives."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from backend.access.permissions import Permission
from backend.access.principal import ANONYMOUS, SYSTEM, Principal
from backend.access.rules import guard
from backend.db.session import Database
from backend.jobs import leasing, repository, service, streaming
from backend.jobs.kinds import JobKind, Queue
from backend.jobs.streaming import Position, read

Event = tuple[int | None, str, dict[str, Any]]


def parse(text: str) -> list[Event]:
    """As a browser does, as far as we use it."""
    found = []
    for block in filter(None, text.split("\n\n")):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(("retry", ":")))
        if "event" in fields:
            number = int(fields["id"]) if "id" in fields else None
            found.append((number, fields["event"], json.loads(fields["data"])))
    return found


def follow(database: Database, job_id: str, position: Position) -> tuple[list[Event], Position]:
    text, after = read(database, SYSTEM, job_id, position)
    return parse(text), after


@pytest.fixture
def job(database: Database) -> str:
    with database.writing() as session:
        return service.enqueue(session, JobKind.DIAGNOSIS).id


def say(database: Database, job_id: str, text: str) -> int:
    with database.writing() as session:
        repository.lock(session, job_id)
        return repository.append(session, job_id, "log", {"text": text}).sequence


def claimed(database: Database, job_id: str) -> leasing.Claim:
    """All others of an earlier test first, on PostgreSQL."""
    while True:
        with database.writing() as session:
            held = leasing.claim(session, Queue.SHORT, "somebody", "cpu")
        assert held is not None
        if held.job_id == job_id:
            return held


def test_each_once_and_progress_without_a_number(database: Database, job: str) -> None:
    held = claimed(database, job)
    say(database, job, "two\nlines, ä")
    events, position = follow(database, job, Position(0))
    assert [(number, kind) for number, kind, _ in events] == [(1, "status"), (2, "status"), (3, "log")]
    assert events[2][2]["text"] == "two\nlines, ä"
    assert events[2][2]["at"].endswith("+00:00")
    assert follow(database, job, position) == ([], position)
    with database.writing() as session:
        leasing.beat(session, held, {"stage": "Images", "done": 1, "total": 2})
    events, position = follow(database, job, position)
    assert events == [(None, "progress", {"stage": "Images", "done": 1, "total": 2})]
    assert follow(database, job, position)[0] == []
    with database.writing() as session:
        leasing.end(session, leasing.held_row(session, held), "succeeded")
    events, position = follow(database, job, position)
    assert [kind for _, kind, _ in events] == ["status"]
    assert position.ended


def test_an_end_that_was_resumed_is_no_end(database: Database, job: str) -> None:
    with database.writing() as session:
        service.cancel(session, job)
    assert follow(database, job, Position(0))[1].ended
    with database.writing() as session:
        service.resume(session, job)
    events, position = follow(database, job, Position(0))
    assert [data["status"] for _, _, data in events] == ["queued", "cancelled", "queued"]
    assert not position.ended


def test_more_than_one_batch_is_not_cut(database: Database, job: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "BATCH", 3)
    for number in range(7):
        say(database, job, str(number))
    with database.writing() as session:
        service.cancel(session, job)
    seen: list[int | None] = []
    position = Position(0)
    while not position.ended:
        events, position = follow(database, job, position)
        seen += [number for number, _, _ in events]
    assert seen == list(range(1, 10))


def test_who_reads_while_many_write_misses_nothing(database: Database, job: str) -> None:
    """The number is given under the row's lock, so what is committed later has a greater one."""
    writers, each = 6, 15
    position = Position(0)
    seen: list[int | None] = []
    done = threading.Event()

    def write(name: int) -> None:
        for number in range(each):
            say(database, job, f"{name}.{number}")

    def watch() -> None:
        nonlocal position
        while True:
            last = done.is_set()
            events, position = follow(database, job, position)
            seen.extend(number for number, _, _ in events)
            if last:
                return

    threads = [threading.Thread(target=write, args=(name,)) for name in range(writers)]
    watcher = threading.Thread(target=watch)
    watcher.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    watcher.join()
    assert seen == list(range(1, writers * each + 2))


def test_who_may_not_see_the_job_sees_nothing_of_it(database: Database, job: str) -> None:
    guarded = Database(database.engine.url.render_as_string(hide_password=False), guard=guard)
    reader = Principal("reader", user_id="1", permissions=frozenset({Permission.DATASETS_READ}))
    assert parse(read(guarded, reader, job, Position(0))[0])
    text, position = read(guarded, ANONYMOUS, job, Position(0))
    assert (text, position.ended) == ("", True)
    guarded.close()
