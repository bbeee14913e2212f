"""Sessions in the browser and API tokens: who somebody is, request by request."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, select

from backend.access.dependencies import PAGE_HEADER, SESSION_COOKIE
from backend.access.permissions import PERMISSIONS, Permission, Role
from backend.db.base import now
from backend.db.tables import ApiToken, UserSession
from tests.support.accounts import LOGOUT, SESSION, account_of, add_token, change_row, events, log_in
from tests.support.images import png
from tests.support.people import ADMINISTRATOR, HASH, PASSWORD, READER, RESEARCHER, Person, become
from tests.support.server import API, StartServer, assert_error, resources_of

CASES = f"{API}/cases"
FILE = {"file": ("a.png", png())}


def move(client: TestClient, person: Person, **moments: datetime) -> None:
    """Moves the clock of a session by changing its row."""
    with resources_of(client).database.writing() as session:
        row = session.scalars(select(UserSession).where(UserSession.user_id == person.id)).one()
        for name, moment in moments.items():
            setattr(row, name, moment)


def last_seen(client: TestClient, person: Person) -> datetime:
    with resources_of(client).database.reading() as session:
        return session.scalars(select(UserSession).where(UserSession.user_id == person.id)).one().last_seen_at


def status(client: TestClient) -> int:
    code: int = client.get(CASES).status_code
    return code


@pytest.mark.parametrize(("idle", "code"), [(29.9, 200), (30, 401)])
def test_a_session_that_is_not_used_ends(start_server: StartServer, idle: float, code: int) -> None:
    client = become(start_server(session_idle_minutes=30), READER)
    move(client, READER, last_seen_at=now() - timedelta(minutes=idle))
    assert status(client) == code
    assert status(client) == code  # asking again does not wake it up


@pytest.mark.parametrize(("left", "code"), [(1, 200), (0, 401), (-60, 401)])
def test_every_session_ends(client: TestClient, left: float, code: int) -> None:
    become(client, READER)
    move(client, READER, expires_at=now() + timedelta(minutes=left))
    assert status(client) == code
    assert (account_of(client) is not None) == (code == 200)


def test_use_does_not_make_a_session_longer(client: TestClient) -> None:
    become(client, READER)
    end = account_of(client)["expires_at"]
    move(client, READER, last_seen_at=now() - timedelta(minutes=5))
    assert status(client) == 200
    assert account_of(client)["expires_at"] == end


def test_use_is_noted_once_a_minute(client: TestClient) -> None:
    become(client, READER)
    client.get(SESSION)
    seen: list[str] = []
    engine = resources_of(client).database.engine
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    before = now() - timedelta(seconds=50)
    move(client, READER, last_seen_at=before)
    assert [client.get(SESSION).status_code for _ in range(3)] == [200] * 3
    assert last_seen(client, READER) == before
    moved = now() - timedelta(seconds=61)
    move(client, READER, last_seen_at=moved)
    seen.clear()
    assert [client.get(SESSION).status_code for _ in range(3)] == [200] * 3
    assert last_seen(client, READER) > now() - timedelta(seconds=10)
    assert len([text for text in seen if text.startswith("UPDATE")]) == 1


def test_log_out(client: TestClient) -> None:
    log_in(client, READER.email)
    secret = client.cookies[SESSION_COOKIE]
    client.headers[PAGE_HEADER] = "1"
    answer = client.post(LOGOUT)
    assert (answer.status_code, answer.content) == (204, b"")
    cleared = answer.headers["set-cookie"].lower()
    assert cleared.startswith(f'{SESSION_COOKIE}="";')
    for part in ("max-age=0", "path=/", "httponly", "samesite=strict"):
        assert part in cleared
    assert "secure" not in cleared
    assert answer.headers["clear-site-data"] == '"cache"'
    assert SESSION_COOKIE not in client.cookies
    assert client.get(CASES, headers={"cookie": f"{SESSION_COOKIE}={secret}"}).status_code == 401
    assert become(client, READER).get(CASES).status_code == 200  # another session of the same account
    (ended,) = events(client, "session.ended")
    assert ended.actor == READER.email


def test_log_out_over_https(client: TestClient) -> None:
    client.base_url = "https://localhost"
    log_in(client, READER.email)
    answer = client.post(LOGOUT, headers={PAGE_HEADER: "1"})
    cleared = answer.headers["set-cookie"].lower()
    assert cleared.startswith(f'__host-{SESSION_COOKIE}="";')  # browsers refuse to delete it without Secure
    assert "; secure" in cleared
    assert "path=/" in cleared
    assert account_of(client) is None


def test_nobody_cannot_log_out(client: TestClient) -> None:
    become(client, None)
    assert_error(client.post(LOGOUT, headers={PAGE_HEADER: "1"}), 401, "not_signed_in")


def test_a_deactivated_account_is_out_with_the_next_request(client: TestClient) -> None:
    script = add_token(client, READER, [Permission.CASES_READ])
    become(client, READER)
    assert status(client) == 200
    change_row(client, READER, active=False)
    assert status(client) == 401
    assert become(client, None).get(CASES, headers=script).status_code == 401


def test_a_demoted_account_loses_its_rights_with_the_next_request(client: TestClient) -> None:
    assert client.get(f"{API}/people").status_code == 200
    become(client, RESEARCHER)
    case = client.post(CASES, files=FILE).json()
    become(client, ADMINISTRATOR)
    assert client.get(f"{CASES}/{case['id']}").status_code == 200
    change_row(client, ADMINISTRATOR, role="reader")
    assert_error(client.get(f"{API}/people"), 403, "not_allowed")
    assert_error(client.get(f"{CASES}/{case['id']}"), 404, "case_not_found")
    assert client.get(CASES).json()["total"] == 0


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_changes_with_a_cookie_need_the_header_of_the_page(client: TestClient, method: str) -> None:
    become(client, READER)
    del client.headers[PAGE_HEADER]
    path = {"POST": CASES, "PUT": f"{CASES}/{'0' * 32}/sharing"}.get(method, f"{CASES}/{'0' * 32}")
    body = {"files": FILE} if method == "POST" else {"json": {"visibility": "open"}} if method == "PUT" else {}
    assert_error(client.request(method, path, **body), 403, "header_missing")
    assert client.request(method, path, headers={PAGE_HEADER: "1"}, **body).status_code in (201, 404, 422)


def test_looking_with_a_cookie_needs_no_header(client: TestClient) -> None:
    become(client, READER)
    del client.headers[PAGE_HEADER]
    assert status(client) == 200


def test_scripts_need_no_header(client: TestClient) -> None:
    script = add_token(client, READER, [Permission.CASES_READ, Permission.CASES_WRITE])
    become(client, None)
    made = client.post(CASES, files=FILE, headers=script)
    assert made.status_code == 201
    assert made.json()["owner"]["id"] == READER.id
    assert client.delete(f"{CASES}/{made.json()['id']}", headers=script).status_code == 204


def test_a_token_wins_over_the_cookie(client: TestClient) -> None:
    script = add_token(client, READER, [Permission.CASES_READ])
    become(client, ADMINISTRATOR)
    assert client.get(SESSION, headers=script).json()["account"]["id"] == READER.id
    assert client.get(f"{API}/people", headers=script).status_code == 403
    # A wrong token is not made good by the cookie.
    assert client.get(CASES, headers={"authorization": "Bearer vitrine_wrong"}).status_code == 401
    assert client.get(CASES, headers={"authorization": "bearer vitrine_wrong"}).status_code == 401


def test_the_secret_of_a_session_is_no_token_and_the_other_way_round(client: TestClient) -> None:
    script = add_token(client, READER, [Permission.CASES_READ])
    become(client, None)
    assert client.get(CASES, headers={"authorization": f"Bearer {READER.secret}"}).status_code == 401
    secret = script["authorization"].removeprefix("Bearer ")
    assert client.get(CASES, headers={"cookie": f"{SESSION_COOKIE}={secret}"}).status_code == 401


def test_what_a_token_is_told_of_itself(client: TestClient) -> None:
    script = add_token(client, ADMINISTRATOR, Permission)
    account = become(client, None).get(SESSION, headers=script).json()["account"]
    assert account["method"] == "token"
    forbidden = {Permission.ACCOUNT, Permission.PEOPLE_WRITE}  # also where the row says otherwise
    assert set(account["permissions"]) == PERMISSIONS[Role.ADMINISTRATOR] - forbidden
    assert client.get(f"{API}/account/tokens", headers=script).status_code == 403
    assert client.post(LOGOUT, headers=script).status_code == 403
    assert client.post(f"{API}/groups", json={"name": "New"}, headers=script).status_code == 403


def test_the_use_of_a_token_is_noted_once_a_minute(client: TestClient) -> None:
    script = add_token(client, READER, [Permission.CASES_READ])
    become(client, None)

    def used() -> datetime | None:
        with resources_of(client).database.reading() as session:
            return session.scalars(select(ApiToken)).one().last_used_at

    assert used() is None
    client.get(CASES, headers=script)
    first = used()
    assert first is not None
    client.get(CASES, headers=script)
    assert used() == first
    with resources_of(client).database.writing() as session:
        session.scalars(select(ApiToken)).one().last_used_at = first - timedelta(seconds=61)
    client.get(CASES, headers=script)
    assert used() > first


RUBBISH = [
    b"Bearer",
    b"Bearer ",
    b"Bearer \xff\xfe\x80",
    b"Bearer a b c",
    b"Bearer " + b"x" * 5000,
    b"Bearer ' OR 1=1 --",
    b"Basic cmVhZGVyOng=",
    b"Basic \xff",
    b"\x80",
    b"Digest",
]


@pytest.mark.parametrize("value", RUBBISH)
def test_rubbish_for_a_token(client: TestClient, caplog: pytest.LogCaptureFixture, value: bytes) -> None:
    caplog.set_level(logging.DEBUG)
    become(client, None)
    answer = client.get(CASES, headers={b"authorization": value})
    assert_error(answer, 401, "not_signed_in")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert client.get(SESSION, headers={b"authorization": value}).json()["account"] is None
    assert "OR 1=1" not in caplog.text


COOKIES = [
    b"=",
    b";;;",
    f"{SESSION_COOKIE}".encode(),
    f"{SESSION_COOKIE}=".encode(),
    f'{SESSION_COOKIE}="'.encode(),
    f"{SESSION_COOKIE}=\xff\x00".encode("latin-1"),
    f"{SESSION_COOKIE}=' OR 1=1 --".encode(),
    f'{SESSION_COOKIE}="\\777\\0"'.encode(),
    f"{SESSION_COOKIE}={'x' * 8000}".encode(),
    f"{SESSION_COOKIE}=a; {SESSION_COOKIE}=b".encode(),
    f"__Host-{SESSION_COOKIE}={READER.secret}".encode(),
]


@pytest.mark.parametrize("value", COOKIES)
def test_rubbish_for_a_cookie(client: TestClient, value: bytes) -> None:
    become(client, None)
    assert_error(client.get(CASES, headers={b"cookie": value}), 401, "not_signed_in")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/cases", None),
        ("POST", "/groups", {"name": "Mine"}),
        ("GET", "/groups", None),
        ("PATCH", "/account", {"name": "Other"}),
        ("GET", "/account/sessions", None),
        ("DELETE", "/account/sessions", None),
        ("DELETE", f"/account/sessions/{'0' * 32}", None),
        ("GET", "/account/tokens", None),
        ("POST", "/account/tokens", {"name": "kept for later", "scopes": ["cases:read"], "days": 365}),
        ("DELETE", f"/account/tokens/{'0' * 32}", None),
    ],
)
def test_a_one_time_password_is_for_nothing_but_choosing_another(
    client: TestClient, method: str, path: str, body: object
) -> None:
    become(client, ADMINISTRATOR)
    change_row(client, ADMINISTRATOR, must_change_password=True, password_hash=HASH)
    assert_error(client.request(method, f"{API}{path}", json=body), 403, "password_change_needed")
    account = account_of(client)
    assert account is not None
    assert account["must_change_password"]
    assert client.post(LOGOUT).status_code == 204  # leaving is always possible


def test_signing_in_again_ends_the_browsers_earlier_session(client: TestClient) -> None:
    become(client, READER)
    body = {"email": READER.email, "password": PASSWORD}
    assert client.post(f"{API}/auth/login", json=body).status_code == 200
    assert status(client) == 200
    become(client, READER)  # with the cookie from before
    assert_error(client.get(CASES), 401, "not_signed_in")
