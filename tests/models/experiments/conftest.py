"""A checkpoint that knows nothing, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checkpoints import drawn_checkpoint


@pytest.fixture(scope="session")
def drawn_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an untrained model of procedural dermoscopy at 64 pixels."""
    return drawn_checkpoint(tmp_path_factory.mktemp("experiments"))
