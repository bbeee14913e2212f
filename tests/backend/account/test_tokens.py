"""API tokens of one's own account."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from backend.access.permissions import Permission
from backend.auth.secrets import digest
from backend.db.tables import ApiToken
from tests.support.accounts import add_token, change_row, events, written
from tests.support.images import png
from tests.support.people import ADMINISTRATOR, COORDINATOR, OTHER_READER, READER, become
from tests.support.server import API, UNKNOWN_ID, assert_error, resources_of

TOKENS, CASES = f"{API}/account/tokens", f"{API}/cases"
SCRIPT = {"name": "nightly", "scopes": ["cases:read"], "days": 30}


@pytest.fixture
def reader(client: TestClient) -> TestClient:
    return become(client, READER)


def script(answer: Any) -> dict[str, str]:
    assert answer.status_code == 201, answer.text
    return {"authorization": f"Bearer {answer.json()['token']}"}


def test_a_token(reader: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answer = reader.post(TOKENS, json=SCRIPT)
    made = answer.json()
    assert made["token"].startswith("vitrine_")
    assert (made["scopes"], made["expired"], made["last_used_at"]) == (["cases:read"], False, None)
    listed = reader.get(TOKENS)
    assert listed.json()["items"] == [{key: value for key, value in made.items() if key != "token"}]
    kept = written(reader)
    assert digest(made["token"]).encode() in kept
    become(reader, None)
    reader.get(CASES, headers=script(answer))
    for text in (made["token"], made["token"].removeprefix("vitrine_")):
        assert text.encode() not in kept
        assert text not in caplog.text + listed.text
    (told,) = events(reader, "token.created")
    assert (told.actor, told.subject) == (READER.email, f"token/{made['id']}")
    (viewed,) = events(reader, "cases.listed")
    assert viewed.actor == f"{READER.email} (token nightly)"


@pytest.mark.parametrize("scope", ["account", "people:write", "people:read", "audit:read", "datasets:read"])
def test_a_token_cannot_do_more_than_its_owner(reader: TestClient, scope: str) -> None:
    detail = assert_error(reader.post(TOKENS, json=SCRIPT | {"scopes": ["cases:read", scope]}), 400, "scope_not_yours")
    assert scope in detail
    assert reader.get(TOKENS).json()["items"] == []


@pytest.mark.parametrize("scope", ["account", "people:write"])
def test_no_token_manages_accounts(client: TestClient, scope: str) -> None:
    assert_error(client.post(TOKENS, json=SCRIPT | {"scopes": [scope]}), 400, "scope_not_yours")


@pytest.mark.parametrize(
    "body",
    [
        {"scopes": []},
        {"scopes": ["everything"]},
        {"scopes": ["cases:read"] * (len(Permission) + 1)},
        {"days": 0},
        {"days": 366},
        {"days": 10**30},
        {"name": " "},
        {"name": "a\nb"},
        {"name": "x" * 121},
        {"user_id": ADMINISTRATOR.id},
    ],
)
def test_tokens_that_do_not_fit(reader: TestClient, body: dict[str, Any]) -> None:
    assert_error(reader.post(TOKENS, json=SCRIPT | body), 422, "validation_failed")


def test_a_token_does_only_what_it_was_given(client: TestClient) -> None:
    token = script(client.post(TOKENS, json=SCRIPT))
    become(client, None)
    assert client.get(CASES, headers=token).status_code == 200
    refused = client.post(CASES, files={"file": ("a.png", png())}, headers=token)
    assert_error(refused, 403, "not_allowed")
    assert_error(client.get(f"{API}/people", headers=token), 403, "not_allowed")
    assert_error(client.get(TOKENS, headers=token), 403, "not_allowed")


def test_a_token_can_do_less_when_its_owner_can(client: TestClient) -> None:
    token = add_token(client, COORDINATOR, [Permission.DATASETS_READ, Permission.CASES_READ])
    become(client, None)
    assert client.get(f"{API}/datasets", headers=token).status_code == 200
    change_row(client, COORDINATOR, role="reader")
    assert_error(client.get(f"{API}/datasets", headers=token), 403, "not_allowed")
    assert client.get(CASES, headers=token).status_code == 200


def test_tokens_that_work_no_more(client: TestClient) -> None:
    become(client, READER)
    revoked = client.post(TOKENS, json=SCRIPT)
    assert client.delete(f"{TOKENS}/{revoked.json()['id']}").status_code == 204
    assert_error(client.delete(f"{TOKENS}/{revoked.json()['id']}"), 404, "token_not_found")
    ran_out = add_token(client, READER, [Permission.CASES_READ], days=0)
    assert [each["expired"] for each in client.get(TOKENS).json()["items"]] == [True]
    waiting = add_token(client, OTHER_READER, [Permission.CASES_READ])
    become(client, None)
    assert client.get(CASES, headers=waiting).status_code == 200
    change_row(client, OTHER_READER, must_change_password=True)
    for token in (script(revoked), ran_out, waiting):
        assert_error(client.get(CASES, headers=token), 401, "not_signed_in")


def test_tokens_of_others_are_nobodys_business(client: TestClient) -> None:
    theirs = become(client, OTHER_READER).post(TOKENS, json=SCRIPT)
    for person in (READER, ADMINISTRATOR):
        become(client, person)
        assert client.get(TOKENS).json()["items"] == []
        foreign = client.delete(f"{TOKENS}/{theirs.json()['id']}")
        assert foreign.content == client.delete(f"{TOKENS}/{UNKNOWN_ID}").content
        assert_error(foreign, 404, "token_not_found")
    assert become(client, None).get(CASES, headers=script(theirs)).status_code == 200


def test_fifty_tokens_are_enough(reader: TestClient) -> None:
    for number in range(50):
        add_token(reader, READER, [Permission.CASES_READ], days=number + 1)
    assert_error(reader.post(TOKENS, json=SCRIPT), 409, "too_many_tokens")
    with resources_of(reader).database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ApiToken)) == 50
    assert become(reader, OTHER_READER).post(TOKENS, json=SCRIPT).status_code == 201


def test_names_of_any_length_fit_into_the_trail(reader: TestClient) -> None:
    change_row(reader, READER, email="x" * 244 + "@x.example")
    token = script(reader.post(TOKENS, json=SCRIPT | {"name": "y" * 120}))
    become(reader, None)
    assert reader.get(CASES, headers=token).status_code == 200
    (told,) = events(reader, "cases.listed")
    assert len(told.actor) == 320  # the width of the column, which PostgreSQL insists on


def test_writing_brings_reading_along(client: TestClient) -> None:
    """A token that may explain cases but not see them would be of no use, and its refusals a riddle."""
    become(client, READER)
    made = client.post(TOKENS, json=SCRIPT | {"scopes": ["predictions:write"]}).json()
    assert made["scopes"] == ["cases:read", "predictions:write", "models:read"]
    assert_error(client.post(TOKENS, json=SCRIPT | {"scopes": ["datasets:write"]}), 400, "scope_not_yours")
