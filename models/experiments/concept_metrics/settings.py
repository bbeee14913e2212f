"""Settings of the concept metrics."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models.experiments.settings import AnalysisConfig

Top = Annotated[int, Field(ge=1)]
Alpha = Annotated[float, Field(gt=0, le=12)]


class ConceptMetricsConfig(AnalysisConfig):
    """Settings, from YAML.

    Attributes:
        top: how many of the most important options of an image are looked at, for existence and location.
        alphas: sizes of the region that must hold a concept's place, in twelfths of the image.
        permutations: of the classes, for the chance level of global importance; all of them where there are fewer.
    """

    top: Annotated[tuple[Top, ...], Field(min_length=1)] = (1, 3, 5)
    alphas: Annotated[tuple[Alpha, ...], Field(min_length=1)] = (1.0, 3.0, 6.0)
    permutations: int = Field(default=1000, ge=100)
