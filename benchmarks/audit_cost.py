"""What accounts and the audit trail add to a request, in one run: with and without, turn by turn.

    .venv/bin/python -m benchmarks.audit_cost --requests 400

A real server on 127.0.0.1 with SQLite in a temporary folder and a trail of a given length. "Without" leaves away the
one thing that is measured, in the same process: the event of a change, the event of a view, finding out who asks, the
rules in the queries.
"""

# ruff: noqa: T201 (its output)

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import uvicorn
from fastapi import FastAPI

from backend.access.dependencies import PAGE_HEADER, SESSION_COOKIE
from backend.access.permissions import PERMISSIONS, Role
from backend.access.principal import Principal
from backend.app import create_app
from backend.audit.service import Subject, record
from backend.audit.views import ViewLog
from backend.auth.secrets import digest, new_secret
from backend.cases import service as cases
from backend.core.settings import Settings
from backend.db.base import now
from backend.db.tables import Case, User, UserSession
from backend.resources import Resources

API = "/api/v1"
OWNED = 200
Request = Callable[[httpx.Client], httpx.Response]


@contextmanager
def server(folder: Path) -> Iterator[tuple[FastAPI, str]]:
    """The application and its address."""
    app = create_app(
        Settings(
            data_dir=folder, prepare_examples=False, embedded_worker=False, log_level="WARNING", inference_threads=1
        )
    )
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", access_log=False)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.05)
    port = running.servers[0].sockets[0].getsockname()[1]
    try:
        yield app, f"http://127.0.0.1:{port}"
    finally:
        running.should_exit = True
        thread.join(20)


def prepare(resources: Resources, events: int) -> tuple[str, str, str, str]:
    """A reader with cases of their own among those of others, and a trail; cookie, case, somebody's case, reader."""
    secret = new_secret()
    with resources.database.writing() as session:
        reader, other = (User(email=f"{name}@x.example", name=name, role="reader", active=True) for name in "ab")
        session.add_all([reader, other])
        session.flush()
        later = now() + timedelta(hours=1)
        row = UserSession(user_id=reader.id, token_hash=digest(secret), method="password", address="", browser="")
        row.expires_at = later
        session.add(row)
        made = [_case(reader.id if index % 2 else other.id) for index in range(2 * OWNED)]
        session.add_all(made)
        session.flush()
        case = next(case.id for case in made if case.owner_id == reader.id)
        hidden = next(case.id for case in made if case.owner_id != reader.id)
        user = reader.id
    for start in range(0, events, 500):
        with resources.database.writing() as session:
            for index in range(start, min(start + 500, events)):
                record(session, "case.changed", Subject("case", case), {"notes": ""}, {"notes": str(index)})
    return secret, case, hidden, user


def _case(owner: str) -> Case:
    return Case(
        owner_id=owner, pseudonym="P", notes="", sha256="0" * 64, width=1, height=1, frames=1, source_format="png",
        deidentified=True, synthetic=True, image_key="none", thumbnail_key="none",
    )  # fmt: skip


def alternate(count: int, request: Callable[[bool], httpx.Response], status: int = 200) -> tuple[float, float]:
    """Medians in ms of two kinds of requests, turn by turn."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for index in range(2 * count + 20):
        kind = index % 2 == 0
        start = time.perf_counter()
        answer = request(kind)
        took = (time.perf_counter() - start) * 1000
        if answer.status_code != status:
            raise SystemExit(f"{answer.request.url} answers {answer.status_code}: {answer.text}")
        if index >= 20:
            times[kind].append(took)
    return statistics.median(times[True]), statistics.median(times[False])


def compare(client: httpx.Client, count: int, request: Request, without: Callable[[], Any]) -> tuple[float, float]:
    """Medians in ms, with and without."""

    def ask(full: bool) -> httpx.Response:
        with nullcontext() if full else without():
            return request(client)

    return alternate(count, ask)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--events", type=int, default=20_000, help="in the trail beforehand")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (app, address):
        resources: Resources = app.state.resources
        secret, case, hidden, user = prepare(resources, given.events)
        headers = {"cookie": f"{SESSION_COOKIE}={secret}", PAGE_HEADER: "1"}
        numbers = iter(range(10**9))
        # Each view is a new one: views of the same thing within ten minutes are noted once.
        fresh = mock.patch.object(ViewLog, "_is_noted", return_value=False)
        unseen = lambda: mock.patch.object(ViewLog, "note", return_value=None)  # noqa: E731
        known = Principal("a", user_id=user)
        rows: list[tuple[str, Request, Callable[[], Any], Any]] = [
            (
                "a change, with its event",
                lambda client: client.patch(f"{API}/cases/{case}", json={"notes": str(next(numbers))}),
                lambda: mock.patch.object(cases, "record", return_value=None),
                None,
            ),
            ("a first view, with its event", lambda client: client.get(f"{API}/cases/{case}"), unseen, fresh),
            ("a further view of the same", lambda client: client.get(f"{API}/cases/{case}"), unseen, None),
            (
                "finding out who asks",
                lambda client: client.get(f"{API}/examples"),
                lambda: mock.patch("backend.auth.identify.identify_session", return_value=_reader(known)),
                None,
            ),
            (
                f"the rules, in a page of 50 of {2 * OWNED} cases",
                lambda client: client.get(f"{API}/cases"),
                lambda: mock.patch("backend.access.rules._options", return_value=()),
                None,
            ),
        ]
        print(f"{given.requests} requests each, medians in ms, trail of {given.events} events")
        print(f"{'':48}{'with':>8}{'without':>9}{'cost':>7}")
        with httpx.Client(base_url=address, headers=headers) as client:
            for title, request, without, patch in rows:
                with patch or nullcontext():
                    full, bare = compare(client, given.requests, request, without)
                print(f"{title:48}{full:8.2f}{bare:9.2f}{full - bare:7.2f}")
            paths = {True: f"{API}/cases/{hidden}", False: f"{API}/cases/{'0' * 32}"}
            hid, unknown = alternate(given.requests, lambda kind: client.get(paths[kind]), 404)
            title = "a hidden case, against an unknown id"
            print(f"{title:48}{hid:8.2f}{unknown:9.2f}{hid - unknown:7.2f}")


def _reader(known: Principal) -> Principal:
    return Principal(known.name, known.user_id, Role.READER, PERMISSIONS[Role.READER], session_id="s")


if __name__ == "__main__":
    main()
