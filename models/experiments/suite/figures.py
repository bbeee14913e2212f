"""Figure 3 (accuracy by codebook size) and figures 6, 7 and 13 (rank during training).

Shapes: S seeds, E epochs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from models.experiments.suite.measures import Measured
from models.experiments.suite.settings import FULL, TABLES
from models.experiments.suite.tables import WORDS

# Colours that stay apart for people who see red and green alike (Okabe and Ito 2008), the full model in blue.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")
_SIZES = ("M = 1", "M = K", "M = 5 K", "M = 10 K", "M = 20 K")


def codebook_sizes(measured: Mapping[str, Measured]) -> Figure:
    """Figure 3: ACC and BMAC against the size of the codebook, mean and standard deviation over seeds."""
    figure = Figure(figsize=(5.4, 3.2), layout="constrained")
    axes = figure.add_subplot()
    places = np.arange(len(_SIZES))
    for offset, (key, name) in zip((-0.18, 0.18), (("accuracy", "ACC"), ("bmac", "BMAC")), strict=True):
        spreads = [measured[variant].spread[key] for variant in TABLES["codebook-size"]]
        heights = [100 * (spread.mean if spread.mean is not None else np.nan) for spread in spreads]
        errors = [100 * (spread.sd or 0.0) for spread in spreads]
        colour = COLOURS[0 if key == "accuracy" else 1]
        axes.bar(places + offset, heights, 0.34, yerr=errors, capsize=3, label=name, color=colour)
    axes.set_xticks(places, _SIZES)
    axes.set_ylabel("per cent")
    axes.set_ylim(0, 100)
    axes.legend(frameon=False, loc="lower right")
    _plain(axes)
    return figure


def rank_dynamics(measured: Mapping[str, Measured], variants: Sequence[str], title: str) -> Figure:
    """Effective rank of the patch tokens after each epoch: solid on training images, dashed on validation images.

    Lines are means over seeds, bands one standard deviation.
    """
    figure = Figure(figsize=(7.6, 3.6), layout="constrained")
    axes = figure.add_subplot()
    shown = [FULL, *(name for name in variants if name != FULL)]
    for variant, colour in zip(shown, COLOURS, strict=False):
        for split, style in (("rank_train", "-"), ("rank_validation", "--")):
            values = _ranks(measured[variant], split)
            if values.size == 0:
                continue
            epochs, mean = np.arange(1, values.shape[1] + 1), values.mean(0)
            label = WORDS.get(variant, variant) if split == "rank_train" else None
            axes.plot(epochs, mean, style, color=colour, label=label, linewidth=1.5)
            if len(values) > 1:
                band = values.std(0, ddof=1)
                axes.fill_between(epochs, mean - band, mean + band, color=colour, alpha=0.12, linewidth=0)
    axes.set_xlabel("epoch (solid: training images, dashed: validation images)")
    axes.set_ylabel("effective rank of the patch tokens")
    axes.set_title(title, fontsize=10)
    figure.legend(frameon=False, fontsize=8, loc="outside right center")
    _plain(axes)
    return figure


def _ranks(one: Measured, split: str) -> Any:
    """(S, E) of the seeds that have all of it."""
    rows = [extra[split] for extra in one.extra if extra[split] and None not in extra[split]]
    length = min((len(row) for row in rows), default=0)
    return np.array([row[:length] for row in rows], np.float64) if length else np.empty((0, 0))


def _plain(axes: Any) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", linewidth=0.4, alpha=0.5)
    axes.set_axisbelow(True)
