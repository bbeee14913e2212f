"""A training that is killed goes on and ends with the very same weights."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open

from models.concepts import ConceptSet
from models.train import ResumeError, Running, TrainConfig, TrainingCancelled, train
from models.train import run as training_run
from models.train.building import prepare_network
from models.train.state import FOLDER, Identity, TrainingState, load_state, save_state, state_path
from tests.models.train.conftest import Tiny

# The last argument says before which step in all the process kills itself; 0 for never.
SCRIPT = """
import os, signal, sys
from pathlib import Path
from models.train import TrainConfig, train
asked = 0
def cancelled():
    global asked
    asked += 1
    if asked == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    return False
print(train(TrainConfig.load(Path(sys.argv[1])), Path(sys.argv[2]), cancelled=cancelled).weights_digest())
"""
# Everything that has a state: dropout aside (the tiny encoder has none), averages, patience, masks, a learned softmax.
EVERYTHING: dict[str, Any] = {
    "ema": 0.9,
    "localization_weight": 0.2,
    "learn_temperature": True,
    "augment": "ultrasound",
    "sampling": "balanced",
    "patience": 2,
    "state_every": 2,
    "workers": 2,
}


def _run(config: Path, out: Path, kill_at: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", SCRIPT, str(config), str(out), str(kill_at)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("kill_at", [4, 9], ids=["in the first epoch", "in the second epoch"])
def test_a_killed_training_ends_with_the_same_weights(tiny: Tiny, tmp_path: Path, kill_at: int) -> None:
    config = tiny.file(**EVERYTHING)
    whole = _run(config, tmp_path / "whole")
    assert whole.returncode == 0, whole.stderr

    killed = _run(config, tmp_path / "killed", kill_at)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert state_path(tmp_path / "killed").is_file()
    assert not (tmp_path / "killed" / "config.json").exists()
    resumed = _run(config, tmp_path / "killed")
    assert resumed.returncode == 0, resumed.stderr

    assert resumed.stdout == whole.stdout  # the digests of the weights
    reports = [_reports(tmp_path / name) for name in ("whole", "killed")]
    assert reports[0] == reports[1]
    assert not state_path(tmp_path / "killed").exists()


def _reports(out: Path) -> list[dict[str, Any]]:
    """The epochs' reports without what depends on the clock."""
    lines = (out / FOLDER / "metrics.jsonl").read_text().splitlines()
    clock = ("seconds", "images_per_second", "waiting_seconds", "preparing_seconds")
    return [{key: value for key, value in json.loads(line).items() if key not in clock} for line in lines]


def _interrupt(tiny: Tiny, out: Path, after: int = 8, **changes: Any) -> None:
    asked = iter(range(1, 100))
    with pytest.raises(TrainingCancelled):
        train(tiny.config(**changes), out, cancelled=lambda: next(asked) > after)


def _with_dropout(config: TrainConfig, concept_set: ConceptSet) -> Any:
    network, model_config = prepare_network(config, concept_set)
    network.encoder.tower.transformer.resblocks[0].mlp.add_module("dropout", torch.nn.Dropout(0.3))
    return network, model_config


@pytest.mark.parametrize(
    "changes",
    [
        {"regularizer": "spectral", "accumulate": 2},
        {"regularizer": "gram", "freeze": 1},
        {"regularizer": "none", "aggregation": "global", "ema": 0.9},
        {"quantization": "explicit", "schedule": "exponential"},
        {"magnet_localization_weight": 0.1, "concept_loss": "bce", "keep": "last"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_every_state_is_gone_on_with(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    """Power iterations, the encoder that Gram anchoring holds on to, dropout: interrupted in the second epoch."""
    monkeypatch.setattr(training_run, "prepare_network", _with_dropout)
    settings = {"epochs": 2, "state_every": 2, **changes}
    whole = train(tiny.config(**settings), tmp_path / "whole")
    _interrupt(tiny, tmp_path / "cut", after=9, **settings)
    resumed = train(tiny.config(**settings), tmp_path / "cut")
    assert resumed.weights_digest() == whole.weights_digest()
    assert _reports(tmp_path / "cut") == _reports(tmp_path / "whole")


def test_a_cancelled_training_keeps_its_state(tiny: Tiny, tmp_path: Path) -> None:
    _interrupt(tiny, tmp_path)
    with safe_open(state_path(tmp_path), "pt") as file:
        record = json.loads(file.metadata()["record"])
    assert (record["epoch"], record["step"], len(record["reports"])) == (2, 0, 1)
    assert [path.name for path in state_path(tmp_path).parent.glob("*.new")] == []


@pytest.mark.parametrize("change", [{"learning_rate": 0.001}, {"seed": 5}, {"codes": 3}])
def test_other_settings_are_refused_by_name(tiny: Tiny, tmp_path: Path, change: dict[str, Any]) -> None:
    _interrupt(tiny, tmp_path)
    with pytest.raises(ResumeError, match=f"other settings: {next(iter(change))} .*--fresh"):
        train(tiny.config(**change), tmp_path)


def test_settings_that_change_no_result_may_change(tiny: Tiny, tmp_path: Path) -> None:
    _interrupt(tiny, tmp_path, epochs=2)
    checkpoint = train(tiny.config(epochs=2, workers=3, state_every=1), tmp_path)
    assert [report["epoch"] for report in checkpoint.metrics["epochs"]] == [1, 2]


def test_other_data_are_refused(tiny: Tiny, tmp_path: Path) -> None:
    state = TrainingState(tensors={"objective/x": torch.ones(2)})
    save_state(tmp_path, state, Identity({"seed": 0}, {"train": "a"}))
    assert load_state(tmp_path, Identity({"seed": 0}, {"train": "a"})) is not None
    with pytest.raises(ResumeError, match="other images or labels"):
        load_state(tmp_path, Identity({"seed": 0}, {"train": "b"}))


def test_a_damaged_state_is_refused_and_can_be_forgotten(tiny: Tiny, tmp_path: Path) -> None:
    _interrupt(tiny, tmp_path, epochs=2)
    path = state_path(tmp_path)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ResumeError, match=r"cannot be read.*--fresh"):
        train(tiny.config(epochs=2), tmp_path)
    checkpoint = train(tiny.config(epochs=2), tmp_path, running=Running(fresh=True))
    assert len(checkpoint.metrics["epochs"]) == 2


def test_patience_ends_a_training_that_no_longer_improves(tiny: Tiny, tmp_path: Path) -> None:
    checkpoint = train(tiny.config(epochs=12, patience=1, learning_rate=1e-9, prototype_rate=1.0), tmp_path)
    assert len(checkpoint.metrics["epochs"]) == 2
    assert checkpoint.metrics["training"]["best_epoch"] == 1
