"""What people see in a case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from backend.access.permissions import Permission
from backend.db.tables import Label
from backend.labels.errors import BadLabel
from backend.labels.schemas import LabelUpdate
from backend.labels.service import check
from tests.support.accounts import add_token, events
from tests.support.explainer import ColourExplainer, ColourZoo, checkpoint_info, load_concept_set
from tests.support.heads import concept_set
from tests.support.images import png
from tests.support.people import ADMINISTRATOR, COORDINATOR, READER, RESEARCHER, Person, become
from tests.support.server import API, UNKNOWN_ID, Predict, StartServer, Upload, assert_error, resources_of
from tests.support.world import Relation, World

CONCEPTS = load_concept_set("isic2018")
GROUP, OTHER_GROUP = CONCEPTS.groups[:2]
OPTION = f"{GROUP.key}.{GROUP.option_keys[1]}"
OTHER_OPTION = f"{OTHER_GROUP.key}.{OTHER_GROUP.option_keys[0]}"


def put(client: TestClient, prediction_id: str, **label: Any) -> dict[str, Any]:
    answer = client.put(f"{API}/predictions/{prediction_id}/label", json=label)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def labels_of(client: TestClient, case_id: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(f"{API}/cases/{case_id}/labels").json()["items"]
    return items


@pytest.fixture
def prediction(upload: Upload, predict: Predict) -> dict[str, Any]:
    return predict(upload()["id"])


def test_a_label_comes_back_as_it_was_given(client: TestClient, prediction: dict[str, Any]) -> None:
    label = put(client, prediction["id"], class_key="nv", options={GROUP.key: OPTION})
    assert label["class_key"] == "nv"
    assert label["options"] == {GROUP.key: OPTION}
    assert label["author"] == {"id": ADMINISTRATOR.id, "name": "Admin"}
    assert (label["mine"], label["prediction_id"], label["case_id"]) == (True, prediction["id"], prediction["case_id"])
    assert label["concept_set"] == {
        "name": "isic2018",
        "version": CONCEPTS.version,
        "title": CONCEPTS.title,
        "digest": CONCEPTS.digest(),
    }
    assert labels_of(client, prediction["case_id"]) == [label]


def test_the_next_one_replaces_it(client: TestClient, prediction: dict[str, Any], predict: Predict) -> None:
    first = put(client, prediction["id"], class_key="nv", options={GROUP.key: OPTION})
    again = predict(prediction["case_id"])
    second = put(client, again["id"], class_key=None, options={OTHER_GROUP.key: OTHER_OPTION})
    assert second["id"] == first["id"]
    assert (second["class_key"], second["options"]) == (None, {OTHER_GROUP.key: OTHER_OPTION})
    assert second["prediction_id"] == again["id"]
    assert second["created_at"] == first["created_at"]
    assert second["updated_at"] > first["updated_at"]
    assert labels_of(client, prediction["case_id"]) == [second]


def test_nothing_need_be_marked(client: TestClient, prediction: dict[str, Any]) -> None:
    label = put(client, prediction["id"])
    assert (label["class_key"], label["options"]) == (None, {})


def test_the_trail_tells_before_and_after(client: TestClient, prediction: dict[str, Any]) -> None:
    label = put(client, prediction["id"], class_key="nv", options={GROUP.key: OPTION})
    put(client, prediction["id"], class_key="mel", options={GROUP.key: OPTION})
    put(client, prediction["id"], class_key="mel", options={GROUP.key: OPTION})  # the same again is no event
    (created,), (changed,) = events(client, "label.created"), events(client, "label.changed")
    assert created.subject == changed.subject == f"label/{label['id']}"
    assert json.loads(created.after or "") == {
        "case": prediction["case_id"],
        "prediction_id": prediction["id"],
        "class_key": "nv",
        "options": {GROUP.key: OPTION},
    }
    assert (json.loads(changed.before or ""), json.loads(changed.after or "")) == (
        {"class_key": "nv"},
        {"class_key": "mel"},
    )


@pytest.mark.parametrize(
    ("label", "named"),
    [
        ({"class_key": "frog"}, ["'frog'", "mel, nv"]),
        ({"options": {"frog": None}}, ["'frog'", GROUP.key]),
        ({"options": {GROUP.key: "frog"}}, [f"'{GROUP.key}'", "'frog'", OPTION]),
        ({"options": {GROUP.key: GROUP.option_keys[0]}}, [f"'{GROUP.option_keys[0]}'", OPTION]),  # without its group
        ({"options": {GROUP.key: OTHER_OPTION}}, [f"'{GROUP.key}'", f"'{OTHER_OPTION}'"]),
        ({"options": {OTHER_GROUP.key: OTHER_OPTION, GROUP.key: None}}, [f"'{GROUP.key}'", "absent"]),
    ],
)
def test_a_fault_is_named_and_nothing_is_kept(
    client: TestClient, prediction: dict[str, Any], label: dict[str, Any], named: list[str]
) -> None:
    detail = assert_error(client.put(f"{API}/predictions/{prediction['id']}/label", json=label), 400, "bad_label")
    for part in named:
        assert part in detail
    assert labels_of(client, prediction["case_id"]) == []
    assert events(client, "label.created") == []


@pytest.mark.parametrize(
    "label", [{"class_key": "a\u0000b"}, {"options": {"\ud800": None}}, {"options": [1]}, {"grade": 3}]
)
def test_what_does_not_fit_the_contract(client: TestClient, prediction: dict[str, Any], label: Any) -> None:
    answer = client.put(
        f"{API}/predictions/{prediction['id']}/label",
        content=json.dumps(label),
        headers={"content-type": "application/json"},
    )
    assert_error(answer, 422, "validation_failed")


def test_absent_is_for_groups_of_one_option() -> None:
    found = concept_set((1, 2), 2)
    check(found, LabelUpdate(options={"g0": None}))
    check(found, LabelUpdate(options={"g0": "g0.o0", "g1": "g1.o1"}))
    with pytest.raises(BadLabel, match="'g1'"):
        check(found, LabelUpdate(options={"g0": None, "g1": None}))


def test_one_label_for_each_person_and_concept_set(start_server: StartServer, tmp_path: Path) -> None:
    infos = [
        checkpoint_info(tmp_path / "one", "one"),
        checkpoint_info(tmp_path / "two", "two", digest="cd" * 32),
        checkpoint_info(tmp_path / "three", "three", "synthetic-breast-us", "ef" * 32, "busi"),
    ]
    zoo = ColourZoo(infos)
    zoo.explainers[tmp_path / "three"] = ColourExplainer(load_concept_set("busi"))
    client = start_server(zoo)
    case = client.post(f"{API}/cases", files={"file": ("a.png", png())}).json()["id"]
    client.put(f"{API}/cases/{case}/sharing", json={"visibility": "open"})
    made = {}
    for model in client.get(f"{API}/models").json()["items"]:
        answer = client.post(f"{API}/cases/{case}/predictions", json={"model_version_id": model["id"]})
        made[model["name"]] = answer.json()["id"]
    put(client, made["one"], class_key="nv")
    put(client, made["two"], class_key="mel")  # the same concept set
    put(client, made["three"], class_key="benign")
    become(client, READER)
    put(client, made["two"], class_key="bcc")
    become(client, RESEARCHER)
    assert [(label["class_key"], label["mine"]) for label in labels_of(client, case)] == [
        ("bcc", False),
        ("benign", False),
        ("mel", False),
    ]


def test_readers_see_their_own_only_and_nobody_those_of_hidden_cases(client: TestClient) -> None:
    case, prediction = World(client).case(Relation.SHARED, READER)
    for person, key in ((READER, "nv"), (RESEARCHER, "mel")):
        put(become(client, person), prediction, class_key=key)
    seen: dict[Person, list[str]] = {
        person: [label["class_key"] for label in labels_of(become(client, person), case)]
        for person in (READER, RESEARCHER, COORDINATOR, ADMINISTRATOR)
    }
    assert seen == {
        READER: ["nv"],
        RESEARCHER: ["mel", "nv"],
        COORDINATOR: ["mel", "nv"],
        ADMINISTRATOR: ["mel", "nv"],
    }
    become(client, ADMINISTRATOR).put(f"{API}/cases/{case}/sharing", json={"visibility": "private"})
    assert_error(become(client, READER).get(f"{API}/cases/{case}/labels"), 404, "case_not_found")
    answer = client.put(f"{API}/predictions/{prediction}/label", json={"class_key": "nv"})
    assert_error(answer, 404, "prediction_not_found")


def test_a_token_sees_everybodys_labels_only_with_the_scope_for_it(client: TestClient) -> None:
    case, prediction = World(client).case(Relation.SHARED, RESEARCHER)
    put(become(client, READER), prediction, class_key="nv")
    become(client, None)
    own = [Permission.CASES_READ, Permission.MODELS_READ, Permission.LABELS_WRITE]
    by_scope = {}
    for everybodys in (False, True):
        headers = add_token(client, RESEARCHER, [*own, *([Permission.LABELS_READ] if everybodys else [])])
        by_scope[everybodys] = len(client.get(f"{API}/cases/{case}/labels", headers=headers).json()["items"])
    assert by_scope == {False: 0, True: 1}


def test_a_deleted_case_takes_its_labels(client: TestClient, prediction: dict[str, Any]) -> None:
    put(client, prediction["id"], class_key="nv")
    assert client.delete(f"{API}/cases/{prediction['case_id']}").status_code == 204
    with resources_of(client).database.reading() as session:
        assert session.scalars(select(Label)).all() == []


def test_an_unknown_prediction(client: TestClient) -> None:
    answer = client.put(f"{API}/predictions/{UNKNOWN_ID}/label", json={"class_key": "nv"})
    assert_error(answer, 404, "prediction_not_found")
