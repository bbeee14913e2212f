"""Interventions over HTTP: what is tried, what is kept, what would change it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from backend.db.tables import AuditEvent, Intervention, Prediction
from backend.interventions import repository
from backend.interventions.schemas import InterventionRead, ModelHead
from backend.predictions.tokens import unpack_tokens
from models.intervene.editing import EditableModel, Predicted, recompute
from models.intervene.regions import Keep, RegionEdit
from models.intervene.scores import Edit, Operation
from tests.support.explainer import ColourZoo, checkpoint_info, editable_by_colour, load_concept_set
from tests.support.people import ADMINISTRATOR, READER, become
from tests.support.server import API, UNKNOWN_ID, Predict, StartServer, Upload, assert_error, resources_of

CONCEPTS = load_concept_set("isic2018")
OPTION = CONCEPTS.option_ids[4]
GROUP = CONCEPTS.groups[2].key


@pytest.fixture
def prediction(upload: Upload, predict: Predict) -> dict[str, Any]:
    return predict(upload()["id"])


@pytest.fixture
def model() -> EditableModel:
    return editable_by_colour(CONCEPTS)


def predicted(prediction: dict[str, Any], client: TestClient | None = None) -> Predicted:
    """As numbers, from the contract's prediction; with the stored tokens if a client is given."""
    options = [option for group in prediction["groups"] for option in group["options"]]
    tokens = None
    if client is not None:
        resources = resources_of(client)
        with resources.database.reading() as session:
            key = session.scalars(select(Prediction.tokens_key).where(Prediction.id == prediction["id"])).one()
        assert key is not None
        tokens = unpack_tokens(resources.storage.read(key)).astype(float)
    return Predicted(
        np.array([option["score"] for option in options]),
        np.array([label["logit"] for label in prediction["classes"]]),
        np.array([label["probability"] for label in prediction["classes"]]),
        tokens,
    )


