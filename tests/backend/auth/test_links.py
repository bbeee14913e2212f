"""Invitations and resets: links with which somebody chooses a password."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from backend.access.dependencies import SESSION_COOKIE
from backend.access.permissions import Permission
from backend.auth import service
from backend.auth.secrets import digest
from backend.db.base import now
from backend.db.tables import AccountLink, UserSession
from tests.support.accounts import (
    account_of,
    add_token,
    change_row,
    events,
    log_in,
    row_of,
    token_of,
    written,
)
from tests.support.people import ADMINISTRATOR, HASH, PASSWORD, READER, become
from tests.support.server import API, UNKNOWN_ID, assert_error, resources_of

PEOPLE = f"{API}/people"
ACCEPT, INSPECT = f"{API}/auth/links/accept", f"{API}/auth/links/inspect"
NEW = "gravel-octopus-lantern-63"
ANNA = {"email": "anna.schmidt@hospital.example", "name": "Anna Schmidt", "role": "reader"}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is not the point here; HASH is that of PASSWORD, whatever was chosen."""
    monkeypatch.setattr(service, "hash_password", lambda _: HASH)


def invite(client: TestClient, **changes: Any) -> dict[str, Any]:
    answer = become(client, ADMINISTRATOR).post(PEOPLE, json=ANNA | changes)
    assert answer.status_code == 201, answer.text
    invited: dict[str, Any] = answer.json()
    return invited


def reset(client: TestClient, person_id: str = READER.id) -> dict[str, Any]:
    answer = become(client, ADMINISTRATOR).post(f"{PEOPLE}/{person_id}/link")
    assert answer.status_code == 201, answer.text
    link: dict[str, Any] = answer.json()
    return link


def inspect(client: TestClient, token: str) -> Response:
    return become(client, None).post(INSPECT, json={"token": token})


def accept(client: TestClient, token: str, password: str = NEW, **more: str) -> Response:
    return become(client, None).post(ACCEPT, json={"token": token, "password": password, **more})


def test_an_invitation(client: TestClient) -> None:
    invited = invite(client)
    assert invited["person"]["status"] == "invited"
    link = invited["link"]
    assert link["purpose"] == "invitation"
    token = token_of(link)
    assert inspect(client, token).json() == {
        "purpose": "invitation",
        "email": ANNA["email"],
        "name": ANNA["name"],
        "expires_at": link["expires_at"],
    }
    assert inspect(client, token).status_code == 200  # looking does not use it up
    answer = accept(client, token, name="Anna M. Schmidt")
    assert answer.status_code == 200
    account = answer.json()["account"]
    assert (account["email"], account["name"], account["method"]) == (ANNA["email"], "Anna M. Schmidt", "link")
    assert account_of(client) == account
    assert log_in(client, ANNA["email"]).status_code == 200
    people = become(client, ADMINISTRATOR).get(PEOPLE).json()["items"]
    assert next(each for each in people if each["email"] == ANNA["email"])["status"] == "active"
    (told,) = events(client, "account.password_set")
    assert (told.actor, told.after) == (ANNA["email"], '{"by":"invitation"}')


def test_the_chosen_password_is_the_one_that_is_kept(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "hash_password", lambda password: f"hash of {password}")
    assert accept(client, token_of(reset(client)), "  spaces are kept 47 ").status_code == 200
    assert row_of(client, READER).password_hash == "hash of   spaces are kept 47 "


def test_a_link_works_once(client: TestClient) -> None:
    token = token_of(reset(client))
    assert accept(client, token).status_code == 200
    assert_error(accept(client, token), 404, "link_invalid")
    assert_error(inspect(client, token), 404, "link_invalid")
    assert account_of(client) is None


