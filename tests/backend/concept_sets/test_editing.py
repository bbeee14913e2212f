"""Making concept sets and saving revisions."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models.concepts import concept_set_yaml, parse_concept_set
from models.concepts.limits import MAX_YAML_BYTES
from tests.support.accounts import events, post_json
from tests.support.explainer import load_concept_set
from tests.support.people import ADMINISTRATOR, READER, RESEARCHER, become
from tests.support.server import API, UNKNOWN_ID, assert_error

SETS = f"{API}/concept-sets"
BUSI = load_concept_set("busi")


def busi(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(BUSI.model_dump(mode="json")) | changes


def newest(client: TestClient, name: str = "busi") -> dict[str, Any]:
    items = client.get(SETS).json()["items"]
    found: dict[str, Any] = next(item["latest"] for item in items if item["name"] == name)
    return found


def save(client: TestClient, content: dict[str, Any], reason: str = "better words", **changes: Any) -> Any:
    parent = newest(client)
    body = {"content": content, "reason": reason, "parent_revision_id": parent["id"]} | changes
    return client.post(f"{SETS}/{parent['concept_set_id']}/revisions", json=body)


def test_a_new_set_from_json(client: TestClient) -> None:
    become(client, RESEARCHER)
    answer = client.post(SETS, json={"content": busi(name="mine"), "reason": "to try"})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["content"] == busi(name="mine")
    assert (made["number"], made["parent_revision_id"], made["newest"]) == (1, None, True)
    assert made["author"] == {"id": RESEARCHER.id, "name": "Researcher"}
    assert made["prompts"][0] == {"option_id": BUSI.option_ids[0], "prompt": BUSI.prompts()[0]}
    assert client.get(f"{API}/concept-set-revisions/{made['id']}").json() == made
    (event,) = events(client, "concept_set.created")
    assert event.subject == f"concept_set/{made['concept_set_id']}"
    assert json.loads(event.after or "") == {
        "name": "mine",
        "revision": 1,
        "digest": made["digest"],
        "reason": "to try",
    }


def test_a_new_set_from_yaml_and_back(client: TestClient) -> None:
    text = concept_set_yaml(BUSI).replace("name: busi", "name: mine", 1)
    made = client.post(SETS, json={"yaml": text}).json()
    answer = client.get(f"{API}/concept-set-revisions/{made['id']}/yaml")
    assert answer.headers["content-type"] == "application/yaml"
    assert 'filename="mine-revision-1.yaml"' in answer.headers["content-disposition"]
    assert parse_concept_set(answer.text).digest() == made["digest"] == parse_concept_set(text).digest()
    assert len(events(client, "concept_set.exported")) == 1


def test_names_are_unique(client: TestClient) -> None:
    assert_error(client.post(SETS, json={"content": busi()}), 409, "concept_set_name_taken")


def test_a_revision_follows_the_newest_one(client: TestClient) -> None:
    first = newest(client)
    content = busi()
    content["groups"][0]["options"][0]["text"] = "other words"
    answer = save(become(client, RESEARCHER), content)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["number"], made["parent_revision_id"]) == (first["number"] + 1, first["id"])
    assert [change["kind"] for change in made["changes"]] == ["reworded"]
    assert newest(client)["id"] == made["id"]
    old = client.get(f"{API}/concept-set-revisions/{first['id']}").json()
    assert (old["newest"], old["content"]) == (False, busi())  # what was saved stays as it is
    (event,) = events(client, "concept_set.revised")
    assert json.loads(event.before or "") == {"revision": 1, "digest": first["digest"]}
    after = json.loads(event.after or "")
    assert (after["digest"], after["reason"]) == (made["digest"], "better words")
    assert after["changes"] == [made["changes"][0]["sentence"]]


def test_back_to_what_was_is_a_revision_too(client: TestClient) -> None:
    assert save(client, busi(title="Other")).status_code == 201
    again = save(client, busi(), "back").json()
    assert (again["number"], again["digest"]) == (3, BUSI.digest())
    found = client.get(f"{SETS}/{again['concept_set_id']}/revisions").json()
    assert [item["number"] for item in found["items"]] == [3, 2, 1]
    assert found["items"][0]["changes"] == [f"The set: title was “Other”, now “{BUSI.title}”."]


def test_saving_over_somebody_elses_change_is_refused_and_says_whose(client: TestClient) -> None:
    parent = newest(client)
    save(become(client, RESEARCHER), busi(title="Theirs"), "their reason")
    answer = save(become(client, ADMINISTRATOR), busi(title="Mine"), parent_revision_id=parent["id"])
    detail = assert_error(answer, 409, "concept_set_revision_not_newest")
    for part in ("Researcher", "“their reason”", "now “Theirs”", "nothing is lost", newest(client)["id"]):
        assert part in detail
    assert newest(client)["number"] == 2
    assert len(events(client, "concept_set.revised")) == 1
    assert save(client, busi(title="Mine")).status_code == 201


def test_nothing_to_save(client: TestClient) -> None:
    assert_error(save(client, busi()), 400, "concept_set_unchanged")


def test_a_revision_keeps_the_name_and_the_parent_is_of_the_set(client: TestClient) -> None:
    detail = assert_error(save(client, busi(name="other")), 400, "bad_concept_set")
    assert "'busi'" in detail
    other = newest(client, "isic2018")["id"]
    assert_error(save(client, busi(title="T"), parent_revision_id=other), 404, "concept_set_revision_not_found")
    body = {"content": busi(), "reason": "r", "parent_revision_id": UNKNOWN_ID}
    assert_error(client.post(f"{SETS}/{UNKNOWN_ID}/revisions", json=body), 404, "concept_set_not_found")


GROUP, OPTION = BUSI.groups[0].key, BUSI.groups[0].option_keys[0]


def broken(**changes: Any) -> dict[str, Any]:
    content = busi(name="mine")
    content["groups"][0]["options"][0] |= changes
    return {"content": content}


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        (broken(text=""), f"group '{GROUP}', option '{OPTION}', text"),
        (broken(text="x" * 301), f"group '{GROUP}', option '{OPTION}', text"),
        (broken(colour="red"), f"group '{GROUP}', option '{OPTION}', colour: is not a known field"),
        (broken(text="a\u202eb"), "U+202E"),
        (broken(key="Not A Key"), "use lower-case letters"),
        (broken(key=BUSI.groups[0].option_keys[1]), "make each one different"),
        (broken(text="\ud800"), f"option '{OPTION}', text"),
        ({"content": {}}, "name: is missing; add it"),
        ({"content": busi(name="mine", prompt="no fields")}, "{option} is missing; add it"),
        ({"content": busi(name="mine", version=10**4000)}, "version"),
        ({"content": busi(name="mine", class_options={"frog": {}})}, "class 'frog': no such class"),
        ({"content": busi(name="mine", groups=[{}] * 101)}, "at most 100"),
        ({"yaml": "a: [1"}, "not valid YAML"),
        ({"yaml": "- 1"}, "expected a mapping"),
        ({"yaml": "a: &x [1]\nb: *x"}, "aliases"),
        ({"yaml": "name: a\nname: b"}, "stands twice"),
        ({"yaml": "version: !!bool x"}, "not valid YAML"),
        ({"yaml": "version: !!timestamp x"}, "not valid YAML"),
        ({"yaml": "version: !!int ''"}, "not valid YAML"),
        ({"yaml": "version: 0x" + "f" * 5000}, "version"),
        ({"yaml": "x: !!python/object/apply:os.system [ls]"}, "not valid YAML"),
        ({"yaml": "[" * 5000}, "not valid YAML"),
        ({"yaml": "# " + "x" * MAX_YAML_BYTES}, "KiB"),
    ],
)
def test_a_fault_is_named_and_nothing_is_kept(client: TestClient, sent: dict[str, Any], named: str) -> None:
    detail = assert_error(post_json(client, SETS, sent), 400, "bad_concept_set")
    assert named in detail
    checked = post_json(client, f"{SETS}/check", sent).json()
    assert "\n".join(checked["problems"]) == detail
    assert (checked["content"], checked["digest"], checked["prompts"]) == (None, None, None)
    assert events(client, "concept_set.created") == []


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"content": busi(), "yaml": "x"},
        {"content": [1]},
        {"yaml": "\ud800"},
        {"content": busi(), "reason": "a\nb"},
        {"content": busi(), "frog": 1},
    ],
)
def test_what_does_not_fit_the_contract(client: TestClient, sent: dict[str, Any]) -> None:
    assert_error(post_json(client, SETS, sent), 422, "validation_failed")


def test_a_reason_is_needed(client: TestClient) -> None:
    assert_error(save(client, busi(title="T"), " "), 422, "validation_failed")


def test_a_check_says_what_saving_would_and_keeps_nothing(client: TestClient) -> None:
    content = busi()
    content["groups"].append(
        {
            "key": "blood_flow",
            "name": "Blood flow",
            "options": [{"key": "bright", "text": "brighter than fat", "source": "s"}],
        }
    )
    sent = {"content": content, "base_revision_id": newest(client)["id"]}
    checked = client.post(f"{SETS}/check", json=sent).json()
    assert checked["problems"] == []
    assert checked["prompts"][-1]["option_id"] == "blood_flow.bright"
    assert "Blood flow" in checked["prompts"][-1]["prompt"]
    assert any("synonyms" in warning for warning in checked["warnings"])
    assert [(change["kind"], change["key"]) for change in checked["changes"]] == [("added", "blood_flow")]
    assert newest(client)["number"] == 1
    assert client.post(f"{SETS}/check", json={"content": content}).json()["changes"] is None
    unknown = client.post(f"{SETS}/check", json=sent | {"base_revision_id": UNKNOWN_ID})
    assert_error(unknown, 404, "concept_set_revision_not_found")


def test_readers_look_and_do_not_write(client: TestClient) -> None:
    assert_error(save(become(client, READER), busi(title="T")), 403, "not_allowed")
    assert client.get(f"{API}/concept-set-revisions/{newest(client)['id']}").status_code == 200
