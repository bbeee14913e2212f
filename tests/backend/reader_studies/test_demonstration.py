"""The demonstration over HTTP: published by a worker with the small numpy model, and answered by simulated readers."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.access.principal import SYSTEM, acting_as
from backend.db.study_tables import ReaderStudy, StudyAssignment, StudyItem, StudyReader, StudyResponse
from backend.reader_studies import demonstration
from backend.reader_studies.items import RATING, ItemContent, ItemTruth
from backend.readings.checking import check
from tests.support.accounts import events
from tests.support.explainer import ColourZoo
from tests.support.people import ADMINISTRATOR, READER
from tests.support.publication import STUDIES, publication_jobs, stored_images
from tests.support.server import API, StartServer, assert_error, resources_of
from tests.support.short_jobs import ShortJobs


@pytest.fixture
def jobs(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> ShortJobs:
    return publication_jobs(client, monkeypatch)


@pytest.fixture
def study(client: TestClient, jobs: ShortJobs) -> str:
    """Open, with the answers of its simulated readers."""
    return made(client, jobs)


def made(client: TestClient, jobs: ShortJobs) -> str:
    answer = client.post(f"{STUDIES}/demonstration")
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert (found["status"], found["demonstration"], found["role"]) == ("publishing", True, "owner")
    jobs.do()
    study_id: str = found["id"]
    return study_id


def test_asking_twice_gives_the_one_that_is_on_its_way(client: TestClient, jobs: ShortJobs) -> None:
    first, second = (client.post(f"{STUDIES}/demonstration").json()["id"] for _ in range(2))
    assert first == second
    jobs.do()
    assert client.post(f"{STUDIES}/demonstration").json()["id"] != first


def read(client: TestClient, path: str) -> dict[str, Any]:
    answer = client.get(f"{STUDIES}/{path}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def answered(client: TestClient, study: str) -> list[Any]:
    """Reader, item, whether it was a second showing, and the answer; in the readers' order."""
    with resources_of(client).database.reading() as session:
        rows = (
            session.query(StudyReader, StudyItem, StudyAssignment.repeated, StudyResponse)
            .join(StudyAssignment, StudyAssignment.reader_id == StudyReader.id)
            .join(StudyItem, StudyItem.id == StudyAssignment.item_id)
            .join(StudyResponse, StudyResponse.assignment_id == StudyAssignment.id)
            .filter(StudyReader.study_id == study)
            .order_by(StudyReader.slot, StudyAssignment.session, StudyAssignment.position)
        )
        return rows.all()


def test_it_opens_with_every_answer_of_its_simulated_readers(client: TestClient, study: str) -> None:
    found = read(client, study)
    assert (found["status"], found["error"], found["problems"]) == ("open", None, [])
    assert (found["cases"], found["readers"]) == (7, demonstration.SIMULATED)
    assert found["answered"] == found["expected"] > 0
    readers = read(client, f"{study}/readers")["items"]
    assert [(each["code"], each["status"], each["simulated"], each["email"]) for each in readers] == [
        ("R1", "finished", True, None), ("R2", "finished", True, None)
    ]  # fmt: skip
    assert all(each["done"] == each["total"] for each in readers)
    assert events(client, "reader_study.opened")


def test_answers_fit_what_was_asked(client: TestClient, study: str) -> None:
    rows = answered(client, study)
    assert len(rows) == sum(each["total"] for each in read(client, f"{study}/readers")["items"])
    for _, item, _, response in rows:
        content = ItemContent.model_validate(item.content)
        asked = [question.model_dump(mode="json") for question in content.questions]
        kept = check(asked, content.cannot_judge, response.answers, response.cannot_judge, complete=True)
        assert kept == response.answers
        assert response.active_ms > 0
        assert response.idle_ms <= response.active_ms


