"""Who runs a study and who observes it."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.db.tables import AuditEvent, User
from backend.reader_studies.design import StudyDesign
from tests.support.designs import STUDIES, create_study
from tests.support.people import ADMINISTRATOR, COORDINATOR, READER, RESEARCHER, Person, become
from tests.support.server import UNKNOWN_ID, assert_error, resources_of


@pytest.fixture
def members(client: TestClient) -> str:
    """Address of the members of the coordinator's draft."""
    return f"{STUDIES}/{create_study(client, StudyDesign(title='T'))['id']}/members"


def put(client: TestClient, members: str, person: Person, role: str) -> Any:
    return client.post(members, json={"user_id": person.id, "role": role})


def told(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.text
    return [(each["user"]["name"], each["role"]) for each in answer.json()["items"]]


def trail(client: TestClient) -> list[tuple[str | None, str | None]]:
    with resources_of(client).database.reading() as session:
        found = session.query(AuditEvent).filter_by(action="study_member.changed").order_by(AuditEvent.sequence)
        return [(event.before, event.after) for event in found]


def test_the_owner_stands_first(client: TestClient, members: str) -> None:
    assert told(client.get(members)) == [("Coordinator", "owner")]
    assert told(put(client, members, ADMINISTRATOR, "observer")) == [("Coordinator", "owner"), ("Admin", "observer")]


def test_a_member_becomes_something_else_and_leaves(client: TestClient, members: str) -> None:
    put(client, members, RESEARCHER, "observer")
    assert told(put(client, members, RESEARCHER, "coordinator")) == [
        ("Coordinator", "owner"),
        ("Researcher", "coordinator"),
    ]
    assert put(client, members, RESEARCHER, "coordinator").status_code == 200  # nothing changes, nothing is noted
    assert told(client.delete(f"{members}/{RESEARCHER.id}")) == [("Coordinator", "owner")]
    assert told(client.delete(f"{members}/{RESEARCHER.id}")) == [("Coordinator", "owner")]
    user = f'"user":"{RESEARCHER.id}"'
    observer, coordinator = f'{{"role":"observer",{user}}}', f'{{"role":"coordinator",{user}}}'
    assert trail(client) == [(None, observer), (observer, coordinator), (coordinator, None)]


def test_a_coordinator_runs_it_and_an_observer_does_not(client: TestClient, members: str) -> None:
    put(client, members, RESEARCHER, "observer")
    become(client, RESEARCHER)
    assert told(client.get(members))[1] == ("Researcher", "observer")
    assert_error(put(client, members, ADMINISTRATOR, "observer"), 403, "study_not_yours")
    assert_error(client.delete(f"{members}/{RESEARCHER.id}"), 403, "study_not_yours")
    become(client, COORDINATOR)
    put(client, members, RESEARCHER, "coordinator")
    become(client, RESEARCHER)
    assert len(told(put(client, members, ADMINISTRATOR, "observer"))) == 3


def test_a_coordinator_may_leave(client: TestClient, members: str) -> None:
    put(client, members, RESEARCHER, "coordinator")
    become(client, RESEARCHER)
    assert told(client.delete(f"{members}/{RESEARCHER.id}")) == [("Coordinator", "owner")]
    assert_error(client.get(members), 404, "study_not_found")


def test_strangers_learn_nothing(client: TestClient, members: str) -> None:
    become(client, RESEARCHER)
    assert_error(client.get(members), 404, "study_not_found")
    assert_error(put(client, members, RESEARCHER, "coordinator"), 404, "study_not_found")
    assert_error(client.delete(f"{members}/{COORDINATOR.id}"), 404, "study_not_found")


def test_the_owner_stays_the_owner(client: TestClient, members: str) -> None:
    assert_error(put(client, members, COORDINATOR, "observer"), 409, "cannot_invite")
    assert told(client.delete(f"{members}/{COORDINATOR.id}")) == [("Coordinator", "owner")]


@pytest.mark.parametrize("role", ["coordinator", "observer"])
def test_the_account_must_be_able_to(client: TestClient, members: str, role: str) -> None:
    detail = assert_error(put(client, members, READER, role), 409, "cannot_invite")
    assert "role" in detail
    with resources_of(client).database.writing() as session:
        session.get_one(User, RESEARCHER.id).active = False
    assert "not active" in assert_error(put(client, members, RESEARCHER, role), 409, "cannot_invite")


def test_nobody(client: TestClient, members: str) -> None:
    answer = client.post(members, json={"user_id": UNKNOWN_ID, "role": "observer"})
    assert_error(answer, answer.status_code, "unknown_person")
