"""What figures of experiments share: lines with bands of their intervals, plain axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from models.experiments.spread import Estimate


def draw_band(
    axes: Any, places: Any, curve: Sequence[Estimate], style: Mapping[str, Any], *, band: bool = True
) -> None:
    """A line of estimates, with the band of their intervals if wanted; points without a value are gaps."""
    x = np.asarray(list(places), np.float64)
    value, low, high = (
        np.array([np.nan if getattr(one, name) is None else getattr(one, name) for one in curve], np.float64)
        for name in ("value", "low", "high")
    )
    axes.plot(x, value, linewidth=1.6, **style)
    if band:
        axes.fill_between(x, low, high, color=style["color"], alpha=0.12, linewidth=0)


def plain(axes: Any, grid: Literal["x", "y", "both"] = "y") -> None:
    """No box, and a quiet grid behind the data."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis=grid, linewidth=0.4, alpha=0.5)
    axes.set_axisbelow(True)
