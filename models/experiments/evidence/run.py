"""``vitrine experiment evidence``: the same as in the application, by command."""

from __future__ import annotations

from functools import partial

from matplotlib.figure import Figure

from models.experiments.drawing import plain
from models.experiments.evidence.files import write_evidence
from models.experiments.evidence.measure import measure_evidence
from models.experiments.evidence.schema import Evidence, Measured, Reliability
from models.experiments.evidence.settings import EvidenceConfig
from models.experiments.findings import Column, Drawing, Findings, Table
from models.experiments.suite.figures import COLOURS
from models.experiments.surroundings import Surroundings

__all__ = ["EvidenceConfig", "run"]

_ORDER = tuple(Reliability)
_COLOURS = dict(zip(_ORDER, (COLOURS[2], COLOURS[4], COLOURS[1], "#7f7f7f"), strict=True))
_MARKS = dict(zip(_ORDER, ("o", "s", "X", "D"), strict=True))


def run(settings: EvidenceConfig, around: Surroundings) -> Findings:
    """Measures the model; writes ``evidence.json`` into its folder too where the settings say so.

    Raises:
        OSError: the folder of the checkpoint cannot be written.
        CheckpointError, DataError, ExperimentError, ExperimentCancelled: see ``measure_evidence``.
    """
    found = measure_evidence(settings, around, around.command or "vitrine experiment evidence")
    (name,) = settings.models
    if settings.keep:
        write_evidence(around.find_model(name), found)
    return Findings(
        document={"evidence": found.model_dump(mode="json")},
        tables=[_decision(found), _concepts(found), _tests(found), _test_figures(found)],
        drawings=[Drawing("evidence", partial(draw, found, name))],
        sentences=[
            *(f"{test.question} {test.verdict.capitalize()}. {test.answer}" for test in found.tests),
            *(f"{concept.name}: {concept.reason}" for concept in found.concepts),
            *(f"Limit: {limit}" for limit in found.limits),
        ],
    )


def draw(found: Evidence, name: str) -> Figure:
    """Balanced accuracy of every concept with its interval and chance, by reliability."""
    figure = Figure(figsize=(5.6, 1.3 + 0.32 * len(found.concepts)), layout="constrained")
    axes = figure.add_subplot()
    for place, concept in enumerate(found.concepts):
        one, grade = concept.accuracy, concept.reliability
        if one.low is not None and one.high is not None:
            axes.hlines(place, one.low, one.high, color=_COLOURS[grade], linewidth=1.4)
        if one.value is not None:
            axes.plot([one.value], [place], _MARKS[grade], color=_COLOURS[grade], markersize=6)
        if concept.chance is not None:
            axes.plot([concept.chance], [place], "|", color="0.4", markersize=11)
    for grade in _ORDER:
        axes.plot([], [], _MARKS[grade], color=_COLOURS[grade], label=grade.value)
    axes.plot([], [], "|", color="0.4", label="chance")
    names = [f"{concept.name} (n = {concept.accuracy.n})" for concept in found.concepts]
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0, 1.02)
    axes.tick_params(axis="x", labelsize=8)
    axes.set_xlabel("balanced accuracy of the strongest option (95 % over images)", fontsize=8)
    axes.set_title(f"{name}: {found.tested_on.images} images of {found.tested_on.dataset}", fontsize=9)
    plain(axes, "x")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=5, frameon=False, fontsize=8)
    return figure


def _decision(found: Evidence) -> Table:
    columns = (Column("name", "Decision"), Column("value", "Value (95 %)"), Column("reference", "Reference", ".3f"),
               Column("reference_name", "of"), Column("n", "n", "d"))  # fmt: skip
    rows = [
        {"name": one.name, "value": _text(one.measured), "reference": one.reference,
         "reference_name": one.reference_name, "n": one.measured.n}
        for one in found.decision
    ]  # fmt: skip
    return Table("evidence-decision", "Decisions", columns, rows)


def _concepts(found: Evidence) -> Table:
    columns = (
        Column("name", "Concept"), Column("labels", "Labels"), Column("reliability", "Reliability"),
        Column("accuracy", "BMAC (95 %)"), Column("chance", "Chance", ".2f"), Column("n", "n", "d"),
        Column("pointing_gradcam", "Grad-CAM points"), Column("pointing_magnet", "Magnet points"),
        Column("pointing_centre", "Centre", ".2f"), Column("iou_gradcam", "IoU"),
    )  # fmt: skip
    rows = [
        {
            "name": one.name,
            "labels": one.labels,
            "reliability": one.reliability.value,
            "accuracy": _text(one.accuracy),
            "chance": one.chance,
            "n": one.accuracy.n,
            "pointing_gradcam": _text(one.pointing_gradcam),
            "pointing_magnet": _text(one.pointing_magnet),
            "pointing_centre": one.pointing_centre,
            "iou_gradcam": _text(one.iou_gradcam),
        }
        for one in found.concepts
    ]
    return Table("evidence-concepts", "Concepts", columns, rows)


def _tests(found: Evidence) -> Table:
    columns = (Column("question", "Question"), Column("verdict", "Verdict"))
    rows = [{"question": one.question, "verdict": one.verdict} for one in found.tests]
    return Table("evidence-questions", "Questions", columns, rows)


def _test_figures(found: Evidence) -> Table:
    columns = (Column("test", "Question"), Column("name", "Figure"), Column("value", "Value (95 %)"),
               Column("reference", "Reference", ".3f"), Column("n", "n", "d"))  # fmt: skip
    rows = [
        {"test": test.key, "name": one.name, "value": _text(one.measured), "reference": one.reference,
         "n": one.measured.n}
        for test in found.tests for one in test.figures
    ]  # fmt: skip
    return Table("evidence-figures", "Figures behind the answers", columns, rows, shown=False)


def _text(one: Measured) -> str:
    if one.value is None:
        return "–"
    ends = "" if one.low is None or one.high is None else f" ({one.low:.3f} to {one.high:.3f})"
    return f"{one.value:.3f}{ends}"
