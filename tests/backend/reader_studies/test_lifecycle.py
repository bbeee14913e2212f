"""Closing, reopening and deleting studies."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.db.base import now
from backend.db.study_tables import (
    ReaderStudy,
    StudyAssignment,
    StudyCase,
    StudyItem,
    StudyProtocol,
    StudyReader,
    StudyResponse,
)
from tests.support.accounts import events
from tests.support.people import ADMINISTRATOR, COORDINATOR, READER, become
from tests.support.publication import (
    STUDIES,
    add_reader,
    create_draft,
    publication_jobs,
    publish,
    stored_images,
    study_design,
    upload_cases,
)
from tests.support.server import API, Upload, assert_error, resources_of

REASON = {"reason": "Enough readers have finished."}


@pytest.fixture
def cases(client: TestClient, upload: Upload) -> list[str]:
    return upload_cases(upload)


@pytest.fixture
def study(client: TestClient, cases: list[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Open, with one reader who has answered once."""
    jobs = publication_jobs(client, monkeypatch)
    study_id = create_draft(client, study_design(cases))
    reader_id = add_reader(client, study_id, 0, READER.id)
    publish(client, study_id)
    jobs.do()
    with resources_of(client).database.writing() as session:
        assignment = session.query(StudyAssignment).filter_by(reader_id=reader_id, session=1, position=0).one()
        answer = StudyResponse(
            study_id=study_id, reader_id=reader_id, assignment_id=assignment.id, answers={"rating": 4},
            cannot_judge=False, comment="", active_ms=900, idle_ms=0, opened_at=now(), protocol_version=1,
        )  # fmt: skip
        session.add(answer)
    return study_id


def told(client: TestClient, action: str) -> list[Any]:
    return [json.loads(event.after or "null") for event in events(client, action)]


def count(client: TestClient, study: str) -> list[int]:
    """Rows of every table."""
    tables = (StudyReader, StudyCase, StudyItem, StudyProtocol, StudyAssignment, StudyResponse)
    with resources_of(client).database.reading() as session:
        return [session.query(table).filter_by(study_id=study).count() for table in tables]


def test_closing_and_reopening_with_a_reason(client: TestClient, study: str) -> None:
    closed = client.post(f"{STUDIES}/{study}/close", json=REASON)
    assert (closed.status_code, closed.json()["status"], closed.json()["results"]) == (200, "closed", "closed")
    assert closed.json()["closed_at"] is not None
    assert "closed" in assert_error(client.post(f"{STUDIES}/{study}/close", json=REASON), 409, "study_not_open")
    opened = client.post(f"{STUDIES}/{study}/reopen", json={"reason": "One more reader."})
    assert (opened.status_code, opened.json()["status"], opened.json()["closed_at"]) == (200, "open", None)
    assert opened.json()["results"] == "hidden"
    assert "open" in assert_error(client.post(f"{STUDIES}/{study}/reopen", json=REASON), 409, "study_not_open")
    assert told(client, "reader_study.closed") == [{"status": "closed", **REASON}]
    assert told(client, "reader_study.reopened") == [{"status": "open", "reason": "One more reader."}]
    assert count(client, study)[-1] == 1


def test_who_could_see_results_does_not_read_on(client: TestClient, study: str) -> None:
    """Closing, looking and reopening would otherwise end the blinding of whoever runs the study and reads in it."""
    readers = f"{STUDIES}/{study}/readers"
    invited = client.post(readers, json={"user_id": COORDINATOR.id})
    assert invited.status_code == 201, invited.text
    member = {"user_id": COORDINATOR.id, "role": "observer"}
    assert client.post(f"{STUDIES}/{study}/members", json=member).status_code == 200
    client.post(f"{STUDIES}/{study}/close", json=REASON)
    refused = assert_error(client.post(f"{STUDIES}/{study}/reopen", json=REASON), 409, "study_not_open")
    assert refused.startswith("R2 could see")
    withdrawn = client.post(f"{readers}/{invited.json()['reader']['id']}/withdraw", json=REASON)
    assert withdrawn.status_code == 200, withdrawn.text
    assert client.post(f"{STUDIES}/{study}/reopen", json=REASON).json()["status"] == "open"


def test_what_was_never_open_can_be_neither_closed_nor_reopened(client: TestClient) -> None:
    draft = create_draft(client, {"title": "Draft"})
    for path in ("close", "reopen"):
        assert_error(client.post(f"{STUDIES}/{draft}/{path}", json=REASON), 409, "study_not_open")
        assert_error(client.post(f"{STUDIES}/{draft}/{path}", json={"reason": ""}), 422, "validation_failed")


def test_a_draft_can_be_deleted_and_a_published_study_not(client: TestClient, study: str) -> None:
    draft = create_draft(client, {"title": "Draft"})
    assert client.delete(f"{STUDIES}/{draft}").status_code == 204
    assert_error(client.get(f"{STUDIES}/{draft}"), 404, "study_not_found")
    before = count(client, study)
    assert "close it instead" in assert_error(client.delete(f"{STUDIES}/{study}"), 409, "study_frozen")
    assert client.post(f"{STUDIES}/{study}/close", json=REASON).status_code == 200
    assert_error(client.delete(f"{STUDIES}/{study}"), 409, "study_frozen")
    assert count(client, study) == before
    assert len(stored_images(client, study)) == 5
    assert [json.loads(event.before or "")["title"] for event in events(client, "reader_study.deleted")] == ["Draft"]


def test_a_demonstration_goes_with_everything(client: TestClient, study: str, cases: list[str]) -> None:
    with resources_of(client).database.writing() as session:
        session.get_one(ReaderStudy, study).demonstration = True
    assert all(found > 0 for found in count(client, study))
    assert client.delete(f"{STUDIES}/{study}").status_code == 204
    assert count(client, study) == [0] * 6
    assert stored_images(client, study) == []
    assert client.get(f"{API}/cases/{cases[0]}").status_code == 200


def test_only_those_who_run_it_do_any_of_this(client: TestClient, study: str) -> None:
    for person, status, code in ((COORDINATOR, 404, "study_not_found"), (READER, 403, "not_allowed")):
        become(client, person)
        for path in ("close", "reopen"):
            assert_error(client.post(f"{STUDIES}/{study}/{path}", json=REASON), status, code)
        assert_error(client.delete(f"{STUDIES}/{study}"), status, code)
    become(client, ADMINISTRATOR)
    assert client.get(f"{STUDIES}/{study}").json()["status"] == "open"
