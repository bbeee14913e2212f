"""A server that knows a tiny trained parent, and images where drawn ones are kept."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from backend.core.settings import Settings
from models.checkpoint import Checkpoint
from models.train import train
from tests.models.train.conftest import Tiny, tiny
from tests.support.explainer import ColourExplainer, ColourZoo, checkpoint_info
from tests.support.server import StartServer
from tests.support.training import Bench

__all__ = ["tiny"]


@pytest.fixture(scope="session")
def parent(tiny: Tiny, tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return train(tiny.config(epochs=1), tmp_path_factory.mktemp("parent") / "tiny")


@pytest.fixture
def zoo(parent: Checkpoint, tmp_path: Path) -> ColourZoo:
    info = replace(
        checkpoint_info(tmp_path / "zoo" / "colour"),
        folder=parent.folder,
        weights_digest=parent.weights_digest(),
        name="tiny",
        concept_set=parent.concept_set,
        metrics=parent.metrics,
    )
    return ColourZoo([info], explainer=ColourExplainer(parent.concept_set))


@pytest.fixture
def client(start_server: StartServer, settings: Settings, tiny: Tiny) -> TestClient:
    shutil.copytree(tiny.folder / "cache", settings.data_dir / "cache")
    return start_server(device="cpu")


@pytest.fixture
def bench(client: TestClient) -> Bench:
    return Bench(client)
