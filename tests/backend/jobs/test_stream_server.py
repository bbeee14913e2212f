"""Streams over real connections: browsers come and go, and a server that stops does not wait for them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.db.migrate import upgrade
from backend.db.session import Database
from backend.jobs import repository, service
from backend.jobs.kinds import JobKind
from tests.backend.jobs.test_streaming import parse, say

TIMEOUT = 30


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/jobs.sqlite3"
    upgrade(url)
    made = Database(url)
    yield made
    made.close()


@pytest.fixture
def job(database: Database) -> str:
    with database.writing() as session:
        return service.enqueue(session, JobKind.TRAINING).id


@pytest.fixture
def process(tmp_path: Path, database: Database, job: str) -> Iterator[subprocess.Popen[bytes]]:
    arguments = [f"sqlite:///{tmp_path}/jobs.sqlite3", job, str(tmp_path / "port")]
    made = subprocess.Popen([sys.executable, "-m", "tests.backend.jobs.stream_server", *arguments])
    yield made
    made.kill()
    made.wait()


@pytest.fixture
def address(tmp_path: Path, process: subprocess.Popen[bytes]) -> str:
    port = tmp_path / "port"
    until(lambda: port.is_file() and port.read_text("ascii"))
    return f"http://127.0.0.1:{port.read_text('ascii')}"


def until(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def open_streams(address: str) -> int:
    found: int = httpx.get(f"{address}/open", timeout=TIMEOUT).json()
    return found


def test_a_browser_that_comes_back_goes_on_where_it_was(address: str, database: Database, job: str) -> None:
    for text in "abc":
        say(database, job, text)
    with httpx.stream("GET", f"{address}/events", timeout=TIMEOUT) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-accel-buffering"] == "no"
        text = ""
        for part in answer.iter_text():
            text += part
            if ": still here" in text:
                break
    assert text.startswith("retry: 2000\n\n")
    assert [number for number, _, _ in parse(text)] == [1, 2, 3, 4]
    until(lambda: open_streams(address) == 0)  # the server has noticed that nobody listens
    say(database, job, "d")
    with database.writing() as session:
        service.cancel(session, job)
    for given, seen in (({"Last-Event-ID": "4"}, [5, 6]), ({"Last-Event-ID": "x"}, [3, 4, 5, 6]), ({}, [3, 4, 5, 6])):
        again = httpx.get(f"{address}/events?after=2", headers=given, timeout=TIMEOUT)  # it ends by itself
        assert [number for number, _, _ in parse(again.text)] == seen


def test_fifty_streams_leave_room_for_requests_and_do_not_hold_up_the_end(
    address: str, process: subprocess.Popen[bytes], database: Database, job: str
) -> None:
    with ExitStack() as stack:
        client = stack.enter_context(closing(httpx.Client(timeout=TIMEOUT, limits=httpx.Limits(max_connections=60))))
        answers = [stack.enter_context(client.stream("GET", f"{address}/events")) for _ in range(50)]
        until(lambda: open_streams(address) == 50)
        say(database, job, "for all")
        lines = [answer.iter_lines() for answer in answers]
        for one in lines:
            assert next(line for line in one if "for all" in line)
        assert open_streams(address) == 50  # answered by a thread of requests
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=TIMEOUT) is not None
        for one in lines:
            assert not any("event: status" in line for line in one)  # they were ended, not broken off
    with database.reading() as session:
        assert repository.require(session, job).status == "queued"