def test_answers_say_that_shams_are_worse_and_repeats_nearly_agree(client: TestClient, study: str) -> None:
    ratings: dict[bool, list[int]] = {False: [], True: []}
    by_item: dict[tuple[int, int], list[int]] = {}
    for reader, item, _, response in answered(client, study):
        rating = response.answers.get(RATING)
        if isinstance(rating, int):
            by_item.setdefault((reader.slot, item.number), []).append(rating)
            ratings[ItemTruth.model_validate(item.truth).sham is not None].append(rating)
    real, sham = (sum(found) / len(found) for found in (ratings[False], ratings[True]))
    assert real > sham
    twice = [found for found in by_item.values() if len(found) == 2]
    assert twice
    assert all(abs(first - second) <= 2 for first, second in twice)


def test_answers_are_the_same_every_time(client: TestClient, jobs: ShortJobs, study: str) -> None:
    def told(study_id: str) -> list[Any]:
        return [
            (reader.slot, item.number, again, response.answers, response.cannot_judge, response.active_ms)
            for reader, item, again, response in answered(client, study_id)
        ]

    assert told(study) == told(made(client, jobs))


def test_results_and_exports_say_that_readers_are_simulated(client: TestClient, study: str) -> None:
    assert read(client, study)["results"] == "live"
    results = read(client, f"{study}/results")
    assert results["demonstration"] is True
    assert any("Simulated readers: 2 of 2" in note for note in results["notes"])
    assert [reader["simulated"] for reader in results["readers"]] == [True, True]
    assert {task["kind"] for task in results["tasks"]} == {"alignment", "localization", "diagnosis"}
    for form in ("html", "imrmc"):
        told = client.get(f"{STUDIES}/{study}/export", params={"format": form})
        assert told.status_code == 200
        assert "simulated readers" in told.text


def test_who_reads_in_it_is_blinded_until_withdrawn(client: TestClient, study: str) -> None:
    invited = client.post(f"{STUDIES}/{study}/readers", json={"user_id": ADMINISTRATOR.id})
    assert invited.status_code == 201, invited.text
    reader = invited.json()["reader"]
    assert (reader["code"], reader["simulated"], reader["done"]) == ("R3", False, 0)
    assert read(client, study)["results"] == "reading"
    for path in ("results", "items", "export?format=json"):
        assert_error(client.get(f"{STUDIES}/{study}/{path}"), 403, "still_reading")
    waiting = client.get(f"{API}/readings").json()["items"]
    assert [(each["study_id"], each["status"]) for each in waiting] == [(study, "invited")]

    reason = {"reason": "Has seen enough."}
    assert client.post(f"{STUDIES}/{study}/readers/{reader['id']}/withdraw", json=reason).status_code == 200
    assert read(client, study)["results"] == "live"
    assert read(client, f"{study}/results")["readers"][2]["status"] == "withdrawn"


def test_its_simulated_readers_are_not_written_again_for_a_real_one(client: TestClient, study: str) -> None:
    before = len(answered(client, study))
    assert client.post(f"{STUDIES}/{study}/readers", json={"user_id": READER.id}).status_code == 201
    with acting_as(SYSTEM), resources_of(client).database.reading() as session:
        real = session.query(StudyReader).filter_by(study_id=study, user_id=READER.id).one()
        assert (real.status, real.order_digest is not None) == ("invited", True)
    assert len(answered(client, study)) == before


def test_it_can_be_deleted(client: TestClient, study: str) -> None:
    assert stored_images(client, study)
    assert client.delete(f"{STUDIES}/{study}").status_code == 204
    assert stored_images(client, study) == []
    with resources_of(client).database.reading() as session:
        assert session.query(ReaderStudy).filter_by(id=study).count() == 0
        assert session.query(StudyResponse).filter_by(study_id=study).count() == 0


def test_without_a_model_it_says_what_is_missing(start_server: StartServer) -> None:
    client = start_server(zoo=ColourZoo([]))
    resources_of(client).inference.wait_until_registered()
    assert_error(client.post(f"{STUDIES}/demonstration"), 503, "no_active_model")
