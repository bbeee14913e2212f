"""Reliability diagrams."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from models.experiments.calibration.results import Calibrated, State
from models.experiments.suite.figures import COLOURS


def reliability(found: Calibrated, title: str) -> Figure:
    """Share that is right against the mean confidence of each bin, before and after, over how many images there are.

    Bars are Wilson's 95 % intervals; the diagonal is perfect calibration.
    """
    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    grid = figure.subplots(2, 2, sharex=True, sharey="row", height_ratios=(3, 1))
    states = (
        (found.before, "before (T = 1)", COLOURS[1]),
        (found.after, f"after (T = {found.temperature.value:.2f})", COLOURS[0]),
    )
    for column, (state, words, colour) in enumerate(states):
        _diagram(grid[0, column], state, words, colour)
        _counts(grid[1, column], state, colour)
    grid[0, 0].set_ylabel("share of images that are right")
    grid[1, 0].set_ylabel("images")
    figure.suptitle(title, fontsize=10)
    return figure


def _diagram(axes: Any, state: State, words: str, colour: str) -> None:
    axes.plot((0, 1), (0, 1), color="0.6", linewidth=1, linestyle="--")
    x = np.array([one.confidence for one in state.bins])
    y = np.array([one.accuracy for one in state.bins])
    reach = np.array([[one.accuracy - one.accuracy_low, one.accuracy_high - one.accuracy] for one in state.bins])
    axes.errorbar(x, y, yerr=np.maximum(reach, 0).T, fmt="o", markersize=4, capsize=2, color=colour, elinewidth=1)
    ece = state.figures["ece"].text(".3f")
    chance = f"ECE {ece}\nby chance {state.chance.mean:.3f}, p = {state.chance.p:.3f}"
    axes.text(0.03, 0.97, chance, transform=axes.transAxes, va="top", fontsize=8)
    axes.set_title(words, fontsize=9)
    axes.set_xlim(0, 1.02)
    axes.set_xticks((0, 0.25, 0.5, 0.75, 1), ("0", "0.25", "0.5", "0.75", "1"))
    axes.set_ylim(-0.03, 1.3)
    axes.set_yticks(np.linspace(0, 1, 6))
    _plain(axes)


def _counts(axes: Any, state: State, colour: str) -> None:
    for one in state.bins:
        axes.bar((one.low + one.high) / 2, one.n, 0.9 * (one.high - one.low), color=colour)
    axes.set_xlabel("probability of the class found", fontsize=9)
    _plain(axes)


def _plain(axes: Any) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(linewidth=0.4, alpha=0.5)
    axes.set_axisbelow(True)
