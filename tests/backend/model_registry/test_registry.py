"""The registry follows the checkpoint folders."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from backend.core.settings import ROOT
from backend.db.base import now
from backend.db.job_tables import JobRow, TrainingRun
from backend.db.session import Database
from backend.db.tables import ConceptSetRevision
from backend.model_registry import service
from backend.model_registry.schemas import ModelVersionDetail, ModelVersionRead
from backend.model_registry.zoo import CheckpointInfo
from backend.training_runs.figures import epoch_read
from models.concepts import load_concept_set
from tests.support.accounts import events
from tests.support.explainer import ColourZoo, checkpoint_info
from tests.support.images import png
from tests.support.people import READER, become
from tests.support.server import API, UNKNOWN_ID, StartServer, assert_error, resources_of

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


RUN = "0" * 31 + "a"


def retrained(folder: Path, name: str, digest: str, parent: str) -> CheckpointInfo:
    """A checkpoint that says which weights it was retrained from."""
    lineage = {"kind": "retrain", "parent": {"name": "whatever", "weights": parent * 32, "concepts": "0" * 64}}
    return replace(checkpoint_info(folder, name, digest=digest * 32), metrics={"lineage": lineage})


def make_run(session: Session, model_version_id: str | None, status: str = "succeeded", run: str = RUN) -> None:
    """A training run that has made a version, or is about to."""
    lease = now() + timedelta(hours=1) if status == "running" else None
    session.add(JobRow(id=run, kind="training", queue="training", status=status, lease_expires_at=lease))
    session.flush()
    revision = session.scalars(select(ConceptSetRevision.id)).first()
    session.add(
        TrainingRun(
            id=run, name="r", dataset_id="synthetic-dermoscopy", concept_set_revision_id=revision, settings={},
            model_version_id=model_version_id,
        )
    )  # fmt: skip


def test_where_a_version_comes_from(start_server: StartServer, tmp_path: Path) -> None:
    one = checkpoint_info(tmp_path / "one", "one")
    two = retrained(tmp_path / "two", "two", "cd", "ab")
    orphan = retrained(tmp_path / "three", "three", "ef", "99")
    client = start_server(zoo=ColourZoo([one, two, orphan]))
    wait_until_ready(client)
    with resources_of(client).database.writing() as session:
        make_run(session, "cd" * 16)
    with resources_of(client).database.writing() as session:
        make_run(session, "cd" * 16, run="0" * 32)  # later, with the same weights: it did not make the version
    found = {str(model["name"]): model for model in listed(client)}
    assert {name: model["parent"] for name, model in found.items()} == {
        "one": None, "two": {"id": "ab" * 16, "name": "one"}, "three": None
    }  # fmt: skip
    assert {name: model["training_run_id"] for name, model in found.items()} == {"one": None, "two": RUN, "three": None}
    detail = client.get(f"{MODELS}/{'cd' * 16}").json()
    assert (detail["parent"]["name"], detail["training_run_id"]) == ("one", RUN)
    become(client, READER)  # sees models, but neither data sets nor what was trained on them
    assert client.get(f"{MODELS}/{'cd' * 16}").json()["training_run_id"] is None


def test_a_list_of_many_takes_as_many_queries_as_of_few(start_server: StartServer, tmp_path: Path) -> None:
    counts = []
    for many in (2, 12):
        zoo = ColourZoo(
            [checkpoint_info(tmp_path / "m0", "m0")]
            + [retrained(tmp_path / f"m{n}", f"m{n}", f"{n:02x}", "ab") for n in range(1, many)]
        )
        client = start_server(zoo=zoo)
        assert len(listed(client)) == many
        asked: list[str] = []
        engine = resources_of(client).database.engine
        listener = partial(_note, asked)
        event.listen(engine, "before_cursor_execute", listener)
        listed(client)
        event.remove(engine, "before_cursor_execute", listener)
        counts.append(sum("model_" in statement or "training_" in statement for statement in asked))
    assert counts[0] == counts[1] > 0


def _note(asked: list[str], _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    asked.append(statement)


def test_what_a_training_run_made_is_not_activated_by_a_start(start_server: StartServer, tmp_path: Path) -> None:
    """Somebody says so, and why; also where nothing else is active."""
    one, two = checkpoint_info(tmp_path / "one", "one"), checkpoint_info(tmp_path / "two", "two", digest="cd" * 32)
    client = start_server(zoo=ColourZoo([one]))
    wait_until_ready(client)
    with resources_of(client).database.writing() as session:
        assert service.add(session, two).active is False
        make_run(session, "cd" * 16)
    (one.folder / "config.json").unlink()
    again = start_server(zoo=ColourZoo([two]))
    assert {model["name"]: model["active"] for model in listed(again)} == {"one": False, "two": False}
    answer = again.post(f"{MODELS}/{'cd' * 16}/activate", json={"reason": "The only one left."})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("status", ["queued", "running", "failed", "cancelled"])
def test_a_folder_that_a_run_has_moved_and_not_registered_is_left_to_the_run(
    start_server: StartServer, tmp_path: Path, status: str
) -> None:
    """As after a kill between the move and the commit: it comes neither into the table nor into use."""
    made = replace(checkpoint_info(tmp_path / "made", "made"), metrics={"lineage": {"training_run": RUN}})
    client = start_server(zoo=ColourZoo([]))
    wait_until_ready(client)
    with resources_of(client).database.writing() as session:
        make_run(session, None, status)
    assert listed(start_server(zoo=ColourZoo([made]))) == []


def test_what_names_a_run_of_this_server_is_not_activated_by_a_start(start_server: StartServer, tmp_path: Path) -> None:
    """Also where the run points to another version; what a run of another server has made is like any model."""
    metrics = {"lineage": {"training_run": RUN}}
    made = replace(checkpoint_info(tmp_path / "made", "made"), metrics=metrics)
    client = start_server(zoo=ColourZoo([]))
    wait_until_ready(client)
    with resources_of(client).database.writing() as session:
        make_run(session, None)
    others = replace(checkpoint_info(tmp_path / "other", "other", digest="cd" * 32), dataset="another")
    others = replace(others, metrics={"lineage": {"training_run": UNKNOWN_ID}})
    again = start_server(zoo=ColourZoo([made, others]))
    assert {model["name"]: model["active"] for model in listed(again)} == {"made": False, "other": True}


def test_adding_a_version_twice_makes_one(client: TestClient, tmp_path: Path) -> None:
    info = checkpoint_info(tmp_path / "two", "two", digest="cd" * 32)
    wait_until_ready(client)
    for _ in range(2):
        with resources_of(client).database.writing() as session:
            assert service.add(session, info).id == "cd" * 16
    assert [model["name"] for model in listed(client)] == ["colour", "two"]
    assert [each.subject for each in events(client, "model_version.registered")].count(
        f"model_version/{'cd' * 16}"
    ) == 1


def test_a_version_that_another_process_registers_can_be_used_at_once(client: TestClient, tmp_path: Path) -> None:
    """As a worker does at the end of a training, while the server runs."""
    wait_until_ready(client)
    zoo_info = checkpoint_info(tmp_path / "two", "two", digest="cd" * 32)
    other = Database(str(resources_of(client).database.engine.url))
    with other.writing() as session:
        service.add(session, zoo_info)
    other.close()
    case = client.post(f"{API}/cases", files={"file": ("a.png", png())}).json()
    answer = client.post(f"{API}/cases/{case['id']}/predictions", json={"model_version_id": "cd" * 16})
    assert (answer.status_code, answer.json()["model"]["name"]) == (201, "two")
    assert client.post(f"{MODELS}/{'cd' * 16}/activate", json={"reason": "r"}).status_code == 200


@pytest.mark.parametrize("name", ["synthetic-dermoscopy", "breast-ultrasound"])
def test_the_history_of_a_shipped_model(start_server: StartServer, tmp_path: Path, name: str) -> None:
    """The older one's record has no seconds and no figures of the training images."""
    metrics = json.loads((ROOT / "models" / "zoo" / name / "metrics.json").read_text())
    info = replace(checkpoint_info(tmp_path / "m"), metrics=metrics)
    client = start_server(zoo=ColourZoo([info]))
    wait_until_ready(client)
    epochs = client.get(f"{MODELS}/{'ab' * 16}/history").json()
    assert [each["epoch"] for each in epochs] == list(range(1, metrics["epochs"][0]["epochs"] + 1))
    assert [each["best"] for each in epochs].count(True) == 1
    assert all(each["validation"]["class_bmac"] > 0 and each["losses"]["total"] > 0 for each in epochs)
    assert all(each["rank_validation"] > 1 for each in epochs)
    recorded = "seconds" in metrics["epochs"][0]
    assert all((each["seconds"] is not None) == recorded for each in epochs)
    assert all((each["train"]["class_bmac"] is not None) == recorded for each in epochs)
    assert all(bool(each["validation_losses"]) == recorded for each in epochs)


def test_a_model_without_recorded_epochs_has_no_history(client: TestClient) -> None:
    wait_until_ready(client)
    assert client.get(f"{MODELS}/{'ab' * 16}/history").json() == []
    assert_error(client.get(f"{MODELS}/{UNKNOWN_ID}/history"), 404, "model_not_found")


def test_what_is_no_number_in_a_report_is_null() -> None:
    found = epoch_read({
        "epoch": 2, "epochs": 5, "learning_rate": 0.1, "losses": {"total": float("nan"), "concept": None, "ivq": 1.5},
        "train": {"class_bmac": float("inf")}, "validation": {"images": 9, "class_accuracy": None}, "rank": None,
    })  # fmt: skip
    assert (found.best, found.losses, found.validation_losses) == (False, {"ivq": 1.5}, {})
    assert (found.train.class_bmac, found.train.images, found.validation.images) == (None, None, 9)
    assert (found.rank_train, found.seconds, found.validation.class_accuracy) == (None, None, None)
