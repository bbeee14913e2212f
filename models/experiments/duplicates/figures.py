"""Accuracy with near-duplicates kept apart and not, by part of the test images."""

from __future__ import annotations

from matplotlib.figure import Figure

from models.experiments.duplicates.measures import DuplicatesResult
from models.experiments.suite.figures import COLOURS


def duplicates(found: DuplicatesResult) -> Figure:
    """Accuracy of all test images, of those with a near-duplicate, and of the others, mean over seeds, 95 %."""
    rows = (
        ("kept apart: all", found.apart.all["accuracy"], 0),
        ("with a copy, not in training", found.apart.parts["marked"], 0),
        ("without a copy", found.apart.parts["others"], 0),
        ("random split: all", found.leaking.all["accuracy"], 1),
        ("with a copy in training", found.leaking.parts["marked"], 1),
        ("without a copy in training", found.leaking.parts["others"], 1),
    )
    figure = Figure(figsize=(5.6, 2.8), layout="constrained")
    axes = figure.add_subplot()
    for place, (_, one, colour) in enumerate(rows):
        if one.value is None:
            continue
        if one.low is not None and one.high is not None:
            axes.plot((100 * one.low, 100 * one.high), (place, place), color=COLOURS[colour], linewidth=1.5)
        axes.plot(100 * one.value, place, "o", color=COLOURS[colour], markersize=6)
    axes.set_yticks(range(len(rows)), [f"{words} (n = {one.n})" for words, one, _ in rows], fontsize=8)
    axes.invert_yaxis()
    axes.set_xlabel(
        f"accuracy, per cent; mean over {found.apart.spread['accuracy'].n} seeds, 95 % over images", fontsize=8
    )
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="x", linewidth=0.4, alpha=0.5)
    return figure
