"""What people do with their own account."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.access.dependencies import PAGE_HEADER, SESSION_COOKIE
from backend.access.permissions import Permission
from backend.account import service
from backend.auth.secrets import digest
from backend.db.base import now
from backend.db.tables import UserSession
from tests.support.accounts import account_of, add_token, change_row, events, log_in, row_of, written
from tests.support.people import ADMINISTRATOR, HASH, OTHER_READER, PASSWORD, READER, Person, become
from tests.support.server import API, UNKNOWN_ID, assert_error, resources_of

ACCOUNT = f"{API}/account"
SESSIONS, CASES = f"{ACCOUNT}/sessions", f"{API}/cases"
NEW = "gravel-octopus-lantern-63"


@pytest.fixture
def reader(client: TestClient) -> TestClient:
    return become(client, READER)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Passwords are compared and kept without the slow hash; gives those that were kept."""
    kept: list[str] = []
    monkeypatch.setattr(service, "verify_password", lambda given, known: (given == PASSWORD and known == HASH, None))

    def hash_password(given: str) -> str:
        kept.append(given)
        return f"hash {len(kept)}"

    monkeypatch.setattr(service, "hash_password", hash_password)
    return kept


def set_password(client: TestClient, current: str | None = PASSWORD, new: str = NEW) -> Any:
    return client.post(f"{ACCOUNT}/password", json={"current_password": current, "new_password": new})


def works(client: TestClient, person: Person | None = None, secret: str = "") -> bool:
    """Whether a session of this person, or with this secret, is still open."""
    cookie = {"cookie": f"{SESSION_COOKIE}={person.secret if person else secret}"}
    return bool(client.get(CASES, headers=cookie).status_code == 200)


