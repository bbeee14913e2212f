"""Amendments of an open study."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.db.study_tables import ReaderStudy, StudyAssignment, StudyItem, StudyProtocol
from backend.reader_studies import protocols
from tests.support.accounts import events
from tests.support.people import ADMINISTRATOR, READER, become
from tests.support.publication import (
    STUDIES,
    add_reader,
    create_draft,
    publication_jobs,
    publish,
    study_design,
    upload_cases,
)
from tests.support.server import Upload, assert_error, resources_of

REASON = "The ethics board asked for it."


@pytest.fixture
def study(client: TestClient, upload: Upload, monkeypatch: pytest.MonkeyPatch) -> str:
    """Open, with one reader."""
    jobs = publication_jobs(client, monkeypatch)
    study_id = create_draft(client, study_design(upload_cases(upload)))
    add_reader(client, study_id, 0, READER.id)
    publish(client, study_id)
    jobs.do()
    return study_id


def amend(client: TestClient, study: str, **changes: Any) -> dict[str, Any]:
    answer = client.post(f"{STUDIES}/{study}/amendments", json={"reason": REASON} | changes)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def listed(client: TestClient, study: str) -> list[dict[str, Any]]:
    answer = client.get(f"{STUDIES}/{study}/protocols")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def stored(client: TestClient, study: str, table: type[Any]) -> list[Any]:
    with resources_of(client).database.reading() as session:
        return session.query(table).filter_by(study_id=study).all()


@pytest.mark.parametrize("title", ["a\0b", "two\nlines", "", " "])
def test_a_title_is_a_line(client: TestClient, study: str, title: str) -> None:
    refused = client.post(f"{STUDIES}/{study}/amendments", json={"reason": REASON, "title": title})
    assert refused.status_code == 422, refused.text
    assert len(listed(client, study)) == 1


def test_an_amendment_is_a_version_of_its_own(client: TestClient, study: str) -> None:
    before = [(row.id, row.item_id, row.position) for row in stored(client, study, StudyAssignment)]
    items = [(row.id, row.content) for row in stored(client, study, StudyItem)]
    found = amend(
        client, study, title="Another title", instructions="Sit upright.", task_instructions={"class": "Choose one."},
        grras={"analysis": "As planned."}, washout_days=14, amend_answers=True, live_results="coordinators",
    )  # fmt: skip
    assert (found["protocol_version"], found["title"], found["design"]["title"]) == (
        2,
        "Another title",
        "Another title",
    )
    design = found["design"]
    assert (design["order"]["washout_days"], design["reading"]["amend_answers"]) == (14, True)
    assert (design["access"]["live_results"], design["tasks"][1]["instructions"]) == ("coordinators", "Choose one.")
    assert design["tasks"][0]["instructions"] == ""
    assert found["results"] == "live"
    first, second = listed(client, study)
    assert (first["version"], first["changes"], first["previous_hash"]) == (1, [], None)
    assert (second["version"], second["previous_hash"], second["hash"]) == (2, first["hash"], found["protocol_hash"])
    assert (second["reason"], second["author"]["id"]) == (REASON, ADMINISTRATOR.id)
    assert {change["field"]: (change["before"], change["after"]) for change in second["changes"]} == {
        "title": ("Do maps show what they say?", "Another title"), "instructions": ("", "Sit upright."),
        "tasks.1.instructions": ("", "Choose one."), "grras.analysis": ("", "As planned."),
        "order.washout_days": (28, 14), "reading.amend_answers": (False, True),
        "access.live_results": ("nobody", "coordinators"),
    }  # fmt: skip
    # What was fixed stays fixed: the first design, the items, the orders.
    (row,) = [row for row in stored_studies(client) if row.id == study]
    assert row.design["title"] == "Do maps show what they say?"
    assert [(row.id, row.item_id, row.position) for row in stored(client, study, StudyAssignment)] == before
    assert [(row.id, row.content) for row in stored(client, study, StudyItem)] == items
    rows = sorted(stored(client, study, StudyProtocol), key=lambda row: row.version)
    assert protocols.faults([row.document for row in rows], [row.hash for row in rows]) == []
    (event,) = events(client, "reader_study.amended")
    after = json.loads(event.after or "")
    assert (after["version"], after["hash"], after["reason"]) == (2, second["hash"], REASON)
    assert after["changes"]["order.washout_days"] == 14


def stored_studies(client: TestClient) -> list[ReaderStudy]:
    with resources_of(client).database.reading() as session:
        return session.query(ReaderStudy).all()


def test_one_follows_the_other(client: TestClient, study: str) -> None:
    amend(client, study, instructions="First.")
    found = amend(client, study, washout_days=7)
    assert (found["protocol_version"], found["design"]["instructions"]) == (3, "First.")
    assert [change["field"] for change in listed(client, study)[2]["changes"]] == ["order.washout_days"]


@pytest.mark.parametrize(("changes", "words"), [
    ({}, "changes nothing"), ({"title": "Do maps show what they say?", "washout_days": 28}, "changes nothing"),
    ({"task_instructions": {"lost": "x"}}, "no task 'lost'"), ({"grras": {"lost": "x"}}, "no field 'lost'"),
])  # fmt: skip
def test_what_changes_nothing_is_none(client: TestClient, study: str, changes: dict[str, Any], words: str) -> None:
    answer = client.post(f"{STUDIES}/{study}/amendments", json={"reason": REASON} | changes)
    assert words in assert_error(answer, 400, "amendment_empty")
    assert len(listed(client, study)) == 1


def test_a_reason_is_needed_and_other_fields_are_frozen(client: TestClient, study: str) -> None:
    for body in ({"title": "X"}, {"reason": " ", "title": "X"}, {"reason": REASON, "order": {"seed": 9}}):
        assert_error(client.post(f"{STUDIES}/{study}/amendments", json=body), 422, "validation_failed")


def test_only_an_open_study_is_amended_by_those_who_run_it(client: TestClient, study: str) -> None:
    draft = create_draft(client, {"title": "Draft"})
    body = {"reason": REASON, "title": "X"}
    assert "draft" in assert_error(client.post(f"{STUDIES}/{draft}/amendments", json=body), 409, "study_not_open")
    assert listed(client, draft) == []
    assert client.post(f"{STUDIES}/{study}/close", json={"reason": REASON}).status_code == 200
    assert "closed" in assert_error(client.post(f"{STUDIES}/{study}/amendments", json=body), 409, "study_not_open")
    become(client, READER)
    assert_error(client.post(f"{STUDIES}/{study}/amendments", json=body), 403, "not_allowed")
    assert_error(client.get(f"{STUDIES}/{study}/protocols"), 403, "not_allowed")
