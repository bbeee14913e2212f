"""Which concept sets there are, where they come from, and what changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from backend.access.permissions import Permission
from backend.concept_sets import registering
from models.concepts import ConceptSet, available_concept_sets
from tests.backend.concept_sets.test_editing import SETS, busi, newest, save
from tests.support.accounts import add_token, events
from tests.support.explainer import ColourExplainer, ColourZoo, checkpoint_info, load_concept_set
from tests.support.people import COORDINATOR, READER, RESEARCHER, become
from tests.support.server import API, UNKNOWN_ID, StartServer, assert_error, resources_of

BUSI = load_concept_set("busi")


def by_name(client: TestClient) -> dict[str, Any]:
    return {item["name"]: item for item in client.get(SETS).json()["items"]}


def settled(client: TestClient) -> TestClient:
    """Once the models are known."""
    resources_of(client).inference.wait_until_registered()
    return client


def test_the_library_is_there_from_the_start(client: TestClient) -> None:
    found = by_name(client)
    assert tuple(found) == available_concept_sets()
    one = found["busi"]
    assert (one["title"], one["classes"], one["groups"], one["options"]) == (
        BUSI.title,
        len(BUSI.classes),
        BUSI.group_count,
        BUSI.option_count,
    )
    assert (one["shipped"], one["revisions"], one["latest"]["author"]) == (True, 1, None)
    assert one["latest"]["digest"] == BUSI.digest()
    assert client.get(f"{SETS}/{one['id']}").json() == one


def test_a_second_start_registers_nothing(start_server: StartServer) -> None:
    first = settled(start_server())
    count = len(events(first, "concept_set.registered"))
    assert count == len(available_concept_sets())
    again = settled(start_server())
    assert len(events(again, "concept_set.registered")) == count
    assert by_name(again) == by_name(first)


def test_which_models_use_a_set(start_server: StartServer) -> None:
    client = settled(start_server())
    (user,) = by_name(client)["isic2018"]["models"]
    assert (user["name"], user["active"]) == ("colour", True)
    assert user["digest"] == newest(client, "isic2018")["digest"]
    assert by_name(client)["busi"]["models"] == []
    assert client.get(f"{API}/concept-set-revisions/{newest(client, 'isic2018')['id']}").json()["models"] == [user]


def test_a_models_own_set_stands_beside_what_people_edit(start_server: StartServer, tmp_path: Path) -> None:
    other = ConceptSet.model_validate(busi(title="As the model has it"))
    mine = ConceptSet.model_validate(busi(name="unheard-of"))
    infos = []
    for name, concept_set, digest in (("own", other, "ab" * 32), ("new", mine, "cd" * 32)):
        info = checkpoint_info(tmp_path / name, name, name, digest)
        infos.append(type(info)(**{**vars(info), "concept_set": concept_set}))
    zoo = ColourZoo(infos)
    for info in infos:
        zoo.explainers[info.folder] = ColourExplainer(info.concept_set)
    client = settled(start_server(zoo))
    found = by_name(client)
    assert (found["busi"]["revisions"], found["busi"]["latest"]["number"]) == (2, 1)
    assert [model["name"] for model in found["busi"]["models"]] == ["own"]
    assert (found["unheard-of"]["shipped"], found["unheard-of"]["revisions"]) == (False, 1)
    saved = save(client, busi(title="T")).json()
    assert (saved["number"], saved["changes"][0]["before"]) == (3, BUSI.title)
    beside, _ = client.get(f"{SETS}/{found['busi']['id']}/revisions").json()["items"][1:]
    assert (beside["number"], beside["parent_revision_id"], beside["reason"]) == (2, None, "Comes with the model own.")
    changes = client.get(f"{API}/concept-set-revisions/{beside['id']}/diff/{saved['id']}").json()["changes"]
    assert [(change["before"], change["after"]) for change in changes] == [("As the model has it", "T")]


def test_a_new_release_follows_its_own_last_one_but_never_what_people_made(start_server: StartServer) -> None:
    client = start_server()
    database = resources_of(client).database
    save(client, busi(title="Mine"))
    news = [
        ConceptSet.model_validate(load_concept_set(name).model_dump() | {"version": 99}) for name in ("busi", "cmmd")
    ]
    with database.writing() as session:
        for each in news:
            registering._add(session, each, registering.SHIPPED, may_follow=True)
    found = by_name(client)
    assert (found["busi"]["latest"]["number"], found["busi"]["title"]) == (2, "Mine")
    assert (found["cmmd"]["latest"]["number"], found["cmmd"]["latest"]["digest"]) == (2, news[1].digest())
    assert save(client, busi(title="Mine still")).json()["number"] == 4


def test_what_changed_between_two_revisions(client: TestClient) -> None:
    first = newest(client)
    second = save(client, busi(title="T", version=2)).json()
    answer = client.get(f"{API}/concept-set-revisions/{first['id']}/diff/{second['id']}").json()
    assert (answer["before"]["number"], answer["after"]["number"]) == (1, 2)
    assert [change["field"] for change in answer["changes"]] == ["version", "title"]
    same = client.get(f"{API}/concept-set-revisions/{first['id']}/diff/{first['id']}").json()
    assert same["changes"] == []
    for path in (f"{first['id']}/diff/{UNKNOWN_ID}", f"{UNKNOWN_ID}/diff/{first['id']}", UNKNOWN_ID):
        answer = client.get(f"{API}/concept-set-revisions/{path}")
        assert_error(answer, 404, "concept_set_revision_not_found")


def test_pages_of_revisions(client: TestClient) -> None:
    for number in range(4):
        assert save(client, busi(title=f"T {number}"), f"reason {number}").status_code == 201
    path = f"{SETS}/{newest(client)['concept_set_id']}/revisions"
    page = client.get(path, params={"offset": 1, "limit": 2}).json()
    assert (page["total"], [item["number"] for item in page["items"]]) == (5, [4, 3])
    assert page["items"][0]["reason"] == "reason 2"
    assert page["items"][0]["author"]["name"] == "Admin"


def test_views_are_noted(client: TestClient) -> None:
    revision = newest(client)
    become(client, COORDINATOR)
    for path in (f"{SETS}/{revision['concept_set_id']}", f"{API}/concept-set-revisions/{revision['id']}"):
        assert client.get(path).status_code == 200
    (event,) = events(client, "concept_set.viewed")
    assert (event.actor, event.subject) == (COORDINATOR.email, f"concept_set/{revision['concept_set_id']}")


def test_tokens_see_them_with_the_models_only(client: TestClient) -> None:
    revision = newest(client)["id"]
    become(client, None)
    for scopes, status in (([Permission.MODELS_READ], 200), ([Permission.CASES_READ], 403)):
        headers = add_token(client, READER, scopes)
        assert client.get(f"{API}/concept-set-revisions/{revision}", headers=headers).status_code == status
    headers = add_token(client, RESEARCHER, [Permission.CONCEPTS_WRITE, Permission.MODELS_READ])
    assert client.post(SETS, json={"content": busi(name="mine")}, headers=headers).status_code == 201


def test_an_unknown_set(client: TestClient) -> None:
    assert_error(client.get(f"{SETS}/{UNKNOWN_ID}"), 404, "concept_set_not_found")
    assert_error(client.get(f"{SETS}/{UNKNOWN_ID}/revisions"), 404, "concept_set_not_found")
