"""Reading a study from the first item to the last, and everything that may stand in between."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.db.tables import AuditEvent
from backend.reader_studies.design import Reading, StudyDesign
from tests.support.designs import STUDIES, add_published
from tests.support.people import COORDINATOR, OTHER_READER, READER, become
from tests.support.reading import (
    PROFILE,
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
    statements,
)
from tests.support.server import API, UNKNOWN_ID, assert_error, resources_of


def trail(client: TestClient) -> list[str]:
    with resources_of(client).database.reading() as session:
        return [event.action for event in session.query(AuditEvent).order_by(AuditEvent.sequence)]


def test_a_reader_reads_from_the_first_item_to_the_last(client: TestClient, study: str) -> None:
    listed = good(client.get(READINGS))["items"]
    assert [(each["study_id"], each["status"], each["done"]) for each in listed] == [(study, "reading", 0)]
    total = listed[0]["total"]
    given = read_on(client, study)
    assert [each["number"] for each in given] == list(range(1, total + 1))
    finished = next_of(client, study)
    assert (finished["status"], finished["item"], finished["upcoming"]) == ("finished", None, None)
    assert (finished["done"], finished["total"]) == (total, total)
    kept = good(client.get(f"{READINGS}/{study}/responses"))["items"]
    assert kept == given[::-1]
    assert [row.answers for row in rows(client, study)] == [each["answers"] for each in given]
    assert {row.protocol_version for row in rows(client, study)} == {1}
    assert trail(client)[-2:] == ["study_reader.started", "study_reader.finished"]  # and none for each answer


def test_before_beginning_one_sees_the_first_item_but_answers_nothing(client: TestClient, design: StudyDesign) -> None:
    study = add_published(become(client, READER), design)
    become(client, READER)
    found = next_of(client, study)
    assert found["status"] == "invited"
    for ask in (save, send):
        assert_error(ask(client, study, found["item"]["id"], {}), 409, "reading_not_started")
    bare = client.post(f"{READINGS}/{study}/start", json={"agreed": True})
    assert_error(bare, 400, "profile_missing")
    assert client.post(f"{READINGS}/{study}/start", json={"agreed": False, "profile": PROFILE}).status_code == 422


def test_the_profile_can_be_corrected_until_something_is_answered(client: TestClient, study: str) -> None:
    assert begin(client, study)["profile"] == {**PROFILE, "experience": ""}
    other = {"agreed": True, "profile": {"profession": "Radiologist", "years": 3}}
    assert good(client.post(f"{READINGS}/{study}/start", json=other))["profile"]["years"] == 3
    read_on(client, study, 1)
    assert begin(client, study)["profile"]["years"] == 3
    assert trail(client).count("study_reader.started") == 1


def test_what_a_reader_is_told_beforehand(client: TestClient, design: StudyDesign) -> None:
    changed = design.model_copy(update={"instructions": "Look closely."})
    study = add_published(client, changed)
    told = good(become(client, READER).get(f"{READINGS}/{study}"))
    assert told["instructions"] == "Look closely."
    assert told["coordinator"] == "Coordinator"
    assert [task["title"] for task in told["tasks"]] == [task.title for task in design.tasks]
    assert told["practice"] == len(design.tasks)
    assert told["sessions"] == [{"number": 1, "done": 0, "total": told["total"], "opens_at": None}]


def test_the_next_item_follows_the_upcoming_one_and_looking_writes_nothing(client: TestClient, study: str) -> None:
    first = next_of(client, study)
    with statements(client) as asked:
        assert next_of(client, study) == first
        client.get(f"{API}{first['item']['image']}")
    assert not [each for each in asked if each.startswith(("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE"))]
    assert first["upcoming"]["number"] == 2
    good(send(client, study, first["item"]["id"], answers_to(first["item"])), 201)
    assert next_of(client, study)["item"] == first["upcoming"]


def test_a_draft_is_kept_replaced_and_gone_once_answered(client: TestClient, study: str) -> None:
    item = next_of(client, study)["item"]
    assert item["draft"] is None
    good(save(client, study, item["id"], {}, comment="hm", active_ms=10))
    good(save(client, study, item["id"], answers_to(item), comment="sure", active_ms=900, idle_ms=4))
    kept = next_of(client, study)["item"]["draft"]
    assert kept == {
        "answers": answers_to(item), "comment": "sure", "cannot_judge": False, "active_ms": 900, "idle_ms": 4,
    }  # fmt: skip
    good(send(client, study, item["id"], answers_to(item), comment="sure", active_ms=1200, idle_ms=4), 201)
    assert next_of(client, study)["item"]["draft"] is None
    assert_error(save(client, study, item["id"], {}), 409, "answer_locked")
    (row,) = rows(client, study)
    assert (row.active_ms, row.idle_ms, row.comment) == (1200, 4, "sure")
    assert row.opened_at < row.submitted_at  # since the first draft


def test_the_same_answer_again_is_the_stored_one_and_another_is_refused(client: TestClient, study: str) -> None:
    item = next_of(client, study)["item"]
    stored = good(send(client, study, item["id"], answers_to(item), active_ms=5), 201)
    assert good(send(client, study, item["id"], answers_to(item), active_ms=7), 201) == stored
    assert_error(send(client, study, item["id"], answers_to(item, 1)), 409, "answer_locked")
    assert_error(send(client, study, item["id"], answers_to(item), comment="else"), 409, "answer_locked")
    assert_error(send(client, study, item["id"], {}, cannot_judge=True), 409, "answer_locked")
    change(client, study, close)
    assert good(send(client, study, item["id"], answers_to(item)), 201) == stored
    assert len(rows(client, study)) == 1


def test_items_are_answered_in_their_order(client: TestClient, study: str) -> None:
    upcoming = next_of(client, study)["upcoming"]
    assert_error(send(client, study, upcoming["id"], answers_to(upcoming)), 409, "out_of_turn")
    assert_error(save(client, study, upcoming["id"], {}), 409, "out_of_turn")
    assert_error(send(client, study, UNKNOWN_ID, {}), 404, "reading_item_not_found")
    assert_error(save(client, study, UNKNOWN_ID, {}), 404, "reading_item_not_found")
    assert rows(client, study) == []


def test_cannot_judge_is_an_answer_where_the_task_takes_it(client: TestClient, design: StudyDesign) -> None:
    tasks = [task.model_copy(update={"cannot_judge": place > 0}) for place, task in enumerate(design.tasks)]
    study = add_published(client, design.model_copy(update={"tasks": tasks}))
    begin(become(client, READER), study)
    first = next_of(client, study)["item"]
    assert_error(send(client, study, first["id"], {}, cannot_judge=True), 400, "bad_answer")
    good(send(client, study, first["id"], answers_to(first)), 201)
    second = next_of(client, study)["item"]
    given = good(send(client, study, second["id"], answers_to(second), cannot_judge=True, comment="blurred"), 201)
    assert (given["answers"], given["cannot_judge"], given["comment"]) == ({}, True, "blurred")
    assert good(send(client, study, second["id"], {}, cannot_judge=True, comment="blurred"), 201) == given


@pytest.mark.parametrize(
    ("kind", "answers", "words"),
    [
        ("localization", {}, "rating"),
        ("localization", {"rating": 0}, "1 to 5"),
        ("localization", {"rating": 6}, "1 to 5"),
        ("localization", {"rating": "3"}, "1 to 5"),
        ("localization", {"rating": 3, "arm": 1}, "no question 'arm'"),
        ("alignment", {"concept": "z"}, "a, b, c, d"),
        ("alignment", {"concept": 1}, "takes text"),
        ("diagnosis", {"class": "mel"}, "confidence"),
        ("diagnosis", {"class": "mel", "confidence": 101}, "0 to 100"),
        ("diagnosis", {"class": "mel", "confidence": -1}, "0 to 100"),
        ("questions", {"useful": 1}, "quality"),
        ("questions", {"useful": 1, "quality": "good", "remark": 2}, "takes text"),
    ],
)
def test_answers_must_fit_the_questions(
    client: TestClient, study: str, kind: str, answers: dict[str, Any], words: str
) -> None:
    while (item := next_of(client, study)["item"])["content"]["kind"] != kind:
        good(send(client, study, item["id"], answers_to(item)), 201)
    before = len(rows(client, study))
    assert words in assert_error(send(client, study, item["id"], answers), 400, "bad_answer")
    assert len(rows(client, study)) == before
    assert next_of(client, study)["item"]["id"] == item["id"]


@pytest.mark.parametrize("value", [True, 2.5, None, [1], {"a": 1}, "x" * 4001])
def test_values_of_no_known_kind_are_refused(client: TestClient, study: str, value: Any) -> None:
    item = next_of(client, study)["item"]
    assert send(client, study, item["id"], {"concept": value}).status_code == 422


def test_an_optional_text_may_be_missing_and_a_required_one_not_blank(client: TestClient, design: StudyDesign) -> None:
    (free,) = [task for task in design.tasks if task.key == "free"]
    questions = [*free.questions[:2], free.questions[2].model_copy(update={"required": True})]
    tasks = [free, free.model_copy(update={"key": "strict", "questions": questions})]
    study = add_published(client, design.model_copy(update={"tasks": tasks}))
    begin(become(client, READER), study)
    bare: dict[str, Any] = {"useful": 1, "quality": "good"}
    good(send(client, study, next_of(client, study)["item"]["id"], bare), 201)
    item = next_of(client, study)["item"]
    assert_error(send(client, study, item["id"], {**bare, "remark": " \n"}), 400, "bad_answer")
    good(send(client, study, item["id"], {**bare, "remark": "seen"}), 201)


def test_corrections_are_added_where_the_protocol_allows_them(client: TestClient, design: StudyDesign) -> None:
    study = add_published(client, design.model_copy(update={"reading": Reading(amend_answers=True)}))
    begin(become(client, READER), study)
    item = next_of(client, study)["item"]
    given = good(send(client, study, item["id"], answers_to(item)), 201)
    address = f"{READINGS}/{study}/responses/{given['id']}/amendments"
    body = {"answers": answers_to(item, 1), "reason": "Slipped."}
    assert good(client.post(address, json=body), 201) == {**given, "amendments": 1}
    assert_error(client.post(address, json={**body, "answers": {"concept": "z"}}), 400, "bad_answer")
    assert_error(client.post(address.replace(given["id"], UNKNOWN_ID), json=body), 404, "response_not_found")
    assert_error(become(client, OTHER_READER).post(address, json=body), 404, "response_not_found")
    become(client, READER)
    assert good(client.get(f"{READINGS}/{study}/responses"))["items"] == [{**given, "amendments": 1}]
    assert trail(client)[-1] == "study_response.amended"
    change(client, study, close)
    assert_error(client.post(address, json=body), 409, "reading_not_open")


def test_corrections_are_refused_where_the_protocol_does_not(client: TestClient, study: str) -> None:
    (given,) = read_on(client, study, 1)
    address = f"{READINGS}/{study}/responses/{given['id']}/amendments"
    body = {"answers": given["answers"], "reason": "Slipped."}
    assert_error(client.post(address, json=body), 409, "no_amendments")


def test_questions_to_the_coordinator_and_replies(client: TestClient, study: str) -> None:
    found = next_of(client, study)
    address = f"{READINGS}/{study}/queries"
    asked = good(client.post(address, json={"text": "Which side?", "assignment_id": found["item"]["id"]}), 201)
    assert (asked["session"], asked["number"], asked["reply"]) == (1, 1, None)
    general = good(client.post(address, json={"text": "How long?"}), 201)
    assert (general["session"], general["number"]) == (None, None)
    last = next_assignment(client, study, 1).translate(str.maketrans("0123456789abcdef", "123456789abcdef0"))
    unknown = client.post(address, json={"text": "And this?", "assignment_id": last})
    assert_error(unknown, 404, "reading_item_not_found")
    assert [each["id"] for each in good(client.get(address))["items"]] == [general["id"], asked["id"]]
    reply = f"{STUDIES}/{study}/queries/{asked['id']}/reply"
    good(become(client, COORDINATOR).post(reply, json={"reply": "The left one."}))
    become(client, READER)
    assert good(client.get(address))["items"][1]["reply"] == "The left one."
    assert good(client.get(READINGS))["items"][0]["new_replies"] == 1
    assert client.post(f"{READINGS}/{study}/reminder/seen").status_code == 204
    assert good(client.get(READINGS))["items"][0]["new_replies"] == 0
    assert good(become(client, OTHER_READER).get(address))["items"] == []


def test_saving_asks_the_database_little(client: TestClient, study: str) -> None:
    read_on(client, study, 2)
    item = next_of(client, study)["item"]
    for ask in (lambda: next_of(client, study), lambda: save(client, study, item["id"], {})):
        with statements(client) as asked:
            ask()
        assert 0 < len(asked) <= 4
    with statements(client) as asked:
        good(send(client, study, item["id"], answers_to(item)), 201)
    # One's place, what is asked, the protocol's version; the answer, the draft that ends, and whether it is still open.
    assert len(asked) == 6
