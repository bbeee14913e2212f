"""Groups: who shares with whom."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from backend.access.permissions import Permission
from backend.db.tables import Membership
from tests.support.accounts import add_token, change_row, events
from tests.support.people import (
    ADMINISTRATOR,
    COORDINATOR,
    OTHER_READER,
    OTHER_TEAM,
    READER,
    RESEARCHER,
    TEAM,
    Person,
    become,
)
from tests.support.server import API, UNKNOWN_ID, assert_error, resources_of

GROUPS = f"{API}/groups"


def listed(client: TestClient, person: Person) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = become(client, person).get(GROUPS).json()["items"]
    return items


def test_administrators_see_all_with_members(client: TestClient) -> None:
    items = listed(client, ADMINISTRATOR)
    assert [(each["name"], [member["name"] for member in each["members"]]) for each in items] == [
        ("Dermatology", ["Other"]),
        ("Mammography", ["Coordinator", "Reader", "Researcher"]),
    ]
    assert set(items[0]["members"][0]) == {"id", "name"}


@pytest.mark.parametrize(
    ("person", "name"), [(READER, "Mammography"), (COORDINATOR, "Mammography"), (OTHER_READER, "Dermatology")]
)
def test_others_see_their_own_and_nobody_in_them(client: TestClient, person: Person, name: str) -> None:
    (group,) = listed(client, person)
    assert (group["name"], group["members"]) == (name, [])


def test_who_is_in_no_group_sees_none(client: TestClient) -> None:
    client.patch(f"{API}/people/{READER.id}", json={"group_ids": []})
    assert listed(client, READER) == []


def test_a_token_without_people_sees_no_members(client: TestClient) -> None:
    script = add_token(client, ADMINISTRATOR, [Permission.CASES_READ])
    items = become(client, None).get(GROUPS, headers=script).json()["items"]
    assert [each["name"] for each in items] == ["Dermatology", "Mammography"]
    assert not any(each["members"] for each in items)


def test_create(client: TestClient) -> None:
    body = {"name": " Study 7 ", "member_ids": [READER.id, OTHER_READER.id, READER.id]}
    answer = client.post(GROUPS, json=body)
    assert answer.status_code == 201
    group = answer.json()
    assert group["name"] == "Study 7"
    assert [member["id"] for member in group["members"]] == [OTHER_READER.id, READER.id]
    assert group in client.get(GROUPS).json()["items"]
    (told,) = events(client, "group.created")
    assert (told.actor, told.subject) == (ADMINISTRATOR.email, f"group/{group['id']}")
    assert json.loads(told.after) == {"name": "Study 7", "members": sorted([READER.id, OTHER_READER.id])}
    assert [each["name"] for each in listed(client, OTHER_READER)] == ["Dermatology", "Study 7"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "Mammography"}, 409, "group_name_taken"),
        ({"name": "New", "member_ids": [UNKNOWN_ID]}, 400, "unknown_person"),
        ({"name": ""}, 422, "validation_failed"),
        ({"name": "a\nb"}, 422, "validation_failed"),
        ({"name": "x" * 121}, 422, "validation_failed"),
        ({"name": "New", "member_ids": ["x"]}, 422, "validation_failed"),
        ({}, 422, "validation_failed"),
    ],
)
def test_groups_that_do_not_fit(client: TestClient, body: dict[str, Any], status: int, code: str) -> None:
    before = client.get(GROUPS).json()
    assert_error(client.post(GROUPS, json=body), status, code)
    if body:
        assert_error(client.patch(f"{GROUPS}/{OTHER_TEAM}", json=body), status, code)
    assert client.get(GROUPS).json() == before
    assert events(client, "group.created") == events(client, "group.changed") == []


def test_update(client: TestClient) -> None:
    path = f"{GROUPS}/{TEAM}"
    group = client.patch(path, json={"name": "Breast", "member_ids": [READER.id, OTHER_READER.id]}).json()
    assert (group["name"], [member["name"] for member in group["members"]]) == ("Breast", ["Other", "Reader"])
    (told,) = events(client, "group.changed")
    assert json.loads(told.before) == {
        "name": "Mammography",
        "members": sorted([RESEARCHER.id, COORDINATOR.id, READER.id]),
    }
    assert json.loads(told.after) == {"name": "Breast", "members": sorted([READER.id, OTHER_READER.id])}
    assert client.patch(path, json={"name": "Breast", "member_ids": None}).json() == group
    assert client.patch(path, json={}).json() == group
    assert len(events(client, "group.changed")) == 1
    client.patch(path, json={"member_ids": []})
    assert (events(client, "group.changed")[1].after, listed(client, READER)) == ('{"members":[]}', [])


def test_who_leaves_loses_sight_with_the_next_request(client: TestClient) -> None:
    assert len(listed(client, READER)) == 1
    become(client, ADMINISTRATOR).patch(f"{GROUPS}/{TEAM}", json={"member_ids": [RESEARCHER.id]})
    assert listed(client, READER) == []
    assert len(listed(client, RESEARCHER)) == 1


def test_delete(client: TestClient) -> None:
    assert client.delete(f"{GROUPS}/{TEAM}").status_code == 204
    assert listed(client, READER) == []
    assert len(listed(client, OTHER_READER)) == 1
    with resources_of(client).database.reading() as session:
        assert set(session.scalars(select(Membership.user_id))) == {OTHER_READER.id}
    become(client, ADMINISTRATOR)
    assert_error(client.delete(f"{GROUPS}/{TEAM}"), 404, "group_not_found")
    assert_error(client.patch(f"{GROUPS}/{TEAM}", json={}), 404, "group_not_found")
    (told,) = events(client, "group.deleted")
    assert json.loads(told.before)["name"] == "Mammography"
    assert client.post(GROUPS, json={"name": "Mammography"}).status_code == 201


@pytest.mark.parametrize("person", [RESEARCHER, COORDINATOR, READER])
def test_only_administrators_change_groups(client: TestClient, person: Person) -> None:
    become(client, person)
    assert_error(client.post(GROUPS, json={"name": "Mine"}), 403, "not_allowed")
    for group in (TEAM, OTHER_TEAM, UNKNOWN_ID):
        body = {"member_ids": [person.id]}
        assert_error(client.patch(f"{GROUPS}/{group}", json=body), 403, "not_allowed")
        assert_error(client.delete(f"{GROUPS}/{group}"), 403, "not_allowed")


def test_deactivated_members_stay_members(client: TestClient) -> None:
    change_row(client, READER, active=False)
    members = next(each for each in listed(client, ADMINISTRATOR) if each["id"] == TEAM)["members"]
    assert READER.id in {member["id"] for member in members}
