"""Small hand-sized models. Everything is seeded and offline."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from models.cbm.ivq import ImplicitVectorQuantizer
from models.cbm.magnet import MagnetAttention
from models.cbm.network import ConceptBottleneck
from models.cbm.scoring import OptionScorer
from models.torchvision_ops import ensure_torchvision_imports
from tests.support.checkpoints import drawn_checkpoint

ensure_torchvision_imports()  # before a test module imports a package that imports torchvision

WIDTH, TEXT, CLASSES = 6, 5, 3
GROUP_OF_OPTION = (0, 0, 0, 1, 1, 2)
GROUPS = (slice(0, 3), slice(3, 5), slice(5, 6))


@pytest.fixture
def bottleneck() -> ConceptBottleneck:
    """K = 3 groups (one of them binary), O = 6 options, C = 3 classes, D = 6, in float64."""
    torch.manual_seed(3)
    module = ConceptBottleneck(
        ImplicitVectorQuantizer(4, WIDTH),
        MagnetAttention(3, WIDTH, temperature=0.5),
        OptionScorer(WIDTH, torch.randn(6, TEXT), torch.tensor(GROUP_OF_OPTION)),
        CLASSES,
    )
    return module.double()


@pytest.fixture
def tokens() -> torch.Tensor:
    """(2, 9, 6) float64 tokens."""
    return torch.randn(2, 9, WIDTH, dtype=torch.float64, generator=torch.Generator().manual_seed(7))


@pytest.fixture(scope="session")
def checkpoint_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint on disk that knows nothing; not to be changed."""
    return drawn_checkpoint(tmp_path_factory.mktemp("checkpoint"))
