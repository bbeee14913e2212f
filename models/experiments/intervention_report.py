"""Table, figure and words of ``intervention_curve``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import floor
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from models.experiments.decisions import percent, points
from models.experiments.drawing import draw_band, plain
from models.experiments.findings import Column, Drawing, Findings, Table, Value
from models.experiments.spread import Spread
from models.experiments.suite.figures import COLOURS

if TYPE_CHECKING:
    from models.experiments.intervention_curve import InterventionCurve

    Measured = Sequence[tuple[Mapping[str, Any], InterventionCurve]]

ORDER_WORDS = {
    "random": "in random order",
    "uncertainty": "the most uncertain first",
    "decision": "the largest expected effect first",
}
TREATMENT_WORDS = {
    "every": "each group asked gets its true option's mean",
    "wrong": "only groups that the model has wrong change",
}
_STYLES = {"random": ":", "uncertainty": "--", "decision": "-"}


def findings(measured: Measured, about: Mapping[str, Any]) -> Findings:
    """All that is written and printed.

    Args:
        measured: of each model, what identifies it and what was found.
        about: data set, and whether it is drawn.
    """
    return Findings(
        document={"test": dict(about), "models": [{**own, **found.to_json()} for own, found in measured]},
        tables=[_table(measured), _points(measured)],
        drawings=[Drawing("intervention-curve", partial(curve_figure, measured[0][1], str(about["dataset"])))],
        sentences=[line for own, found in measured for line in sentences(str(own["name"]), found, about)],
    )


def sentences(name: str, found: InterventionCurve, about: Mapping[str, Any]) -> list[str]:
    """What was found of one model, in words."""
    told = []
    if found.trivial:
        told.append(
            f"ATTENTION: in {about['dataset']} every concept label follows from the class. Correcting concepts tells "
            "the model the answer, so that a rising curve is so by construction and says nothing about its concepts."
        )
    elif found.following:
        told.append(f"The labels of {', '.join(found.following)} follow from the class in these images.")
    start = found.curves["every"]["random"][0]
    told.append(
        f"{name}, {found.images} images of {about['dataset']} with all concepts known ({found.left_out} left out): "
        f"{100 * found.wrong:.1f} % of their {len(found.groups)} groups are wrong, the accuracy is "
        f"{start.accuracy.text('.1%')}."
    )
    for treatment, words in TREATMENT_WORDS.items():
        curves, gain = found.curves[treatment], found.gain[treatment]  # type: ignore[index]
        text = (
            f"With all groups corrected ({words}) it is {curves['random'][-1].accuracy.text('.1%')}, "
            f"{points(gain.accuracy)} points."
        )
        for order, one in found.ahead[treatment].items():  # type: ignore[index]
            text += f" On the way, {ORDER_WORDS[order]}: {points(one.accuracy)} points to the random order."
        told.append(text)
    return told


def curve_figure(found: InterventionCurve, dataset: str) -> Figure:
    """Accuracy by the number of groups corrected, a panel for each treatment."""
    figure = Figure(figsize=(6.6, 3.4), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True)
    for axes, (treatment, words) in zip(panels, TREATMENT_WORDS.items(), strict=True):
        for (order, curve), colour in zip(found.curves[treatment].items(), COLOURS, strict=False):  # type: ignore[index]
            shown = {"color": colour, "linestyle": _STYLES[order], "label": ORDER_WORDS[order], "marker": "."}
            draw_band(axes, range(len(curve)), [point.accuracy for point in curve], shown, band=order == "random")
        axes.set_title(words, fontsize=8)
        axes.set_xlim(-0.15, len(found.groups) + 0.15)
        axes.set_xticks(range(len(found.groups) + 1))
        axes.set_xlabel(f"groups corrected, of {len(found.groups)}")
        plain(axes)
    panels[0].set_ylabel("accuracy")
    panels[0].set_ylim(_floor(found), 1.005)
    panels[0].legend(frameon=False, fontsize=8, loc="lower right")
    trivial = "\nLabels follow from the class: rising by construction" if found.trivial else ""
    about = f"{found.images} images of {dataset}; band: 95 % interval of the random order, pointwise"
    figure.suptitle(f"{about}{trivial}", fontsize=8)
    return figure


def _floor(found: InterventionCurve) -> float:
    """Where the axis begins: never so near the top that a point in a hundred looks like much."""
    curves = [curve for of in found.curves.values() for curve in of.values()]
    ends = [point.accuracy.low for curve in curves for point in curve]
    lowest = min((end for end in ends if end is not None), default=0.0)
    return min(0.8, floor(10 * lowest) / 10)


def _table(measured: Measured) -> Table:
    columns = (
        Column("model", "Model"),
        Column("treatment", "Correction"),
        Column("order", "Order"),
        Column("none", "ACC %, none"),
        Column("one", "1 group"),
        Column("two", "2 groups"),
        Column("all", "all"),
        Column("gain", "Gain of all, points (95 %)"),
        Column("ahead", "To random, points (95 %)"),
    )
    rows = [row for own, found in measured for row in _rows(str(own["name"]), found)]
    if len(measured) > 1:
        rows += _mean_rows([found for _, found in measured])
    return Table("intervention-curve", "Accuracy as groups get their true option", columns, rows)


def _rows(name: str, found: InterventionCurve) -> Iterator[dict[str, Value]]:
    for treatment, of in found.curves.items():
        for order, curve in of.items():
            ahead = found.ahead[treatment].get(order)
            yield {
                "model": name,
                "treatment": "every group" if treatment == "every" else "wrong only",
                "order": order,
                "none": percent(curve[0].accuracy),
                "one": percent(curve[1].accuracy),
                "two": percent(curve[2].accuracy) if len(curve) > 2 else "–",
                "all": percent(curve[-1].accuracy),
                "gain": points(found.gain[treatment].accuracy),
                "ahead": "–" if ahead is None else points(ahead.accuracy),
            }


def _mean_rows(found: Sequence[InterventionCurve]) -> Iterator[dict[str, Value]]:
    for treatment, of in found[0].curves.items():
        for order in of:
            curves = [one.curves[treatment][order] for one in found]
            steps = {"none": 0, "one": 1, "two": 2, "all": -1}
            values = {
                key: Spread.of([curve[step].accuracy.value for curve in curves]).text()
                for key, step in steps.items()
                if step < len(curves[0])
            }
            ahead = [one.ahead[treatment].get(order) for one in found]
            yield {
                "model": f"mean ± sd of {len(found)}",
                "treatment": "every group" if treatment == "every" else "wrong only",
                "order": order,
                "two": "–",
                **values,
                "gain": Spread.of([one.gain[treatment].accuracy.value for one in found]).text(),
                "ahead": Spread.of([None if one is None else one.accuracy.value for one in ahead]).text(),
            }


def _points(measured: Measured) -> Table:
    figures = ("accuracy", "accuracy_low", "accuracy_high", "bmac", "bmac_low", "bmac_high")
    columns = (
        Column("model", "Model"),
        Column("treatment", "Correction"),
        Column("order", "Order"),
        Column("corrected", "Groups", "d"),
        *(Column(name, name, ".4f") for name in figures),
    )
    rows = [row for own, found in measured for row in _points_of(str(own["name"]), found)]
    return Table("intervention-curve-points", "Accuracy by groups corrected", columns, rows, shown=False)


def _points_of(name: str, found: InterventionCurve) -> Iterator[dict[str, Value]]:
    for treatment, of in found.curves.items():
        for order, curve in of.items():
            for corrected, point in enumerate(curve):
                own: dict[str, Value] = {
                    "model": name, "treatment": treatment, "order": order, "corrected": corrected,
                }  # fmt: skip
                for figure in ("accuracy", "bmac"):
                    one = getattr(point, figure)
                    own |= {figure: one.value, f"{figure}_low": one.low, f"{figure}_high": one.high}
                yield own