def test_of_two_who_use_a_link_at_once_one_does(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of(reset(client))
    inner: list[int] = []

    def hash_password(_: str) -> str:
        if not inner:
            inner.append(0)
            inner[0] = client.post(ACCEPT, json={"token": token, "password": NEW + "-2"}).status_code
        return HASH

    monkeypatch.setattr(service, "hash_password", hash_password)
    assert_error(accept(client, token), 404, "link_invalid")
    assert inner == [200]


@pytest.mark.parametrize(("purpose", "days"), [("invitation", 7), ("reset", 1)])
def test_a_link_runs_out(client: TestClient, purpose: str, days: int) -> None:
    link = invite(client)["link"] if purpose == "invitation" else reset(client)
    assert link["purpose"] == purpose
    with resources_of(client).database.writing() as session:
        row = session.scalars(select(AccountLink)).one()
        assert timedelta(days=days, minutes=-1) < row.expires_at - now() <= timedelta(days=days)
        row.expires_at = now()
    assert_error(inspect(client, token_of(link)), 404, "link_invalid")
    assert_error(accept(client, token_of(link)), 404, "link_invalid")


def test_a_newer_link_replaces_an_older_one(client: TestClient) -> None:
    first, second = token_of(reset(client)), token_of(reset(client))
    assert_error(accept(client, first), 404, "link_invalid")
    assert accept(client, second).status_code == 200


def test_a_link_of_a_deactivated_account(client: TestClient) -> None:
    token = token_of(reset(client))
    change_row(client, READER, active=False)
    assert_error(inspect(client, token), 404, "link_invalid")
    assert_error(accept(client, token), 404, "link_invalid")
    become(client, ADMINISTRATOR)
    assert_error(client.post(f"{PEOPLE}/{READER.id}/link"), 409, "account_inactive")
    assert_error(client.post(f"{PEOPLE}/{UNKNOWN_ID}/link"), 404, "person_not_found")


def test_deactivating_takes_the_link_for_good(client: TestClient) -> None:
    token = token_of(reset(client))
    for active in (False, True):
        assert client.patch(f"{PEOPLE}/{READER.id}", json={"active": active}).status_code == 200
    assert_error(accept(client, token), 404, "link_invalid")


def test_the_old_password_works_until_the_reset_is_used(client: TestClient) -> None:
    token = token_of(reset(client))
    assert log_in(client, READER.email).status_code == 200
    assert accept(client, token).status_code == 200


def test_a_reset_ends_all_sessions_but_the_new_one(client: TestClient) -> None:
    log_in(client, READER.email)
    others = [client.cookies[SESSION_COOKIE], READER.secret]
    assert accept(client, token_of(reset(client))).status_code == 200
    mine = client.cookies[SESSION_COOKIE]
    become(client, None)
    statuses = [
        client.get(f"{API}/cases", headers={"cookie": f"{SESSION_COOKIE}={secret}"}).status_code
        for secret in (*others, mine, ADMINISTRATOR.secret)
    ]
    assert statuses == [401, 401, 200, 200]
    with resources_of(client).database.reading() as session:
        assert len(session.scalars(select(UserSession).where(UserSession.user_id == READER.id)).all()) == 1


def test_a_reset_replaces_a_one_time_password(client: TestClient) -> None:
    change_row(client, READER, must_change_password=True)
    answer = accept(client, token_of(reset(client)))
    assert not answer.json()["account"]["must_change_password"]
    assert client.get(f"{API}/cases").status_code == 200


WEAK = [
    "x" * 11,
    "aaaaaaaaaaaaaaaa",
    "password1234",
    "qwertyuiopasdf",
    "123456789012",
    "annaschmidt12",
    "AnnaSchmidt1!",
    "schmidt-anna-1",
    "anna.schmidt@hospital.example",
    "hospital2026",
    "vitrine-vitrine",
    "Vitrine12345",
]


@pytest.mark.parametrize("password", WEAK)
def test_weak_passwords(client: TestClient, password: str) -> None:
    token = token_of(invite(client)["link"])
    answer = accept(client, token, password)
    detail = assert_error(answer, 400, "weak_password")
    assert password not in detail
    assert accept(client, token).status_code == 200  # the link was not used up


def test_the_name_given_at_the_same_time_counts(client: TestClient) -> None:
    token = token_of(invite(client)["link"])
    assert_error(accept(client, token, "Bartholomaeus1", name="Bartholomaeus"), 400, "weak_password")


@pytest.mark.parametrize(
    "password", ["correct horse battery staple", "Mühle-Zebra-Kordel-9", "皮膚科の先生は今日も元気です", "x" * 40]
)
def test_passwords_that_will_do(client: TestClient, password: str) -> None:
    expected = 400 if password == "x" * 40 else 200
    assert accept(client, token_of(invite(client)["link"]), password).status_code == expected


@pytest.mark.parametrize("token", ["", "x" * 201, 7, None, ["a"]])
def test_tokens_that_do_not_fit(client: TestClient, token: object) -> None:
    become(client, None)
    for path, more in ((INSPECT, {}), (ACCEPT, {"password": NEW})):
        assert_error(client.post(path, json={"token": token, **more}), 422, "validation_failed")


@pytest.mark.parametrize("token", ["\0", "é", "' OR 1=1 --", "x" * 200])
def test_tokens_that_are_rubbish(client: TestClient, token: str) -> None:
    reset(client)
    assert_error(inspect(client, token), 404, "link_invalid")
    assert_error(accept(client, token), 404, "link_invalid")


def test_the_token_is_nowhere_but_in_the_answer(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = token_of(reset(client))
    inspect(client, token)
    weak = accept(client, token, "hospital2026")
    wrong = become(client, None).post(ACCEPT, json={"token": token, "password": NEW, "more": token})
    kept = written(client)
    assert digest(token).encode() in kept
    accept(client, token)
    for hidden in (token, NEW, "hospital2026"):
        assert hidden not in caplog.text
        assert hidden.encode() not in kept + written(client)
        assert hidden not in weak.text + wrong.text


def test_the_secret_of_a_link_is_nothing_else(client: TestClient) -> None:
    token = token_of(reset(client))
    become(client, None)
    assert client.get(f"{API}/cases", headers={"authorization": f"Bearer {token}"}).status_code == 401
    assert client.get(f"{API}/cases", headers={"cookie": f"{SESSION_COOKIE}={token}"}).status_code == 401


def test_only_administrators_make_links(client: TestClient) -> None:
    become(client, READER)
    assert_error(client.post(f"{PEOPLE}/{ADMINISTRATOR.id}/link"), 403, "not_allowed")
    script = add_token(client, ADMINISTRATOR, Permission)
    answer = become(client, None).post(f"{PEOPLE}/{READER.id}/link", headers=script)
    assert_error(answer, 403, "not_allowed")


def test_an_own_password_ends_an_older_link(client: TestClient) -> None:
    token = token_of(reset(client))
    become(client, READER)
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert client.post(f"{API}/account/password", json=body).status_code == 204
    assert_error(accept(client, token), 404, "link_invalid")
