"""Shares and associations of the codes; patches of the options against how well they are read."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from models.experiments.prototypes.results import SURE, PrototypesResult
from models.experiments.suite.figures import COLOURS

_NUMBERED = 24  # codes up to which every cell has its number


def codes(found: PrototypesResult, title: str) -> Figure:
    """Left: share of the patches of each code with its 95 % interval; right: phi with every group."""
    count, keys = len(found.codes), [one.id for one in found.groups]
    height = max(2.6, 1.2 + 0.3 * min(count, 40))
    figure = Figure(figsize=(6.8, height), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(1, 1.35))
    places = np.arange(count)
    shares = np.array([one.share.value or 0.0 for one in found.codes])
    reach = np.array([[one.share.low or 0.0, one.share.high or 0.0] for one in found.codes])
    error = np.maximum([shares - reach[:, 0], reach[:, 1] - shares], 0)
    colours = ["0.6" if one.group is None else COLOURS[keys.index(one.group) % len(COLOURS)] for one in found.codes]
    left.barh(places, 100 * shares, 0.7, xerr=100 * error, color=colours, error_kw={"capsize": 2, "linewidth": 1})
    left.axvline(100 / count, color="0.4", linewidth=1, linestyle="--")
    left.set_xlabel(f"share of {found.patches} patches, % (95 %)\ndashed: an even share", fontsize=8)
    words = [f"code {one.index}" + ("" if one.group is None else f" ({one.group})") for one in found.codes]
    left.set_yticks(places, words, fontsize=8)
    left.invert_yaxis()
    for side in ("top", "right"):
        left.spines[side].set_visible(False)
    phi = np.array([[one.phi.value or 0.0 for one in code.associations] for code in found.codes])
    picture = right.imshow(phi, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto")
    right.set_xticks(range(len(keys)), keys, rotation=35, ha="right", fontsize=8)
    right.set_xlabel(f"* p < {SURE:g} after Holm, {found.images} images", fontsize=8)
    if count <= _NUMBERED:
        _numbers(right, phi, found)
    bar = figure.colorbar(picture, ax=right, shrink=0.9)
    bar.set_label("phi with Magnet region", fontsize=8)
    bar.ax.tick_params(labelsize=8)
    bar.set_ticks((-1, -0.5, 0, 0.5, 1))
    figure.suptitle(title, fontsize=10)
    return figure


def options(found: PrototypesResult, title: str) -> Figure:
    """AUROC of each option against labels of single images, over the patches that are assigned to it."""
    figure = Figure(figsize=(5.4, 3.6), layout="constrained")
    axes = figure.add_subplot()
    told = [one for one in found.options if one.auroc is not None]
    keys = list(dict.fromkeys(one.id.partition(".")[0] for one in told))
    for one in told:
        if one.auroc is None or one.auroc.value is None:
            continue
        colour = COLOURS[keys.index(one.id.partition(".")[0]) % len(COLOURS)]
        x = max(one.ratio.value or 0.0, 1e-3)
        if one.auroc.low is not None and one.auroc.high is not None:
            axes.plot((x, x), (one.auroc.low, one.auroc.high), color=colour, linewidth=0.8)
        axes.plot(x, one.auroc.value, "o", markersize=4, color=colour)
    for key, colour in zip(keys, COLOURS, strict=False):
        axes.plot([], [], "o", color=colour, markersize=4, label=key)
    axes.axhline(0.5, color="0.6", linewidth=1, linestyle="--")
    axes.set_xscale("log")
    axes.set_xlabel("patches assigned, over an even assignment (log scale; 0.001 and less at the edge)", fontsize=8)
    axes.set_ylabel("AUROC against labels of single images", fontsize=8)
    note = ""
    if found.visibility is not None:
        note = f": Spearman {found.visibility.rho:+.2f}, p = {found.visibility.p:.3f}, {found.visibility.n} options"
    axes.set_title(title + note, fontsize=9)
    axes.set_ylim(min(0.45, axes.get_ylim()[0]), 1.03)
    axes.legend(frameon=False, fontsize=7, ncols=2, loc="lower right", bbox_to_anchor=(1, 0.12))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure


def _numbers(axes: Any, phi: Any, found: PrototypesResult) -> None:
    for row, code in enumerate(found.codes):
        for column, one in enumerate(code.associations):
            dark = abs(phi[row, column]) > 0.6
            text = f"{phi[row, column]:+.2f}" + ("*" if one.p_holm < SURE else "")
            axes.text(column, row, text, ha="center", va="center", fontsize=7, color="white" if dark else "black")
