"""What is done ends up in the trail, with the change or not at all, and the database keeps it."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from backend.audit import service
from backend.audit.heads import Heads
from backend.audit.service import HEADS, Subject, record
from backend.audit.verify import verify
from backend.cases import repository as cases
from backend.db.session import Database
from backend.db.tables import AuditEvent
from tests.support.images import png
from tests.support.people import ADMINISTRATOR, become
from tests.support.server import API, Predict, StartServer, Upload, resources_of

CASE = Subject("case", "a" * 32)


@pytest.fixture
def heads(tmp_path: Path) -> Heads:
    return Heads(tmp_path / "audit" / "heads.txt")


@pytest.fixture
def database(empty_trail: Path, tmp_path: Path, heads: Heads) -> Any:
    copy = tmp_path / "vitrine.sqlite3"
    copy.write_bytes(empty_trail.read_bytes())
    database = Database(f"sqlite:///{copy}", {HEADS: heads})
    yield database
    database.close()


def events(client: TestClient) -> list[AuditEvent]:
    with resources_of(client).database.reading() as session:
        return list(session.scalars(select(AuditEvent).order_by(AuditEvent.sequence)))


def told(client: TestClient, action: str) -> AuditEvent:
    """The only event of this kind."""
    (event,) = [event for event in events(client) if event.action == action]
    return event


def test_the_life_of_a_case(client: TestClient, upload: Upload, predict: Predict) -> None:
    case = upload(pseudonym="P-17")
    prediction = predict(case["id"])
    answer = client.patch(f"{API}/cases/{case['id']}", json={"notes": "seen", "pseudonym": "P-17"})
    assert answer.status_code == 200
    client.delete(f"{API}/cases/{case['id']}")

    created = told(client, "case.created")
    assert created.subject == f"case/{case['id']}"
    assert (created.actor, created.address) == ("admin@hospital.example", "testclient")
    assert json.loads(created.after)["pseudonym"] == "P-17"
    assert json.loads(told(client, "prediction.created").after)["predicted_class"] == prediction["predicted_class"]
    changed = told(client, "case.changed")
    assert (changed.before, changed.after) == ('{"notes":""}', '{"notes":"seen"}')
    assert changed.request_id == answer.headers["X-Request-ID"]
    assert json.loads(told(client, "case.deleted").before)["sha256"] == case["sha256"]
    resources = resources_of(client)
    with resources.database.reading() as session:
        found = verify(session, Heads(resources.settings.audit_heads_file))
    assert found.problems == []
    assert (found.events, found.unnoted) == (len(events(client)), 0)


def test_the_server_notes_the_models_it_finds_once(start_server: StartServer) -> None:
    for _ in range(2):
        with start_server() as client:
            resources_of(client).inference.wait_until_registered()
            event = told(client, "model_version.registered")
            assert (event.actor, event.address, event.request_id) == ("system", "-", "-")
            assert told(client, "model_version.activated").subject == event.subject


def test_nothing_is_told_of_what_did_not_happen(client: TestClient, upload: Upload) -> None:
    case = upload()
    before = len(events(client))
    client.patch(f"{API}/cases/{case['id']}", json={"notes": ""})  # as it was
    client.patch(f"{API}/cases/{case['id']}", json={"dataset": "no-such-set"})
    client.post(f"{API}/cases", files={"file": ("a.png", b"no picture")})
    client.delete(f"{API}/cases/{'0' * 32}")
    assert len(events(client)) == before


def test_an_event_goes_with_its_change(database: Database, heads: Heads) -> None:
    def fail(session: Session) -> None:
        record(session, "case.created", CASE)
        raise RuntimeError

    with pytest.raises(RuntimeError), database.writing() as session:
        fail(session)
    with database.writing() as session:
        record(session, "case.changed", CASE, {"notes": "a"}, {"notes": "é"})
    with database.reading() as session:
        (event,) = session.scalars(select(AuditEvent))
    assert (event.sequence, event.action, event.after) == (1, "case.changed", '{"notes":"é"}')
    assert heads.read() == {1: event.hash}


def test_a_change_whose_event_cannot_be_written_does_not_happen(
    client: TestClient, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = upload()
    monkeypatch.setattr("backend.audit.service.link", lambda *_: 1 / 0)
    quiet = become(TestClient(client.app, base_url="http://localhost", raise_server_exceptions=False), ADMINISTRATOR)
    assert quiet.delete(f"{API}/cases/{case['id']}").status_code == 500
    assert quiet.post(f"{API}/cases", files={"file": ("a.png", png())}).status_code == 500
    with resources_of(client).database.reading() as session:
        assert cases.get(session, case["id"]) is not None
        assert cases.count(session, ()) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET actor = 'nobody'",
        "UPDATE audit_events SET sequence = 9 WHERE sequence = 2",
        "DELETE FROM audit_events WHERE sequence = 2",
        "DELETE FROM audit_events",
        "INSERT OR REPLACE INTO audit_events SELECT * FROM audit_events WHERE sequence = 1",
        "INSERT INTO audit_events SELECT sequence + 5, 'x', 'x', 'x', 'x', 'x', 'x', '', '', '', '' FROM audit_events",
    ],
)
def test_the_database_only_lets_events_be_added(database: Database, statement: str) -> None:
    with database.writing() as session:
        for _ in range(2):
            record(session, "case.viewed", CASE)
    with pytest.raises(DatabaseError, match="audit events are"), database.writing() as session:
        session.execute(text(statement))
    with database.reading() as session:
        assert [event.sequence for event in session.scalars(select(AuditEvent))] == [1, 2]


def test_events_of_many_at_once_stand_in_one_chain(database: Database, heads: Heads) -> None:
    def work(name: str) -> None:
        for number in range(10):
            with database.writing() as session:
                record(session, "case.viewed", Subject("case", f"{name}-{number}"))

    threads = [threading.Thread(target=work, args=(str(index),)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        found = verify(session, heads)
    assert (found.events, found.unnoted, found.problems) == (80, 0, [])


def test_heads_that_a_crash_left_out_are_noted_at_the_next_start(database: Database, heads: Heads) -> None:
    with database.writing() as session:
        for _ in range(3):
            record(session, "case.viewed", CASE)
    lines = heads.path.read_text().splitlines(keepends=True)
    heads.path.write_text("".join(lines[:-1]) + lines[-1][:20])  # the last one was cut short
    with database.reading() as session:
        assert verify(session, heads).unnoted == 1
    assert service.settle(database, heads) == 1
    with database.reading() as session:
        found = verify(session, heads)
    assert (found.unnoted, found.problems) == (0, [])


def test_a_damaged_file_of_heads_stops_nobody_from_working(
    database: Database, heads: Heads, caplog: pytest.LogCaptureFixture
) -> None:
    with database.writing() as session:
        record(session, "case.viewed", CASE)
    heads.path.write_text("rubbish\n")
    assert service.settle(database, heads) == 0
    assert "vitrine audit verify" in caplog.text


def test_writing_waits_for_nobody_who_reads(database: Database) -> None:
    with database.reading() as reader:
        reader.scalars(select(AuditEvent)).all()
        with database.writing() as session:
            record(session, "case.viewed", CASE)
    connection = sqlite3.connect(database.engine.url.database or "")
    assert connection.execute("SELECT count(*) FROM audit_events").fetchone() == (1,)
    connection.close()
