"""Settings of the leakage tests."""

from __future__ import annotations

from pydantic import Field

from models.experiments.settings import AnalysisConfig


class LeakageConfig(AnalysisConfig):
    """Settings.

    Attributes:
        tiles: each image is cut into so many tiles a side, which change places.
        permutations: of scores within a class, and of options found within a class.
        repeats: of the cross-validation, each with other folds.
    """

    tiles: int = Field(default=8, ge=2, le=64)
    permutations: int = Field(default=1000, ge=20, le=100_000)
    repeats: int = Field(default=5, ge=1, le=100)
