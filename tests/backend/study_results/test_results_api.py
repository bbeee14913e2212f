"""Who sees results when, and what comes over HTTP."""

from __future__ import annotations

import csv
import io
import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import QueuePool, delete, update

from backend.access.principal import SYSTEM, acting_as
from backend.core.computed import Computed
from backend.db.study_tables import ReaderStudy, ResponseAmendment, StudyMember, StudyReader, StudyResponse
from backend.reader_studies.design import Access
from backend.study_results import service, tidy
from backend.study_results.analysis import analyse
from backend.study_results.data import StudyData
from backend.study_results.dictionary import COLUMNS
from backend.study_results.document import parse, to_data
from backend.study_results.verification import verify
from tests.support.accounts import events
from tests.support.people import ADMINISTRATOR, COORDINATOR, OTHER_READER, READER, RESEARCHER, Person, become
from tests.support.published_study import published_study, store
from tests.support.server import API, UNKNOWN_ID, assert_error, resources_of
from tests.support.study_data import ALIGNMENT, DIAGNOSIS, LOCALIZATION, STUDY_ID

RESULTS = f"{API}/reader-studies/{STUDY_ID}/results"
EXPORT = f"{API}/reader-studies/{STUDY_ID}/export"


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many there are is tested with the statistics."""
    monkeypatch.setattr(service, "analyse", lambda data: analyse(data, 50))


def put(client: TestClient, data: StudyData) -> StudyData:
    """A study of the coordinator; the researcher, who read in it, observes it."""
    with acting_as(SYSTEM), resources_of(client).database.writing() as session:
        store(session, data)
        session.add(StudyMember(study_id=STUDY_ID, user_id=RESEARCHER.id, role="observer"))
    return data


def change(client: TestClient, row: type, condition: Any, **values: Any) -> None:
    with acting_as(SYSTEM), resources_of(client).database.writing() as session:
        session.execute(update(row).where(condition).values(**values))


@pytest.fixture
def data(client: TestClient) -> StudyData:
    """A closed study in the database; the client is its coordinator's."""
    found = put(client, published_study(cases=4, tasks=[LOCALIZATION, ALIGNMENT]))
    become(client, COORDINATOR)
    return found


def test_results_are_those_of_the_answers(client: TestClient, data: StudyData) -> None:
    answer = client.get(RESULTS)
    assert answer.status_code == 200, answer.text
    expected = json.loads(analyse(data, 50).model_dump_json(exclude={"computed_at"}))
    assert {name: value for name, value in answer.json().items() if name != "computed_at"} == expected
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("person", [ADMINISTRATOR, COORDINATOR, RESEARCHER], ids=lambda person: person.role)
def test_of_a_closed_study_all_members_and_administrators_see_results(client: TestClient, person: Person) -> None:
    assert become(client, person).get(RESULTS).status_code == 200


@pytest.mark.usefixtures("data")
def test_nobody_else_does(client: TestClient) -> None:
    change(client, ReaderStudy, ReaderStudy.id == STUDY_ID, owner_id=ADMINISTRATOR.id)
    for path in (RESULTS, f"{EXPORT}?format=dictionary"):
        assert_error(become(client, COORDINATOR).get(path), 404, "study_not_found")
        assert_error(become(client, READER).get(path), 403, "not_allowed")
    assert_error(become(client, ADMINISTRATOR).get(RESULTS.replace(STUDY_ID, UNKNOWN_ID)), 404, "study_not_found")


LIVE = {"nobody": set(), "coordinators": {COORDINATOR}, "members": {COORDINATOR, RESEARCHER}}


@pytest.mark.parametrize("live", LIVE)
def test_of_an_open_study_results_are_seen_by_those_the_protocol_lets(client: TestClient, live: Any) -> None:
    put(client, published_study(cases=2, tasks=[LOCALIZATION], status="open", access=Access(live_results=live)))
    for person in (COORDINATOR, RESEARCHER):
        become(client, person)
        for path in (RESULTS, f"{EXPORT}?format=csv", f"{EXPORT}?format=json"):
            if person in LIVE[live]:
                assert client.get(path).status_code == 200
            else:
                assert "closed" in assert_error(client.get(path), 403, "results_hidden")
    assert len(events(client, "reader_study.exported")) == 2 * len(LIVE[live])


def test_who_still_reads_sees_nothing_even_as_the_owner(client: TestClient) -> None:
    put(client, published_study(cases=2, tasks=[LOCALIZATION], status="open", access=Access(live_results="members")))
    change(client, StudyReader, StudyReader.slot == 0, user_id=COORDINATOR.id, status="reading")
    become(client, COORDINATOR)
    for path in (RESULTS, f"{EXPORT}?format=csv", f"{EXPORT}?format=dictionary"):
        assert_error(client.get(path), 403, "still_reading")
    change(client, StudyReader, StudyReader.slot == 0, status="finished")
    assert client.get(RESULTS).status_code == 200
    assert become(client, OTHER_READER).get(RESULTS).status_code == 403


@pytest.mark.parametrize("status", ["draft", "publishing"])
def test_what_is_not_published_has_no_results(client: TestClient, status: str) -> None:
    with acting_as(SYSTEM), resources_of(client).database.writing() as session:
        session.add(ReaderStudy(id=STUDY_ID, title="Draft", design={}, status=status, owner_id=COORDINATOR.id))
    become(client, COORDINATOR)
    assert_error(client.get(RESULTS), 409, "no_results")
    assert_error(client.get(EXPORT), 409, "no_results")


