"""A retraining that is killed, or meets a full disk, goes on and ends with the very same weights."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from models.checkpoint import Checkpoint
from models.concepts import ConceptSet, dump_concept_set
from models.tensors import write_tensors
from models.train import state as states
from models.train import state_path, train
from models.train.retrain import RetrainConfig, retrain
from models.train.settings import ProceduralData
from models.train.state import FOLDER, Identity, TrainingState, load_state, save_state
from tests.models.test_tensors import largest_file
from tests.models.train.conftest import Tiny
from tests.models.train.retrain.conftest import edited

# Models are made in the folders that come last, one after the other. The argument before them says in which epoch
# and before which of its steps the process kills itself; "0 0" for never.
SCRIPT = """
import os, signal, sys
from pathlib import Path
import torch
from models.checkpoint import read_checkpoint
from models.concepts import load_concept_set
from models.train.retrain import RetrainConfig, Watching, retrain
torch.set_num_threads(1)
parent, concepts, config, place, *outs = sys.argv[1:]
epoch, step = map(int, place.split())
done = asked = 0
def ended(report):
    global done, asked
    done, asked = report["epoch"], 0
def staged(stage, *counts):
    global asked
    asked = 0
def cancelled():
    global asked
    asked += 1
    if done + 1 == epoch and asked == step:
        os.kill(os.getpid(), signal.SIGKILL)
    return False
for out in outs:
    # Each has tokens of its own, so that the killed one computes them as a first attempt does.
    settings = RetrainConfig.model_validate_json(config).model_copy(update={"tokens": Path(out + "-tokens")})
    made = retrain(read_checkpoint(Path(parent)), load_concept_set(Path(concepts)), Path(out), settings,
        Watching(progress=ended, staged=staged, cancelled=cancelled))
    print(made.weights_digest())
"""


def _edit(content: dict[str, Any]) -> None:
    """Everything that a retraining starts anew: an option and a group; and one of each is gone."""
    del content["groups"][-1]
    content["groups"][0]["options"][-1] |= {"key": "green", "text": "green"}
    options = [{"key": key, "text": f"a light that is {key}", "source": "a test"} for key in ("dim", "bright")]
    content["groups"].append({"key": "light", "name": "Light", "options": options})


@pytest.fixture(scope="module")
def concept_set(parent: Checkpoint) -> ConceptSet:
    return edited(parent.concept_set, _edit)


def _config(tiny: Tiny, tokens: Path, **changes: Any) -> RetrainConfig:
    data = ProceduralData(train=64, validation=64, test=64, cache=tiny.folder / "cache")
    given: dict[str, Any] = {"name": "child", "data": data, "tokens": tokens, "epochs": 3, "device": "cpu"}
    return RetrainConfig(**given | {"drawn": tiny.folder / "cache"} | changes)


def _run(parent: Path, concepts: Path, config: RetrainConfig, place: str, *outs: Path) -> Any:
    command = [sys.executable, "-c", SCRIPT, str(parent), str(concepts), config.model_dump_json(), place]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.run([*command, *map(str, outs)], capture_output=True, text=True, check=False, env=environment)


def _reports(out: Path) -> list[dict[str, Any]]:
    """The epochs' reports without what depends on the clock."""
    lines = (out / FOLDER / "metrics.jsonl").read_text().splitlines()
    clock = ("seconds", "images_per_second", "waiting_seconds", "preparing_seconds")
    return [{key: value for key, value in json.loads(line).items() if key not in clock} for line in lines]


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["quick", "full"])
def test_a_killed_retraining_ends_with_the_same_weights(
    parent: Checkpoint, concept_set: ConceptSet, tiny: Tiny, tmp_path: Path, mode: str
) -> None:
    concepts, killed, whole = tmp_path / "edited.yaml", tmp_path / "killed", tmp_path / "whole"
    dump_concept_set(concept_set, concepts)
    config = _config(tiny, tmp_path, mode=mode, state_every=2)
    told = _run(parent.folder, concepts, config, "2 5", killed)
    assert told.returncode == -signal.SIGKILL, told.stderr
    assert not (killed / "config.json").exists()
    with safe_open(state_path(killed), "pt") as file:
        record = json.loads(file.metadata()["record"])
    assert (record["epoch"], record["step"]) == (2, 4)

    told = _run(parent.folder, concepts, config, "0 0", killed, whole)
    assert told.returncode == 0, told.stderr
    resumed, uninterrupted = told.stdout.split()  # the digests of the weights
    assert resumed == uninterrupted
    assert _reports(killed) == _reports(whole)
    assert not state_path(killed).exists()


IDENTITY = Identity({"seed": 0}, {"train": "a"})


def _saved(out: Path, value: float, size: int = 8) -> None:
    save_state(out, TrainingState(step=int(value), tensors={"objective/x": torch.full((size,), value)}), IDENTITY)


def test_a_state_that_cannot_be_written_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _saved(tmp_path, 1.0)

    def full(path: Path, *_: Any) -> None:
        path.write_bytes(b"the half of it")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with monkeypatch.context() as patched:
        patched.setattr(states, "write_tensors", full)
        with pytest.raises(OSError, match="No space left on device"):
            _saved(tmp_path, 2.0)
    with largest_file(2000), pytest.raises(OSError, match="File too large"):  # and as the system says it
        _saved(tmp_path, 3.0, size=10_000)
    found = load_state(tmp_path, IDENTITY)
    assert (found.step, found.part("objective")["x"].tolist()) == (1, [1.0] * 8)
    assert [path.name for path in state_path(tmp_path).parent.iterdir()] == [state_path(tmp_path).name]
    _saved(tmp_path, 4.0)
    assert load_state(tmp_path, IDENTITY).step == 4


@pytest.mark.parametrize("mode", ["train", "quick", "full"])
def test_a_full_disk_ends_a_training_and_with_room_it_goes_on(
    parent: Checkpoint,
    concept_set: ConceptSet,
    tiny: Tiny,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
) -> None:
    def made(out: Path) -> Checkpoint:
        if mode == "train":
            return train(tiny.config(epochs=3), out)
        return retrain(parent, concept_set, out, _config(tiny, tmp_path / "tokens", mode=mode))

    whole = made(tmp_path / "whole")
    saved = write_tensors
    calls: list[Path] = []

    def full(path: Path, *rest: Any) -> None:
        calls.append(path)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        saved(path, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(states, "write_tensors", full)
        with pytest.raises(OSError, match="No space left on device"):
            made(tmp_path / "cut")
    assert not (tmp_path / "cut" / "config.json").exists()
    assert load_file(state_path(tmp_path / "cut"))
    assert made(tmp_path / "cut").weights_digest() == whole.weights_digest()
