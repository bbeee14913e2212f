"""Accounts and the rules on PostgreSQL: the same as on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from fastapi.testclient import TestClient

from backend.auth.schemas import SignInMethod
from backend.db.tables import Case
from tests.support.images import deep_pages
from tests.support.people import ADMINISTRATOR, COORDINATOR, PASSWORD, READER, RESEARCHER, Person, become
from tests.support.postgres_server import server_on_postgres
from tests.support.server import API, assert_error, resources_of
from tests.support.world import Relation, World


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with server_on_postgres(tmp_path_factory.mktemp("postgresql")) as client:
        yield client


@pytest.mark.parametrize(
    "person", [ADMINISTRATOR, RESEARCHER, COORDINATOR, READER], ids=lambda person: person.role.value
)
def test_who_sees_which_cases(client: TestClient, person: Person) -> None:
    world = World(client)
    made = {relation: world.case(relation, person, f"{person.role} {relation}") for relation in Relation}
    become(client, person)
    listed = client.get(f"{API}/cases", params={"search": person.role.value, "limit": 200}).json()
    visible = {made[relation][0] for relation in Relation if not relation.is_hidden_from(person)}
    assert ({item["id"] for item in listed["items"]}, listed["total"]) == (visible, len(visible))
    for relation, (case, prediction) in made.items():
        for path in (f"cases/{case}", f"cases/{case}/image", f"predictions/{prediction}", f"cases/{case}/predictions"):
            assert client.get(f"{API}/{path}").status_code == (404 if relation.is_hidden_from(person) else 200)
        changed = client.patch(f"{API}/cases/{case}", json={"notes": "seen"}).status_code
        hidden = relation.is_hidden_from(person)
        assert changed == (404 if hidden else 200 if relation.may_be_changed_by(person) else 403)


def test_the_same_file_twice_at_once_is_one_case_and_waits_for_a_look(client: TestClient) -> None:
    become(client, RESEARCHER)
    content = deep_pages([np.arange(64, dtype=np.uint16).reshape(8, 8)])
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: client.post(f"{API}/cases", files={"file": ("a", content)}), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    (case,) = {answer.json()["id"] for answer in answers}
    address = f"{API}/cases/{case}"
    client.put(f"{address}/sharing", json={"visibility": "open"})
    with resources_of(client).database.writing() as session:
        session.get_one(Case, case).review = "waiting"
    assert become(client, READER).get(address).status_code == 404
    assert become(client, RESEARCHER).get(address).status_code == 200
    region = {"x": 0, "y": 0, "width": 4, "height": 4}
    assert client.post(f"{address}/review", json={"regions": [region]}).status_code == 200
    values = np.frombuffer(client.get(f"{address}/frames/0").content, "<u2").reshape(8, 8)
    assert (values[:4, :4] == 0).all()
    assert values[4, 4] == 36
    assert become(client, READER).get(address).status_code == 200


def test_signing_in_sharing_and_deactivating(client: TestClient) -> None:
    become(client, None)
    signed_in = client.post(f"{API}/auth/login", json={"email": RESEARCHER.email, "password": PASSWORD}).json()
    assert signed_in["account"]["method"] == SignInMethod.PASSWORD
    become(client, ADMINISTRATOR)
    group = client.post(f"{API}/groups", json={"name": "Tumour board", "member_ids": [READER.id]}).json()
    assert [member["id"] for member in group["members"]] == [READER.id]
    assert_error(client.post(f"{API}/groups", json={"name": "Tumour board"}), 409, "group_name_taken")
    invited = client.post(f"{API}/people", json={"email": "New@X.example", "name": "N", "role": "reader"}).json()
    assert_error(
        client.post(f"{API}/people", json={"email": "new@x.example", "name": "M", "role": "reader"}), 409, "email_taken"
    )
    person = invited["person"]["id"]
    accepted = {"token": invited["link"]["path"].partition("=")[2], "password": "lamp otter violin seven"}
    assert become(client, None).post(f"{API}/auth/links/accept", json=accepted).status_code == 200
    assert client.get(f"{API}/auth/session").json()["account"]["email"] == "new@x.example"
    cookies = dict(client.cookies)
    become(client, ADMINISTRATOR).patch(f"{API}/people/{person}", json={"active": False})
    become(client, None).cookies.update(cookies)
    assert_error(client.get(f"{API}/cases"), 401, "not_signed_in")


def test_the_trail_can_be_read_and_is_unbroken(client: TestClient) -> None:
    become(client, ADMINISTRATOR)
    client.get(f"{API}/cases")
    page = client.get(f"{API}/audit-events", params={"actor": ADMINISTRATOR.email, "action": "case*"}).json()
    assert {item["actor"] for item in page["items"]} == {ADMINISTRATOR.email}
    assert client.get(f"{API}/audit-events/verification").json()["unbroken"] is True
