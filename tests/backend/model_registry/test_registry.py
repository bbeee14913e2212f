"""The registry follows the checkpoint folders."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from backend.model_registry.schemas import ModelVersionDetail, ModelVersionRead
from models.concepts import load_concept_set
from tests.support.explainer import ColourZoo, checkpoint_info
from tests.support.images import png
from tests.support.server import API, UNKNOWN_ID, StartServer, assert_error

MODELS = f"{API}/models"


def wait_until_ready(client: TestClient) -> None:
    client.app.state.resources.inference.wait_until_registered()  # type: ignore[attr-defined]


def listed(client: TestClient) -> list[dict[str, object]]:
    wait_until_ready(client)
    items: list[dict[str, object]] = client.get(MODELS).json()["items"]
    return items


def test_shipped_models_are_registered(client: TestClient) -> None:
    (model,) = listed(client)
    assert set(model) == set(ModelVersionRead.model_fields)
    concepts = load_concept_set("isic2018")
    assert model["id"] == "ab" * 16  # from the weights' digest, so equal on every machine
    assert (model["name"], model["dataset"]) == ("colour", "synthetic-dermoscopy")
    assert (model["active"], model["synthetic"]) == (True, True)
    assert model["concept_set"] == {
        "name": "isic2018",
        "version": concepts.version,
        "title": concepts.title,
        "digest": concepts.digest(),
    }
    assert model["classes"] == [{"key": label.key, "name": label.name} for label in concepts.classes]
    assert model["metrics"] == {"test": {"balanced_accuracy": 0.5}}


def test_one_model_with_its_card(client: TestClient) -> None:
    (model,) = listed(client)
    detail = client.get(f"{MODELS}/{model['id']}").json()
    assert set(detail) == set(ModelVersionDetail.model_fields)
    assert detail["card"].startswith("# Colour")
    assert (detail["device"], detail["precision"]) in {("cpu", "float32"), (None, None)}


def test_device_is_known_once_it_is_loaded(client: TestClient) -> None:
    case = client.post(f"{API}/cases", files={"file": ("a.png", png())}).json()
    client.post(f"{API}/cases/{case['id']}/predictions")
    (model,) = listed(client)
    assert (model["device"], model["precision"]) == ("cpu", "float32")


@pytest.mark.parametrize(("path", "status", "code"), [
    (UNKNOWN_ID, 404, "model_not_found"), ("x", 422, "validation_failed"), ("%00", 422, "validation_failed"),
])  # fmt: skip
def test_unknown_models(client: TestClient, path: str, status: int, code: str) -> None:
    assert_error(client.get(f"{MODELS}/{path}"), status, code)


def test_starting_again_registers_nothing_twice(start_server: StartServer) -> None:
    first = listed(start_server())
    assert listed(start_server()) == first


def test_new_weights_in_a_folder_take_over_and_old_predictions_stay(start_server: StartServer, tmp_path: Path) -> None:
    old = start_server(zoo=ColourZoo([checkpoint_info(tmp_path / "m")]))
    case = old.post(f"{API}/cases", files={"file": ("a.png", png())}).json()
    prediction = old.post(f"{API}/cases/{case['id']}/predictions").json()
    new = start_server(zoo=ColourZoo([checkpoint_info(tmp_path / "m", "better", digest="cd" * 32)]))
    assert [(model["name"], model["active"]) for model in listed(new)] == [("better", True), ("colour", False)]
    assert new.get(f"{API}/predictions/{prediction['id']}").json() == prediction


def test_a_second_model_of_a_data_set_waits_its_turn(start_server: StartServer, tmp_path: Path) -> None:
    one = checkpoint_info(tmp_path / "one")
    assert len(listed(start_server(zoo=ColourZoo([one])))) == 1
    two = checkpoint_info(tmp_path / "two", "two", digest="cd" * 32)
    models = listed(start_server(zoo=ColourZoo([two, one])))
    assert [(model["name"], model["active"]) for model in models] == [("colour", True), ("two", False)]


def test_a_removed_model_is_not_active(start_server: StartServer, tmp_path: Path) -> None:
    info = checkpoint_info(tmp_path / "m")
    listed(start_server(zoo=ColourZoo([info])))
    (info.folder / "config.json").unlink()
    client = start_server(zoo=ColourZoo([]))
    assert [model["active"] for model in listed(client)] == [False]
    case = client.post(f"{API}/cases", files={"file": ("a.png", png())}).json()
    assert_error(client.post(f"{API}/cases/{case['id']}/predictions"), 503, "no_active_model")


def test_a_model_that_moved_keeps_its_id(start_server: StartServer, tmp_path: Path) -> None:
    first = listed(start_server(zoo=ColourZoo([checkpoint_info(tmp_path / "here")])))
    zoo = ColourZoo([checkpoint_info(tmp_path / "there")])
    client = start_server(zoo=zoo)
    assert [model["id"] for model in listed(client)] == [model["id"] for model in first]
    case = client.post(f"{API}/cases", files={"file": ("a.png", png())}).json()
    assert client.post(f"{API}/cases/{case['id']}/predictions").status_code == 201
    assert zoo.loaded == [tmp_path / "there"]
