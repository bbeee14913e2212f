"""Predictions over HTTP."""

from __future__ import annotations

import threading
import time
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from backend.cases.rendering import open_rendered
from backend.predictions import router, service
from backend.predictions.schemas import PredictionRead
from tests.support.explainer import (
    ColourExplainer,
    ColourZoo,
    checkpoint_info,
    explain_by_colour,
    load_concept_set,
    mean_colour_score,
)
from tests.support.images import decoded, png
from tests.support.server import API, UNKNOWN_ID, Predict, StartServer, Upload, assert_error, resources_of, stored_files

CASES = f"{API}/cases"


def test_prediction_is_the_explanation(client: TestClient, upload: Upload, predict: Predict) -> None:
    case = upload()
    found = predict(case["id"])
    concepts = load_concept_set("isic2018")
    expected = explain_by_colour(decoded(png()), concepts)
    assert set(found) == set(PredictionRead.model_fields)
    assert found["case_id"] == case["id"]
    assert found["model"] == {"id": found["model_version_id"], "name": "colour", "synthetic": True}
    assert found["predicted_class"] == expected.predicted_class
    assert [c["key"] for c in found["classes"]] == list(concepts.class_keys)
    assert np.allclose([c["logit"] for c in found["classes"]], expected.logits)
    assert np.allclose([c["probability"] for c in found["classes"]], expected.probabilities)
    assert [group["key"] for group in found["groups"]] == list(concepts.group_keys)
    options = [option for group in found["groups"] for option in group["options"]]
    assert [option["id"] for option in options] == list(concepts.option_ids)
    assert np.allclose([option["score"] for option in options], expected.scores)
    assert found["grid"] == [14, 14]
    assert found["index_map"] == expected.index_map.tolist()
    assert [code["patches"] for code in found["codes"]] == [code.patches for code in expected.codes]
    assert found["codes"][0]["group_key"] == concepts.group_keys[0]
    assert found["codes"][1]["group_key"] is None
    assert found["region"] == {"x": 0, "y": 0, "width": 24, "height": 16}
    assert found["familiarity"] == {"distance": 0.25, "percentile": 40}
    assert set(found["timings_ms"]) == {"preprocess", "encoder", "head", "maps"}


def test_contributions_and_bias_sum_to_the_logit(upload: Upload, predict: Predict) -> None:
    found = predict(upload()["id"])
    for c in found["classes"]:
        total = c["bias"] + sum(o["contributions"][c["key"]] for g in found["groups"] for o in g["options"])
        assert total == pytest.approx(c["logit"], abs=1e-5)


def test_localizable_groups_are_marked(upload: Upload, predict: Predict) -> None:
    groups = predict(upload()["id"])["groups"]
    expected = {group.key: group.localizable for group in load_concept_set("isic2018").groups}
    assert {group["key"]: group["localizable"] for group in groups} == expected


def test_every_call_makes_a_new_one_and_none_changes(client: TestClient, upload: Upload, predict: Predict) -> None:
    case = upload()
    first = predict(case["id"])
    second = predict(case["id"])
    assert first["id"] != second["id"]
    assert client.get(f"{API}/predictions/{first['id']}").json() == first
    assert client.get(f"{CASES}/{case['id']}/predictions").json() == {"items": [second, first]}


def test_predictions_of_a_new_case(client: TestClient, upload: Upload) -> None:
    assert client.get(f"{CASES}/{upload()['id']}/predictions").json() == {"items": []}


def test_unknown_prediction(client: TestClient) -> None:
    assert_error(client.get(f"{API}/predictions/{UNKNOWN_ID}"), 404, "prediction_not_found")
    assert_error(client.get(f"{API}/predictions/x"), 422, "validation_failed")


@pytest.mark.parametrize("content", [None, b"", b"null", b"{}", b'{"model_version_id": null}'])
def test_the_body_may_be_left_out(client: TestClient, upload: Upload, content: bytes | None) -> None:
    headers = {"content-type": "application/json"} if content is not None else {}
    answer = client.post(f"{CASES}/{upload()['id']}/predictions", content=content, headers=headers)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("body", [{"model_version_id": "x"}, {"model": "y"}, [], 3, {"model_version_id": "é" * 32}])
def test_bad_bodies(client: TestClient, upload: Upload, body: Any) -> None:
    answer = client.post(f"{CASES}/{upload()['id']}/predictions", json=body)
    assert_error(answer, 422, "validation_failed")


def test_a_named_model(client: TestClient, upload: Upload, predict: Predict) -> None:
    case = upload()
    model = client.get(f"{API}/models").json()["items"][0]
    assert predict(case["id"], model_version_id=model["id"])["model_version_id"] == model["id"]
    answer = client.post(f"{CASES}/{case['id']}/predictions", json={"model_version_id": UNKNOWN_ID})
    assert_error(answer, 404, "model_not_found")


def send(client: TestClient) -> Any:
    case = client.post(CASES, files={"file": ("a.png", png())}).json()
    return client.post(f"{CASES}/{case['id']}/predictions")


