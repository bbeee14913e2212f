"""Whose a case is, and who else sees it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from backend.access.permissions import Permission
from backend.db.tables import Case, Dataset
from tests.support.accounts import add_token, events
from tests.support.images import png
from tests.support.people import (
    ADMINISTRATOR,
    COORDINATOR,
    OTHER_READER,
    OTHER_TEAM,
    READER,
    RESEARCHER,
    TEAM,
    Person,
    become,
)
from tests.support.server import API, UNKNOWN_ID, assert_error, resources_of, stored_files

CASES, PREDICTIONS = f"{API}/cases", f"{API}/predictions"


@dataclass(frozen=True)
class Shared:
    """A case and its prediction."""

    client: TestClient
    id: str
    prediction: str


@pytest.fixture
def case(client: TestClient) -> Shared:
    """The reader's, private."""
    become(client, READER)
    made = client.post(CASES, files={"file": ("secret.png", png())}, data={"pseudonym": "Secret", "notes": "hidden"})
    assert made.status_code == 201, made.text
    assert made.json()["visibility"] == "private"
    assert made.json()["owner"] == {"id": READER.id, "name": "Reader"}
    prediction = client.post(f"{CASES}/{made.json()['id']}/predictions").json()
    return Shared(client, made.json()["id"], prediction["id"])


def share(case: Shared, visibility: str, *groups: str, by: Person = READER) -> Response:
    body = {"visibility": visibility, "group_ids": list(groups)}
    return become(case.client, by).put(f"{CASES}/{case.id}/sharing", json=body)


def sees(case: Shared, person: Person) -> bool:
    """Whether the case is there for somebody: in every way, or in none."""
    become(case.client, person)
    found = {case.client.get(path).status_code for path in reading(case.id, case.prediction)}
    page = case.client.get(CASES).json()
    search = case.client.get(CASES, params={"search": "hidden"}).json()
    counts = {page["total"], len(page["items"]), search["total"], len(search["items"])}
    assert (found, counts) in (({200}, {1}), ({404}, {0}))
    return found == {200}


def reading(case_id: str, prediction: str) -> list[str]:
    return [
        f"{CASES}/{case_id}",
        f"{CASES}/{case_id}/image",
        f"{CASES}/{case_id}/thumbnail",
        f"{CASES}/{case_id}/predictions",
        f"{PREDICTIONS}/{prediction}",
        f"{PREDICTIONS}/{prediction}/maps/gradcam",
    ]


def requests(case_id: str, prediction: str) -> list[tuple[str, str, Any]]:
    """Everything that can be asked of a case."""
    return [
        *(("GET", path, None) for path in reading(case_id, prediction)),
        ("GET", f"{PREDICTIONS}/{prediction}/maps/gradcam?option=x&format=png", None),
        ("GET", f"{CASES}/{case_id}/thumbnail?size=64", None),
        ("PATCH", f"{CASES}/{case_id}", {"notes": "mine now"}),
        ("PATCH", f"{CASES}/{case_id}", {"dataset": "nothing"}),
        ("PUT", f"{CASES}/{case_id}/sharing", {"visibility": "open"}),
        ("PUT", f"{CASES}/{case_id}/sharing", {"visibility": "groups", "group_ids": [UNKNOWN_ID]}),
        ("POST", f"{CASES}/{case_id}/predictions", None),
        ("POST", f"{CASES}/{case_id}/predictions", {"model_version_id": UNKNOWN_ID}),
        ("DELETE", f"{CASES}/{case_id}", None),
    ]


def test_a_new_case_is_its_owners_alone(case: Shared) -> None:
    assert [sees(case, person) for person in (READER, ADMINISTRATOR)] == [True, True]
    assert [sees(case, person) for person in (RESEARCHER, COORDINATOR, OTHER_READER)] == [False] * 3


@pytest.mark.parametrize("person", [RESEARCHER, OTHER_READER])
def test_a_foreign_case_answers_like_one_that_is_not_there(case: Shared, person: Person) -> None:
    client = become(case.client, person)
    files = stored_files(client)
    pairs = zip(requests(case.id, case.prediction), requests(UNKNOWN_ID, UNKNOWN_ID), strict=True)
    for (method, path, body), (_, unknown, _) in pairs:
        foreign = client.request(method, path, json=body)
        nothing = client.request(method, unknown, json=body)
        assert foreign.status_code == 404, path
        assert foreign.content == nothing.content, path
        own = {"x-request-id"}
        assert {k: v for k, v in foreign.headers.items() if k not in own} == {
            k: v for k, v in nothing.headers.items() if k not in own
        }
    # Not even whoever has the picture's tag from elsewhere learns that it is still there.
    tag = become(client, READER).get(f"{CASES}/{case.id}/image").headers["etag"]
    become(client, person)
    assert client.get(f"{CASES}/{case.id}/image", headers={"if-none-match": tag}).status_code == 404
    assert stored_files(client) == files
    assert events(client, "case.viewed")[-1].actor == READER.email
    assert sees(case, READER)


