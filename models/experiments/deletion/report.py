"""What deletion and insertion found, as tables, sentences and a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from models.experiments.deletion.measures import KINDS, MAPS, ORDERS, DeletionResult, OrderCurve
from models.experiments.drawing import draw_band, plain
from models.experiments.findings import Column, Table, Value
from models.experiments.spread import Estimate, Spread
from models.experiments.suite.figures import COLOURS

WORDS = {
    "class": "Grad-CAM, class",
    "options": "Grad-CAM, options",
    "magnet": "Magnet",
    "centre": "from the centre",
    "random": "random",
}
_STYLES = {"class": "-", "options": "-", "magnet": "-", "centre": "--", "random": ":"}
_MARKS = {"class": "o", "options": "s", "magnet": "D"}
_COLOURS = {"class": COLOURS[0], "options": COLOURS[2], "magnet": COLOURS[1], "centre": COLOURS[6], "random": "#7f7f7f"}


def spreads(found: Sequence[DeletionResult]) -> dict[str, dict[str, dict[str, Any]]]:
    """Mean and sd of the areas over the models."""
    return {
        name: {kind: Spread.of([one.orders[name][kind].area.value for one in found]).to_json() for kind in KINDS}
        for name in ORDERS
    }


def tables(names: Sequence[str], found: Sequence[DeletionResult]) -> list[Table]:
    """Areas, and every point of the curves."""
    rows = [_row(model, name, one.orders[name]) for model, one in zip(names, found, strict=True) for name in ORDERS]
    if len(found) > 1:
        for name in ORDERS:
            areas = {kind: Spread.of([one.orders[name][kind].area.value for one in found]) for kind in KINDS}
            row: dict[str, Value] = {"model": f"mean ± sd of {len(found)}", "order": WORDS[name], "images": None}
            for kind in KINDS:
                row |= {kind: areas[kind].text(1.0, 3), f"{kind}_random": "–", f"{kind}_centre": "–"}
            rows.append(row)
    columns = [Column("model", "Model"), Column("order", "Order of patches"), Column("images", "Images", "d")]
    for kind, better in zip(KINDS, ("low", "high"), strict=True):
        columns += [
            Column(kind, f"{kind.capitalize()} area ({better} is good)"),
            Column(f"{kind}_random", "less random"),
            Column(f"{kind}_centre", "less centre"),
        ]
    title = "Probability of the predicted class under blurring, mean over the curve (95 % over images)"
    return [Table("deletion", title, columns, rows), _points(names, found)]


def _row(model: str, name: str, curves: Mapping[str, OrderCurve]) -> dict[str, Value]:
    row: dict[str, Value] = {"model": model, "order": WORDS[name], "images": curves["deletion"].area.n}
    for kind in KINDS:
        own = curves[kind]
        row |= {
            kind: own.area.text(),
            f"{kind}_random": "–" if own.over_random is None else own.over_random.text("+.3f"),
            f"{kind}_centre": "–" if own.over_centre is None else own.over_centre.text("+.3f"),
        }
    return row


def _points(names: Sequence[str], found: Sequence[DeletionResult]) -> Table:
    rows: list[dict[str, Value]] = []
    for model, one in zip(names, found, strict=True):
        for name in ORDERS:
            for kind in KINDS:
                curve = one.orders[name][kind].curve
                for step, point in enumerate(curve):
                    share = step / (len(curve) - 1)
                    rows.append({"model": model, "order": name, "curve": kind, "share": share, **point.to_json()})
    columns = [Column(key, key) for key in ("model", "order", "curve")]
    columns += [Column(key, key, ".4f") for key in ("share", "value", "low", "high")]
    return Table("deletion-curves", "Every point", [*columns, Column("n", "n", "d")], rows, shown=False)


def sentences(names: Sequence[str], found: Sequence[DeletionResult], images: Mapping[str, Any]) -> list[str]:
    """What it says in words."""
    said = []
    for model, one in zip(names, found, strict=True):
        said.append(
            f"{model}: {one.images} of {images['images']} images of {images['dataset']}. The predicted class has "
            f"probability {one.sharp.text()}; when all is blurred, {one.soft.text()}."
        )
        if _little(one):
            said.append(f"{model}: blurring takes hardly anything away, so these curves say little of any map.")
        for name in MAPS:
            deletion, insertion = (one.orders[name][kind] for kind in KINDS)
            said.append(
                f"{model}, {WORDS[name]}: deletion area {deletion.area.text()}, {_verdict(deletion.over_random, -1)} a "
                f"random order and {_verdict(deletion.over_centre, -1)} the order from the centre; insertion area "
                f"{insertion.area.text()}, {_verdict(insertion.over_random, 1)} a random order and "
                f"{_verdict(insertion.over_centre, 1)} the order from the centre."
            )
    return said


def _little(one: DeletionResult) -> bool:
    return one.sharp.value is not None and one.soft.value is not None and one.sharp.value - one.soft.value < 0.1


def _verdict(apart: Estimate | None, good: int) -> str:
    if apart is None or apart.low is None or apart.high is None:
        return "without an interval against"
    if apart.low <= 0 <= apart.high:
        return "not told apart from"
    return "better than" if (apart.low > 0) == (good > 0) else "worse than"


def draw(names: Sequence[str], found: Sequence[DeletionResult]) -> Figure:
    """Both curves of every model: mean over images and its 95 % interval."""
    figure = Figure(figsize=(6.8, 0.7 + 2.6 * len(found)), layout="constrained")
    panels = figure.subplots(len(found), len(KINDS), sharey=True, sharex=True, squeeze=False)
    for row, (model, one) in enumerate(zip(names, found, strict=True)):
        for axes, kind in zip(panels[row], KINDS, strict=True):
            for name in ORDERS:
                curve = one.orders[name][kind].curve
                style: dict[str, Any] = {"linestyle": _STYLES[name], "color": _COLOURS[name], "label": WORDS[name]}
                style |= {"marker": _MARKS.get(name, ""), "markersize": 3.5}
                draw_band(axes, np.linspace(0, 1, len(curve)), curve, style)
            title = "Deletion (low is good)" if kind == "deletion" else "Insertion (high is good)"
            axes.set_title(f"{title}, n = {one.images}", fontsize=9)
            axes.set_ylim(0, 1.02)
            axes.set_xlim(0, 1)
            axes.tick_params(labelsize=8)
            plain(axes, "both")
            if row == len(found) - 1:
                axes.set_xlabel(f"share of patches {'blurred' if kind == 'deletion' else 'sharp'}", fontsize=9)
        said = f"{model}\nP(predicted class)" if len(found) > 1 else "P(predicted class)"
        panels[row, 0].set_ylabel(said, fontsize=9)
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(ORDERS), frameon=False, fontsize=8)
    return figure
