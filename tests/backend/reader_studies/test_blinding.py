"""What stays hidden from whom: results by state and role, and everything from somebody who still reads."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.access.permissions import PERMISSIONS
from backend.access.principal import SYSTEM, Principal, acting_as
from backend.db.base import now
from backend.db.study_tables import ReaderStudy, StudyMember, StudyProtocol, StudyReader
from backend.reader_studies.blinding import is_blinded, require_unblinded, results_visibility
from backend.reader_studies.errors import StillReading
from tests.support.designs import STUDIES, add_published, make_design
from tests.support.people import ADMINISTRATOR, COORDINATOR, READER, RESEARCHER, Person, become
from tests.support.server import assert_error, resources_of

OBSERVER = RESEARCHER


@pytest.fixture
def study(client: TestClient) -> str:
    """An open study of the coordinator, which a researcher observes."""
    study_id = add_published(client, make_design(client, cases=2), readers=[READER])
    change(client, lambda session: session.add(StudyMember(study_id=study_id, user_id=OBSERVER.id, role="observer")))
    return study_id


def change(client: TestClient, what: Any) -> None:
    with resources_of(client).database.writing() as session:
        what(session)


def principal(person: Person) -> Principal:
    return Principal(
        person.email,
        user_id=person.id,
        role=person.role,
        permissions=PERMISSIONS[person.role],
        group_ids=frozenset(person.groups),
    )


def visible(client: TestClient, study: str, person: Person) -> str:
    with resources_of(client).database.reading() as session, acting_as(principal(person)):
        return results_visibility(session, session.get_one(ReaderStudy, study))


def allow(client: TestClient, study: str, whom: str) -> None:
    """By an amendment: the design that was published stays as it was."""

    def amend(session: Any) -> None:
        first = session.get_one(StudyProtocol, (study, 1))
        design = first.document["design"] | {"access": {"live_results": whom}}
        document = first.document | {"design": design}
        session.add(StudyProtocol(study_id=study, version=2, document=document, hash="2" * 64, reason="Because."))

    change(client, amend)


def set_status(client: TestClient, study: str, status: str) -> None:
    def update(session: Any) -> None:
        row = session.get_one(ReaderStudy, study)
        row.status, row.closed_at = status, now() if status == "closed" else None

    change(client, update)


def reads(client: TestClient, study: str, person: Person, status: str) -> None:
    change(
        client,
        lambda session: session.add(StudyReader(study_id=study, user_id=person.id, slot=7, status=status)),
    )


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        ("nobody", {COORDINATOR: "hidden", ADMINISTRATOR: "hidden", OBSERVER: "hidden"}),
        ("coordinators", {COORDINATOR: "live", ADMINISTRATOR: "live", OBSERVER: "hidden"}),
        ("members", {COORDINATOR: "live", ADMINISTRATOR: "live", OBSERVER: "live"}),
    ],
)
def test_results_of_an_open_study_are_for_those_whom_the_protocol_in_force_allows(
    client: TestClient, study: str, allowed: str, expected: dict[Person, str]
) -> None:
    assert {person: visible(client, study, person) for person in expected} == dict.fromkeys(expected, "hidden")
    allow(client, study, allowed)
    assert {person: visible(client, study, person) for person in expected} == expected


@pytest.mark.parametrize(("status", "expected"), [("draft", "hidden"), ("publishing", "hidden"), ("closed", "closed")])
@pytest.mark.parametrize("person", [COORDINATOR, ADMINISTRATOR, OBSERVER])
def test_results_of_others(client: TestClient, study: str, status: str, expected: str, person: Person) -> None:
    allow(client, study, "members")
    set_status(client, study, status)
    assert visible(client, study, person) == expected


@pytest.mark.parametrize("person", [COORDINATOR, ADMINISTRATOR, OBSERVER])
@pytest.mark.parametrize(
    ("status", "blinded"), [("invited", True), ("reading", True), ("finished", False), ("withdrawn", False)]
)
def test_who_still_reads_sees_no_results(
    client: TestClient, study: str, person: Person, status: str, blinded: bool
) -> None:
    allow(client, study, "members")
    reads(client, study, person, status)
    assert visible(client, study, person) == ("reading" if blinded else "live")
    set_status(client, study, "closed")
    assert visible(client, study, person) == "closed"


def test_other_readers_do_not_blind_one(client: TestClient, study: str) -> None:
    with resources_of(client).database.reading() as session, acting_as(principal(COORDINATOR)):
        assert not is_blinded(session, session.get_one(ReaderStudy, study))


def test_the_server_itself_is_never_blinded(client: TestClient, study: str) -> None:
    with resources_of(client).database.reading() as session, acting_as(SYSTEM):
        require_unblinded(session, session.get_one(ReaderStudy, study))


def test_blinding_says_what_to_do(client: TestClient, study: str) -> None:
    reads(client, study, COORDINATOR, "reading")
    with (
        resources_of(client).database.reading() as session,
        acting_as(principal(COORDINATOR)),
        pytest.raises(StillReading, match="withdraw you"),
    ):
        require_unblinded(session, session.get_one(ReaderStudy, study))


def ask(client: TestClient, study: str, path: str) -> Any:
    address = f"{STUDIES}/{study}/{path}"
    if path == "preview":
        return client.post(address, json={"task_key": "which", "arm_key": "real", "case_index": 0})
    return client.get(address)


@pytest.mark.parametrize("path", ["items", "cases", "cases/0/image", "preview"])
@pytest.mark.parametrize("person", [COORDINATOR, ADMINISTRATOR])
def test_routes_of_the_design_are_closed_to_who_still_reads(
    client: TestClient, study: str, path: str, person: Person
) -> None:
    assert ask(become(client, person), study, path).status_code == 200
    reads(client, study, person, "reading")
    assert_error(ask(client, study, path), 403, "still_reading")


@pytest.mark.parametrize("path", ["items", "cases", "cases/0/image"])
def test_observers_who_still_read_as_well(client: TestClient, study: str, path: str) -> None:
    assert ask(become(client, OBSERVER), study, path).status_code == 200
    reads(client, study, OBSERVER, "invited")
    assert_error(ask(client, study, path), 403, "still_reading")


def test_the_study_is_shown_without_its_images_to_who_still_reads(client: TestClient, study: str) -> None:
    become(client, COORDINATOR)
    before = client.get(f"{STUDIES}/{study}").json()
    assert len(before["design"]["cases"]) == 3
    reads(client, study, COORDINATOR, "reading")
    after = client.get(f"{STUDIES}/{study}")
    assert after.json()["results"] == "reading"
    assert after.json()["design"] == before["design"] | {"cases": []}
    assert after.json()["plan"] == before["plan"]
    assert after.json()["cases"] == before["cases"] == 2
    for ref in before["design"]["cases"]:
        assert ref["case_id"] not in after.text
