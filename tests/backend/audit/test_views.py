"""One view is one event, also when a page asks for much at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.access.principal import Principal, acting_as
from backend.audit import views
from backend.audit.service import Subject
from backend.audit.views import ViewLog
from tests.support.accounts import events
from tests.support.server import resources_of

CASE = Subject("case", "7")
ANNA, BERT = Principal("anna@x"), Principal("bert@x")


@pytest.fixture
def log(client: TestClient) -> ViewLog:
    return ViewLog(resources_of(client).database)


def note(log: ViewLog, who: Principal, subject: Subject = CASE) -> None:
    with acting_as(who):
        log.note("case.viewed", subject)


def test_requests_that_come_at_once_are_one_view(
    client: TestClient, log: ViewLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = threading.Barrier(4)
    looked: set[int] = set()
    is_noted = ViewLog._is_noted

    def all_at_once(self: ViewLog, key: Any) -> bool:
        found = is_noted(self, key)
        if threading.get_ident() not in looked:
            looked.add(threading.get_ident())
            together.wait(timeout=5)  # until every one of them has looked for the first time
        return found

    monkeypatch.setattr(ViewLog, "_is_noted", all_at_once)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: note(log, ANNA), range(4)))
    assert len(events(client, "case.viewed")) == 1


def test_nobody_is_shown_what_could_not_be_noted(
    client: TestClient, log: ViewLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("no room")

    with monkeypatch.context() as broken:
        broken.setattr(views, "record", fail)
        with pytest.raises(OSError, match="no room"):
            note(log, ANNA)
    note(log, ANNA)
    assert len(events(client, "case.viewed")) == 1  # what failed does not count as noted


def test_each_person_and_thing_is_a_view_of_its_own(client: TestClient, log: ViewLog) -> None:
    for who, subject in ((ANNA, CASE), (BERT, CASE), (ANNA, Subject("case", "8")), (ANNA, CASE)):
        note(log, who, subject)
    assert [(event.actor, event.subject) for event in events(client, "case.viewed")] == [
        ("anna@x", "case/7"),
        ("bert@x", "case/7"),
        ("anna@x", "case/8"),
    ]


def test_what_is_remembered_is_bounded(log: ViewLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_REMEMBERED", 3)
    for number in range(5):
        note(log, ANNA, Subject("case", str(number)))
    assert len(log._noted) == 3
