"""Figures of a report. Colours are told apart by those who see few of them, and numbers stand beside the colours."""

from __future__ import annotations

import io
import textwrap
import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from backend.study_results.schemas import Estimate
from backend.study_results.wording import number

WIDTH = 7.0  # inches; fits the page
# ColorBrewer BrBG, five classes: also apart for those who see no red or green, and in print without colours.
LIKERT = ("#a6611a", "#dfc27d", "#e6e6e6", "#80cdc1", "#018571")
INK, GREY, RULE, BLUE, ORANGE = "#1b1f24", "#5b6570", "#c9d0d6", "#0072b2", "#d55e00"
_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.edgecolor": RULE,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": GREY,
    "ytick.color": INK,
    "svg.hashsalt": "vitrine",
    "svg.fonttype": "path",
}
_LABEL = 30  # letters a line
_styling = threading.Lock()  # matplotlib's settings are everybody's


class LikertBar(NamedTuple):
    """Answers of 1 to 5 under one label."""

    label: str
    counts: Sequence[int]


class Point(NamedTuple):
    """An estimate with its interval."""

    label: str
    estimate: Estimate
    sham: bool = False


class Span(NamedTuple):
    """Quartiles."""

    label: str
    lower: float
    median: float
    upper: float


def likert_figure(bars: Sequence[LikertBar], anchors: Sequence[str]) -> Figure:
    """Diverging stacked bars: shares of each answer, with half of the middle one on either side of the line."""
    figure, axes = _axes(len(bars), 0.42, extra=1.15)
    for row, bar in enumerate(bars):
        _diverging(axes, row, np.asarray(bar.counts, float))
    _rows(axes, [f"{bar.label}\nn = {sum(bar.counts)}" for bar in bars])
    axes.axvline(0, color=INK, linewidth=0.8)
    reach = max((_reach(bar.counts) for bar in bars), default=1.0)
    axes.set_xlim(-reach - 0.02, reach + 0.02)
    ticks = [tick for tick in np.arange(-1, 1.01, 0.25) if abs(tick) <= reach + 0.02]
    axes.set_xticks(ticks, [f"{abs(100 * tick):.0f} %" for tick in ticks])
    axes.set_xlabel("share of ratings; left of the line: 1 and 2, right: 4 and 5, 3 half on either side")
    names = [f"{place}: {textwrap.shorten(anchor, 26, placeholder='…')}" for place, anchor in enumerate(anchors, 1)]
    patches = [
        Patch(facecolor=colour, edgecolor=GREY, linewidth=0.4, label=name)
        for colour, name in zip(LIKERT, names, strict=False)
    ]
    figure.legend(handles=patches, loc="outside upper center", ncols=3, frameon=False, fontsize=7.5)
    return figure


def forest_figure(points: Sequence[Point], label: str, zero: float | None = 0.0, top: float | None = None) -> Figure:
    """Estimates as dots with their intervals, one a line; numbers at the right. Those of shams are hollow squares."""
    figure, axes = _axes(len(points), 0.32, extra=0.62)
    if zero is not None:
        axes.axvline(zero, color=GREY, linewidth=0.8, linestyle=(0, (4, 3)))
    for row, point in enumerate(points):
        found, colour = point.estimate, ORANGE if point.sham else BLUE
        if found.value is None:
            axes.annotate("no value", (0.01, row), xycoords=("axes fraction", "data"), va="center", color=GREY)
            continue
        if found.low is not None and found.high is not None:
            axes.plot([found.low, found.high], [row, row], color=colour, linewidth=1.6, solid_capstyle="butt")
        marker, face = ("s", "white") if point.sham else ("o", colour)
        axes.plot([found.value], [row], marker=marker, color=colour, markerfacecolor=face, markersize=5)
        told = number(found.value)
        if found.low is not None and found.high is not None:
            told += f" ({number(found.low)} to {number(found.high)})"
        axes.annotate(told, (1.01, row), xycoords=("axes fraction", "data"), va="center", fontsize=7.5)
    _rows(axes, [point.label for point in points])
    if top is not None:
        axes.set_xlim(right=top)
    axes.set_xlabel(label)
    return figure


