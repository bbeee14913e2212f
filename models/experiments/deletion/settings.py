"""Settings of the deletion experiment."""

from __future__ import annotations

from pydantic import Field

from models.experiments.settings import AnalysisConfig


class DeletionConfig(AnalysisConfig):
    """Settings, from YAML.

    Attributes:
        images: at most this many, drawn by chance; each goes through the network some fifty times.
        steps: shares of the patches at which the network is asked, beside none.
        random_orders: random orders of the patches of each image; their mean is the baseline.
        blur: standard deviation of the Gaussian that takes a patch's content away, as a share of the image's side.
    """

    images: int = Field(default=100, ge=2)
    steps: int = Field(default=6, ge=2, le=196)
    random_orders: int = Field(default=1, ge=1, le=20)
    blur: float = Field(default=0.05, gt=0, le=1)