def tried(client: TestClient, prediction: dict[str, Any], *edits: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(f"{API}/predictions/{prediction['id']}/interventions/preview", json={"edits": edits})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def kept(client: TestClient, prediction: dict[str, Any], *edits: dict[str, Any], note: str = "") -> dict[str, Any]:
    body = {"edits": edits, "note": note}
    answer = client.post(f"{API}/predictions/{prediction['id']}/interventions", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def scores(found: dict[str, Any], when: str = "after") -> list[float]:
    return [option[when] for group in found["groups"] for option in group["options"]]


def test_no_edit_is_the_prediction_exactly(client: TestClient, prediction: dict[str, Any]) -> None:
    found = tried(client, prediction)
    classes = [
        {
            "class_key": each["key"],
            "class_name": each["name"],
            "logit": each["logit"],
            "probability": each["probability"],
        }
        for each in prediction["classes"]
    ]
    assert found["baseline"] == found["intervened"] == classes
    assert found["changed"] is False
    assert found["predicted_class"] == found["baseline_class"] == prediction["predicted_class"]
    assert scores(found, "before") == scores(found) == predicted(prediction).scores.tolist()


def test_every_operation_agrees_with_numpy(
    client: TestClient, prediction: dict[str, Any], model: EditableModel
) -> None:
    edits: list[tuple[dict[str, Any], Edit | RegionEdit]] = [
        ({"operation": "set", "option_id": OPTION, "value": 2.5}, Edit(OPTION, Operation.SET, 2.5)),
        ({"operation": "option", "option_id": CONCEPTS.option_ids[0]}, Edit(CONCEPTS.option_ids[0], Operation.OPTION)),
        ({"operation": "mean", "option_id": CONCEPTS.option_ids[-1]}, Edit(CONCEPTS.option_ids[-1], Operation.MEAN)),
        (
            {"operation": "class_mean", "option_id": CONCEPTS.option_ids[9], "reference_class": CONCEPTS.class_keys[1]},
            Edit(CONCEPTS.option_ids[9], Operation.CLASS_MEAN, reference_class=CONCEPTS.class_keys[1]),
        ),
        (
            {"operation": "region", "group_key": GROUP, "keep": "outside", "patches": [3, 1, 2]},
            RegionEdit(GROUP, Keep.OUTSIDE, (1, 2, 3)),
        ),
    ]
    found = kept(client, prediction, *(sent for sent, _ in edits), note="  after the talk\nwith Ben ")
    wanted = recompute(model, predicted(prediction, client), [meant for _, meant in edits])
    assert scores(found) == pytest.approx(wanted.scores, abs=1e-9)
    assert scores(found, "after_region") == pytest.approx(wanted.after_regions, abs=1e-9)
    assert [each["probability"] for each in found["intervened"]] == pytest.approx(
        wanted.decision.probabilities, abs=1e-9
    )
    assert found["predicted_class"] == CONCEPTS.class_keys[wanted.decision.predicted]
    assert found["changed"] == (found["predicted_class"] != prediction["predicted_class"])
    assert found["note"] == "after the talk\nwith Ben"
    assert found["edits"][4]["patches"] == [1, 2, 3]
    (region,) = [group for group in found["groups"] if group["region"]]
    assert (region["key"], region["attention"]) == (GROUP, pytest.approx(wanted.attention[2]))
    for group in found["groups"]:
        for option in group["options"]:
            column = CONCEPTS.option_ids.index(option["id"])
            pushes = model.head.weight[:, column] * option["after"]
            assert list(option["contributions"].values()) == pytest.approx(pushes)
    assert set(found) == set(InterventionRead.model_fields)
    assert found["created_by"]["id"] == ADMINISTRATOR.id
    assert found["created_by"]["name"]


def test_the_head_recomputes_what_the_server_does(client: TestClient, prediction: dict[str, Any]) -> None:
    head = client.get(f"{API}/models/{prediction['model_version_id']}/head").json()
    assert set(head) == set(ModelHead.model_fields)
    assert head["supports_regions"] is True
    found = tried(client, prediction, {"operation": "option", "option_id": OPTION})
    group = next(group for group in head["groups"] if OPTION in [option["id"] for option in group["options"]])
    start = [option["id"] for each in head["groups"] for option in each["options"]].index(group["options"][0]["id"])
    typical = head["option_means"][OPTION]
    assert scores(found)[start : start + len(typical)] == pytest.approx(typical)
    difference = np.array(scores(found)) - np.array(scores(found, "before"))
    logits = np.array([each["logit"] for each in found["baseline"]]) + np.array(head["weight"]) @ difference
    assert [each["logit"] for each in found["intervened"]] == pytest.approx(logits, abs=1e-9)
    assert head["class_means"][CONCEPTS.class_keys[-1]] is None


def test_they_form_a_list_on_the_case_newest_first(client: TestClient, prediction: dict[str, Any]) -> None:
    first = kept(client, prediction, {"operation": "mean", "option_id": OPTION}, note="first")
    become(client, READER)
    missing = client.get(f"{API}/cases/{prediction['case_id']}/interventions")
    assert_error(missing, 404, "case_not_found")
    become(client, ADMINISTRATOR)
    client.put(f"{API}/cases/{prediction['case_id']}/sharing", json={"visibility": "open"})
    become(client, READER)
    second = kept(client, prediction, {"operation": "option", "option_id": OPTION}, note="second")
    found = client.get(f"{API}/cases/{prediction['case_id']}/interventions").json()["items"]
    assert found == [second, first]
    assert [each["created_by"]["id"] for each in found] == [READER.id, first["created_by"]["id"]]
    assert client.get(f"{API}/interventions/{first['id']}").json() == first


def test_the_list_is_bounded(client: TestClient, prediction: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "MOST", 2)
    notes = ["one", "two", "three"]
    for note in notes:
        kept(client, prediction, {"operation": "mean", "option_id": OPTION}, note=note)
    found = client.get(f"{API}/cases/{prediction['case_id']}/interventions").json()["items"]
    assert [each["note"] for each in found] == ["three", "two"]


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ({"operation": "set", "option_id": OPTION}, "edit 2: 'set' needs value"),
        ({"operation": "option", "option_id": OPTION, "value": 1}, "edit 2: 'option' does not take value"),
        ({"operation": "option"}, "edit 2: 'option' needs option_id"),
        ({"operation": "option", "option_id": "x.y"}, "edit 2: there is no option 'x.y'"),
        ({"operation": "class_mean", "option_id": OPTION}, "edit 2: 'class_mean' needs reference_class"),
        ({"operation": "class_mean", "option_id": OPTION, "reference_class": "x"}, "edit 2: 'class_mean' needs a ref"),
        (
            {"operation": "class_mean", "option_id": OPTION, "reference_class": CONCEPTS.class_keys[-1]},
            "edit 2: the validation images hold none",
        ),
        ({"operation": "region", "group_key": GROUP, "keep": "inside", "patches": []}, "edit 2: no patch is left"),
        ({"operation": "region", "group_key": GROUP, "keep": "inside", "patches": [196]}, "edit 2: patch 196 is not"),
        ({"operation": "region", "group_key": "x", "keep": "inside", "patches": [1]}, "edit 2: there is no group 'x'"),
        ({"operation": "region", "group_key": GROUP, "patches": [1]}, "edit 2: 'region' needs keep"),
    ],
)
def test_an_edit_that_does_not_fit_is_named(
    client: TestClient, prediction: dict[str, Any], edit: dict[str, Any], reason: str
) -> None:
    body = {"edits": [{"operation": "mean", "option_id": OPTION}, edit]}
    for path in ("interventions", "interventions/preview"):
        answer = client.post(f"{API}/predictions/{prediction['id']}/{path}", json=body)
        assert reason in assert_error(answer, 400, "bad_edit")
    assert client.get(f"{API}/cases/{prediction['case_id']}/interventions").json()["items"] == []


