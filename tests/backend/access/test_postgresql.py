"""Accounts and the rules on PostgreSQL: the same as on SQLite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from backend.auth.schemas import SignInMethod
from tests.support.people import ADMINISTRATOR, COORDINATOR, PASSWORD, READER, RESEARCHER, Person, become
from tests.support.postgres_server import server_on_postgres
from tests.support.server import API, assert_error
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
