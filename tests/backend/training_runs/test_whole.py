"""A run from the request to a registered version, with the real training on tiny images."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from fastapi.testclient import TestClient

from backend.core.settings import Settings
from backend.jobs.leasing import LeaseLost
from models.checkpoint import Checkpoint, read_checkpoint
from tests.models.train.conftest import Tiny
from tests.support.accounts import events
from tests.support.explainer import ColourZoo
from tests.support.people import RESEARCHER, become
from tests.support.server import API, StartServer, resources_of
from tests.support.training import RUNS, Bench, Killed, parent_id, read_run, start_run


def test_a_quick_retraining_becomes_a_version_that_says_where_it_comes_from(
    client: TestClient, bench: Bench, parent: Checkpoint
) -> None:
    become(client, RESEARCHER)
    started = start_run(client, {"seed": 3})
    assert (started["status"], started["position"], started["name"]) == ("queued", 1, "tiny-2")
    assert started["created_by"] == {"id": RESEARCHER.id, "name": "Researcher"}
    recorder = bench.do()

    found = read_run(client, started["id"])
    assert (found["status"], found["error"], found["epochs_done"], found["epochs_planned"]) == ("succeeded", None, 2, 2)
    assert [epoch["epoch"] for epoch in found["epochs"]] == [1, 2]
    assert [epoch["best"] for epoch in found["epochs"]] == [False, True]
    folder = resources_of(client).settings.models_dir / "tiny-2"
    made = read_checkpoint(folder)
    assert found["model"] == {"id": made.weights_digest()[:32], "name": "tiny-2"}
    assert found["test"]["class_bmac"] == pytest.approx(made.metrics["test"]["class_bmac"])
    assert found["validation"]["concept_bmac"] == pytest.approx(made.metrics["validation"]["concept_bmac"])

    lineage = found["lineage"]
    assert lineage["parent"]["weights"] == parent.weights_digest()
    assert lineage["parent"]["id"] == parent_id(client)
    assert lineage["dataset"]["id"] == "synthetic-dermoscopy"
    assert set(lineage["dataset"]["splits"]) == {"train", "validation", "test"}
    assert lineage["concept_set"]["digest"] == made.concept_set.digest() == found["concept_set"]["digest"]
    assert lineage["concept_set"]["revision_id"] == found["concept_set"]["revision_id"]
    assert (lineage["seed"], lineage["asked"]["seed"], lineage["training_run"]) == (3, 3, started["id"])
    assert set(lineage["code"]) == {"vitrine", "commit"}

    figures = found["parent_figures"]
    assert figures["same_data"] is True
    assert figures["test"]["class_bmac"] == pytest.approx(parent.metrics["test"]["class_bmac"])
    assert [epoch["epoch"] for epoch in figures["epochs"]] == [1]
    assert found["changes"][0].startswith("kept with the parent's weights")
    texts = [line["text"] for line in found["log"]]
    assert texts == recorder.lines()
    assert texts[0] == "Data: synthetic-dermoscopy, 64 training, 64 validation and 64 test images."
    assert any(text.startswith("Epoch 2 of 2: loss ") for text in texts)
    assert texts[-2].startswith("Class BMAC on 64 test images:")
    stages = [event["stage"] for event in recorder.events if event["event"] == "stage"]
    assert {"Tokens", "Training", "Measuring"} <= set(stages)

    model = client.get(f"{API}/models/{found['model']['id']}").json()
    assert model["active"] is False
    assert model["training_run_id"] == started["id"]
    (event,) = events(client, "training_run.created")
    assert event.actor == RESEARCHER.email
    (event,) = events(client, "training_run.finished")
    assert (event.actor, event.subject) == ("system", f"training_run/{started['id']}")


def test_a_training_without_a_parent_is_not_active_even_as_the_first_of_its_data_set(
    start_server: StartServer, zoo: ColourZoo, settings: Settings, tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tiny.folder / "cache", settings.data_dir / "cache")
    monkeypatch.setattr("backend.training_runs.recipe.FROM_SCRATCH", tiny.file())  # the small encoder takes a minute
    others = [replace(info, dataset="another") for info in zoo.checkpoints]
    client = start_server(ColourZoo(others, explainer=zoo.explainer), device="cpu")
    # Another seed than that of the parent: the same weights would be the same version.
    run = start_run(client, {"mode": "full", "epochs": 1, "seed": 7}, parent_model_version_id=None)
    assert run["name"] == "synthetic-dermoscopy-1"
    recorder = Bench(client).do()
    found = read_run(client, run["id"])
    lineage = found["lineage"]
    assert (lineage["kind"], lineage["mode"], lineage["parent"]) == ("train", "full", None)
    assert lineage["concept_set"]["revision"] == found["concept_set"]["number"]
    assert found["parent_figures"] is None
    assert found["changes"] == []
    steps = [e for e in recorder.events if e["event"] == "progress" and e["stage"] == "Epoch 1 of 1"]
    assert steps
    assert all(0 <= step["done"] <= step["total"] == 6 for step in steps)
    items = client.get(f"{API}/models").json()["items"]
    assert {item["name"]: item["active"] for item in items} == {"tiny": True, found["name"]: False}


def test_what_is_delivered_twice_is_trained_once(client: TestClient, bench: Bench) -> None:
    run = start_run(client)
    first = bench.claim()
    content = bench.prepare(first)
    bench.train(first, content)
    bench.lose(first)  # after the training and before it was written down
    second = bench.claim()
    again = bench.prepare(second)
    recorder = bench.train(second, again)
    assert recorder.lines() == ["The model was made in an earlier attempt; it only has to be registered."]
    bench.finish(second, again)
    with pytest.raises(LeaseLost):
        bench.finish(first, content)
    found = read_run(client, run["id"])
    assert (found["status"], found["attempts"]) == ("succeeded", 2)
    assert [epoch["epoch"] for epoch in found["epochs"]] == [1, 2]
    assert len(events(client, "training_run.finished")) == 1
    assert len(client.get(f"{API}/models").json()["items"]) == 2


def test_killed_between_the_move_and_the_commit(
    client: TestClient, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_run(client)
    claim = bench.claim()
    content = bench.prepare(claim)
    bench.train(claim, content)
    place = resources_of(client).settings.models_dir / "tiny-2"

    def die(*_: object) -> None:
        assert (place / "config.json").is_file()
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("backend.training_runs.handling.register_of_models", die)
        with pytest.raises(Killed):
            bench.finish(claim, content)
    assert read_run(client, run["id"])["model"] is None
    bench.lose(claim)
    bench.do()
    found = read_run(client, run["id"])
    assert (found["status"], found["model"]["name"]) == ("succeeded", "tiny-2")
    assert sorted(path.name for path in place.parent.iterdir()) == ["tiny-2"]


@pytest.mark.parametrize("mode", ["quick", "full"])
def test_what_was_killed_goes_on_and_gives_the_same_model(client: TestClient, bench: Bench, mode: str) -> None:
    whole = start_run(client, {"mode": mode, "epochs": 3, "learning_rate": 0.002}, name="whole")
    bench.do()
    broken = start_run(client, {"mode": mode, "epochs": 3, "learning_rate": 0.002}, name="broken")
    claim = bench.claim()
    content = bench.prepare(claim)
    with pytest.raises(Killed):
        bench.train(claim, content, kill=lambda event: event["event"] == "epoch" and event["report"]["epoch"] == 2)
    assert read_run(client, broken["id"])["epochs_done"] == 2
    bench.lose(claim)
    recorder = bench.do()
    assert "An earlier attempt was interrupted; this one goes on from what it saved last." in recorder.lines()
    assert [e["report"]["epoch"] for e in recorder.events if e["event"] == "epoch"] == [3]
    found, other = read_run(client, broken["id"]), read_run(client, whole["id"])
    assert found["model"]["id"] == other["model"]["id"]  # which follows from the weights
    assert [epoch["epoch"] for epoch in found["epochs"]] == [1, 2, 3]


def test_a_process_that_is_killed_leaves_what_the_next_one_goes_on_from(client: TestClient, bench: Bench) -> None:
    """SIGKILL of a real process in the middle of an epoch: the model is that of a run that nobody disturbed."""
    asked = {"mode": "full", "epochs": 3, "learning_rate": 0.002}
    whole = start_run(client, asked, name="whole")
    bench.do()
    broken = start_run(client, asked, name="broken")
    claim = bench.claim()
    content = bench.prepare(claim)
    command = [sys.executable, "-m", "tests.support.training_child", str(torch.get_num_threads())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.stdin.write(json.dumps(content) + "\n")
        process.stdin.flush()
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "progress" and event["stage"] == "Epoch 2 of 3":
                break
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert not (Path(content["work"]) / "result.json").exists()
    bench.lose(claim)
    recorder = bench.do()
    told = [e["report"]["epoch"] for e in recorder.events if e["event"] == "epoch"]
    assert told == [1, 2, 3]  # nothing of the first process was written down, so all of it is told again
    found, other = read_run(client, broken["id"]), read_run(client, whole["id"])
    assert found["model"]["id"] == other["model"]["id"]
    assert "An earlier attempt was interrupted" in " ".join(recorder.lines())


def test_an_epoch_that_was_saved_and_not_told_is_told_later(client: TestClient, bench: Bench) -> None:
    run = start_run(client, {"epochs": 2})
    claim = bench.claim()
    content = bench.prepare(claim)
    events_lost: list[dict[str, Any]] = []

    def lose(event: dict[str, Any]) -> bool:
        events_lost.append(event)
        return bool(event["event"] == "epoch")

    bench.write = lambda *_: None  # type: ignore[method-assign]
    with pytest.raises(Killed):
        bench.train(claim, content, kill=lose)
    del bench.write
    assert read_run(client, run["id"])["epochs_done"] == 0
    bench.lose(claim)
    recorder = bench.do()
    assert [e["report"]["epoch"] for e in recorder.events if e["event"] == "epoch"] == [1, 2]


def test_the_same_weights_are_the_same_version(client: TestClient, bench: Bench) -> None:
    runs = []
    for name in ("first", "second"):
        runs.append(start_run(client, name=name))
        bench.do()
    first, second = (read_run(client, run["id"]) for run in runs)
    assert first["model"] == second["model"] == {"id": first["model"]["id"], "name": "first"}
    assert "It is the same model version" in second["log"][-1]["text"]
    names = sorted(path.name for path in resources_of(client).settings.models_dir.iterdir())
    assert names == ["first"]


def test_a_folder_that_somebody_else_put_there_stays(client: TestClient, bench: Bench) -> None:
    run = start_run(client)
    theirs = resources_of(client).settings.models_dir / "tiny-2" / "theirs"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("kept")
    bench.do()
    assert theirs.read_text() == "kept"
    place = theirs.parent.with_name(f"tiny-2-{run['id'][:8]}")
    assert read_checkpoint(place).name == read_run(client, run["id"])["model"]["name"] == "tiny-2"


def test_a_saved_state_that_does_not_fit_is_left_and_said(client: TestClient, bench: Bench) -> None:
    run = start_run(client, {"mode": "full", "epochs": 2})
    claim = bench.claim()
    content = bench.prepare(claim)
    with pytest.raises(Killed):
        bench.train(claim, content, kill=lambda event: event["event"] == "epoch")
    state = Path(content["work"]) / "model" / ".training" / "state.safetensors"
    state.write_bytes(b"damaged")
    bench.lose(claim)
    recorder = bench.do()
    assert any(line.startswith("What was saved does not fit any more") for line in recorder.lines())
    assert read_run(client, run["id"])["status"] == "succeeded"
    assert client.get(RUNS).json()["total"] == 1