@pytest.mark.parametrize("value", ["1e7", "NaN", "1e999", '"much"'])
def test_scores_that_are_no_scores_are_refused(client: TestClient, prediction: dict[str, Any], value: str) -> None:
    content = f'{{"edits": [{{"operation": "set", "option_id": "{OPTION}", "value": {value}}}]}}'
    answer = client.post(
        f"{API}/predictions/{prediction['id']}/interventions",
        content=content,
        headers={"Content-Type": "application/json"},
    )
    assert "edits.0.value" in assert_error(answer, 422, "validation_failed")


def test_what_was_read_can_be_sent_again(client: TestClient, prediction: dict[str, Any]) -> None:
    region = {"operation": "region", "group_key": GROUP, "keep": "inside", "patches": [0, 1]}
    first = kept(client, prediction, {"operation": "option", "option_id": OPTION}, region)
    second = kept(client, prediction, *first["edits"])
    assert (second["edits"], second["intervened"]) == (first["edits"], first["intervened"])


def test_a_prediction_without_tokens_says_what_to_do(client: TestClient, prediction: dict[str, Any]) -> None:
    with resources_of(client).database.writing() as session:
        session.execute(update(Prediction).values(tokens_key=None))
    region = {"operation": "region", "group_key": GROUP, "keep": "inside", "patches": [0]}
    answer = client.post(f"{API}/predictions/{prediction['id']}/interventions/preview", json={"edits": [region]})
    assert "Explain the image again" in assert_error(answer, 409, "tokens_missing")
    assert tried(client, prediction, {"operation": "option", "option_id": OPTION})["edits"]


