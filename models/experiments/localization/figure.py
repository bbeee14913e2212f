"""The localization figure: every group's figures, one panel each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from models.experiments.drawing import plain
from models.experiments.localization.measures import FIGURES, LocalizationResult, Localized
from models.experiments.localization.random_weights import DEPTHS, Depth
from models.experiments.localization.report import DEPTH_WORDS, FIGURE_WORDS, WORDS
from models.experiments.localization.targets import MAPS, PRIORS
from models.experiments.spread import Spread
from models.experiments.suite.figures import COLOURS

_MARKS = {"gradcam": "o", "magnet": "s", "index": "D", "centre": "x", "even": "|"}
_COLOURS = dict(zip((*MAPS, *PRIORS), (*COLOURS[:3], COLOURS[6], "#7f7f7f"), strict=True))
_BAND = 0.72  # share of a row's height that its marks stand in


def draw(found: Sequence[LocalizationResult]) -> Figure:
    """Pointing, energy inside and best IoU by group: one model with 95 % intervals, several as mean and sd.

    Args:
        found: of each model, with at least one image that has a mask.
    """
    groups = [place for place, group in enumerate(found[0].groups) if group.maps]
    labels = [f"{found[0].groups[place].key} (n = {found[0].groups[place].images})" for place in groups] + ["mean"]
    depths = [depth for depth in DEPTHS if any(each.depth == depth for one in found for each in one.sanity)]
    labels += [DEPTH_WORDS[depth] for depth in depths]
    kinds = [kind for kind in (*MAPS, *PRIORS) if any(kind in one.mean for one in found)]
    figure = Figure(figsize=(7.2, 1.2 + 0.42 * len(labels)), layout="constrained")
    panels = figure.subplots(1, len(FIGURES), sharey=True)
    for axes, name in zip(panels, FIGURES, strict=True):
        for order, kind in enumerate(kinds):
            off = (order / max(len(kinds) - 1, 1) - 0.5) * _BAND
            points = [_point([one.groups[place].maps.get(kind) for one in found], name) for place in groups]
            points.append(_point([one.mean.get(kind) for one in found], name))
            points += [_point([_random(one, kind, depth) for one in found], name) for depth in depths]
            _marks(axes, points, off, kind)
        axes.axhline(len(groups) - 0.5, color="0.6", linewidth=0.8)
        axes.set_xlim(-0.02, 1.02)
        axes.set_title(FIGURE_WORDS[name], fontsize=9)
        axes.tick_params(labelsize=8)
        plain(axes, "x")
    panels[0].set_yticks(np.arange(len(labels)), labels)
    panels[0].set_ylim(len(labels) - 0.5, -0.5)
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(kinds), frameon=False, fontsize=8)
    bars = "bars: 95 % over images" if len(found) == 1 else f"bars: ± sd over {len(found)} models"
    figure.suptitle(f"Maps against masks, {found[0].images} images ({bars})", fontsize=9)
    return figure


def _random(one: LocalizationResult, kind: str, depth: Depth) -> Localized | None:
    return next((each.found for each in one.sanity if (each.kind, each.depth) == (kind, depth)), None)


def _point(each: Sequence[Localized | None], name: str) -> tuple[float, float, float]:
    """Value, low and high; NaN where there is none."""
    known = [getattr(own, name) for own in each if own is not None]
    if len(each) == 1 and known and known[0].value is not None:
        own = known[0]
        return own.value, own.value if own.low is None else own.low, own.value if own.high is None else own.high
    spread = Spread.of([own.value for own in known])
    if spread.mean is None:
        return (float("nan"),) * 3
    return spread.mean, spread.mean - (spread.sd or 0.0), spread.mean + (spread.sd or 0.0)


def _marks(axes: Any, points: Sequence[tuple[float, float, float]], off: float, kind: str) -> None:
    values = np.array(points)
    heights = np.arange(len(points)) + off
    axes.hlines(heights, values[:, 1], values[:, 2], color=_COLOURS[kind], linewidth=1.1)
    axes.plot(values[:, 0], heights, _MARKS[kind], color=_COLOURS[kind], markersize=4.5, label=WORDS[kind])
