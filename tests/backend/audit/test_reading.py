"""Reading the trail over HTTP: pages, filters, files, verification."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.access.permissions import Permission
from backend.audit.chain import GENESIS, Content, link
from backend.audit.service import Subject, record
from tests.support.accounts import add_token, change_row, events, log_in
from tests.support.people import ADMINISTRATOR, COORDINATOR, READER, RESEARCHER, Person, become
from tests.support.server import API, Upload, assert_error, resources_of

TRAIL = f"{API}/audit-events"
EXPORT, VERIFICATION = f"{TRAIL}/export", f"{TRAIL}/verification"
Add = Callable[..., None]


@pytest.fixture
def add(client: TestClient) -> Add:
    """Adds events of the server itself."""

    def write(action: str, subject: str = "case/7", count: int = 1, **after: Any) -> None:
        kind, _, identity = subject.partition("/")
        with resources_of(client).database.writing() as session:
            for _ in range(count):
                record(session, action, Subject(kind, identity), after=after or None)

    return write


def found(client: TestClient, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(TRAIL, params={"limit": 200, **query})
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["total"] == len(page["items"])
    items: list[dict[str, Any]] = page["items"]
    return items


def tamper(client: TestClient, statement: str) -> None:
    """As somebody with access to the file would."""
    with sqlite3.connect(resources_of(client).settings.data_dir / "vitrine.sqlite3") as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
    connection.close()


def test_newest_first_and_the_reading_itself_is_told(client: TestClient, add: Add) -> None:
    add("thing.made", "thing/1", size=3)
    first, second = client.get(TRAIL, params={"limit": 2}).json()["items"]
    assert (first["action"], first["actor"], first["subject"]) == ("audit.viewed", ADMINISTRATOR.email, "audit/events")
    assert second | {"at": "", "hash": ""} == {
        "sequence": first["sequence"] - 1,
        "at": "",
        "actor": "system",
        "address": "-",
        "request_id": "-",
        "action": "thing.made",
        "subject": "thing/1",
        "before": None,
        "after": {"size": 3},
        "hash": "",
    }
    assert second["at"].endswith("Z")


def test_pages_join_without_gaps(client: TestClient, add: Add) -> None:
    add("thing.made", count=7)
    seen: list[int] = []
    query: dict[str, Any] = {"limit": 3, "action": "thing.made"}
    for expected in (3, 3, 1):
        page = client.get(TRAIL, params=query).json()
        assert (len(page["items"]), page["total"]) == (expected, 7)
        seen += [each["sequence"] for each in page["items"]]
        add("thing.other")  # what arrives between pages does not shift them
        query["before"] = page["next_before"]
    assert page["next_before"] is None
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 7


def test_filters(client: TestClient, add: Add) -> None:
    script = add_token(client, READER, [Permission.CASES_READ])
    become(client, None).get(f"{API}/cases", headers=script)
    become(client, READER).get(f"{API}/cases")
    become(client, ADMINISTRATOR)
    add("thing.made", "thing/1")
    add("thing_made", "thing/2")
    add("thing.made", "thingy/1")
    assert len(found(client, action="thing.made")) == 2
    assert len(found(client, action="thing.*")) == 2
    assert len(found(client, action="thing*")) == 3
    assert [each["subject"] for each in found(client, subject="thing/*")] == ["thing/2", "thing/1"]
    assert len(found(client, subject="thing/1")) == 1
    assert [each["action"] for each in found(client, actor=READER.email)] == ["cases.listed"] * 2  # also by token
    assert len(found(client, actor=f"{READER.email} (token script)")) == 1
    assert found(client, actor="reader@hospital_example") == found(client, actor="%") == []
    assert found(client, action="%*") == found(client, action="thing_.*") == []
    assert found(client, actor="'; DROP TABLE audit_events; --") == []
    assert "thing.made" in client.get(TRAIL).json()["actions"]


def test_times(client: TestClient, add: Add) -> None:
    add("thing.made", count=3)
    newest, middle, oldest = (each["at"] for each in found(client, action="thing.made"))
    assert len(found(client, action="thing.made", since=middle)) == 2
    assert [each["at"] for each in found(client, action="thing.made", until=middle)] == [oldest]
    assert [each["at"] for each in found(client, action="thing.made", since=newest)] == [newest]
    naive = middle.removesuffix("Z")  # taken for UTC, wherever the server stands
    assert len(found(client, action="thing.made", since=naive)) == 2


@pytest.mark.parametrize(
    "query",
    [
        {"since": "0001-01-01T00:00:00+14:00"},
        {"until": "9999-12-31T23:59:59-14:00"},
        {"since": "yesterday"},
        {"since": "1e400"},
        {"actor": "a\0"},
        {"action": "\0*"},
        {"subject": "x" * 129},
        {"actor": "x" * 321},
        {"before": 0},
        {"before": 2**31},
        {"limit": 201},
    ],
)
def test_filters_that_do_not_fit(client: TestClient, query: dict[str, Any]) -> None:
    assert_error(client.get(TRAIL, params=query), 422, "validation_failed")
    if not query.keys() & {"before", "limit"}:
        assert_error(client.get(EXPORT, params=query), 422, "validation_failed")


def test_who_may_read_the_trail(client: TestClient) -> None:
    script = add_token(client, ADMINISTRATOR, [Permission.AUDIT_READ])
    other = add_token(client, ADMINISTRATOR, [Permission.CASES_READ])
    for path in (TRAIL, EXPORT, VERIFICATION):
        for person in (READER, COORDINATOR, RESEARCHER):
            assert_error(become(client, person).get(path), 403, "not_allowed")
        become(client, None)
        assert_error(client.get(path), 401, "not_signed_in")
        assert client.get(path, headers=script).status_code == 200
        assert_error(client.get(path, headers=other), 403, "not_allowed")


def test_as_a_table(client: TestClient, add: Add) -> None:
    change_row(client, READER, email='=cmd|"/c calc"!a1@x')
    become(client, READER).get(f"{API}/cases", params={"search": 'a,"b"'})
    become(client, ADMINISTRATOR)
    for subject in ("+1/1", "@x/1", "-2+3/1", "＝1/1"):
        add("thing.made", subject)
    answer = client.get(EXPORT)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    name = answer.headers["content-disposition"]
    assert name.startswith('attachment; filename="vitrine-audit-20')
    assert name.endswith('.csv"')
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [int(row["sequence"]) for row in rows] == list(range(1, len(rows) + 1))
    assert not [
        cell for row in rows for cell in row.values() if cell[:1] in tuple("=+@\t\r＝") or cell.startswith("-2")
    ]
    assert {row["address"] for row in rows} == {"-", "testclient"}  # a lone dash is no formula
    viewed = next(row for row in rows if row["action"] == "cases.listed")
    assert viewed["actor"] == '\'=cmd|"/c calc"!a1@x'
    assert json.loads(viewed["after"]) == {"search": 'a,"b"'}
    assert rows[-1]["action"] == "audit.exported"
    assert (rows[-1]["actor"], json.loads(rows[-1]["after"])) == (ADMINISTRATOR.email, {"format": "csv"})


def test_as_lines_whose_hashes_anybody_can_compute(client: TestClient, add: Add) -> None:
    add("thing.made", text='Läsion "皮膚"\u2028\n', count=1100)  # more than are read at once
    answer = client.get(EXPORT, params={"format": "jsonl"})
    assert answer.headers["content-type"] == "application/jsonl"
    lines = answer.content.decode().split("\n")
    assert lines.pop() == ""
    previous = GENESIS
    for number, line in enumerate(lines, 1):
        event = json.loads(line)
        assert (event.pop("previous"), event["sequence"]) == (previous, number)
        digest = event.pop("hash")
        assert link(previous, Content(**event)) == digest
        previous = digest
    assert len([line for line in lines if "thing.made" in line]) == 1100


def test_what_is_exported_is_filtered_and_told(client: TestClient, add: Add) -> None:
    add("thing.made", "thing/1", count=2)
    query = {"format": "jsonl", "action": "thing.*", "since": "2020-01-01"}
    answer = client.get(EXPORT, params=query)
    assert [json.loads(line)["action"] for line in answer.text.splitlines()] == ["thing.made"] * 2
    (told,) = events(client, "audit.exported")
    assert json.loads(told.after) == {
        "format": "jsonl",
        "action": "thing.*",
        "since": "2020-01-01 00:00:00+00:00",
    }
    assert_error(client.get(EXPORT, params={"format": "xlsx"}), 422, "validation_failed")


def test_a_view_is_told_once_in_ten_minutes(
    client: TestClient, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("backend.audit.views.time.monotonic", lambda: clock[0])
    path = f"{API}/cases/{upload()['id']}"
    client.put(f"{path}/sharing", json={"visibility": "open"})

    def look(person: Person) -> list[str]:
        become(client, person)
        for each in (path, f"{path}/image", f"{path}/predictions", path):
            assert client.get(each).status_code == 200
        return [event.actor for event in events(client, "case.viewed")]

    assert look(READER) == [READER.email]
    clock[0] += 599
    assert look(READER) == [READER.email]
    assert look(RESEARCHER) == [READER.email, RESEARCHER.email]
    clock[0] += 2
    assert look(READER) == [READER.email, RESEARCHER.email, READER.email]
    assert look(RESEARCHER) == [READER.email, RESEARCHER.email, READER.email]


def test_what_was_looked_for_is_another_view(client: TestClient) -> None:
    for search in (None, "a", "b", "a", None):
        client.get(f"{API}/cases", params={"search": search} if search else {})
    assert [event.after for event in events(client, "cases.listed")] == [None, '{"search":"a"}', '{"search":"b"}']


def test_what_is_not_shown_is_not_viewed(client: TestClient, upload: Upload) -> None:
    path = f"{API}/cases/{upload()['id']}"
    become(client, READER)
    assert client.get(path).status_code == 404
    assert events(client, "case.viewed") == []


def test_sign_ins_that_failed(client: TestClient) -> None:
    log_in(client, READER.email, "wrong-wrong")
    log_in(client, "my-password-by-mistake@x", "wrong-wrong")
    become(client, ADMINISTRATOR)
    items = found(client, action="session.refused")
    assert [(each["actor"], each["address"], each["subject"], each["after"]) for each in items] == [
        ("anonymous", "testclient", "account/unknown", {"reason": "no such account"}),
        ("anonymous", "testclient", f"account/{READER.id}", {"reason": "wrong password"}),
    ]
    assert "mistake" not in client.get(EXPORT).text


def test_changes_of_what_somebody_may_do(client: TestClient) -> None:
    answer = client.patch(f"{API}/people/{READER.id}", json={"role": "researcher"})
    (told,) = found(client, subject=f"account/{READER.id}")
    assert (told["action"], told["before"], told["after"]) == (
        "account.changed",
        {"role": "reader"},
        {"role": "researcher"},
    )
    assert (told["actor"], told["request_id"]) == (ADMINISTRATOR.email, answer.headers["x-request-id"])


def test_verification(client: TestClient, add: Add) -> None:
    add("thing.made", count=3)
    count = len(events(client, "thing.made")) + len(events(client, "model.registered"))
    report = client.get(VERIFICATION).json()
    assert report["unbroken"]
    assert (report["problems"], report["events"] >= count) == ([], True)
    newest = events(client, "thing.made")[-1].sequence
    tamper(client, f"UPDATE audit_events SET after = '{{}}' WHERE sequence = {newest}")
    report = client.get(VERIFICATION).json()
    assert not report["unbroken"]
    assert [problem["sequence"] for problem in report["problems"]] == [newest]
    tamper(client, "DELETE FROM audit_events WHERE sequence > 1")
    assert not client.get(VERIFICATION).json()["unbroken"]


@pytest.mark.parametrize("change", ["after = '{'", "before = '[1]'", "before = 'x'", "at = 'never'", "at = '0001'"])
def test_a_trail_that_was_tampered_with_stays_readable(client: TestClient, add: Add, change: str) -> None:
    add("thing.made", "thing/1", count=2)
    newest = events(client, "thing.made")[-1].sequence
    tamper(client, f"UPDATE audit_events SET {change} WHERE sequence = {newest}")
    damaged, whole = found(client, action="thing.made")
    assert damaged["sequence"] == newest
    assert whole["subject"] == "thing/1"
    assert client.get(EXPORT).status_code == client.get(EXPORT, params={"format": "jsonl"}).status_code == 200
    assert not client.get(VERIFICATION).json()["unbroken"]