def test_a_model_whose_head_cannot_be_read_is_said(start_server: StartServer, tmp_path: Path) -> None:
    zoo = ColourZoo([checkpoint_info(tmp_path / "zoo" / "colour")], editing_error=ValueError("gone"))
    client = start_server(zoo)
    (model,) = client.get(f"{API}/models").json()["items"]
    assert_error(client.get(f"{API}/models/{model['id']}/head"), 503, "model_unavailable")
    assert_error(client.get(f"{API}/models/{UNKNOWN_ID}/head"), 404, "model_not_found")


def test_counterfactuals_flip_the_decision_when_they_are_applied(
    client: TestClient, prediction: dict[str, Any]
) -> None:
    url = f"{API}/predictions/{prediction['id']}/counterfactuals"
    reached = 0
    for wanted in CONCEPTS.class_keys:
        found = client.post(url, json={"wanted_class": wanted, "limit": 3}).json()
        already = wanted == prediction["predicted_class"]
        assert (found["already_predicted"], found["results"] == []) == (already, already or not found["reachable"])
        for result in found["results"]:
            after = tried(client, prediction, *result["edits"])
            assert after["predicted_class"] == result["predicted_class"] == wanted
            assert {edit["operation"] for edit in result["edits"]} == {"option"}
            (now,) = [each for each in after["intervened"] if each["class_key"] == wanted]
            assert now["probability"] == pytest.approx(result["probability"], abs=1e-9)
            reached += 1
            # One change fewer does not reach it: the set is minimal.
            for left_out in range(len(result["edits"])):
                fewer = result["edits"][:left_out] + result["edits"][left_out + 1 :]
                assert tried(client, prediction, *fewer)["predicted_class"] != wanted
    assert reached >= 3


def test_counterfactuals_start_from_edits(client: TestClient, prediction: dict[str, Any]) -> None:
    url = f"{API}/predictions/{prediction['id']}/counterfactuals"
    other = next(key for key in CONCEPTS.class_keys if key != prediction["predicted_class"])
    (first, *_) = client.post(url, json={"wanted_class": other}).json()["results"]
    from_there = client.post(url, json={"wanted_class": other, "edits": first["edits"]}).json()
    assert (from_there["already_predicted"], from_there["results"]) == (True, [])
    back = client.post(url, json={"wanted_class": prediction["predicted_class"], "edits": first["edits"]}).json()
    assert back["results"]
    answer = client.post(url, json={"wanted_class": "unheard-of"})
    assert CONCEPTS.class_keys[0] in assert_error(answer, 400, "unknown_class")


def test_checks_name_every_group_once_the_most_telling_first(client: TestClient, prediction: dict[str, Any]) -> None:
    found = client.get(f"{API}/predictions/{prediction['id']}/checks").json()["items"]
    assert sorted(each["group_key"] for each in found) == sorted(CONCEPTS.group_keys)
    changes = [each["expected_change"] for each in found]
    assert changes == sorted(changes, reverse=True)
    assert changes[0] > 0
    assert all(0 <= each["flip_probability"] <= 1 for each in found)


def test_the_trail_tells_of_it(client: TestClient, prediction: dict[str, Any]) -> None:
    region = {"operation": "region", "group_key": GROUP, "keep": "inside", "patches": [0, 1]}
    made = kept(client, prediction, region, note="a secret of the patient")
    with resources_of(client).database.reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "intervention.created")).one()
    assert event.subject == f"intervention/{made['id']}"
    assert event.before == f'{{"predicted_class":"{made["baseline_class"]}"}}'
    assert event.after is not None
    assert '"patches":2' in event.after
    assert "secret" not in event.after


def test_they_go_with_their_case(client: TestClient, prediction: dict[str, Any]) -> None:
    made = kept(client, prediction, {"operation": "mean", "option_id": OPTION})
    client.delete(f"{API}/cases/{prediction['case_id']}")
    assert_error(client.get(f"{API}/interventions/{made['id']}"), 404, "intervention_not_found")
    with resources_of(client).database.reading() as session:
        assert session.scalars(select(Intervention)).all() == []
