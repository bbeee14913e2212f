"""Distances of every set beside how well they tell it from the own images."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from models.experiments.familiarity.measures import WORDS, FamiliarityResult
from models.experiments.suite.figures import COLOURS

_WIDE = 5  # from this ratio on the distances are drawn on a logarithmic scale
_SHOWN = (("distance", 0, "o"), ("max_probability", 1, "s"))
_KINDS = {"own": "#000000", "set": COLOURS[2], "noise": COLOURS[3], "corruption": "0.45"}


def familiarity(found: FamiliarityResult, title: str) -> Figure:
    """Left: the distances, median, quartiles and 5 to 95 %; right: AUROC with 95 % intervals."""
    rows = len(found.apart) + 1
    figure = Figure(figsize=(6.8, 1.3 + 0.21 * rows), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    _box(left, 0, found.quantiles, _KINDS["own"])
    for place, one in enumerate(found.apart, start=1):
        _box(left, place, one.quantiles, _KINDS[one.kind])
        for name, colour, marker in _SHOWN:
            estimate = one.auroc[name]
            if estimate.value is None or estimate.low is None or estimate.high is None:
                continue
            height = place + (-0.17 if name == "distance" else 0.17)
            right.plot((estimate.low, estimate.high), (height, height), color=COLOURS[colour], linewidth=1)
            label = WORDS[name] if place == 1 else None
            right.plot(estimate.value, height, marker, color=COLOURS[colour], markersize=3.5, label=label)
    left.axvspan(found.quantiles[0], found.quantiles[-1], color="0.9", zorder=0, linewidth=0)
    edges = [*found.quantiles, *(value for one in found.apart for value in one.quantiles)]
    if max(edges) > _WIDE * max(min(edges), 1e-9):
        left.set_xscale("log")
    left.set_xlabel("distance to the codebook (5 to 95 %)", fontsize=9)
    left.set_yticks(
        range(rows), [f"own (n = {found.n})", *(f"{one.title} (n = {one.n})" for one in found.apart)], fontsize=8
    )
    left.set_ylim(rows - 0.4, -0.6)
    right.axvline(0.5, color="0.6", linewidth=1, linestyle="--")
    right.set_xlim(-0.02, 1.02)
    right.set_xlabel("AUROC against own images (95 %)", fontsize=9)
    right.legend(frameon=False, fontsize=8, loc="lower center", bbox_to_anchor=(0.4, 1.0))
    for axes in (left, right):
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        axes.grid(axis="x", linewidth=0.4, alpha=0.5)
    left.set_title(title, fontsize=9, loc="left")
    return figure


def _box(axes: Any, place: int, quantiles: tuple[float, ...], colour: str) -> None:
    low, lower, median, upper, high = np.maximum(quantiles, 1e-9)
    axes.plot((low, high), (place, place), color=colour, linewidth=1)
    axes.plot((lower, upper), (place, place), color=colour, linewidth=5, solid_capstyle="butt", alpha=0.6)
    axes.plot(median, place, "|", color=colour, markersize=9, markeredgewidth=1.5)
