"""Labels and agreement on PostgreSQL, where two requests really write at once: the same as on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from tests.support.explainer import load_concept_set
from tests.support.labels import Labelled, model_id
from tests.support.people import ADMINISTRATOR, READER, RESEARCHER, Person, become
from tests.support.postgres_server import server_on_postgres
from tests.support.server import API

CONCEPTS = load_concept_set("isic2018")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with server_on_postgres(tmp_path_factory.mktemp("postgresql")) as client:
        yield become(client, ADMINISTRATOR)


def test_the_same_person_twice_at_once(client: TestClient) -> None:
    labelled = Labelled(client, CONCEPTS, model_id(client))
    with labelled.database.writing() as session:
        prediction = labelled.prediction(session, labelled.case(session, ADMINISTRATOR), (9, 9, 9))

    def put(key: str) -> int:
        return client.put(f"{API}/predictions/{prediction.id}/label", json={"class_key": key}).status_code

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(put, list(CONCEPTS.class_keys) * 3)) == {200}
    (label,) = client.get(f"{API}/cases/{prediction.case_id}/labels").json()["items"]
    assert label["class_key"] in CONCEPTS.class_keys


@pytest.mark.parametrize(("person", "count"), [(ADMINISTRATOR, 4), (RESEARCHER, 2), (READER, 1)])
def test_agreement_counts_what_one_sees(client: TestClient, person: Person, count: int) -> None:
    labelled = Labelled(become(client, ADMINISTRATOR), CONCEPTS, model_id(client))
    with labelled.database.writing() as session:
        for row in client.get(f"{API}/cases", params={"limit": 200}).json()["items"]:
            client.delete(f"{API}/cases/{row['id']}")
        for visibility in ("private", "open"):
            prediction = labelled.prediction(session, labelled.case(session, ADMINISTRATOR, visibility), (9, 9, 9))
            for author in (READER, RESEARCHER):
                labelled.label(session, prediction, author, prediction.predicted_class, {"shape": "shape.round"})
                labelled.intervention(session, prediction, author, "nv")
                labelled.intervention(session, prediction, author, prediction.predicted_class)
    found = become(client, person).get(f"{API}/agreement").json()
    assert (found["labels"], found["models"][0]["labels"]) == (count, count)
    assert found["class"]["rate"] == 1.0
    assert found["interventions"]["stored"] == {"labelled": count, "before": 1.0, "after": 1.0}
    assert len(client.get(f"{API}/agreement/labels", params={"format": "json"}).json()["labels"]) == count
