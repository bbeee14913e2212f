"""Settings of the panels."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models.experiments.settings import AnalysisConfig
from models.explain.overlay import Colormap


class PanelsConfig(AnalysisConfig):
    """Settings, from YAML. ``resamples`` has no effect: nothing is estimated here.

    Attributes:
        keys: names of the images that are shown, as the experiment's JSON gives them; drawn by chance where there are
            none, from every class in turn.
        images: how many are drawn.
        colormap: of the Grad-CAM maps.
        alpha: opacity of a map over its image; the paper has 0.4.
    """

    keys: tuple[str, ...] = ()
    images: int = Field(default=6, ge=1, le=20)
    colormap: Colormap = "jet"
    alpha: Annotated[float, Field(ge=0, le=1)] = 0.4