def test_without_any_model(start_server: StartServer) -> None:
    client = start_server(zoo=ColourZoo([]))
    answer = send(client)
    assert "vitrine train" in assert_error(answer, 503, "no_active_model")
    assert answer.headers["retry-after"]


def test_a_model_that_does_not_load(start_server: StartServer, zoo: ColourZoo) -> None:
    zoo.loading_error = ValueError("weights are damaged")
    client = start_server()
    assert_error(send(client), 503, "model_unavailable")
    zoo.loading_error = None
    assert send(client).status_code == 201  # mended without a restart


def test_a_model_that_fails(start_server: StartServer, zoo: ColourZoo) -> None:
    client = start_server()
    zoo.explainer.error = RuntimeError("out of memory")
    assert "out of memory" not in assert_error(send(client), 500, "prediction_failed")
    assert len([name for name in stored_files(client) if name.endswith(".npz")]) == 0
    zoo.explainer.error = None
    assert send(client).status_code == 201


def test_a_model_that_is_still_loading(start_server: StartServer, zoo: ColourZoo) -> None:
    zoo.loading_gate = threading.Event()
    client = start_server(model_wait_seconds=0.05)
    answer = send(client)
    assert_error(answer, 503, "model_starting")
    assert int(answer.headers["retry-after"]) > 0
    zoo.loading_gate.set()


def test_a_request_waits_for_a_model_that_is_nearly_there(start_server: StartServer, zoo: ColourZoo) -> None:
    zoo.loading_gate = threading.Event()
    client = start_server(model_wait_seconds=10)
    threading.Timer(0.2, zoo.loading_gate.set).start()
    assert send(client).status_code == 201


def test_who_waits_for_the_model_holds_no_picture(
    start_server: StartServer, zoo: ColourZoo, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = start_server(decode_slots=1)
    case = client.post(CASES, files={"file": ("a.png", png())}).json()
    path = f"{CASES}/{case['id']}/predictions"
    assert client.post(path).status_code == 201  # the model is loaded
    pictures: list[weakref.ref[Image.Image]] = []

    def opening(*arguments: Any) -> Image.Image:
        picture = open_rendered(*arguments)
        pictures.append(weakref.ref(picture))
        return picture

    monkeypatch.setattr(service, "open_rendered", opening)
    zoo.explainer.gate = threading.Event()
    threads = [threading.Thread(target=client.post, args=(path,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 10
    while resources_of(client).inference.waiting + zoo.explainer.running < 4 and time.monotonic() < end:
        time.sleep(0.01)
    held = [picture() for picture in pictures]
    zoo.explainer.gate.set()
    for thread in threads:
        thread.join()
    assert len(held) == 4
    assert not any(held)


def test_a_request_that_was_given_up_is_not_explained(
    start_server: StartServer, zoo: ColourZoo, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = start_server()
    case = client.post(CASES, files={"file": ("a.png", png())}).json()
    path = f"{CASES}/{case['id']}/predictions"
    assert client.post(path).status_code == 201
    zoo.explainer.gate = threading.Event()
    first = threading.Thread(target=client.post, args=(path,))
    first.start()
    while not zoo.explainer.running:
        time.sleep(0.01)
    monkeypatch.setattr(router, "is_gone", lambda _request: lambda: True)
    answer = client.post(path)
    zoo.explainer.gate.set()
    first.join()
    assert_error(answer, 499, "request_abandoned")
    assert zoo.explainer.calls == 2
    assert len(client.get(path).json()["items"]) == 2


def test_an_explanation_of_another_concept_set_is_not_stored(start_server: StartServer, tmp_path: Path) -> None:
    explainer = ColourExplainer(concept_set=load_concept_set("busi"))
    client = start_server(zoo=ColourZoo([checkpoint_info(tmp_path / "one")], explainer))
    assert_error(send(client), 500, "internal_error")
    assert not any(name.endswith(".npz") for name in stored_files(client))


def test_many_clients_each_get_their_own_result(start_server: StartServer, zoo: ColourZoo) -> None:
    client = start_server(inference_queue=16)
    wrong: list[str] = []

    def work(number: int) -> None:
        for turn in range(4):
            colour = (number * 15, 255 - number * 10, turn * 60)
            case = client.post(CASES, files={"file": (f"{number}-{turn}.png", png(colour))})
            if case.status_code != 201 or case.json()["filename"] != f"{number}-{turn}.png":
                wrong.append(case.text)
                continue
            answer = client.post(f"{CASES}/{case.json()['id']}/predictions")
            while answer.status_code == 503:
                time.sleep(0.05)
                answer = client.post(f"{CASES}/{case.json()['id']}/predictions")
            body = answer.json()
            score = body["groups"][0]["options"][0]["score"]
            if body["case_id"] != case.json()["id"] or abs(score - mean_colour_score(colour)) > 1e-6:
                wrong.append(answer.text[:200])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert client.get(CASES).json()["total"] == 64
    assert zoo.explainer.most_running == 1
    assert zoo.explainer.threads == {"inference"}
