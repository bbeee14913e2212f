"""A model that knows nothing, 64 drawn images, and what a diagnosis says of the two: made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.checkpoint import Checkpoint, load_network, read_checkpoint
from models.diagnose.images import DiagnosedImages, read_diagnosed
from models.diagnose.results import Diagnosis
from models.diagnose.run import diagnose, input_shape
from models.diagnose.settings import DiagnoseSettings
from models.train.settings import ProceduralData
from tests.support.checkpoints import IMAGES, drawn_here

Drawn = tuple[Checkpoint, DiagnosedImages]


@pytest.fixture(scope="session")
def drawn(checkpoint_folder: Path) -> Drawn:
    checkpoint = read_checkpoint(checkpoint_folder)
    shape = input_shape(checkpoint, load_network(checkpoint))
    data = ProceduralData(validation=IMAGES)
    with drawn_here():
        return checkpoint, read_diagnosed(data, "validation", checkpoint.concept_set, shape)


def small(**settings: int) -> DiagnoseSettings:
    """Settings for a diagnosis of few images."""
    given = {"umap": False, "permutations": 19, "embedded_tokens": 60, "extremes": 3, "nearest": 2, "least_labels": 5}
    return DiagnoseSettings.model_validate(given | settings)


@pytest.fixture(scope="session")
def diagnosis(drawn: Drawn) -> Diagnosis:
    return diagnose(*drawn, small())
