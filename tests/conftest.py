"""What holds for every test."""

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _denormals_as_usual() -> Iterator[None]:
    """Training and serving flush denormals to zero, for the whole process; Hypothesis refuses to work that way."""
    yield
    if torch := sys.modules.get("torch"):
        torch.set_flush_denormal(False)
