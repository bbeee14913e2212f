"""Who may read now: closed studies, withdrawn readers, washouts, images within reach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.db.study_tables import ReaderStudy, StudyProtocol, StudyReader
from backend.reader_studies.design import Order, Separation, StudyDesign
from tests.support.designs import STUDIES, add_published
from tests.support.people import ADMINISTRATOR, COORDINATOR, READER, RESEARCHER, become
from tests.support.reading import (
    READINGS,
    answers_to,
    begin,
    change,
    close,
    good,
    next_assignment,
    next_of,
    read_on,
    rows,
    save,
    send,
    withdraw,
)
from tests.support.server import API, UNKNOWN_ID, assert_error, resources_of

IMAGE_404 = {"error": "reading_item_not_found", "detail": "There is no such item in your order."}


@pytest.mark.parametrize(("act", "word"), [(close, "closed"), (withdraw, "withdrawn")])
def test_a_closed_study_and_a_withdrawn_reader_give_no_more_answers(
    client: TestClient, study: str, act: Callable[[ReaderStudy, StudyReader], None], word: str
) -> None:
    read_on(client, study, 2)
    found = next_of(client, study)
    item, answered = found["item"], rows(client, study)[0].assignment_id
    change(client, study, act)
    for answer in (send(client, study, item["id"], answers_to(item)), save(client, study, item["id"], {})):
        assert word in assert_error(answer, 409, "reading_not_open")
    shut = next_of(client, study)
    assert (shut["status"], shut["item"], shut["upcoming"]) == ("closed", None, None)
    assert client.get(f"{API}{item['image']}").json() == IMAGE_404
    assert client.get(f"{READINGS}/{study}/items/{answered}/image").status_code == 200
    assert_error(client.post(f"{READINGS}/{study}/start", json={"agreed": True}), 409, "reading_not_open")
    assert good(client.get(READINGS))["items"][0]["status"] == "closed"


def test_the_server_holds_the_washout_between_sessions(client: TestClient, design: StudyDesign) -> None:
    order = Order(separation=Separation.SESSIONS, repeats=0, gap=0, washout_days=28)
    study = add_published(client, design.model_copy(update={"order": order}))
    begin(become(client, READER), study)
    first, second = good(client.get(f"{READINGS}/{study}"))["sessions"]
    read_on(client, study, first["total"] - 1)
    assert next_of(client, study)["upcoming"] is None  # the one after it lies behind the washout
    read_on(client, study, 1)
    waiting = next_of(client, study)
    last = rows(client, study)[-1].submitted_at
    assert (waiting["status"], waiting["item"], waiting["done"], waiting["total"]) == (
        "washout", None, 0, second["total"],
    )  # fmt: skip
    opens_at = (last + timedelta(days=28)).isoformat().replace("+00:00", "Z")
    assert waiting["opens_at"] == opens_at
    assert good(client.get(READINGS))["items"][0]["opens_at"] == opens_at
    coming = next_assignment(client, study, 2)
    refused = assert_error(send(client, study, coming, {}), 409, "reading_not_open")
    assert f"{last + timedelta(days=28):%Y-%m-%d}" in refused
    assert client.get(f"{READINGS}/{study}/items/{coming}/image").json() == IMAGE_404
    amend_protocol(client, study, washout_days=0)
    opened = next_of(client, study)
    assert (opened["status"], opened["item"]["id"], opened["item"]["number"]) == ("reading", coming, 1)
    read_on(client, study)
    assert next_of(client, study)["status"] == "finished"
    assert {row.protocol_version for row in rows(client, study)} == {1, 2}


def amend_protocol(client: TestClient, study_id: str, **order: Any) -> None:
    """A second version of the protocol."""
    with resources_of(client).database.writing() as session:
        first = session.get_one(StudyProtocol, (study_id, 1))
        design = first.document["design"]
        document = first.document | {"version": 2, "design": design | {"order": design["order"] | order}}
        session.add(StudyProtocol(study_id=study_id, version=2, document=document, hash="2" * 64, reason="Amended."))


def test_only_images_within_reach_are_given(client: TestClient, study: str) -> None:
    found = next_of(client, study)
    for item in (found["item"], found["upcoming"]):
        answer = client.get(f"{API}{item['image']}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert "private" in answer.headers["cache-control"]
        again = client.get(f"{API}{item['image']}", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    read_on(client, study, 1)
    assert client.get(f"{API}{found['item']['image']}").status_code == 200
    assert client.get(f"{READINGS}/{study}/items/{UNKNOWN_ID}/image").json() == IMAGE_404


def test_who_does_not_read_in_a_study_finds_nothing(client: TestClient, study: str) -> None:
    change(client, study, lambda row, _: setattr(row, "status", "open"))
    for person in (ADMINISTRATOR, RESEARCHER, COORDINATOR):  # they run it or see it, and still do not read in it
        become(client, person)
        assert good(client.get(READINGS))["items"] == []
        for path in (f"{READINGS}/{study}", f"{STUDIES}/{study}/next", f"{READINGS}/{study}/responses"):
            assert client.get(path).json() == client.get(path.replace(study, UNKNOWN_ID)).json()
            assert_error(client.get(path), 404, "reading_not_found")


def test_a_draft_study_is_not_shown_to_those_invited(client: TestClient, study: str) -> None:
    change(client, study, lambda row, _: setattr(row, "status", "publishing"))
    assert good(client.get(READINGS))["items"] == []
    assert "not open yet" in assert_error(client.get(f"{READINGS}/{study}"), 404, "reading_not_found")


def test_studies_with_something_to_do_come_first(client: TestClient, design: StudyDesign) -> None:
    closed, finished, waiting, fresh = (add_published(client, design) for _ in range(4))
    become(client, READER)
    change(client, closed, close)
    change(client, finished, lambda _, reader: setattr(reader, "status", "finished"))
    begin(client, waiting)
    order = [each["study_id"] for each in good(client.get(READINGS))["items"]]
    assert order == [waiting, fresh, finished, closed]
