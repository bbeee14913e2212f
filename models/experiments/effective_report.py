"""Tables, figure and words of ``effective_concepts``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from models.experiments.decisions import percent, points
from models.experiments.drawing import draw_band, plain
from models.experiments.findings import Column, Drawing, Findings, Table, Value
from models.experiments.spread import Estimate, Spread
from models.experiments.suite.figures import COLOURS

if TYPE_CHECKING:
    from models.experiments.effective_concepts import EffectiveConcepts

    Measured = Sequence[tuple[Mapping[str, Any], EffectiveConcepts]]

CHOICE_WORDS = {
    "class": "per class, others removed",
    "class-mean": "per class, others at their mean",
    "image": "per image and class",
    "random": "by chance, others removed",
}
_STYLES = ("-", "--", "-.", ":")


def findings(measured: Measured, about: Mapping[str, Any]) -> Findings:
    """All that is written and printed.

    Args:
        measured: of each model, what identifies it and what was found.
        about: data set, whether it is drawn, and how many images count.
    """
    counted = f"{about['images']} images of {about['dataset']}"
    return Findings(
        document={"test": dict(about), "models": [{**own, **found.to_json()} for own, found in measured]},
        tables=[_table(measured), _curves(measured)],
        drawings=[Drawing("effective-concepts", partial(_figure, measured[0][1], counted))],
        sentences=[line for own, found in measured for line in sentences(own, found, counted)],
    )


def curve_figure(curves: Mapping[str, Sequence[Estimate]], effective: int, counted: str) -> Figure:
    """A line for each way of choosing; the first, table 8's, with its pointwise 95 % band (four would hide each other).

    Args:
        curves: in words how options are chosen, to BMAC with 0, 1, … options.
        effective: marked by a vertical line.
        counted: of how many images, in words.
    """
    figure = Figure(figsize=(5.2, 3.6), layout="constrained")
    axes = figure.add_subplot()
    for (name, curve), colour, style in zip(curves.items(), COLOURS, _STYLES, strict=False):
        shown = {"color": colour, "linestyle": style, "label": name}
        draw_band(axes, range(len(curve)), curve, shown, band=colour == COLOURS[0])
    last = max(len(curve) for curve in curves.values()) - 1
    axes.axvline(effective, color="0.5", linewidth=0.8)
    axes.annotate(f"{effective} options", (effective, 0.0), (3, 4), textcoords="offset points", fontsize=7, color="0.3")
    axes.set_xlim(0, last)
    axes.set_ylim(0, 1)
    axes.set_xlabel(f"options kept for each class, of {last}")
    axes.set_ylabel("BMAC")
    axes.set_title(f"{counted}; band: 95 % intervals, pointwise", fontsize=8)
    axes.legend(frameon=False, fontsize=8, loc="lower right", title="options kept", title_fontsize=8)
    plain(axes)
    return figure


def _table(measured: Measured) -> Table:
    kept = measured[0][1].effective
    columns = (
        Column("model", "Model"),
        Column("options", "Options", "d"),
        Column("full", "Full ACC %"),
        Column("pruned", f"ANEC-{kept} ACC %"),
        Column("drop", "ACC drop, points (95 %)"),
        Column("full_bmac", "Full BMAC %"),
        Column("pruned_bmac", f"ANEC-{kept} BMAC %"),
        Column("drop_bmac", "BMAC drop, points (95 %)"),
        Column("image", f"{kept} per image, ACC %"),
        Column("random", f"{kept} by chance, ACC %"),
    )
    rows = [_row(str(own["name"]), found) for own, found in measured]
    if len(measured) > 1:
        rows.append(_mean_row([found for _, found in measured]))
    return Table("effective-concepts", f"Accuracy at {kept} effective concepts (table 8)", columns, rows)


def _row(name: str, found: EffectiveConcepts) -> dict[str, Value]:
    chance, image = (found.curves[name][found.effective].accuracy for name in ("random", "image"))
    return {
        "model": name,
        "options": found.options,
        "full": percent(found.full.accuracy),
        "pruned": percent(found.pruned.accuracy),
        "drop": points(found.drop.accuracy),
        "full_bmac": percent(found.full.bmac),
        "pruned_bmac": percent(found.pruned.bmac),
        "drop_bmac": points(found.drop.bmac),
        "image": percent(image),
        "random": percent(chance),
    }


def _mean_row(found: Sequence[EffectiveConcepts]) -> dict[str, Value]:
    def spread(values: list[float | None]) -> str:
        return Spread.of(values).text()

    return {
        "model": f"mean ± sd of {len(found)}",
        "options": None,
        "full": spread([one.full.accuracy.value for one in found]),
        "pruned": spread([one.pruned.accuracy.value for one in found]),
        "drop": spread([one.drop.accuracy.value for one in found]),
        "full_bmac": spread([one.full.bmac.value for one in found]),
        "pruned_bmac": spread([one.pruned.bmac.value for one in found]),
        "drop_bmac": spread([one.drop.bmac.value for one in found]),
        "image": spread([one.curves["image"][one.effective].accuracy.value for one in found]),
        "random": spread([one.curves["random"][one.effective].accuracy.value for one in found]),
    }


def _curves(measured: Measured) -> Table:
    figures = ("accuracy", "accuracy_low", "accuracy_high", "bmac", "bmac_low", "bmac_high")
    columns = (
        Column("model", "Model"),
        Column("choice", "Options chosen"),
        Column("kept", "Kept", "d"),
        *(Column(name, name, ".4f") for name in figures),
    )
    rows = [row for own, found in measured for row in _points_of(str(own["name"]), found)]
    return Table("effective-concepts-curve", "Accuracy by options kept for each class", columns, rows, shown=False)


def _points_of(name: str, found: EffectiveConcepts) -> Iterator[dict[str, Value]]:
    for choice, curve in found.curves.items():
        for kept, point in enumerate(curve):
            own: dict[str, Value] = {"model": name, "choice": choice, "kept": kept}
            for figure in ("accuracy", "bmac"):
                one = getattr(point, figure)
                own |= {figure: one.value, f"{figure}_low": one.low, f"{figure}_high": one.high}
            yield own


def _figure(found: EffectiveConcepts, counted: str) -> Figure:
    curves = {CHOICE_WORDS[name]: [point.bmac for point in curve] for name, curve in found.curves.items()}
    return curve_figure(curves, found.effective, counted)


def sentences(own: Mapping[str, Any], found: EffectiveConcepts, counted: str) -> list[str]:
    """What was found of one model, in words."""
    kept, drop = found.effective, found.drop.accuracy
    told = [
        (
            f"{own['name']}, {counted}: with {kept} of {found.options} options for each class the accuracy is "
            f"{found.pruned.accuracy.text('.1%')}, with all {found.full.accuracy.text('.1%')}; the difference is "
            f"{points(drop)} points, in BMAC {points(found.drop.bmac)}."
        ),
        (
            f"Against {kept} options chosen by chance it is {points(found.above_chance.accuracy)} points. From "
            f"{found.enough} options on, the accuracy stays at 98 % of the full one or above. With the {kept} largest "
            f"contributions of each image and class it is {found.curves['image'][kept].accuracy.text('.1%')}."
        ),
    ]
    if 2 * kept > found.options:
        told.append(
            f"{kept} of {found.options} is more than half of the options and says little of sparsity; see the curve."
        )
    return told
