"""Publication over HTTP, with a worker whose models are the small numpy one."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backend.access.principal import SYSTEM, acting_as
from backend.db.study_tables import (
    ReaderStudy,
    StudyAssignment,
    StudyCase,
    StudyItem,
    StudyProtocol,
    StudyReader,
    StudyResponse,
)
from backend.db.tables import Case
from backend.jobs import leasing, repository
from backend.jobs.dispatcher import JobDispatcher
from backend.jobs.handling import JobRefused
from backend.jobs.leasing import LeaseLost
from backend.model_registry import repository as models
from backend.reader_studies import protocols
from backend.reader_studies.design import StudyDesign
from backend.reader_studies.handling import NOT_READABLE, STOPPED
from backend.reader_studies.orders import Placed, assign, make_order, order_digest, order_items
from tests.support.accounts import events
from tests.support.images import encoded, gradient, png
from tests.support.people import ADMINISTRATOR, COORDINATOR, OTHER_READER, READER, RESEARCHER, become
from tests.support.publication import (
    MODEL,
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
from tests.support.short_jobs import ShortJobs


@pytest.fixture
def jobs(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> ShortJobs:
    return publication_jobs(client, monkeypatch)


@pytest.fixture
def cases(jobs: ShortJobs, upload: Upload) -> list[str]:
    return upload_cases(upload)


@pytest.fixture
def study(client: TestClient, cases: list[str]) -> str:
    """A draft with three readers, one of whom was withdrawn."""
    study_id = create_draft(client, study_design(cases))
    add_reader(client, study_id, 0, READER.id)
    add_reader(client, study_id, 1, OTHER_READER.id)
    add_reader(client, study_id, 2, RESEARCHER.id, status="withdrawn")
    return study_id


def read(client: TestClient, study_id: str) -> dict[str, Any]:
    answer = client.get(f"{STUDIES}/{study_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def rows(client: TestClient, table: type[Any], study_id: str) -> list[Any]:
    with resources_of(client).database.reading() as session:
        return session.query(table).filter_by(study_id=study_id).all()


def told(client: TestClient, action: str) -> list[Any]:
    """What the trail says of each."""
    return [json.loads(event.after or "null") for event in events(client, action)]


def document_of(client: TestClient, study_id: str) -> dict[str, Any]:
    (protocol,) = rows(client, StudyProtocol, study_id)
    found: dict[str, Any] = protocol.document
    return found


def test_what_is_published_waits(client: TestClient, study: str, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(JobDispatcher, "wake", lambda _self: woken.append(1))
    found = publish(client, study)
    assert woken == [1]
    assert (found["status"], found["progress"], found["published_at"]) == (
        "publishing", {"stage": "Waiting for its turn", "done": 0, "total": 0}, None
    )  # fmt: skip
    (after,) = told(client, "reader_study.published")
    assert after == {"revision": 1, "design": protocols.hash_of(found["design"])}
    for method, path in (("POST", "/publish"), ("PUT", ""), ("DELETE", "")):
        body = {"design": found["design"], "revision": 1} if method == "PUT" else None
        assert_error(client.request(method, f"{STUDIES}/{study}{path}", json=body), 409, "study_frozen")


def test_what_is_missing_is_said_all_at_once(client: TestClient, jobs: ShortJobs, cases: list[str]) -> None:
    study = create_draft(client, study_design(cases, question="", tasks=[], order={}))
    words = assert_error(client.post(f"{STUDIES}/{study}/publish"), 400, "study_incomplete")
    missing = [problem["text"] for problem in read(client, study)["problems"] if problem["severity"] == "error"]
    assert len(missing) > 1
    assert all(text in words for text in missing)
    assert read(client, study)["status"] == "draft"
    assert told(client, "reader_study.published") == []


def test_only_those_who_run_it_publish_it(client: TestClient, study: str) -> None:
    become(client, COORDINATOR)
    for path in ("publish", "cancel"):
        assert_error(client.post(f"{STUDIES}/{study}/{path}"), 404, "study_not_found")
    become(client, ADMINISTRATOR)
    body = {"user_id": RESEARCHER.id, "role": "observer"}
    assert client.post(f"{STUDIES}/{study}/members", json=body).status_code == 200
    become(client, RESEARCHER)
    assert_error(client.post(f"{STUDIES}/{study}/publish"), 403, "study_not_yours")


def test_it_opens_with_everything_that_reading_needs(
    client: TestClient, jobs: ShortJobs, study: str, cases: list[str]
) -> None:
    publish(client, study)
    job_id = jobs.do()
    found = read(client, study)
    assert (found["status"], found["progress"], found["error"], found["protocol_version"]) == ("open", None, None, 1)
    assert found["published_at"] is not None
    copies = sorted(rows(client, StudyCase, study), key=lambda row: row.number)
    assert [(row.case_id, row.practice, row.truth_class) for row in copies] == [
        (case, place == 0, "mel" if place % 2 else "nv") for place, case in enumerate(cases)
    ]
    assert {row.image_key for row in copies} == {
        str(path.relative_to(resources_of(client).settings.storage_dir)) for path in stored_images(client, study)
    }
    assert all(row.image_key.startswith(f"reader-studies/{study}/{job_id}-1/") for row in copies)
    items = sorted(rows(client, StudyItem, study), key=lambda row: row.number)
    assert [item.number for item in items] == list(range(1, 19))  # 2 tasks: 4 cases under 2 arms, 1 for practice
    document = document_of(client, study)
    assert [(row["number"], row["unit"], row["arm_key"], row["truth"]) for row in document["items"]] == [
        (row.number, row.unit, row.arm_key, row.truth) for row in items
    ]
    assert not (resources_of(client).settings.jobs_dir / job_id / "result").exists()
    (opened,) = told(client, "reader_study.opened")
    assert opened == {"version": 1, "hash": protocols.hash_of(document), "items": 18, "readers": 2}
    (protocol,) = rows(client, StudyProtocol, study)
    assert (protocol.hash, protocol.author_id, protocol.version) == (opened["hash"], ADMINISTRATOR.id, 1)
    assert found["protocol_hash"] == opened["hash"]


def test_every_reader_has_an_order_that_can_be_drawn_again(client: TestClient, jobs: ShortJobs, study: str) -> None:
    publish(client, study)
    jobs.do()
    document = document_of(client, study)
    design = StudyDesign.model_validate(document["design"])
    known = order_items(
        design,
        [
            (row["number"], row["task_key"], row["arm_key"], row["case_number"], row["practice"])
            for row in document["items"]
        ],
    )
    numbers = {row.id: row.number for row in rows(client, StudyItem, study)}
    assigned = rows(client, StudyAssignment, study)
    assert len({row.id for row in assigned}) == len(assigned)
    digests = []
    for reader in rows(client, StudyReader, study):
        mine = [row for row in assigned if row.reader_id == reader.id]
        if reader.status == "withdrawn":
            assert (mine, reader.order_digest) == ([], None)
            continue
        placed = sorted(Placed(row.session, row.position, numbers[row.item_id], row.repeated) for row in mine)
        assert placed == make_order(known, design.order, reader.slot)
        assert reader.order_digest == order_digest(placed)
        digests.append(reader.order_digest)
    assert len(set(digests)) == 2


def test_copies_hold_pixels_and_nothing_else(client: TestClient, jobs: ShortJobs, study: str, cases: list[str]) -> None:
    told = PngInfo()
    told.add_text("Patient", "Jane Roe")
    named = encoded(gradient(), pnginfo=told, dpi=(300, 300))
    with resources_of(client).database.reading() as session:
        resources_of(client).storage.write(session.get_one(Case, cases[1]).image_key, named)
    publish(client, study)
    jobs.do()
    for path, case in zip(stored_images(client, study), cases, strict=True):
        with (
            Image.open(path) as image,
            Image.open(io.BytesIO(client.get(f"{API}/cases/{case}/image").content)) as source,
        ):
            assert (image.mode, image.info, dict(image.getexif())) == ("RGB", {}, {})
            assert image.tobytes() == source.convert("RGB").tobytes()
        content = path.read_bytes()
        assert not any(kind in content for kind in (b"tEXt", b"iTXt", b"zTXt", b"tIME", b"eXIf", b"pHYs", b"Jane"))


def without_ids(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in ("study_id", "published_at")}


def test_the_same_design_gives_the_same_protocol(client: TestClient, jobs: ShortJobs, cases: list[str]) -> None:
    made = []
    for _ in range(2):
        study = create_draft(client, study_design(cases))
        publish(client, study)
        jobs.do()
        made.append(document_of(client, study))
    assert without_ids(made[0]) == without_ids(made[1])
    assert protocols.hash_of(without_ids(made[0])) == protocols.hash_of(without_ids(made[1]))
    assert protocols.hash_of(made[0]) != protocols.hash_of(made[1])


def test_a_changed_byte_of_an_image_changes_the_protocol(
    client: TestClient, jobs: ShortJobs, upload: Upload, cases: list[str]
) -> None:
    """One level of one colour of an image that looks the same."""
    other = upload(png((201, 30, 40), (24, 16)))["id"], upload(png((200, 30, 40), (24, 16)))["id"]
    documents = []
    for case in other:
        study = create_draft(client, study_design([*cases, case]))
        publish(client, study)
        jobs.do()
        documents.append(without_ids(document_of(client, study)))
        documents[-1]["design"] = documents[-1]["cases"][-1]["source"] = None
    assert protocols.hash_of(documents[0]) != protocols.hash_of(documents[1])
    digests = [[case["sha256"] for case in document["cases"]] for document in documents]
    assert (digests[0][:-1] == digests[1][:-1], digests[0][-1] == digests[1][-1]) == (True, False)


def test_images_of_sets_are_published_too(client: TestClient, jobs: ShortJobs, cases: list[str]) -> None:
    design = study_design(cases)
    example = {"dataset_id": "synthetic-dermoscopy", "split": "test", "image": "dermoscopy-mel-1"}
    study = create_draft(client, design | {"cases": [*design["cases"], example]})
    publish(client, study)
    jobs.do()
    last = max(rows(client, StudyCase, study), key=lambda row: row.number)
    assert (last.case_id, last.dataset, last.synthetic, last.truth_class) == (None, "synthetic-dermoscopy", True, "mel")
    assert (last.width, last.source) == (640, example | {"label": "Melanoma, example 1"})


def test_the_demonstration_opens_with_the_answers_of_its_simulated_readers(client: TestClient, jobs: ShortJobs) -> None:
    answer = client.post(f"{STUDIES}/demonstration")
    assert answer.status_code == 201, answer.text
    study = answer.json()["id"]
    jobs.do()
    found = read(client, study)
    assert (found["status"], found["error"], found["demonstration"]) == ("open", None, True)
    readers = rows(client, StudyReader, study)
    simulated = [reader for reader in readers if reader.user_id is None]
    assert [reader.status for reader in simulated] == ["finished", "finished"]
    assigned = {
        row.id for row in rows(client, StudyAssignment, study) if row.reader_id in {each.id for each in simulated}
    }
    assert {row.assignment_id for row in rows(client, StudyResponse, study)} == assigned
    assert assigned


def test_one_that_waits_can_be_stopped(client: TestClient, jobs: ShortJobs, study: str) -> None:
    publish(client, study)
    answer = client.post(f"{STUDIES}/{study}/cancel")
    assert (answer.status_code, answer.json()["status"], answer.json()["error"]) == (202, "draft", None)
    assert told(client, "reader_study.cancelled") == [{"status": "draft"}]
    assert_error(client.post(f"{STUDIES}/{study}/cancel"), 409, "study_not_open")
    publish(client, study)
    jobs.do()
    assert read(client, study)["status"] == "open"


def test_one_that_runs_can_be_stopped_and_its_end_harms_no_later_one(
    client: TestClient, jobs: ShortJobs, study: str
) -> None:
    publish(client, study)
    first = jobs.claim()
    content = jobs.prepare(first)
    jobs.run(content)
    assert client.post(f"{STUDIES}/{study}/cancel").json()["status"] == "draft"
    with pytest.raises(LeaseLost):
        jobs.finish(first, content)
    publish(client, study)
    second = jobs.do()
    with acting_as(SYSTEM), resources_of(client).database.writing() as session:  # the first worker, late
        jobs.handler.ended(session, repository.require(session, first.job_id), jobs.around(first.job_id))
    assert read(client, study)["status"] == "open"
    images = stored_images(client, study)
    assert len(images) == 5
    assert all(path.parent.name == f"{second}-1" for path in images)


def test_one_whose_job_ended_unnoticed_can_be_stopped(client: TestClient, jobs: ShortJobs, study: str) -> None:
    """As when the handler of a failed job could not write."""
    publish(client, study)
    claim = jobs.claim()
    content = jobs.prepare(claim)
    jobs.run(content)
    jobs.write(claim, lambda session, row: leasing.end(session, row, "failed", "broken"))
    assert client.post(f"{STUDIES}/{study}/cancel").json()["status"] == "draft"
    assert stored_images(client, study) == []


def test_a_reader_who_comes_later_moves_nobody_elses_order(client: TestClient, jobs: ShortJobs, study: str) -> None:
    publish(client, study)
    jobs.do()
    before = {row.id: (row.reader_id, row.item_id, row.position) for row in rows(client, StudyAssignment, study)}
    reader_id = add_reader(client, study, 3, COORDINATOR.id)
    with resources_of(client).database.writing() as session:
        for _ in range(2):  # the second time nothing happens
            assign(session, session.get_one(ReaderStudy, study), session.get_one(StudyReader, reader_id))
    after = {row.id: (row.reader_id, row.item_id, row.position) for row in rows(client, StudyAssignment, study)}
    assert {key: after[key] for key in before} == before
    assert len({key for key in after if after[key][0] == reader_id}) == len(before) / 2
    digests = [row.order_digest for row in rows(client, StudyReader, study) if row.order_digest]
    assert len(set(digests)) == 3


def test_a_failure_is_told_and_the_study_is_a_draft_again(client: TestClient, jobs: ShortJobs, study: str) -> None:
    publish(client, study)
    claim = jobs.claim()
    content = jobs.prepare(claim)
    jobs.run(content)
    jobs.fail(claim, "The server's disk is full.")
    found = read(client, study)
    assert (found["status"], found["error"], found["published_at"]) == ("draft", "The server's disk is full.", None)
    assert told(client, "reader_study.failed") == [{"error": "The server's disk is full."}]
    assert stored_images(client, study) == []
    assert not Path(content["out"]).exists()
    publish(client, study)
    jobs.do()
    assert (read(client, study)["status"], read(client, study)["error"]) == ("open", None)


def test_one_whose_worker_was_lost_is_done_by_another_once(client: TestClient, jobs: ShortJobs, study: str) -> None:
    publish(client, study)
    lost = jobs.claim()
    content = jobs.prepare(lost)
    jobs.run(content)
    jobs.write(lost, lambda session, row: leasing.requeue(session, row, "lost", counts=True))
    job_id = jobs.do()
    with pytest.raises(LeaseLost):  # the lost one comes back
        jobs.finish(lost, content)
    assert read(client, study)["status"] == "open"
    assert {path.parent.name for path in stored_images(client, study)} == {f"{job_id}-2"}
    assert len(rows(client, StudyProtocol, study)) == 1
    assert len(rows(client, StudyItem, study)) == 18


def test_a_commit_whose_answer_was_lost_is_done_once(
    client: TestClient, jobs: ShortJobs, study: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(client, study)
    claim = jobs.claim()
    content = jobs.prepare(claim)
    jobs.run(content)
    commit = Session.commit
    lost: list[str] = []

    def commit_and_lose(session: Session) -> None:
        commit(session)
        if lost == ["at its end"]:
            lost.append("lost")
            raise OperationalError("COMMIT", {}, ConnectionError())

    monkeypatch.setattr(Session, "commit", commit_and_lose)
    with pytest.raises(OperationalError):
        jobs.finish(claim, content, lambda: lost.append("at its end"))
    with pytest.raises(LeaseLost):  # as the worker finds out when it tries again
        jobs.finish(claim, content)
    assert read(client, study)["status"] == "open"
    assert len(stored_images(client, study)) == 5
    assert len(rows(client, StudyItem, study)) == 18
    assert len(told(client, "reader_study.opened")) == 1


def test_nothing_stays_of_an_end_that_did_not_come_through(client: TestClient, jobs: ShortJobs, study: str) -> None:
    publish(client, study)
    claim = jobs.claim()
    content = jobs.prepare(claim)
    jobs.run(content)

    def fail() -> None:
        raise OperationalError("COMMIT", {}, ConnectionError())

    with pytest.raises(OperationalError):
        jobs.finish(claim, content, fail)
    assert (read(client, study)["status"], stored_images(client, study)) == ("publishing", [])
    assert rows(client, StudyItem, study) == rows(client, StudyCase, study) == rows(client, StudyProtocol, study) == []


def _no_model(client: TestClient, _cases: list[str]) -> None:
    with resources_of(client).database.writing() as session:
        row = models.get(session, MODEL)
        assert row is not None
        (Path(row.folder) / "config.json").unlink()


def _no_case(client: TestClient, cases: list[str]) -> None:
    assert client.delete(f"{API}/cases/{cases[1]}").status_code == 204


@pytest.mark.parametrize(("spoil", "words"), [(_no_model, "files of the model colour are gone"), (_no_case, "Image 2")])
def test_what_is_gone_before_it_begins_is_said(
    client: TestClient, jobs: ShortJobs, study: str, cases: list[str],
    spoil: Callable[[TestClient, list[str]], None], words: str,
) -> None:  # fmt: skip
    publish(client, study)
    spoil(client, cases)
    jobs.do()
    found = read(client, study)
    assert found["status"] == "draft"
    assert words in found["error"]


def test_a_case_that_is_deleted_while_it_runs(
    client: TestClient, jobs: ShortJobs, study: str, cases: list[str]
) -> None:
    publish(client, study)
    claim = jobs.claim()
    content = jobs.prepare(claim)
    jobs.run(content)
    _no_case(client, cases)
    with pytest.raises(JobRefused, match="Image 2"):
        jobs.finish(claim, content)
    assert stored_images(client, study) == []


@pytest.mark.parametrize("left", [None, "{", '{"cases": []}'])
def test_a_result_that_cannot_be_read_is_said(
    client: TestClient, jobs: ShortJobs, study: str, left: str | None
) -> None:
    def spoil(content: dict[str, Any]) -> None:
        shutil.rmtree(content["out"], ignore_errors=True)
        if left is not None:
            Path(content["out"]).mkdir(parents=True)
            (Path(content["out"]) / "result.json").write_text(left)

    jobs.run = spoil
    publish(client, study)
    jobs.do()
    assert read(client, study)["error"] == NOT_READABLE


def test_what_the_models_cannot_give_is_said(client: TestClient, jobs: ShortJobs, study: str) -> None:
    publish(client, study)
    claim = jobs.claim()
    content = jobs.prepare(claim)
    content["design"]["arms"][0]["map"] = content["design"]["arms"][1]["map"] = "saliency"
    with pytest.raises(ValueError, match="saliency"):
        jobs.run(content)
    content = jobs.prepare(claim)
    content["design"]["tasks"][0]["arm_keys"] = ["sham"]
    with pytest.raises(JobRefused, match="without a sham"):
        jobs.run(content)


def test_a_study_that_is_none_any_more_is_not_prepared(client: TestClient, jobs: ShortJobs, study: str) -> None:
    publish(client, study)
    with resources_of(client).database.writing() as session:
        session.get_one(ReaderStudy, study).status = "draft"
    claim = jobs.claim()
    with pytest.raises(JobRefused, match=STOPPED):
        jobs.prepare(claim)
