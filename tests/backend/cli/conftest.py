"""A checkpoint that knows nothing, made once: loading and explaining are the same as with a trained one."""

from pathlib import Path

import pytest

from models.train import TrainConfig, initial_checkpoint


@pytest.fixture(scope="session")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "untrained"
    initial_checkpoint(TrainConfig(name="untrained"), folder, images=8)
    return folder
