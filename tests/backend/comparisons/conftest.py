"""A comparison of two tiny models, made once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from safetensors.numpy import load_file, save_file

from backend.comparisons import running
from backend.comparisons.handling import ComparisonHandler
from models.checkpoint import read_checkpoint
from tests.support.checkpoints import IMAGES, drawn_checkpoint
from tests.support.explainer import ColourZoo, checkpoint_info
from tests.support.server import resources_of
from tests.support.short_jobs import ShortJobs


@pytest.fixture(scope="package")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Folders of two checkpoints whose heads differ; the second one's training was recorded."""
    folder = tmp_path_factory.mktemp("checkpoint")
    first, second = drawn_checkpoint(folder), folder / "other"
    shutil.copytree(first, second)
    weights = load_file(second / "weights.safetensors")
    head = weights["bottleneck.head.weight"]
    weights["bottleneck.head.weight"] = np.random.default_rng(0).normal(size=head.shape).astype(head.dtype)
    save_file(weights, second / "weights.safetensors")
    metrics = json.loads((second / "metrics.json").read_text())
    metrics["epochs"] = [{"epoch": n, "epochs": 2, "rank": {"train": 5.0 + n, "validation": 4.0}} for n in (1, 2)]
    (second / "metrics.json").write_text(json.dumps(metrics))
    return first, second


@pytest.fixture(scope="package")
def order(pair: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Of a comparison of them."""
    a, b = (read_checkpoint(folder).weights_digest()[:32] for folder in pair)
    return {
        "model_a": str(pair[0]), "model_a_id": a, "model_b": str(pair[1]), "model_b_id": b,
        "dataset": "synthetic-dermoscopy", "split": "test", "drawn": IMAGES, "seed": 0,
        "out": str(tmp_path_factory.mktemp("job") / "result"),
    }  # fmt: skip


@pytest.fixture(scope="package")
def stages(order: dict[str, Any]) -> list[str]:
    """Runs it; what it told on the way."""
    told: list[str] = []
    running.run_comparison(order, lambda stage, *_: None if stage in told else told.append(stage))
    return told


@pytest.fixture(scope="package")
def made(order: dict[str, Any], stages: list[str]) -> Path:
    """What it has left."""
    assert stages
    return Path(order["out"])


@pytest.fixture
def zoo(tmp_path: Path) -> ColourZoo:
    """Three models of the same classes, and one of others."""
    names = (("one", "ab"), ("two", "cd"), ("three", "ef"))
    own = [checkpoint_info(tmp_path / name, name, digest=digest * 32) for name, digest in names]
    return ColourZoo([*own, checkpoint_info(tmp_path / "busi", "busi", "breast", "12" * 32, "busi")])


@pytest.fixture
def jobs(client: TestClient, made: Path) -> ShortJobs:
    """A worker whose child finds the same for all models."""
    resources_of(client).inference.wait_until_registered()
    return ShortJobs(client, ComparisonHandler(), lambda content: _copy(made, Path(content["out"])))


def _copy(made: Path, out: Path) -> None:
    shutil.copytree(made, out, dirs_exist_ok=True)
