"""Tables, figure and words of ``concept_intervention``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from models.experiments.drawing import plain
from models.experiments.findings import Column, Drawing, Findings, Table, Value
from models.experiments.spread import Estimate, Spread
from models.experiments.suite.figures import COLOURS

if TYPE_CHECKING:
    from models.experiments.concept_intervention import ConceptIntervention, ConceptInterventionConfig

    Measured = Sequence[tuple[Mapping[str, Any], ConceptIntervention]]

NAME = "concept-intervention"


def findings(measured: Measured, about: Mapping[str, Any], config: ConceptInterventionConfig) -> Findings:
    """All that is written and printed.

    Args:
        measured: of each model, what identifies it and what was found.
        about: data set, and whether it is drawn.
        config: settings.
    """
    counted = f"{len(measured[0][1].keys)} images of {about['dataset']}"
    return Findings(
        document={"test": dict(about), "models": [{**own, **found.to_json()} for own, found in measured]},
        tables=[_table(measured), _images(measured)],
        drawings=[Drawing(NAME, partial(change_figure, measured[0][1], counted))],
        sentences=[line for own, found in measured for line in sentences(own, found, config)],
    )


def sentences(own: Mapping[str, Any], found: ConceptIntervention, config: ConceptInterventionConfig) -> list[str]:
    """What was tested of one model, and what moved most, in words."""
    tested = len(found.keys)
    chosen = f"{tested} of them, drawn with seed {config.seed}," if tested < found.passed else "all of them"
    right = "" if found.right is None else f" ({found.right} are labelled so)"
    sure = f"predicted as {config.target_class} with P >= {config.minimum_probability:g}"
    told = [
        (
            f"{own['name']} on {config.dataset}, split {config.split}: {found.passed} of {found.scored} images are "
            f"{sure}; {chosen} are tested{right}. Scores put in: the means over the model's validation images of class "
            f"{config.reference_class}."
        )
    ]
    rows = [(row.intervention, row.relative_change) for row in found.rows if row.relative_change is not None]
    known = [(words, change) for words, change in rows if change.value is not None]
    raised = [words for words, change in known if change.low is not None and change.low > 0]
    if raised:
        told.append(f"The probability rises, where one would expect it to fall: {'; '.join(raised)}.")
    unmoved = [words for words, change in known if (change.low or 0.0) <= 0 <= (change.high or 0.0)]
    if unmoved:
        told.append(f"Not told apart from no change: {'; '.join(unmoved)}.")
    if own["synthetic"]:
        told.append("Trained on synthetic images only.")
    return told


def change_figure(found: ConceptIntervention, counted: str) -> Figure:
    """Relative change of the target's probability for each intervention, with 95 % intervals."""
    rows = [row for row in found.rows if row.relative_change is not None]
    figure = Figure(figsize=(6.4, 0.9 + 0.3 * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    for place, row in enumerate(rows):
        _bar(axes, place, row.relative_change)
    words = [row.intervention.removeprefix("Intervene on ") for row in rows]
    axes.set_yticks(range(len(rows)), [word.replace("“", "").replace("”", "") for word in words], fontsize=8)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.axvline(0, color="0.3", linewidth=0.8)
    axes.set_xlabel(f"change of the average P({found.class_name}), per cent of the baseline", fontsize=9)
    axes.set_title(f"{counted}; lines: 95 % intervals", fontsize=8)
    plain(axes, "x")
    return figure


def _bar(axes: Any, place: int, change: Estimate | None) -> None:
    if change is None or change.value is None:
        return
    axes.barh(place, 100 * change.value, 0.6, color=COLOURS[0])
    if change.low is not None and change.high is not None:
        axes.hlines(place, 100 * change.low, 100 * change.high, color="black", linewidth=1.2)


def _table(measured: Measured) -> Table:
    columns: tuple[Column, ...] = (
        Column("model", "Model"),
        Column("intervention", "Intervention"),
        Column("mean_probability", f"Avg. P({measured[0][1].class_name})", ".3f"),
        Column("relative_change", "Relative change", "+.1%"),
        Column("low", "95 % from", "+.1%"),
        Column("high", "to", "+.1%"),
        Column("flipped", "Flipped", "d"),
        Column("images", "Images", "d"),
        Column("sd", "sd over models"),
    )
    rows = [row for own, found in measured for row in _rows(str(own["name"]), found)]
    if len(measured) > 1:
        rows += _mean_rows([found for _, found in measured])
    else:
        columns = columns[:-1]
    return Table(NAME, "Concept intervention (table 7)", columns, rows)


def _rows(name: str, found: ConceptIntervention) -> Iterator[dict[str, Value]]:
    for row in found.rows:
        change = row.relative_change
        yield {
            "model": name,
            "intervention": row.intervention,
            "mean_probability": row.mean.value,
            "relative_change": None if change is None else change.value,
            "low": None if change is None else change.low,
            "high": None if change is None else change.high,
            "flipped": None if change is None else row.flipped,
            "images": row.mean.n,
            "sd": "",
        }


def _mean_rows(found: Sequence[ConceptIntervention]) -> Iterator[dict[str, Value]]:
    for place, row in enumerate(found[0].rows):
        changes = [one.rows[place].relative_change for one in found]
        change = Spread.of([None if one is None else one.value for one in changes])
        yield {
            "model": f"mean of {len(found)}",
            "intervention": row.intervention,
            "mean_probability": Spread.of([one.rows[place].mean.value for one in found]).mean,
            "relative_change": change.mean,
            "low": None,
            "high": None,
            "flipped": None,
            "images": None,
            "sd": "–" if change.sd is None else f"{change.sd:.1%}",
        }


def _images(measured: Measured) -> Table:
    names = ["baseline", *("+".join(row.groups) for row in measured[0][1].rows[1:])]
    columns = (
        Column("model", "Model"),
        Column("image", "Image"),
        Column("class", "Class"),
        *(Column(name, name, ".4f") for name in names),
    )
    rows = [
        {"model": str(own["name"]), "image": key, "class": truth, **dict(zip(names, map(float, values), strict=True))}
        for own, found in measured
        for key, truth, values in zip(found.keys, found.truth, found.probabilities, strict=True)
    ]
    return Table(f"{NAME}-images", "Probabilities of every image tested", columns, rows, shown=False)
