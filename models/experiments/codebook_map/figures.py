"""Figure 9: tokens and codes in three dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from models.diagnose.results import Embedding
from models.experiments.suite.figures import COLOURS

_NAMED = 12  # codes up to which the legend has every one


def codebook_map(embeddings: Sequence[Embedding], names: Sequence[str], title: str) -> Figure:
    """Tokens as points in the colour of their nearest code, codes as numbered diamonds; one panel for each method."""
    figure = Figure(figsize=(3.5 * len(embeddings), 3.9), layout="constrained")
    colours = _colours(len(names))
    for place, embedding in enumerate(embeddings, start=1):
        axes: Any = figure.add_subplot(1, len(embeddings), place, projection="3d")
        points = np.array([point.place for point in embedding.tokens])
        codes = np.array([point.code for point in embedding.tokens])
        shades = [colours[code] for code in codes]
        axes.scatter(*points.T, c=shades, s=2.5, alpha=0.45, linewidths=0, depthshade=False)
        spots = np.array(embedding.codes)
        axes.scatter(*spots.T, c=colours, s=60, marker="D", edgecolors="black", linewidths=0.8, depthshade=False)
        if len(names) <= _NAMED:
            for code, spot in enumerate(spots):
                axes.text(*spot, f"  {code}", fontsize=9, weight="bold", zorder=10)
        _labels(axes, embedding)
    figure.suptitle(title, fontsize=10)
    if len(names) <= _NAMED:
        handles = [
            Line2D([], [], marker="D", linestyle="", color=colour, markeredgecolor="black", label=name)
            for name, colour in zip(names, colours, strict=True)
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=min(4, len(names)), fontsize=8, frameon=False)
    return figure


def _labels(axes: Any, embedding: Embedding) -> None:
    if embedding.explained is None:
        words = ["UMAP 1", "UMAP 2", "UMAP 3"]
        axes.set_title("UMAP (distances mean nothing)", fontsize=9)
    else:
        words = [f"axis {place} ({share:.0%})" for place, share in enumerate(embedding.explained, start=1)]
        axes.set_title(f"principal axes ({sum(embedding.explained):.0%} of the variance)", fontsize=9)
    for word, axis in zip(words, ("x", "y", "z"), strict=True):
        getattr(axes, f"set_{axis}label")(word, fontsize=8, labelpad=-10)
        getattr(axes, f"set_{axis}ticklabels")([])
    axes.set_box_aspect(None, zoom=1.12)
    axes.view_init(elev=22, azim=-55)


def _colours(count: int) -> list[str]:
    if count <= len(COLOURS):
        return list(COLOURS[:count])
    return [to_hex(colormaps["gist_rainbow"](place / count)) for place in range(count)]
