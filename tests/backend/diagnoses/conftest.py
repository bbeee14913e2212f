"""A diagnosis of a tiny model, made once."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.diagnoses import running
from backend.diagnoses.handling import DiagnosisHandler
from models.checkpoint import read_checkpoint
from models.diagnose.settings import DiagnoseSettings
from tests.support.checkpoints import IMAGES, drawn_checkpoint
from tests.support.server import resources_of
from tests.support.short_jobs import ShortJobs

# UMAP takes seconds to compile; tests/models/diagnose has it.
FEW = partial(DiagnoseSettings, umap=False, permutations=19)


@pytest.fixture(scope="package")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a checkpoint."""
    return drawn_checkpoint(tmp_path_factory.mktemp("checkpoint"))


@pytest.fixture(scope="package")
def order(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Of a diagnosis of it."""
    return {
        "model": str(tiny),
        "model_version_id": read_checkpoint(tiny).weights_digest()[:32],
        "dataset": "synthetic-dermoscopy",
        "split": "validation",
        "drawn": IMAGES,
        "seed": 0,
        "device": "cpu",
        "out": str(tmp_path_factory.mktemp("job") / "result"),
    }


@pytest.fixture(scope="package")
def stages(order: dict[str, Any]) -> list[str]:
    """Runs it; what it told on the way."""
    told: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "DiagnoseSettings", FEW)
        running.run_diagnosis(order, lambda stage, *_: None if stage in told else told.append(stage))
    return told


@pytest.fixture(scope="package")
def made(order: dict[str, Any], stages: list[str]) -> Path:
    """What it has left."""
    assert stages
    return Path(order["out"])


@pytest.fixture
def jobs(client: TestClient, made: Path) -> ShortJobs:
    """A worker whose child finds the same for every model."""
    resources_of(client).inference.wait_until_registered()
    return ShortJobs(client, DiagnosisHandler(), lambda content: _copy(made, Path(content["out"])))


def _copy(made: Path, out: Path) -> None:
    shutil.copytree(made, out, dirs_exist_ok=True)