def confusion_figure(labels: Sequence[str], counts: Sequence[Sequence[int]]) -> Figure:
    """What was chosen (columns) for what was right (rows): counts, shaded by their share of the row."""
    matrix = np.asarray(counts, float)
    totals = matrix.sum(axis=1, keepdims=True)
    shares = np.divide(matrix, totals, out=np.zeros_like(matrix), where=totals > 0)
    side = min(WIDTH, 2.6 + 0.42 * len(labels))
    figure, axes = _figure(side, 1.5 + 0.36 * len(labels))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    size = 8 if len(labels) <= 12 else 6
    for row, column in np.ndindex(matrix.shape):
        if matrix[row, column]:
            colour = "white" if shares[row, column] > 0.55 else INK
            weight = "bold" if row == column else "normal"
            text = f"{matrix[row, column]:.0f}"
            axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=size, fontweight=weight)
    names = [textwrap.shorten(label, 40, placeholder="…") for label in labels]
    axes.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor", fontsize=size)
    axes.set_yticks(range(len(names)), names, fontsize=size)
    axes.set_xlabel("chosen")
    axes.set_ylabel("right")
    axes.tick_params(length=0)
    return figure


def spans_figure(spans: Sequence[Span], label: str) -> Figure:
    """Medians as lines across boxes from the lower to the upper quartile."""
    figure, axes = _axes(len(spans), 0.32, extra=0.62)
    for row, span in enumerate(spans):
        wide = span.upper - span.lower
        axes.barh(row, wide, left=span.lower, height=0.5, color="#9ecae1", edgecolor=BLUE, linewidth=0.8)
        axes.plot([span.median, span.median], [row - 0.25, row + 0.25], color=INK, linewidth=2)
        axes.annotate(
            f"{number(span.median, 1)} ({number(span.lower, 1)} to {number(span.upper, 1)})",
            (1.01, row),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=7.5,
        )
    _rows(axes, [span.label for span in spans])
    axes.set_xlim(left=0)
    axes.set_xlabel(label)
    return figure


def as_svg(figure: Figure) -> bytes:
    """The same figure gives the same bytes."""
    return _saved(figure, format="svg", metadata={"Date": None, "Creator": "Vitrine"})


def as_png(figure: Figure, dots_per_inch: int = 200) -> bytes:
    """For pages."""
    return _saved(figure, format="png", dpi=dots_per_inch, metadata={"Software": "Vitrine"})


def _saved(figure: Figure, **how: Any) -> bytes:
    stream = io.BytesIO()
    with _styling, rc_context(_STYLE):
        figure.savefig(stream, **how)
    return stream.getvalue()


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    with _styling, rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.add_subplot()
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    return figure, axes


def _axes(rows: int, each: float, extra: float) -> tuple[Figure, Axes]:
    """As tall as so many rows need."""
    return _figure(WIDTH, extra + each * max(1, rows))


def _rows(axes: Axes, labels: Sequence[str]) -> None:
    """First row at the top; long labels in several lines."""
    wrapped = [
        "\n".join(part for line in label.split("\n") for part in textwrap.wrap(line, _LABEL)) for label in labels
    ]
    axes.set_yticks(range(len(labels)), wrapped, multialignment="right")
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)


def _reach(counts: Sequence[int]) -> float:
    total = sum(counts) or 1
    below, above = counts[0] + counts[1] + counts[2] / 2, counts[3] + counts[4] + counts[2] / 2
    return max(below, above) / total


def _diverging(axes: Axes, row: int, counts: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    if counts.sum() == 0:
        axes.annotate("no ratings", (0, row), va="center", color=GREY)
        return
    shares = counts / counts.sum()
    left = -(shares[0] + shares[1] + shares[2] / 2)
    for place, (wide, colour) in enumerate(zip(shares, LIKERT, strict=True)):
        axes.barh(row, wide, left=left, height=0.62, color=colour, edgecolor=GREY, linewidth=0.4)
        if wide >= 0.045:
            text = "white" if place in (0, 4) else INK
            axes.text(left + wide / 2, row, f"{counts[place]:.0f}", ha="center", va="center", color=text, fontsize=7.5)
        left += wide