def test_shared_with_a_group(case: Shared) -> None:
    shared = share(case, "groups", TEAM, TEAM).json()
    assert shared["visibility"] == "groups"
    assert shared["groups"] == [{"id": TEAM, "name": "Mammography"}]
    assert [sees(case, person) for person in (RESEARCHER, COORDINATOR, OTHER_READER)] == [True, True, False]
    assert share(case, "private").json()["groups"] == []
    assert not sees(case, RESEARCHER)
    told = [(json.loads(event.before), json.loads(event.after)) for event in events(case.client, "case.shared")]
    nobody, team = {"visibility": "private", "groups": []}, {"visibility": "groups", "groups": [TEAM]}
    assert told == [(nobody, team), (team, nobody)]


def test_open_to_everybody_with_an_account(case: Shared) -> None:
    assert share(case, "open", TEAM).json()["groups"] == []
    assert sees(case, OTHER_READER)
    become(case.client, None)
    assert {case.client.get(path).status_code for path in reading(case.id, case.prediction)} == {401}


def test_sharing_it_again_the_same_way_tells_nothing(case: Shared) -> None:
    for _ in range(2):
        assert share(case, "groups", TEAM).status_code == 200
    assert len(events(case.client, "case.shared")) == 1


@pytest.mark.parametrize("person", [RESEARCHER, COORDINATOR])
def test_who_sees_a_case_may_explain_it_and_no_more(case: Shared, person: Person) -> None:
    share(case, "groups", TEAM)
    client = become(case.client, person)
    seen = client.get(f"{CASES}/{case.id}").json()
    assert (seen["may_change"], seen["owner"]["id"]) == (False, READER.id)
    for method, path, body in requests(case.id, case.prediction):
        if method in ("PATCH", "PUT", "DELETE"):
            assert_error(client.request(method, path, json=body), 403, "case_not_yours")
    made = client.post(f"{CASES}/{case.id}/predictions")
    assert made.status_code == 201
    assert become(client, READER).get(f"{PREDICTIONS}/{made.json()['id']}").status_code == 200
    kept = client.get(f"{CASES}/{case.id}").json()
    assert (kept["notes"], kept["visibility"], kept["may_change"]) == ("hidden", "groups", True)


def test_administrators_may_do_everything(case: Shared) -> None:
    client = become(case.client, ADMINISTRATOR)
    assert client.get(f"{CASES}/{case.id}").json()["may_change"]
    assert client.patch(f"{CASES}/{case.id}", json={"notes": "hidden, seen"}).status_code == 200
    assert share(case, "groups", OTHER_TEAM, by=ADMINISTRATOR).status_code == 200
    assert sees(case, OTHER_READER)
    assert become(client, ADMINISTRATOR).delete(f"{CASES}/{case.id}").status_code == 204


@pytest.mark.parametrize("groups", [[OTHER_TEAM], [TEAM, OTHER_TEAM], [UNKNOWN_ID]])
def test_only_with_groups_of_ones_own(case: Shared, groups: list[str]) -> None:
    refused = share(case, "groups", *groups)
    assert refused.content == share(case, "groups", UNKNOWN_ID).content  # which groups there are stays unknown
    assert_error(refused, 400, "unknown_group")
    assert not sees(case, OTHER_READER)
    assert not sees(case, RESEARCHER)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"visibility": "groups"}, 400, "groups_missing"),
        ({"visibility": "public"}, 422, "validation_failed"),
        ({}, 422, "validation_failed"),
        ({"visibility": "groups", "group_ids": ["x"]}, 422, "validation_failed"),
        ({"visibility": "open", "owner_id": OTHER_READER.id}, 422, "validation_failed"),
    ],
)
def test_sharing_that_does_not_fit(case: Shared, body: dict[str, Any], status: int, code: str) -> None:
    assert_error(case.client.put(f"{CASES}/{case.id}/sharing", json=body), status, code)


