"""What administrators do with accounts."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.access.permissions import Permission, Role
from backend.auth import service
from backend.db.session import Database
from backend.db.tables import User
from backend.people.errors import LastAdministrator
from backend.people.schemas import PersonUpdate
from backend.people.service import update_person
from tests.support.accounts import add_token, change_row, events, log_in, people_on_postgresql, row_of, token_of
from tests.support.people import (
    ADMINISTRATOR,
    HASH,
    OTHER_READER,
    OTHER_TEAM,
    PEOPLE,
    READER,
    RESEARCHER,
    TEAM,
    Person,
    become,
)
from tests.support.server import API, UNKNOWN_ID, assert_error, resources_of

URL = f"{API}/people"
ANNA = {"email": "anna@hospital.example", "name": "Anna Schmidt", "role": "coordinator", "group_ids": [TEAM]}


def invite(client: TestClient, **changes: Any) -> dict[str, Any]:
    answer = client.post(URL, json=ANNA | changes)
    assert answer.status_code == 201, answer.text
    person: dict[str, Any] = answer.json()["person"]
    return person


def update(client: TestClient, person: Person, **changes: Any) -> Any:
    return client.patch(f"{URL}/{person.id}", json=changes)


def test_everybody_is_listed_by_name(client: TestClient) -> None:
    items = client.get(URL).json()["items"]
    assert [each["name"] for each in items] == ["Admin", "Coordinator", "Other", "Reader", "Researcher"]
    reader = next(each for each in items if each["id"] == READER.id)
    assert reader == {
        "id": READER.id,
        "email": READER.email,
        "name": "Reader",
        "role": "reader",
        "status": "active",
        "groups": [{"id": TEAM, "name": "Mammography"}],
        "single_sign_on": False,
        "last_sign_in_at": reader["last_sign_in_at"],
        "created_at": reader["created_at"],
    }
    assert "argon2" not in client.get(URL).text


def test_invite(client: TestClient) -> None:
    person = invite(client, email="  Anna@Hospital.EXAMPLE ")
    assert (person["email"], person["role"], person["status"]) == ("anna@hospital.example", "coordinator", "invited")
    assert person["groups"] == [{"id": TEAM, "name": "Mammography"}]
    assert person in client.get(URL).json()["items"]
    (told,) = events(client, "account.created")
    assert told.actor == ADMINISTRATOR.email
    assert json.loads(told.after) == {
        "email": "anna@hospital.example",
        "name": "Anna Schmidt",
        "role": "coordinator",
        "groups": [TEAM],
    }
    assert log_in(client, "anna@hospital.example").status_code == 401


@pytest.mark.parametrize("email", [READER.email, "READER@hospital.example", " reader@Hospital.Example "])
def test_an_address_is_one_accounts_only(client: TestClient, email: str) -> None:
    assert_error(client.post(URL, json=ANNA | {"email": email}), 409, "email_taken")
    assert_error(update(client, OTHER_READER, email=email, name="Kept out"), 409, "email_taken")
    assert len(client.get(URL).json()["items"]) == len(PEOPLE)
    assert row_of(client, OTHER_READER).name == "Other"
    assert events(client, "account.created") == []
    assert events(client, "account.changed") == []
    assert update(client, READER, email=email).status_code == 200  # one's own


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "anna"},
        {"name": ""},
        {"name": "a\nb"},
        {"role": "root"},
        {"role": None},
        {"group_ids": ["x"]},
        {"group_ids": [TEAM] * 101},
        {"password": "x"},
    ],
)
def test_invitations_that_do_not_fit(client: TestClient, changes: dict[str, Any]) -> None:
    assert_error(client.post(URL, json=ANNA | changes), 422, "validation_failed")


def test_groups_that_do_not_exist(client: TestClient) -> None:
    assert_error(client.post(URL, json=ANNA | {"group_ids": [TEAM, UNKNOWN_ID]}), 400, "unknown_group")
    assert_error(update(client, READER, group_ids=[UNKNOWN_ID], name="Kept out"), 400, "unknown_group")
    assert row_of(client, READER).name == "Reader"


def test_update(client: TestClient) -> None:
    changed = update(client, READER, name="Rita", role="researcher", group_ids=[OTHER_TEAM, OTHER_TEAM]).json()
    assert (changed["name"], changed["role"], changed["email"]) == ("Rita", "researcher", READER.email)
    assert [group["id"] for group in changed["groups"]] == [OTHER_TEAM]
    (told,) = events(client, "account.changed")
    assert told.subject == f"account/{READER.id}"
    assert (json.loads(told.before), json.loads(told.after)) == (
        {"name": "Reader", "role": "reader"},
        {"name": "Rita", "role": "researcher"},
    )
    (moved,) = events(client, "account.groups_changed")
    assert (json.loads(moved.before), json.loads(moved.after)) == ({"groups": [TEAM]}, {"groups": [OTHER_TEAM]})
    assert update(client, READER, name="Rita", group_ids=[OTHER_TEAM], role=None).json() == changed
    assert len(events(client, "account.changed")) == len(events(client, "account.groups_changed")) == 1
    assert update(client, READER, group_ids=[]).json()["groups"] == []
    assert_error(client.patch(f"{URL}/{UNKNOWN_ID}", json={}), 404, "person_not_found")


def test_who_is_deactivated_is_out_at_once(client: TestClient) -> None:
    script = add_token(client, READER, [Permission.CASES_READ])
    link = token_of(client.post(f"{URL}/{READER.id}/link").json())
    assert update(client, READER, active=False).json()["status"] == "deactivated"
    become(client, READER)
    assert client.get(f"{API}/cases").status_code == 401
    become(client, None)
    assert client.get(f"{API}/cases", headers=script).status_code == 401
    assert client.post(f"{API}/auth/links/inspect", json={"token": link}).status_code == 404
    assert log_in(client, READER.email).status_code == 401
    become(client, ADMINISTRATOR)
    assert update(client, READER, active=True).json()["status"] == "active"
    become(client, READER)
    assert client.get(f"{API}/cases").status_code == 401  # what ended stays ended
    assert client.get(f"{API}/cases", headers=script).status_code == 401
    assert log_in(client, READER.email).status_code == 200
    told = [(event.before, event.after) for event in events(client, "account.changed")]
    assert told == [('{"active":true}', '{"active":false}'), ('{"active":false}', '{"active":true}')]


def test_others_stay_when_one_is_deactivated(client: TestClient) -> None:
    script = add_token(client, OTHER_READER, [Permission.CASES_READ])
    update(client, READER, active=False)
    assert become(client, OTHER_READER).get(f"{API}/cases").status_code == 200
    assert become(client, None).get(f"{API}/cases", headers=script).status_code == 200


@pytest.mark.parametrize("changes", [{"active": False}, {"role": "reader"}, {"active": False, "role": "reader"}])
def test_the_last_administrator_stays(client: TestClient, changes: dict[str, Any]) -> None:
    assert_error(update(client, ADMINISTRATOR, **changes), 409, "last_administrator")
    invited = invite(client, role="administrator", group_ids=[])  # cannot sign in yet
    assert_error(update(client, ADMINISTRATOR, **changes), 409, "last_administrator")
    assert client.get(URL).status_code == 200  # still signed in
    change_row(client, RESEARCHER, role="administrator", active=False)
    assert_error(update(client, ADMINISTRATOR, **changes), 409, "last_administrator")
    assert client.patch(f"{URL}/{invited['id']}", json=changes).status_code == 200
    change_row(client, RESEARCHER, active=True)
    assert update(client, ADMINISTRATOR, **changes).status_code == 200
    assert client.get(URL).status_code in (401, 403)


def test_the_last_administrator_may_change_all_else(client: TestClient) -> None:
    answer = update(client, ADMINISTRATOR, name="Root", email="root@x", role="administrator", active=True)
    assert (answer.status_code, answer.json()["name"]) == (200, "Root")


def test_administrators_who_sign_in_elsewhere_count(client: TestClient) -> None:
    change_row(client, RESEARCHER, role="administrator", password_hash=None, issuer="https://id.example", subject="7")
    assert update(client, ADMINISTRATOR, role="reader").status_code == 200


def demote_each_other(database: Database) -> list[str]:
    """How two requests end that start at the same time."""
    with database.writing() as session:
        session.get_one(User, RESEARCHER.id).role = "administrator"
    together = threading.Barrier(2)

    def demote(person: Person) -> str:
        together.wait()
        try:
            with database.writing() as session:
                update_person(session, person.id, PersonUpdate(role=Role.READER))
        except LastAdministrator:
            return "refused"
        return "demoted"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(demote, (ADMINISTRATOR, RESEARCHER)))


def test_two_administrators_who_demote_each_other_at_once(client: TestClient) -> None:
    assert demote_each_other(resources_of(client).database) == ["demoted", "refused"]


def test_two_administrators_at_once_on_postgresql() -> None:
    with people_on_postgresql() as database:
        for _ in range(5):
            assert demote_each_other(database) == ["demoted", "refused"]
            with database.writing() as session:
                for person in (ADMINISTRATOR, RESEARCHER):
                    session.get_one(User, person.id).role = "administrator"


@pytest.mark.parametrize("person", [each for each in PEOPLE if each is not ADMINISTRATOR])
def test_only_administrators_see_and_change_people(client: TestClient, person: Person) -> None:
    become(client, person)
    for method, path, body in (
        ("GET", URL, None),
        ("POST", URL, ANNA),
        ("PATCH", f"{URL}/{person.id}", {"role": "administrator"}),
        ("POST", f"{URL}/{person.id}/link", None),
    ):
        assert_error(client.request(method, path, json=body), 403, "not_allowed")


def test_a_token_reads_people_and_changes_none(client: TestClient) -> None:
    script = add_token(client, ADMINISTRATOR, Permission)
    become(client, None)
    assert len(client.get(URL, headers=script).json()["items"]) == len(PEOPLE)
    assert_error(client.post(URL, json=ANNA, headers=script), 403, "not_allowed")


def test_an_invited_administrator_can_let_people_in(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "hash_password", lambda _: HASH)
    token = token_of(client.post(URL, json=ANNA | {"role": "administrator"}).json()["link"])
    become(client, None)
    body = {"token": token, "password": "gravel-octopus-lantern-63"}
    assert client.post(f"{API}/auth/links/accept", json=body).status_code == 200
    client.headers["X-Vitrine"] = "1"
    assert update(client, ADMINISTRATOR, active=False).status_code == 200
