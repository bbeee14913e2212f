"""Drafts over HTTP: made, changed by one at a time, listed for whom they are; and published ones."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.db.base import now
from backend.db.job_tables import JobRow
from backend.db.study_tables import ReaderStudy, StudyMember, StudyProtocol, StudyReader
from backend.db.tables import AuditEvent
from backend.examples.catalogue import all_examples
from backend.reader_studies import checking, sources
from backend.reader_studies.design import StudyCaseRef, StudyDesign
from backend.reader_studies.sources import ImagePlace, Source
from tests.support.designs import STUDIES, add_published, create_study, make_design
from tests.support.people import (
    ADMINISTRATOR,
    COORDINATOR,
    OTHER_READER,
    READER,
    RESEARCHER,
    Person,
    become,
)
from tests.support.server import UNKNOWN_ID, assert_error, resources_of

EMPTY = StudyDesign(title="Nothing yet")


def put(client: TestClient, study: dict[str, Any], person: Person = COORDINATOR, **changes: Any) -> Any:
    design = study["design"] | changes
    become(client, person)
    return client.put(f"{STUDIES}/{study['id']}", json={"design": design, "revision": study["revision"]})


def events(client: TestClient, study_id: str) -> list[tuple[str, Any]]:
    with resources_of(client).database.reading() as session:
        found = session.query(AuditEvent).filter_by(subject=f"reader_study/{study_id}").order_by(AuditEvent.sequence)
        return [(event.action, json.loads(event.after or "null")) for event in found]


def add_member(client: TestClient, study_id: str, person: Person, role: str = "observer") -> None:
    with resources_of(client).database.writing() as session:
        session.add(StudyMember(study_id=study_id, user_id=person.id, role=role))


def set_row(client: TestClient, study_id: str, **fields: Any) -> None:
    with resources_of(client).database.writing() as session:
        study = session.get_one(ReaderStudy, study_id)
        for name, value in fields.items():
            setattr(study, name, value)


def test_an_incomplete_draft_is_kept(client: TestClient) -> None:
    created = create_study(client, EMPTY)
    assert created["status"] == "draft"
    assert created["revision"] == 1
    assert created["role"] == "owner"
    assert created["owner"]["id"] == COORDINATOR.id
    assert created["plan"] is None
    assert created["results"] == "hidden"
    assert created["protocol_hash"] is None
    assert {"question", "cases", "arms", "tasks"} <= {problem["step"] for problem in created["problems"]}
    assert client.get(f"{STUDIES}/{created['id']}").json() == created
    assert events(client, created["id"]) == [("reader_study.created", {"title": "Nothing yet"})]


def test_a_copy_notes_what_it_began_as(client: TestClient) -> None:
    first = create_study(client, EMPTY)
    answer = client.post(STUDIES, json={"design": first["design"], "copy_of": first["id"]})
    assert events(client, answer.json()["id"]) == [
        ("reader_study.created", {"title": "Nothing yet", "copy_of": first["id"]})
    ]


def test_half_written_names_are_kept_as_well(client: TestClient) -> None:
    created = create_study(client, EMPTY)
    arm = {"key": "a", "name": ""}
    task = {"key": "t", "kind": "questions", "title": "", "arm_keys": []}
    saved = put(client, created, arms=[arm], tasks=[task])
    assert saved.status_code == 200, saved.text
    assert saved.json()["design"]["tasks"][0]["title"] == ""
    places = {problem["field"] for problem in saved.json()["problems"]}
    assert places >= {"arms.0.name", "tasks.0.title", "tasks.0.arm_keys", "tasks.0.questions"}


def test_a_whole_design_has_a_plan_and_no_errors(client: TestClient) -> None:
    created = create_study(client, make_design(client, cases=4, practice=1))
    assert [problem for problem in created["problems"] if problem["severity"] == "error"] == []
    # 4 images: 2 + 2 + 2 + 1 items each; a quarter again; practice: one arm of each task.
    assert created["plan"] == {"items": 28, "repeats": 7, "practice": 4, "sessions": 1, "minutes": 13}
    assert created["cases"] == 4


def test_saving_raises_the_revision_and_says_what_changed(client: TestClient) -> None:
    created = create_study(client, EMPTY)
    saved = put(client, created, title="Another", question="Why?").json()
    assert (saved["title"], saved["revision"]) == ("Another", 2)
    assert saved["design"]["question"] == "Why?"
    assert client.get(f"{STUDIES}/{created['id']}").json() == saved
    assert events(client, created["id"])[1:] == [
        ("reader_study.updated", {"revision": 2, "changed": ["question", "title"]})
    ]


def test_saving_the_same_changes_nothing(client: TestClient) -> None:
    created = create_study(client, EMPTY)
    assert put(client, created).json()["revision"] == 1
    assert len(events(client, created["id"])) == 1


def test_of_two_who_save_at_once_the_second_is_told(client: TestClient) -> None:
    created = create_study(client, EMPTY)
    add_member(client, created["id"], RESEARCHER, "coordinator")
    assert put(client, created, title="First").status_code == 200
    assert_error(put(client, created, RESEARCHER, title="Second"), 409, "study_changed")
    assert client.get(f"{STUDIES}/{created['id']}").json()["title"] == "First"


@pytest.mark.parametrize("status", ["publishing", "open", "closed"])
def test_a_published_design_is_frozen(client: TestClient, status: str) -> None:
    created = create_study(client, EMPTY)
    set_row(client, created["id"], status=status, published_at=now())
    assert_error(put(client, created, title="Later"), 409, "study_frozen")


def test_observers_save_nothing(client: TestClient) -> None:
    created = create_study(client, EMPTY)
    add_member(client, created["id"], RESEARCHER, "observer")
    assert_error(put(client, created, RESEARCHER, title="Mine"), 403, "study_not_yours")


def test_who_is_no_member_finds_nothing(client: TestClient) -> None:
    created = create_study(client, EMPTY)
    become(client, RESEARCHER)
    assert_error(client.get(f"{STUDIES}/{created['id']}"), 404, "study_not_found")
    assert_error(put(client, created, RESEARCHER), 404, "study_not_found")
    assert client.get(STUDIES).json()["items"] == []
    assert_error(client.get(f"{STUDIES}/{UNKNOWN_ID}"), 404, "study_not_found")


def test_to_read_in_a_study_shows_nothing_of_how_it_is_run(client: TestClient) -> None:
    study_id = add_published(client, make_design(client, cases=2), readers=[RESEARCHER, READER])
    become(client, RESEARCHER)  # whose role runs studies of their own
    for path in ("", "/cases", "/items", "/members", "/cases/0/image"):
        assert_error(client.get(f"{STUDIES}/{study_id}{path}"), 404, "study_not_found")
    assert client.get(STUDIES).json()["items"] == []


def test_the_list_is_of_ones_own_studies_newest_first(client: TestClient) -> None:
    first = create_study(client, EMPTY)
    second = create_study(client, EMPTY.model_copy(update={"title": "Second"}))
    foreign = create_study(client, EMPTY.model_copy(update={"title": "Foreign"}), RESEARCHER)
    add_member(client, foreign["id"], COORDINATOR, "observer")
    create_study(client, EMPTY, RESEARCHER)
    found = become(client, COORDINATOR).get(STUDIES).json()["items"]
    assert [(each["id"], each["role"]) for each in found] == [
        (foreign["id"], "observer"),
        (second["id"], "owner"),
        (first["id"], "owner"),
    ]


def test_administrators_see_and_run_all(client: TestClient) -> None:
    created = create_study(client, EMPTY)
    become(client, ADMINISTRATOR)
    assert [(each["id"], each["role"]) for each in client.get(STUDIES).json()["items"]] == [(created["id"], None)]
    assert put(client, created, ADMINISTRATOR, title="Put right").status_code == 200


def test_an_administrator_who_observes_still_runs_it(client: TestClient) -> None:
    created = create_study(client, EMPTY)
    add_member(client, created["id"], ADMINISTRATOR, "observer")
    assert put(client, created, ADMINISTRATOR, title="Put right").json()["role"] == "observer"


def test_counts_are_of_those_who_were_not_withdrawn(client: TestClient) -> None:
    study_id = add_published(client, make_design(client, cases=2, practice=0), readers=[READER, OTHER_READER])
    (found,) = become(client, COORDINATOR).get(STUDIES).json()["items"]
    expected = found["expected"]
    assert (found["readers"], found["answered"], found["protocol_version"]) == (2, 0, 1)
    assert expected == 2 * (14 + 4)  # items of both images and a quarter of them again
    with resources_of(client).database.writing() as session:
        reader = session.query(StudyReader).filter_by(study_id=study_id, user_id=READER.id).one()
        reader.status = "withdrawn"
    (found,) = client.get(STUDIES).json()["items"]
    assert (found["readers"], found["expected"]) == (1, expected // 2)


def test_a_published_study_is_shown_as_its_protocol_in_force_has_it(client: TestClient) -> None:
    study_id = add_published(client, make_design(client, cases=2))
    with resources_of(client).database.writing() as session:
        first = session.get_one(StudyProtocol, (study_id, 1))
        amended = first.document | {"design": first.document["design"] | {"instructions": "Take your time."}}
        session.add(StudyProtocol(study_id=study_id, version=2, document=amended, hash="2" * 64, reason="Because."))
    read = become(client, COORDINATOR).get(f"{STUDIES}/{study_id}").json()
    assert read["design"]["instructions"] == "Take your time."
    assert (read["protocol_version"], read["protocol_hash"]) == (2, "2" * 64)
    assert read["problems"] == []
    assert read["plan"]["practice"] == 4


def test_items_are_listed_with_what_readers_do_not_know(client: TestClient) -> None:
    study_id = add_published(client, make_design(client, cases=2))
    found = become(client, COORDINATOR).get(f"{STUDIES}/{study_id}/items").json()["items"]
    assert [each["number"] for each in found] == list(range(1, len(found) + 1))
    assert len(found) == 4 + 2 * 7
    assert {(each["task_key"], each["kind"]) for each in found} == {
        ("which", "alignment"),
        ("where", "localization"),
        ("what", "diagnosis"),
        ("free", "questions"),
    }
    shams = [each for each in found if each["arm_key"] == "sham"]
    assert shams
    assert {each["truth"]["sham"] for each in shams} == {"other_concept"}
    assert {each["case_label"] for each in found} == {"P1", "P2", "P3"}


def test_a_draft_has_no_items(client: TestClient) -> None:
    created = create_study(client, EMPTY)
    assert client.get(f"{STUDIES}/{created['id']}/items").json() == {"items": []}


def job(client: TestClient, study_id: str, study_status: str, **fields: Any) -> dict[str, Any]:
    """The study while or after a job prepares it."""
    with resources_of(client).database.writing() as session:
        row = JobRow(kind="study", queue="short", worker="w", lease_expires_at=now(), **fields)
        session.add(row)
        session.flush()
        study = session.get_one(ReaderStudy, study_id)
        study.job_id, study.status = row.id, study_status
    read: dict[str, Any] = become(client, COORDINATOR).get(f"{STUDIES}/{study_id}").json()
    return read


def test_how_far_preparing_is(client: TestClient) -> None:
    study_id = create_study(client, EMPTY)["id"]
    read = job(client, study_id, "publishing", status="queued")
    assert read["progress"] == {"stage": "Waiting for its turn", "done": 0, "total": 0}
    progress = {"stage": "Images", "done": 3, "total": 9}
    read = job(client, study_id, "publishing", status="running", progress=progress)
    assert read["progress"] == progress
    assert read["error"] is None
    assert read["problems"] == []


def test_why_preparing_failed(client: TestClient) -> None:
    study_id = create_study(client, EMPTY)["id"]
    read = job(client, study_id, "draft", status="failed", error="The model is gone; choose another one.")
    assert read["error"] == "The model is gone; choose another one."
    assert read["progress"] is None
    assert job(client, study_id, "draft", status="cancelled")["error"] is None


def test_readers_who_can_look_images_up_are_counted(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the role reader nobody sees data sets; whoever runs the study is told of elsewhere."""
    study = create_study(client, make_design(client))
    resolve = sources.resolve

    def of_a_dataset(*found_by: Any) -> list[Source | None]:
        place = ImagePlace("dataset", folder="/data/isic", image="1.png")
        return [source and replace(source, place=place) for source in resolve(*found_by)]

    def told(*readers: Person) -> list[str]:
        with resources_of(client).database.writing() as session:
            session.query(StudyReader).filter_by(study_id=study["id"]).delete()
            for slot, person in enumerate(readers):
                session.add(StudyReader(study_id=study["id"], user_id=person.id, slot=slot))
        found = become(client, COORDINATOR).get(f"{STUDIES}/{study['id']}").json()["problems"]
        return [each["text"][:8] for each in found if "data sets" in each["text"]]

    assert told(RESEARCHER, READER) == []
    monkeypatch.setattr(checking, "resolve", of_a_dataset)
    assert told(RESEARCHER, READER, COORDINATOR) == ["1 reader"]
    assert told(READER, OTHER_READER) == []


def test_a_study_on_the_gallery_is_told_so(client: TestClient) -> None:
    example = next(example for example in all_examples().values() if example.drawn.name == "synthetic-dermoscopy")
    cases = [StudyCaseRef(dataset_id="synthetic-dermoscopy", split="test", image=example.key)]
    study = create_study(client, StudyDesign(title="Drawn", cases=cases))
    assert ["1 image" in each["text"] for each in study["problems"] if "gallery" in each["text"]] == [True]
