"""Checkpoint folders and the real predictor behind the server."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient

from backend.app import create_app
from backend.core.settings import Settings
from backend.model_registry.ids import version_id
from backend.model_registry.zoo import FolderZoo, physical_cores
from models.train.config import TrainConfig
from models.train.run import initial_checkpoint
from tests.support.images import encoded, gradient
from tests.support.people import ADMINISTRATOR, become
from tests.support.server import API


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint with random weights: everything of a real one but knowledge."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    folder = initial_checkpoint(TrainConfig(name="untrained"), tmp_path_factory.mktemp("zoo") / "untrained", 4).folder
    torch.set_num_threads(threads)
    return folder


@pytest.fixture
def own(tmp_path: Path, untrained: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the user's own models; nothing is shipped."""
    monkeypatch.setattr("models.checkpoint.ZOO", tmp_path / "nothing")
    shutil.copytree(untrained, tmp_path / "own" / "untrained")
    return tmp_path / "own"


def test_folders_are_found_and_described(own: Path) -> None:
    (info,) = FolderZoo(own, "cpu").discover()
    assert (info.name, info.dataset, info.synthetic) == ("untrained", "synthetic-dermoscopy", True)
    assert len(info.weights_digest) == 64
    assert info.concept_set.name == "isic2018"
    assert info.metrics
    assert info.card


def test_other_weights_in_a_folder_are_noticed(own: Path) -> None:
    zoo = FolderZoo(own, "cpu")
    (info,) = zoo.discover()
    registered = version_id(info.weights_digest)
    assert zoo.holds(info.folder, registered)
    weights = info.folder / "weights.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert not zoo.holds(info.folder, registered)


def test_shipped_and_own(own: Path, untrained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.checkpoint.ZOO", untrained.parent)
    assert [info.folder for info in FolderZoo(own, "cpu").discover()] == [untrained, own / "untrained"]


@pytest.mark.parametrize("broken", ["config.json", "concept_set.yaml", "statistics.json", "weights.safetensors"])
def test_unusable_folders_are_left_out(own: Path, broken: str, caplog: pytest.LogCaptureFixture) -> None:
    (own / "half").mkdir()
    (own / "half" / "config.json").write_text("{}")
    file = own / "untrained" / broken
    file.unlink() if broken.startswith("weights") else file.write_text("rubbish")
    assert FolderZoo(own, "cpu").discover() == []
    assert "left out" in caplog.text


def test_no_folder_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.checkpoint.ZOO", tmp_path / "nothing")
    assert FolderZoo(tmp_path / "none", "cpu").discover() == []


def test_the_whole_way_with_the_real_predictor(own: Path, tmp_path: Path, migrated_database: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", model_wait_seconds=120, log_level="WARNING")
    settings.data_dir.mkdir()
    shutil.copy(migrated_database, settings.data_dir)
    zoo = FolderZoo(own, "cpu", threads=1)
    with TestClient(create_app(settings, zoo), base_url="http://localhost") as client:
        become(client, ADMINISTRATOR)
        case = client.post(f"{API}/cases", files={"file": ("a.png", encoded(gradient(300, 200)))}).json()
        answer = client.post(f"{API}/cases/{case['id']}/predictions")
        assert answer.status_code == 201, answer.text
        found = answer.json()
        assert len(found["groups"]) == 7
        assert found["region"] == {
            "x": 0,
            "y": pytest.approx(-50, abs=1),
            "width": 300,
            "height": pytest.approx(300, abs=1),
        }
        for c in found["classes"]:
            pushes = [o["contributions"][c["key"]] for g in found["groups"] for o in g["options"]]
            assert c["bias"] + sum(pushes) == pytest.approx(c["logit"], abs=1e-5)
        address = f"{API}/predictions/{found['id']}/maps"
        magnet = np.array([item["values"] for item in client.get(f"{address}/magnet").json()["maps"]])
        assert np.allclose(magnet.sum(0), 1, atol=1e-3)
        for query in ("gradcam?option=color.uniform_brown&", "magnet?group=border&", "index?"):
            assert client.get(f"{address}/{query}format=png").status_code == 200
        model = client.get(f"{API}/models/{found['model_version_id']}").json()
        assert model["device"] == "cpu"
        assert model["precision"] in ("float32", "bfloat16")


def test_importing_the_application_does_not_import_torch() -> None:
    program = "import sys, backend.app; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_physical_cores() -> None:
    assert physical_cores() >= 1