@pytest.mark.usefixtures("data")
def test_looking_is_one_event_and_every_export_is_one(client: TestClient) -> None:
    for _ in range(3):
        client.get(RESULTS)
    for form in ("csv", "csv", "html"):
        assert client.get(f"{EXPORT}?format={form}").status_code == 200
    (viewed,) = events(client, "reader_study.results_viewed")
    assert (viewed.subject, viewed.actor) == (f"reader_study/{STUDY_ID}", COORDINATOR.email)
    exported = events(client, "reader_study.exported")
    assert [json.loads(event.after)["format"] for event in exported] == ["csv", "csv", "html"]


def export(client: TestClient, form: str) -> Response:
    answer = client.get(f"{EXPORT}?format={form}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer


@pytest.mark.parametrize(
    ("form", "media_type", "ending", "begins"),
    [
        ("csv", "text/csv; charset=utf-8", "answers.csv", b"study,"),
        ("dictionary", "text/csv; charset=utf-8", "dictionary.csv", b"column,"),
        ("json", "application/json", "study.json", b"{"),
        ("html", "text/html; charset=utf-8", "report.html", b"<!doctype html>"),
        ("pdf", "application/pdf", "report.pdf", b"%PDF"),
    ],
)
@pytest.mark.usefixtures("data")
def test_files_have_names_and_types(client: TestClient, form: str, media_type: str, ending: str, begins: bytes) -> None:
    answer = export(client, form)
    assert answer.headers["content-type"] == media_type
    assert answer.content.startswith(begins)
    name = answer.headers["content-disposition"]
    assert name.startswith('attachment; filename="do-maps-show-what-they-say_protocol-v2_20')
    assert name.endswith(f'_{ending}"')


def test_the_csv_is_the_table_of_the_study(client: TestClient, data: StudyData) -> None:
    found = export(client, "csv").content
    assert found == tidy.as_csv(data)
    assert next(csv.reader(io.StringIO(found.decode()))) == list(COLUMNS)


def test_the_json_holds_everything_and_fits(client: TestClient, data: StudyData) -> None:
    found = to_data(parse(export(client, "json").content))
    assert found == data
    assert verify(found) == []


def test_imrmc_needs_diagnoses(client: TestClient) -> None:
    put(client, published_study(cases=4, tasks=[LOCALIZATION]))
    become(client, COORDINATOR)
    assert "no diagnosis task" in assert_error(client.get(f"{EXPORT}?format=imrmc"), 409, "no_results")
    assert events(client, "reader_study.exported") == []


def test_imrmc_comes_as_plain_text(client: TestClient) -> None:
    put(client, published_study(cases=4, tasks=[DIAGNOSIS]))
    become(client, COORDINATOR)
    answer = export(client, "imrmc")
    assert answer.headers["content-type"] == "text/plain; charset=us-ascii"
    assert b"\r\nBEGIN DATA:\r\n-1,1,0," in answer.content
    assert answer.headers["content-disposition"].endswith('_diagnoses.imrmc"')


def test_figures_are_computed_again_only_when_something_was_added(
    client: TestClient, data: StudyData, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[int] = []

    def count(found: StudyData) -> Any:
        computed.append(len(found.answers))
        return analyse(found, 20)

    monkeypatch.setattr(service, "analyse", count)
    for _ in range(2):
        assert client.get(RESULTS).status_code == 200
        assert client.get(f"{EXPORT}?format=html").status_code == 200
    assert computed == [len(data.answers)]
    with acting_as(SYSTEM), resources_of(client).database.writing() as session:
        session.execute(delete(ResponseAmendment))
        session.execute(delete(StudyResponse).where(StudyResponse.id == f"4{5:031x}"))
    assert client.get(RESULTS).status_code == 200
    change(client, StudyReader, StudyReader.slot == 1, status="withdrawn")
    assert client.get(RESULTS).json()["readers"][1]["status"] == "withdrawn"
    assert computed == [len(data.answers), len(data.answers) - 1, len(data.answers) - 1]


@pytest.mark.usefixtures("data")
def test_the_database_is_free_while_figures_are_computed(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for a database that lets one connection in at a time."""
    used: list[int] = []

    def connections() -> int:
        pool = resources_of(client).database.engine.pool
        assert isinstance(pool, QueuePool)
        return pool.checkedout()

    def look(found: StudyData) -> Any:
        used.append(connections())
        return analyse(found, 20)

    monkeypatch.setattr(service, "analyse", look)
    before = connections()
    assert client.get(RESULTS).status_code == 200
    assert client.get(f"{EXPORT}?format=html").status_code == 200
    assert used == [before]


@pytest.mark.usefixtures("data")
def test_too_many_at_once_are_told_to_come_back(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    resources = replace(resources_of(client), computed=Computed(waiting=0))
    monkeypatch.setattr(client.app.state, "resources", resources)  # type: ignore[attr-defined]
    begun, go = threading.Event(), threading.Event()

    def slow(found: StudyData) -> Any:
        begun.set()
        assert go.wait(20)
        return analyse(found, 20)

    monkeypatch.setattr(service, "analyse", slow)
    answers: list[Response] = []
    first = threading.Thread(target=lambda: answers.append(client.get(RESULTS)))
    first.start()
    assert begun.wait(20)
    assert_error(client.get(f"{EXPORT}?format=pdf"), 503, "server_busy")
    go.set()
    first.join()
    assert answers[0].status_code == 200
