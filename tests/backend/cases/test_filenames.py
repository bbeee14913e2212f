"""Names of files often are names of patients: a DICOM's is never kept, and others never learn one's own."""

from __future__ import annotations

import io
from typing import Any

import pydicom
import pytest
from fastapi.testclient import TestClient
from pydicom.data import get_testdata_file

from backend.db.tables import AuditEvent, Case
from tests.support.designs import STUDIES
from tests.support.images import png
from tests.support.people import ADMINISTRATOR, COORDINATOR, OTHER_READER, READER, RESEARCHER, Person, become
from tests.support.server import API, resources_of, stored_files

CASES = f"{API}/cases"
NAME = "DOE_JANE_1961"


def ct() -> bytes:
    dataset = pydicom.dcmread(str(get_testdata_file("CT_small.dcm")))
    stream = io.BytesIO()
    dataset.save_as(stream)
    return stream.getvalue()


def shared(client: TestClient, content: bytes, name: str) -> dict[str, Any]:
    """The reader's case, open to everybody."""
    become(client, READER)
    made = client.post(CASES, files={"file": (name, content)})
    assert made.status_code == 201, made.text
    case: dict[str, Any] = made.json()
    answer = client.put(f"{CASES}/{case['id']}/sharing", json={"visibility": "open"})
    assert answer.status_code == 200, answer.text
    return case


def found_by_name(client: TestClient, person: Person) -> int:
    """How many cases a search for the name gives."""
    answer = become(client, person).get(CASES, params={"search": NAME})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["total"])


def test_a_name_is_its_owners_and_the_administrators(client: TestClient) -> None:
    case = shared(client, png(), f"{NAME}.png")
    for person, name in (
        (READER, f"{NAME}.png"),
        (ADMINISTRATOR, f"{NAME}.png"),
        (OTHER_READER, None),
        (RESEARCHER, None),
        (COORDINATOR, None),
    ):
        seen = become(client, person).get(f"{CASES}/{case['id']}")
        assert seen.status_code == 200
        assert seen.json()["filename"] == name
        assert NAME in seen.text or name is None
        (listed,) = client.get(CASES).json()["items"]
        assert listed["filename"] == name


def test_a_search_of_others_does_not_find_a_name(client: TestClient) -> None:
    shared(client, png(), f"{NAME}.png")
    assert found_by_name(client, READER) == found_by_name(client, ADMINISTRATOR) == 1
    assert found_by_name(client, OTHER_READER) == found_by_name(client, RESEARCHER) == 0


@pytest.mark.parametrize(
    ("person", "count"), [(COORDINATOR, 0), (ADMINISTRATOR, 1)], ids=["coordinator", "administrator"]
)
def test_nor_does_the_search_for_images_of_a_study(client: TestClient, person: Person, count: int) -> None:
    shared(client, png(), f"{NAME}.png")
    answer = become(client, person).post(f"{STUDIES}/candidates", json={"search": NAME})
    assert answer.status_code == 200, answer.text
    assert answer.json()["total"] == count
    assert NAME not in become(client, person).post(f"{STUDIES}/candidates", json={}).text


def test_a_name_of_a_dicom_file_is_nowhere(client: TestClient) -> None:
    case = shared(client, ct(), f"{NAME}.dcm")
    assert case["source_format"] == "dicom"
    assert case["filename"] is None
    assert found_by_name(client, READER) == found_by_name(client, ADMINISTRATOR) == 0
    resources = resources_of(client)
    with resources.database.reading() as session:
        assert session.get_one(Case, case["id"]).filename is None
        kept = [event for event in session.query(AuditEvent) if event.action != "cases.listed"]  # the searches above
    assert {"case.created", "case.shared"} <= {event.action for event in kept}
    assert not [event for event in kept if NAME in f"{event.before}{event.after}"]
    for name in stored_files(client):
        assert NAME not in name
        assert NAME.encode() not in resources.storage.read(name)


def test_nor_does_the_same_file_again_bring_it(client: TestClient) -> None:
    case = shared(client, ct(), "a.dcm")
    again = client.post(CASES, files={"file": (f"{NAME}.dcm", ct())})
    assert (again.status_code, again.json()["id"]) == (200, case["id"])
    assert again.json()["filename"] is None
    assert found_by_name(client, READER) == 0


def test_only_administrators_read_names_in_the_trail(client: TestClient) -> None:
    shared(client, png(), f"{NAME}.png")
    told = become(client, ADMINISTRATOR).get(f"{API}/audit-events", params={"action": "case.created"})
    assert NAME in told.text
    for person in (READER, OTHER_READER, RESEARCHER, COORDINATOR):
        assert become(client, person).get(f"{API}/audit-events").status_code == 403