def test_another_password(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = add_token(client, READER, [Permission.CASES_READ])
    log_in(client, READER.email)
    mine = client.cookies[SESSION_COOKIE]
    client.headers[PAGE_HEADER] = "1"
    answer = set_password(client)
    assert (answer.status_code, answer.content) == (204, b"")
    assert account_of(client)["id"] == READER.id  # one's own stays
    become(client, None)
    assert works(client, secret=mine)
    assert not works(client, READER)
    assert works(client, OTHER_READER)
    assert client.get(CASES, headers=token).status_code == 200
    assert_error(log_in(client, READER.email), 401, "sign_in_refused")
    assert log_in(client, READER.email, NEW).status_code == 200
    (told,) = events(client, "account.password_set")
    assert (told.actor, told.before, told.after) == (READER.email, None, '{"by":"owner"}')
    for hidden in (PASSWORD, NEW):
        assert hidden.encode() not in written(client)
        assert hidden not in caplog.text


def test_a_wrong_current_password_changes_nothing(reader: TestClient, quick: list[str]) -> None:
    assert_error(set_password(reader, "wrong"), 400, "wrong_password")
    for current in ("", None):
        assert_error(set_password(reader, current), 422, "validation_failed")
    assert quick == []
    assert row_of(reader, READER).password_hash == HASH
    assert len(events(reader, "account.wrong_password")) == 1


@pytest.mark.parametrize("new", ["short", "password1234", "reader@hospital.example", PASSWORD])
def test_new_passwords_that_will_not_do(reader: TestClient, quick: list[str], new: str) -> None:
    answer = set_password(reader, new=new)
    assert_error(answer, 400, "weak_password")
    assert new not in answer.text
    assert quick == []


def test_two_changes_at_once(reader: TestClient, quick: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever knows only the old password must not undo the change of somebody who was faster."""

    def hash_password(_: str) -> str:
        change_row(reader, READER, password_hash="of a reset")
        return "of the attacker"

    monkeypatch.setattr(service, "hash_password", hash_password)
    assert_error(set_password(reader), 400, "wrong_password")
    assert row_of(reader, READER).password_hash == "of a reset"


def test_who_signs_in_elsewhere_gets_no_password_here(client: TestClient, quick: list[str]) -> None:
    """It would go round the identity provider, and its second factor, from an open browser."""
    become(client, READER)
    change_row(client, READER, password_hash=None, issuer="https://id.example", subject="7")
    assert not account_of(client)["has_password"]
    assert_error(set_password(client, "guess"), 409, "signs_in_elsewhere")
    become(client, ADMINISTRATOR)
    assert_error(client.post(f"{API}/people/{READER.id}/link"), 409, "signs_in_elsewhere")
    assert quick == []


def test_a_one_time_password_is_replaced(reader: TestClient, quick: list[str]) -> None:
    change_row(reader, READER, must_change_password=True)
    assert_error(reader.get(CASES), 403, "password_change_needed")
    assert set_password(reader).status_code == 204
    assert reader.get(CASES).status_code == 200


def test_the_name_needs_no_password(reader: TestClient) -> None:
    answer = reader.patch(ACCOUNT, json={"name": "  Anna Schmidt "})
    assert answer.json()["account"]["name"] == "Anna Schmidt"
    (told,) = events(reader, "account.changed")
    assert (told.before, told.after) == ('{"name":"Reader"}', '{"name":"Anna Schmidt"}')
    assert reader.patch(ACCOUNT, json={}).status_code == 200
    assert len(events(reader, "account.changed")) == 1


def test_only_administrators_change_addresses(reader: TestClient, quick: list[str]) -> None:
    """They name people in the trail: nobody acts under a name of their own choice."""
    for email in ("chief@hospital.example", ADMINISTRATOR.email):  # nor is it told which ones there are
        body = {"email": email, "current_password": PASSWORD}
        assert_error(reader.patch(ACCOUNT, json=body), 403, "not_allowed")
    assert row_of(reader, READER).email == READER.email


def test_the_address_needs_the_password(client: TestClient, quick: list[str]) -> None:
    for body in ({}, {"current_password": "wrong"}, {"current_password": None}):
        assert_error(client.patch(ACCOUNT, json={"email": "anna@x.example", **body}), 400, "wrong_password")
    assert row_of(client, ADMINISTRATOR).email == ADMINISTRATOR.email
    answer = client.patch(ACCOUNT, json={"email": "Anna@X.example", "current_password": PASSWORD})
    assert answer.json()["account"]["email"] == "anna@x.example"
    assert_error(log_in(client, ADMINISTRATOR.email), 401, "sign_in_refused")
    assert log_in(client, "anna@x.example").status_code == 200


@pytest.mark.parametrize("email", [READER.email, READER.email.upper()])
def test_an_address_that_is_taken(client: TestClient, quick: list[str], email: str) -> None:
    body = {"name": "New", "email": email, "current_password": PASSWORD}
    assert_error(client.patch(ACCOUNT, json=body), 409, "email_taken")
    row = row_of(client, ADMINISTRATOR)
    assert (row.email, row.name) == (ADMINISTRATOR.email, "Admin")
    assert events(client, "account.changed") == []


@pytest.mark.parametrize(
    "body", [{"role": "administrator"}, {"active": True}, {"must_change_password": False}, {"id": "x"}, {"name": " "}]
)
def test_nothing_else_of_the_account_can_be_changed(reader: TestClient, body: dict[str, Any]) -> None:
    assert_error(reader.patch(ACCOUNT, json=body), 422, "validation_failed")


def test_sessions(client: TestClient) -> None:
    log_in(client, READER.email, headers={"user-agent": "Firefox\t" + "x" * 300})
    items = client.get(SESSIONS).json()["items"]
    assert [(each["current"], each["method"], each["address"]) for each in items] == [
        (True, "password", "testclient"),
        (False, "password", "testclient"),
    ]
    assert items[0]["browser"].startswith("Firefox")
    assert len(items[0]["browser"]) <= 200
    assert client.cookies[SESSION_COOKIE] not in client.get(SESSIONS).text
    assert digest(client.cookies[SESSION_COOKIE]) not in client.get(SESSIONS).text


def test_sessions_that_have_ended_are_not_shown(reader: TestClient) -> None:
    moments = [{"expires_at": now()}, {"last_seen_at": now() - timedelta(minutes=60)}]
    with resources_of(reader).database.writing() as session:
        for number, more in enumerate(moments):
            fields = {"expires_at": now() + timedelta(1), **more}
            row = UserSession(
                user_id=READER.id, token_hash=str(number), method="password", address="-", browser="", **fields
            )
            session.add(row)
    (only,) = reader.get(SESSIONS).json()["items"]
    assert only["current"]


def test_sessions_of_others_are_nobodys_business(client: TestClient) -> None:
    (other,) = become(client, OTHER_READER).get(SESSIONS).json()["items"]
    for person in (READER, ADMINISTRATOR):
        become(client, person)
        assert other["id"] not in client.get(SESSIONS).text
        foreign = client.delete(f"{SESSIONS}/{other['id']}")
        assert foreign.content == client.delete(f"{SESSIONS}/{UNKNOWN_ID}").content
        assert_error(foreign, 404, "session_not_found")
        assert client.delete(SESSIONS).status_code == 204
    assert works(become(client, None), OTHER_READER)


def test_ending_sessions(client: TestClient) -> None:
    log_in(client, READER.email)
    secret = client.cookies[SESSION_COOKIE]
    client.headers[PAGE_HEADER] = "1"
    other = next(each for each in client.get(SESSIONS).json()["items"] if not each["current"])
    assert client.delete(f"{SESSIONS}/{other['id']}").status_code == 204
    become(client, None)
    assert not works(client, READER)
    assert works(client, secret=secret)
    log_in(client, READER.email)
    client.headers[PAGE_HEADER] = "1"
    assert client.delete(SESSIONS).status_code == 204
    assert [each["current"] for each in client.get(SESSIONS).json()["items"]] == [True]
    become(client, None)
    assert not works(client, secret=secret)
    assert [event.actor for event in events(client, "session.ended")] == [READER.email]
    assert [event.actor for event in events(client, "session.others_ended")] == [READER.email]
