"""Signing in with a password."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backend.access.dependencies import SESSION_COOKIE
from backend.auth import passwords, service
from backend.auth.secrets import digest
from backend.db.tables import User, UserSession
from tests.support.accounts import LOGIN, SESSION, account_of, change_row, events, log_in, post_json, row_of, written
from tests.support.people import ADMINISTRATOR, HASH, OTHER_READER, PASSWORD, READER, become
from tests.support.server import API, StartServer, assert_error, resources_of

WRONG = "quite-another-password-17"
UNKNOWN = "nobody@hospital.example"


def test_the_right_password_signs_in(client: TestClient) -> None:
    change_row(client, READER, last_sign_in_at=None)
    answer = log_in(client, READER.email)
    assert answer.status_code == 200
    account = answer.json()["account"]
    assert (account["id"], account["email"], account["role"]) == (READER.id, READER.email, "reader")
    assert account["groups"] == [{"id": READER.groups[0], "name": "Mammography"}]
    assert account["method"] == "password"
    assert not account["must_change_password"]
    assert account["has_password"]
    assert account_of(client) == account
    assert row_of(client, READER).last_sign_in_at is not None
    (started,) = events(client, "session.started")
    assert (started.actor, started.subject) == (READER.email, f"account/{READER.id}")


@pytest.mark.parametrize("email", ["READER@Hospital.Example", "  reader@hospital.example \t"])
def test_addresses_are_taken_as_people_type_them(client: TestClient, email: str) -> None:
    assert log_in(client, email).status_code == 200


def test_who_is_refused_learns_nothing_and_costs_the_same(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[str] = []
    hasher = passwords._HASHER

    class Watched:
        def verify_and_update(self, password: str, known: str) -> Any:
            worked.append(known[: known.rindex(",p=4")])
            return hasher.verify_and_update(password, known)

    monkeypatch.setattr(passwords, "_HASHER", Watched())
    change_row(client, OTHER_READER, active=False)  # with the right password
    change_row(client, ADMINISTRATOR, password_hash=None)  # invited
    answers = [
        log_in(client, READER.email, WRONG),
        log_in(client, UNKNOWN, WRONG),
        log_in(client, OTHER_READER.email, PASSWORD),
        log_in(client, ADMINISTRATOR.email, PASSWORD),
    ]
    assert_error(answers[0], 401, "sign_in_refused")
    for answer in answers:
        assert answer.content == answers[0].content
        assert set(answer.headers) == set(answers[0].headers)
        assert "set-cookie" not in answer.headers
    assert worked == ["$argon2id$v=19$m=65536,t=3"] * 4
    reasons = [(event.subject, event.after) for event in events(client, "session.refused")]
    assert reasons == [
        (f"account/{READER.id}", '{"reason":"wrong password"}'),
        ("account/unknown", '{"reason":"no such account"}'),
        (f"account/{OTHER_READER.id}", '{"reason":"not active"}'),
        (f"account/{ADMINISTRATOR.id}", '{"reason":"wrong password"}'),
    ]
    assert {event.actor for event in events(client, "session.refused")} == {"anonymous"}


def test_a_password_that_changes_in_the_very_moment(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def verify(*_: Any) -> tuple[bool, None]:
        change_row(client, READER, password_hash="another")
        return True, None

    monkeypatch.setattr(service, "verify_password", verify)
    assert_error(log_in(client, READER.email), 401, "sign_in_refused")
    assert account_of(client) is None


def test_an_outdated_hash_is_made_anew(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "verify_password", lambda *_: (True, "a better hash"))
    assert log_in(client, READER.email).status_code == 200
    assert row_of(client, READER).password_hash == "a better hash"


def test_a_hash_that_nobody_can_read_is_no_password(client: TestClient) -> None:
    change_row(client, READER, password_hash="plain")
    assert_error(log_in(client, READER.email, "plain"), 401, "sign_in_refused")


def test_every_sign_in_is_a_session_of_its_own(client: TestClient) -> None:
    log_in(client, READER.email)
    first = client.cookies[SESSION_COOKIE]
    log_in(client, READER.email)
    assert client.cookies[SESSION_COOKIE] != first
    become(client, None)
    planted = {"cookie": f"{SESSION_COOKIE}=planted"}  # fixation: a secret that somebody else chose
    answer = client.post(LOGIN, json={"email": READER.email, "password": PASSWORD}, headers=planted)
    assert "planted" not in answer.headers["set-cookie"]
    assert client.get(f"{API}/cases", headers=planted).status_code == 401


def test_the_cookie_over_http(client: TestClient) -> None:
    header = log_in(client, READER.email).headers["set-cookie"]
    value, *attributes = header.split("; ")
    assert re.fullmatch(rf"{SESSION_COOKIE}=[\w-]{{43}}", value)
    assert {each.lower() for each in attributes} == {"httponly", "max-age=43200", "path=/", "samesite=strict"}


def test_the_cookie_over_https(client: TestClient) -> None:
    client.base_url = "https://localhost"
    header = log_in(client, READER.email).headers["set-cookie"]
    value, *attributes = header.split("; ")
    assert re.fullmatch(rf"__Host-{SESSION_COOKIE}=[\w-]{{43}}", value)
    assert {each.lower() for each in attributes} == {"httponly", "max-age=43200", "path=/", "samesite=strict", "secure"}
    secret = value.partition("=")[2]
    assert account_of(client) is not None
    become(client, None)
    # The name without the prefix may come from another host of the domain, or from before TLS.
    assert client.get(SESSION, headers={"cookie": f"{SESSION_COOKIE}={secret}"}).json()["account"] is None
    assert client.get(SESSION, headers={"cookie": f"__Host-{SESSION_COOKIE}={secret}"}).json()["account"]


def test_the_life_of_the_cookie_follows_the_settings(start_server: StartServer) -> None:
    client = start_server(session_hours=2)
    assert "Max-Age=7200;" in log_in(client, READER.email).headers["set-cookie"]


def test_secrets_are_nowhere_in_the_clear(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    log_in(client, READER.email, WRONG)
    answer = log_in(client, READER.email)
    secret = client.cookies[SESSION_COOKIE]
    client.get(f"{API}/cases")
    kept = written(client)
    assert digest(secret).encode() in kept
    for hidden in (secret, PASSWORD, WRONG):
        assert hidden.encode() not in kept
        assert hidden not in caplog.text
        assert hidden not in answer.text


def test_errors_of_the_database_do_not_quote_what_was_to_be_written(client: TestClient) -> None:
    """They end up in the log."""
    with pytest.raises(IntegrityError) as caught, resources_of(client).database.writing() as session:
        session.add(User(email=READER.email, name="Private", role="reader", password_hash=HASH))
    assert "users.email" in str(caught.value)
    for hidden in (HASH, "Private"):
        assert hidden not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        {"email": "no address", "password": WRONG},
        {"email": READER.email, "password": WRONG, "remember": WRONG},
        {"email": READER.email, "password": [WRONG]},
        {"email": READER.email, "password": {WRONG[:5]: WRONG}},
        {"email": READER.email, "password": WRONG * 20},
        {"email": WRONG},
        {"email": READER.email, "password": WRONG + "\ud800"},
        [WRONG],
        WRONG,
    ],
)
def test_a_body_that_does_not_fit_is_not_echoed(
    client: TestClient, caplog: pytest.LogCaptureFixture, body: object
) -> None:
    caplog.set_level(logging.DEBUG)
    become(client, None)
    answer = post_json(client, LOGIN, body)
    assert_error(answer, 422, "validation_failed")
    assert WRONG[:10] not in answer.text
    assert WRONG not in caplog.text
    half = client.post(LOGIN, content=f'{{"password": "{WRONG}', headers={"content-type": "application/json"})
    assert_error(half, 422, "validation_failed")
    assert WRONG not in half.text


@pytest.mark.parametrize(
    ("email", "status"),
    [
        ("'or'1'='1'--@hospital.example", 401),
        ('";drop/**/table/**/users;--@x', 401),
        ("reader@hospital.example'||'", 401),
        ("%@hospital.example", 401),
        ("reader_hospital.example@", 422),
        ("ｒeader@hospital.example", 401),
        ("reader@hospital.example\0", 422),
        ("reader\u2028@hospital.example", 422),
        ("a@b@c", 422),
        ("\ud800@hospital.example", 422),
        ("🩻@皮膚.example", 401),
        ("x" * 243 + "@hospital.example", 422),
        ("İ" * 240 + "@x.example", 422),  # small letters of it are two characters each
        ("", 422),
        ("   ", 422),
    ],
)
def test_rubbish_for_an_address(client: TestClient, email: str, status: int) -> None:
    answer = log_in(client, email)
    assert answer.status_code == status, answer.text
    with resources_of(client).database.reading() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 5


def test_no_password_is_too_odd_to_be_looked_at(client: TestClient) -> None:
    for password in ("\0", "🩻" * 256, " " * 256, "é"):
        assert_error(log_in(client, READER.email, password), 401, "sign_in_refused")


def test_sessions_that_have_ended_are_cleared_away(client: TestClient) -> None:
    with resources_of(client).database.writing() as session:
        row = session.scalars(select(UserSession).where(UserSession.user_id == OTHER_READER.id)).one()
        row.expires_at = row.created_at
    log_in(client, READER.email)
    with resources_of(client).database.reading() as session:
        left = set(session.scalars(select(UserSession.user_id)))
    assert OTHER_READER.id not in left
    assert ADMINISTRATOR.id in left


def test_who_is_not_signed_in_is_told_how_to(client: TestClient) -> None:
    become(client, None)
    answer = client.get(SESSION)
    assert answer.json() == {"account": None, "sign_in": {"single_sign_on": None, "first_start": False}}
    assert answer.headers["cache-control"] == "no-store"


def test_the_brake_is_told_in_the_trail_once_in_a_while(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "verify_password", lambda *_: (False, None))
    become(client, None)
    for _ in range(14):
        log_in(client, READER.email, WRONG)
    (told,) = events(client, "session.braked")
    assert (told.actor, told.subject) == ("anonymous", f"account/{READER.id}")
    assert len(events(client, "session.refused")) == 10
