"""Readers' questions as the coordinator sees them."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.db.study_tables import StudyMember
from tests.support.designs import STUDIES, add_published, make_design
from tests.support.people import COORDINATOR, OTHER_READER, READER, RESEARCHER, become
from tests.support.reading import READINGS, begin, good, next_of, read_on
from tests.support.server import UNKNOWN_ID, assert_error, resources_of


@pytest.fixture
def study(client: TestClient) -> str:
    """Both readers have asked something: the first about an item, then the other about the study."""
    study_id = add_published(client, make_design(client, cases=2))
    begin(become(client, READER), study_id)
    read_on(client, study_id, 1)
    item = next_of(client, study_id)["item"]
    body = {"text": "Is this one upside down?", "assignment_id": item["id"]}
    good(client.post(f"{READINGS}/{study_id}/queries", json=body), 201)
    become(client, OTHER_READER)
    good(client.post(f"{READINGS}/{study_id}/queries", json={"text": "How long is it?"}), 201)
    become(client, COORDINATOR)
    return study_id


def queries_of(client: TestClient, study_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = good(client.get(f"{STUDIES}/{study_id}/queries"))["items"]
    return found


def test_questions_name_reader_and_item(client: TestClient, study: str) -> None:
    general, of_item = queries_of(client, study)
    assert (general["reader_code"], general["reader_name"], general["item_number"]) == ("R2", "Other", None)
    assert (of_item["reader_code"], of_item["text"]) == ("R1", "Is this one upside down?")
    assert of_item["item_number"] > 0
    assert of_item["task_title"] in ("Which concept?", "Where is it?", "What is it?", "Your impression")
    assert of_item["case_label"].startswith("P")


def test_replied_ones_stand_last_and_a_reply_can_be_replaced(client: TestClient, study: str) -> None:
    general, of_item = queries_of(client, study)
    address = f"{STUDIES}/{study}/queries/{general['id']}/reply"
    replied = good(client.post(address, json={"reply": "Half an hour."}))
    assert (replied["reply"], replied["replied_by"]["name"]) == ("Half an hour.", "Coordinator")
    assert [each["id"] for each in queries_of(client, study)] == [of_item["id"], general["id"]]
    good(client.post(address, json={"reply": "An hour."}))
    become(client, OTHER_READER)
    assert [each["reply"] for each in good(client.get(f"{READINGS}/{study}/queries"))["items"]] == ["An hour."]
    assert good(client.get(READINGS))["items"][0]["new_replies"] == 1


def test_a_reply_goes_to_the_one_who_asked_alone(client: TestClient, study: str) -> None:
    general, _ = queries_of(client, study)
    good(client.post(f"{STUDIES}/{study}/queries/{general['id']}/reply", json={"reply": "Half an hour."}))
    become(client, READER)
    assert [each["reply"] for each in good(client.get(f"{READINGS}/{study}/queries"))["items"]] == [None]


def test_who_may_see_and_reply(client: TestClient, study: str) -> None:
    general, _ = queries_of(client, study)
    address = f"{STUDIES}/{study}/queries/{general['id']}/reply"
    unknown = f"{STUDIES}/{study}/queries/{UNKNOWN_ID}/reply"
    assert_error(client.post(unknown, json={"reply": "Yes."}), 404, "study_query_not_found")
    become(client, RESEARCHER)
    assert_error(client.get(f"{STUDIES}/{study}/queries"), 404, "study_not_found")
    with resources_of(client).database.writing() as session:
        session.add(StudyMember(study_id=study, user_id=RESEARCHER.id, role="observer"))
    assert len(queries_of(client, study)) == 2
    assert_error(client.post(address, json={"reply": "Yes."}), 403, "study_not_yours")


def test_a_coordinator_who_reads_sees_no_questions_of_others(client: TestClient) -> None:
    study = add_published(client, make_design(client, cases=2), readers=(COORDINATOR, READER))
    begin(become(client, READER), study)
    asked = good(client.post(f"{READINGS}/{study}/queries", json={"text": "A benign one?"}), 201)
    become(client, COORDINATOR)
    assert_error(client.get(f"{STUDIES}/{study}/queries"), 403, "still_reading")
    reply = client.post(f"{STUDIES}/{study}/queries/{asked['id']}/reply", json={"reply": "Yes."})
    assert_error(reply, 403, "still_reading")
    begin(client, study)
    read_on(client, study)
    assert len(queries_of(client, study)) == 1
