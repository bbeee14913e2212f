"""Reading on PostgreSQL, where two requests really write at once: the same as on SQLite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from backend.core.errors import AppError
from backend.reader_studies.design import Order, Reading, Separation
from backend.readings.errors import AnswerLocked
from backend.readings.schemas import ResponseCreate
from tests.support.designs import STUDIES, add_published, make_design
from tests.support.people import ADMINISTRATOR, COORDINATOR, READER, become
from tests.support.postgres_server import server_on_postgres
from tests.support.reading import READINGS, answers_to, at_once, begin, good, next_of, read_on, rows


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with server_on_postgres(tmp_path_factory.mktemp("postgresql")) as client:
        yield become(client, ADMINISTRATOR)


def test_answers_at_once(client: TestClient) -> None:
    study = add_published(client, make_design(client, cases=2))
    begin(become(client, READER), study)
    for place in range(4):
        item = next_of(client, study)["item"]
        same = ResponseCreate(assignment_id=item["id"], answers=answers_to(item))
        assert len({each.id for each in at_once(client, study, [same] * 6)}) == 1
        item = next_of(client, study)["item"]
        two = [ResponseCreate(assignment_id=item["id"], answers=answers_to(item, pick)) for pick in range(2)]
        found = at_once(client, study, two)
        (kept,) = [each for each in found if not isinstance(each, AppError)]
        assert len([each for each in found if isinstance(each, AnswerLocked)]) == 1
        assert [row.id for row in rows(client, study)][2 * place + 1 :] == [kept.id]


def test_a_whole_reading_and_what_the_coordinator_sees_of_it(client: TestClient) -> None:
    order = Order(separation=Separation.SESSIONS, repeats=0, gap=0, washout_days=28)
    design = make_design(client, cases=2, order=order, reading=Reading(amend_answers=True))
    study = add_published(client, design)
    begin(become(client, READER), study)
    first, _ = good(client.get(f"{READINGS}/{study}"))["sessions"]
    given = read_on(client, study)
    assert len(given) == first["total"]
    assert next_of(client, study)["status"] == "washout"
    amendment = {"answers": {}, "cannot_judge": True, "reason": "Slipped."}
    address = f"{READINGS}/{study}/responses/{given[0]['id']}/amendments"
    assert good(client.post(address, json=amendment), 201)["amendments"] == 1
    good(client.post(f"{READINGS}/{study}/queries", json={"text": "How long is it?"}), 201)
    become(client, COORDINATOR)
    reader = good(client.get(f"{STUDIES}/{study}/readers"))["items"][0]
    assert (reader["done"], reader["median_seconds"]) == (len(given), 0.0)
    (query,) = good(client.get(f"{STUDIES}/{study}/queries"))["items"]
    good(client.post(f"{STUDIES}/{study}/queries/{query['id']}/reply", json={"reply": "Soon done."}))
    listed = {each["study_id"]: each for each in good(become(client, READER).get(READINGS))["items"]}
    assert (listed[study]["new_replies"], listed[study]["status"]) == (1, "washout")