def test_groups_that_one_is_not_in_stay_unknown(case: Shared) -> None:
    share(case, "groups", TEAM, OTHER_TEAM, by=ADMINISTRATOR)
    for person, name in ((READER, "Mammography"), (OTHER_READER, "Dermatology")):
        shown = become(case.client, person).get(f"{CASES}/{case.id}").json()["groups"]
        assert [group["name"] for group in shown] == [name]
    assert share(case, "groups", TEAM).status_code == 200  # takes the other off as well
    assert not sees(case, OTHER_READER)


def test_a_member_who_leaves_sees_no_more(case: Shared) -> None:
    share(case, "groups", TEAM)
    assert sees(case, RESEARCHER)
    become(case.client, ADMINISTRATOR).patch(f"{API}/people/{RESEARCHER.id}", json={"group_ids": [OTHER_TEAM]})
    assert not sees(case, RESEARCHER)


def test_the_owner_leaves_the_group(case: Shared) -> None:
    share(case, "groups", TEAM)
    become(case.client, ADMINISTRATOR).patch(f"{API}/people/{READER.id}", json={"group_ids": []})
    assert sees(case, READER)
    assert sees(case, RESEARCHER)
    seen = become(case.client, READER).get(f"{CASES}/{case.id}").json()
    assert (seen["visibility"], seen["groups"], seen["may_change"]) == ("groups", [], True)
    assert_error(share(case, "groups", TEAM), 400, "unknown_group")
    assert share(case, "private").status_code == 200
    assert not sees(case, RESEARCHER)


def test_the_group_is_deleted(case: Shared) -> None:
    share(case, "groups", TEAM)
    assert become(case.client, ADMINISTRATOR).delete(f"{API}/groups/{TEAM}").status_code == 204
    assert not sees(case, RESEARCHER)
    assert sees(case, READER)
    assert share(case, "open").status_code == 200


def test_the_owner_is_deactivated(case: Shared) -> None:
    share(case, "groups", TEAM)
    become(case.client, ADMINISTRATOR).patch(f"{API}/people/{READER.id}", json={"active": False})
    assert sees(case, RESEARCHER)
    assert become(case.client, RESEARCHER).get(f"{CASES}/{case.id}").json()["owner"]["name"] == "Reader"


def test_cases_from_before_there_were_accounts(case: Shared) -> None:
    with resources_of(case.client).database.writing() as session:
        session.get_one(Case, case.id).owner_id = None
    assert [sees(case, person) for person in (READER, RESEARCHER, ADMINISTRATOR)] == [False, False, True]
    assert case.client.get(f"{CASES}/{case.id}").json()["owner"] is None
    assert share(case, "open", by=ADMINISTRATOR).status_code == 200
    assert sees(case, READER)
    assert_error(case.client.delete(f"{CASES}/{case.id}"), 403, "case_not_yours")


def test_pages_and_counts_know_only_what_one_sees(case: Shared) -> None:
    client = become(case.client, OTHER_READER)
    mine = [client.post(CASES, files={"file": ("a.png", png())}).json()["id"] for _ in range(3)]
    first = client.get(CASES, params={"limit": 2}).json()
    second = client.get(CASES, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [each["id"] for each in first["items"] + second["items"]] == mine[::-1]
    assert (first["total"], second["next_cursor"]) == (3, None)
    assert become(client, ADMINISTRATOR).get(CASES).json()["total"] == 4


def test_a_token_sees_what_its_owner_sees(case: Shared) -> None:
    scopes = [Permission.CASES_READ]
    own, foreign = (add_token(case.client, person, scopes) for person in (READER, OTHER_READER))
    become(case.client, None)
    assert {case.client.get(path, headers=own).status_code for path in reading(case.id, case.prediction)} == {200}
    assert {case.client.get(path, headers=foreign).status_code for path in reading(case.id, case.prediction)} == {404}
    blind = add_token(case.client, READER, [Permission.MODELS_READ, Permission.CASES_WRITE])
    assert {case.client.get(path, headers=blind).status_code for path in reading(case.id, case.prediction)} == {403}
    assert case.client.delete(f"{CASES}/{case.id}", headers=blind).status_code == 404


def test_a_data_set_that_the_owner_does_not_see_can_stay(case: Shared) -> None:
    with resources_of(case.client).database.writing() as session:
        session.add(Dataset(name="hidden-set", adapter="folders", source="/x", status="failed", settings={}))
        session.get_one(Case, case.id).dataset = "hidden-set"
    body = {"notes": "hidden", "dataset": "hidden-set"}
    assert become(case.client, READER).patch(f"{CASES}/{case.id}", json=body).status_code == 200
