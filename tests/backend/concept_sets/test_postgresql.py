"""Concept sets on PostgreSQL: of two who save at once, one is told."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from tests.backend.concept_sets.test_editing import SETS, busi, newest
from tests.support.people import ADMINISTRATOR, RESEARCHER, become
from tests.support.postgres_server import server_on_postgres


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with server_on_postgres(tmp_path_factory.mktemp("postgresql")) as client:
        yield client


def test_of_those_who_save_at_once_one_gets_through(client: TestClient) -> None:
    become(client, ADMINISTRATOR)
    parent = newest(client)

    def save(number: int) -> int:
        body = {"content": busi(title=f"T {number}"), "reason": "r", "parent_revision_id": parent["id"]}
        return client.post(f"{SETS}/{parent['concept_set_id']}/revisions", json=body).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(save, range(4))) == [201, 409, 409, 409]
    assert newest(client)["number"] == parent["number"] + 1


def test_of_those_who_take_a_name_at_once_one_gets_it(client: TestClient) -> None:
    become(client, RESEARCHER)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: client.post(SETS, json={"content": busi(name="mine")}), range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert newest(client, "mine")["number"] == 1
