"""The figure of the concept metrics: importance, existence and location, a panel each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from models.experiments.concept_metrics.measures import ConceptMetricsResult
from models.experiments.drawing import plain
from models.experiments.spread import Estimate, Spread
from models.experiments.suite.figures import COLOURS

_MAPS = {"gradcam": "Grad-CAM", "magnet": "Magnet", "centre": "centre prior"}
_MAP_COLOURS = {"gradcam": COLOURS[0], "magnet": COLOURS[1], "centre": COLOURS[6]}
_AMONG = {"all": "all options", "relative": "all, relative", "claimed": "claimed options"}
_GREY = "#7f7f7f"
_MARKS = {
    "all": "o", "relative": "s", "claimed": "D", "cosine": "o", "correlation": "s",
    "gradcam": "o", "magnet": "s", "centre": "x",
}  # fmt: skip


def draw(found: Sequence[ConceptMetricsResult]) -> Figure:
    """One model with 95 % intervals over images, several as mean and sd over them."""
    located = bool(found[0].location)
    figure = Figure(figsize=(9.6 if located else 6.6, 3.4), layout="constrained")
    panels = figure.subplots(1, 3 if located else 2)
    _importance(panels[0], found)
    _existence(panels[1], found)
    if located:
        _location(panels[2], found)
    for axes in panels:
        axes.tick_params(labelsize=8)
        plain(axes)
        axes.legend(
            frameon=False, fontsize=7.5, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, columnspacing=1.0
        )
    bars = "bars: 95 % over images" if len(found) == 1 else f"bars: ± sd over {len(found)} models"
    figure.suptitle(f"Concept metrics, {found[0].images} labelled images ({bars})", fontsize=9)
    return figure


def _importance(axes: Any, found: Sequence[ConceptMetricsResult]) -> None:
    for measure, colour, off in (("cosine", COLOURS[4], -0.12), ("correlation", COLOURS[3], 0.12)):
        places = [place for place, one in enumerate(found[0].importance) if one.measure == measure]
        values = [[one.importance[place].value for one in found] for place in places]
        spots = np.arange(len(places)) + off
        _points(axes, spots, values, colour, _MARKS[measure], measure)
        chance = [Spread.of([one.importance[place].chance for one in found]).mean for place in places]
        axes.plot(spots, np.array(chance, np.float64), "_", color=colour, markersize=14, label=f"{measure}, permuted")
    axes.axhline(0, color="0.6", linewidth=0.8)
    axes.set_xticks(range(3), ["1: weights", "2: scores", "3: both"])
    axes.set_ylim(-1.02, 1.02)
    axes.set_title("Global importance (CGIM)", fontsize=9)


def _existence(axes: Any, found: Sequence[ConceptMetricsResult]) -> None:
    for among, colour, off in zip(_AMONG, COLOURS, (-0.2, 0.0, 0.2), strict=False):
        places = [place for place, one in enumerate(found[0].existence) if one.among == among]
        spots = np.arange(len(places)) + off
        values = [[one.existence[place].value for one in found] for place in places]
        _points(axes, spots, values, colour, _MARKS[among], _AMONG[among])
        chance = [Spread.of([one.existence[place].chance.value for one in found]).mean for place in places]
        label = "random order" if among == "claimed" else None
        axes.plot(spots, np.array(chance, np.float64), "_", color=_GREY, markersize=12, label=label)
    tops = list(dict.fromkeys(one.top for one in found[0].existence))
    axes.set_xticks(range(len(tops)), [f"first {top}" for top in tops])
    axes.set_ylim(0, 1.02)
    axes.set_title("Existence (CEM)", fontsize=9)


def _location(axes: Any, found: Sequence[ConceptMetricsResult]) -> None:
    top = found[0].location[0].top
    alphas = list(dict.fromkeys(one.alpha for one in found[0].location))
    for order, (kind, name) in enumerate(_MAPS.items()):
        places = [place for place, one in enumerate(found[0].location) if (one.kind, one.top) == (kind, top)]
        spots = np.arange(len(places)) + (order - 1) * 0.18
        values = [[one.location[place].value for one in found] for place in places]
        _points(axes, spots, values, _MAP_COLOURS[kind], _MARKS[kind], name)
    chance = np.array(alphas) / 12
    axes.plot(np.arange(len(alphas)), chance, "_", color=_GREY, markersize=30, label="chance α/12")
    axes.set_xticks(range(len(alphas)), [f"α = {alpha:g}" for alpha in alphas])
    axes.set_ylim(0, 1.02)
    which = "most important option" if top == 1 else f"first {top} options"
    axes.set_title(f"Location (CLM), {which}, n = {found[0].location[0].value.n}", fontsize=9)


def _points(axes: Any, spots: Any, values: Sequence[Sequence[Estimate]], colour: str, mark: str, label: str) -> None:
    """One model: value and interval. Several: mean and sd."""
    rows = []
    for each in values:
        if len(each) == 1:
            rows.append([each[0].value, each[0].low, each[0].high])
            continue
        spread = Spread.of([one.value for one in each])
        sd = spread.sd or 0.0
        rows.append([None] * 3 if spread.mean is None else [spread.mean, spread.mean - sd, spread.mean + sd])
    points = np.array(rows, np.float64)
    axes.vlines(spots, points[:, 1], points[:, 2], color=colour, linewidth=1.2)
    axes.plot(spots, points[:, 0], mark, color=colour, markersize=4.5, label=label)
