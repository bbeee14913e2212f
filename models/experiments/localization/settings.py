"""Settings of the localization experiment."""

from __future__ import annotations

from pydantic import Field

from models.experiments.settings import AnalysisConfig


class LocalizationConfig(AnalysisConfig):
    """Settings, from YAML.

    Attributes:
        random_seeds: networks with random weights per depth of the sanity check; 0 leaves it out.
        random_images: at most this many images, drawn by chance, go through them.
    """

    random_seeds: int = Field(default=3, ge=0, le=20)
    random_images: int = Field(default=100, ge=1)
