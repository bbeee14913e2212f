"""Looking again at an item that was answered."""

from __future__ import annotations

from fastapi.testclient import TestClient

from backend.reader_studies.design import Reading, StudyDesign
from tests.support.designs import add_published
from tests.support.people import OTHER_READER, READER, become
from tests.support.reading import READINGS, begin, change, close, good, next_of, read_on
from tests.support.server import UNKNOWN_ID, assert_error


def test_an_answered_item_is_shown_again_where_corrections_are_taken(client: TestClient, design: StudyDesign) -> None:
    study = add_published(client, design.model_copy(update={"reading": Reading(amend_answers=True)}))
    begin(become(client, READER), study)
    item = next_of(client, study)["item"]
    (given,) = read_on(client, study, 1)
    address = f"{READINGS}/{study}/responses/{given['id']}/item"
    assert good(client.get(address)) == item
    assert_error(client.get(address.replace(given["id"], UNKNOWN_ID)), 404, "response_not_found")
    begin(become(client, OTHER_READER), study)
    assert_error(client.get(address), 404, "response_not_found")
    become(client, READER)
    change(client, study, close)
    assert_error(client.get(address), 409, "reading_not_open")


def test_nobody_leafs_back_where_no_corrections_are_taken(client: TestClient, study: str) -> None:
    (given,) = read_on(client, study, 1)
    assert_error(client.get(f"{READINGS}/{study}/responses/{given['id']}/item"), 409, "no_amendments")
