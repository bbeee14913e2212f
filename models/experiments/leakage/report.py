"""Tables, figure and words of the leakage tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from models.experiments.decisions import Accuracy
from models.experiments.drawing import plain
from models.experiments.findings import Column, Drawing, Findings, Table, Value
from models.experiments.leakage.measure import Leakage
from models.experiments.leakage.settings import LeakageConfig
from models.experiments.spread import Estimate, Spread
from models.experiments.suite.figures import COLOURS

Measured = Sequence[tuple[Mapping[str, Any], Leakage]]

HEAD_WORDS = {
    "soft": "new head on scores",
    "hard": "new head on options found",
    "labels": "new head on true options",
    "shuffled": "new head, shuffled images",
    "shuffled-hard": "the same on options found",
    "chance": "new head, classes permuted",
}
_LEVEL = 0.05


def findings(measured: Measured, about: Mapping[str, Any], config: LeakageConfig) -> Findings:
    """All that is written and printed.

    Args:
        measured: of each model, what identifies it and what was found.
        about: data set, and whether it is drawn.
        config: settings.
    """
    return Findings(
        document={"test": dict(about), "models": [{**own, **found.to_json()} for own, found in measured]},
        tables=[_decisions(measured), _groups(measured)],
        drawings=[Drawing("leakage", partial(leakage_figure, measured[0][1], str(about["dataset"])))],
        sentences=[line for own, found in measured for line in sentences(str(own["name"]), found, about, config)],
    )


def sentences(name: str, found: Leakage, about: Mapping[str, Any], config: LeakageConfig) -> list[str]:
    """What was found of one model, in words."""
    told = [
        (
            f"{name}, {found.images} images of {about['dataset']}: BMAC {found.own.bmac.text()}. With every group's "
            f"scores from another image of the same class it is {found.permuted.bmac.text()}, a change of "
            f"{found.change.bmac.text('+.3f')}{_held(found.change.bmac)}."
        ),
        (
            f"A head on the scores reaches {found.heads['soft'].bmac.text()}, on the options found "
            f"{found.heads['hard'].bmac.text()}: the scores are {_apart(found.soft_hard.bmac)}."
        ),
    ]
    if found.concepts is None:
        told.append("No concept is labelled in these images, so concepts cannot be held against their truth.")
    elif found.trivial:
        told.append(
            "The labels follow from the class in these images: a head on true options is right by construction, and "
            "what the concepts tell beyond the class cannot be measured."
        )
    elif found.soft_labels is not None:
        told.append(
            f"On the true options a head reaches {found.heads['labels'].bmac.text()}; the scores are "
            f"{_apart(found.soft_labels.bmac)}."
        )
    told.append(_shuffled(found, config))
    measurable = [group for group in found.groups if not group.follows]
    if measurable:
        beyond = [group for group in measurable if group.p_information is not None and group.p_information <= _LEVEL]
        keys = ", ".join(group.group for group in beyond) or "none"
        told.append(
            f"{len(beyond)} of {len(measurable)} groups tell more of their label than the class does (p <= {_LEVEL:g}, "
            f"{config.permutations} permutations within class, not corrected for their number): {keys}."
        )
    return told


def leakage_figure(found: Leakage, dataset: str) -> Figure:
    """Left: BMAC of decisions from scores and from less than them. Right: concept BMAC with and beyond the class."""
    figure = Figure(figsize=(6.8, 3.3), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.15, 1))
    rows: list[tuple[str, Accuracy]] = [("the model", found.own), ("scores permuted in class", found.permuted)]
    rows += [(HEAD_WORDS[name], one) for name, one in found.heads.items()]
    for place, (_, one) in enumerate(rows):
        _dot(left, place, one.bmac, COLOURS[0 if place < 2 else 1])  # the model's own head in blue
    left.set_yticks(range(len(rows)), [name for name, _ in rows], fontsize=8)
    left.set_ylim(len(rows) - 0.5, -0.5)
    left.set_xlim(0, 1.02)
    left.tick_params(axis="x", labelsize=8)
    right.tick_params(axis="x", labelsize=8)
    left.set_xlabel("class BMAC (95 % interval)", fontsize=9)
    left.set_title(f"{found.images} images of {dataset}", fontsize=8)
    _concepts(right, found)
    for axes in (left, right):
        plain(axes, "x")
    return figure


def _concepts(axes: Any, found: Leakage) -> None:
    axes.set_xlim(0, 1.02)
    axes.set_xlabel("concept BMAC", fontsize=9)
    measurable = [group for group in found.groups if not group.follows]
    if not measurable:
        why = "No concept is labelled" if found.concepts is None else "The labels follow from the class"
        told = f"{why}:\nwhat concepts tell beyond it\ncannot be measured."
        axes.text(0.51, 0.5, told, ha="center", va="center", fontsize=8)
        axes.set_ylim(0, 1)
        axes.set_axis_off()
        return
    places = np.arange(len(measurable))
    own = [group.bmac for group in measurable]
    mixed = [group.bmac_permuted for group in measurable]
    axes.hlines(places, mixed, own, color="0.7", linewidth=1.5)
    axes.plot(own, places, "o", color=COLOURS[0], markersize=5, label="found in the image")
    axes.plot(mixed, places, "s", color=COLOURS[1], markersize=4, label="permuted in class")
    axes.set_yticks(places, [group.group for group in measurable], fontsize=8)
    axes.set_ylim(len(measurable) - 0.5, -0.5)
    axes.legend(frameon=False, fontsize=7, loc="lower center", bbox_to_anchor=(0.5, 0.99), ncols=2)


def _dot(axes: Any, place: int, one: Estimate, colour: str) -> None:
    if one.value is None:
        return
    axes.plot([one.value], [place], "o", color=colour, markersize=5)
    if one.low is not None and one.high is not None:
        axes.hlines(place, one.low, one.high, color=colour, linewidth=1.5)


def _shuffled(found: Leakage, config: LeakageConfig) -> str:
    text = (
        f"With images cut into {config.tiles} x {config.tiles} tiles that change places, a head on the scores still "
        f"reaches {found.heads['shuffled'].bmac.text()}, {found.shuffled_chance.bmac.text('+.3f')} above chance"
        f"{_held(found.shuffled_chance.bmac)}; on the options found there {found.heads['shuffled-hard'].bmac.text()}"
    )
    text += f", the scores are {_apart(found.shuffled_soft_hard.bmac)}"
    if found.concepts is None or found.concepts_shuffled is None:
        return f"{text}."
    return f"{text}; the concept BMAC falls from {found.concepts:.3f} to {found.concepts_shuffled:.3f}."


def _apart(one: Estimate) -> str:
    """Such as "ahead of that by 0.189 (0.150 to 0.229)", or behind."""
    if one.value is None or one.low is None or one.high is None:
        return "not to be held against that"
    ahead = one if one.value >= 0 else Estimate(-one.value, -one.high, -one.low, one.n)
    return f"{'ahead of' if one.value >= 0 else 'behind'} that by {ahead.text()}{_held(one)}"


def _held(one: Estimate) -> str:
    """Whether the interval leaves out zero."""
    if one.low is None or one.high is None or one.low > 0 or one.high < 0:
        return ""
    return ", not told apart from none"


def _decisions(measured: Measured) -> Table:
    columns = (
        Column("model", "Model"),
        Column("decision", "Decision from"),
        Column("acc", "ACC (95 %)"),
        Column("bmac", "BMAC (95 %)"),
        Column("n", "Images", "d"),
    )
    rows = [row for own, found in measured for row in _rows(str(own["name"]), found)]
    if len(measured) > 1:
        rows += _mean_rows([found for _, found in measured])
    return Table("leakage", "Decisions from scores and from less than them", columns, rows)


def _decided(found: Leakage) -> dict[str, Accuracy]:
    heads = {HEAD_WORDS[name]: one for name, one in found.heads.items()}
    return {
        "the model": found.own,
        "scores permuted in class": found.permuted,
        **heads,
        "difference: permuted - model": found.change,
        "difference: scores - options found": found.soft_hard,
        **({} if found.soft_labels is None else {"difference: scores - true options": found.soft_labels}),
        "difference: shuffled - chance": found.shuffled_chance,
        "difference: shuffled, scores - options found": found.shuffled_soft_hard,
    }


def _rows(name: str, found: Leakage) -> Iterator[dict[str, Value]]:
    for decision, one in _decided(found).items():
        form = "+.3f" if decision.startswith("difference") else ".3f"
        yield {
            "model": name,
            "decision": decision,
            "acc": one.accuracy.text(form),
            "bmac": one.bmac.text(form),
            "n": one.accuracy.n,
        }


def _mean_rows(found: Sequence[Leakage]) -> Iterator[dict[str, Value]]:
    decided = [_decided(one) for one in found]
    for decision in decided[0]:
        of = [one[decision] for one in decided if decision in one]
        yield {
            "model": f"mean ± sd of {len(of)}",
            "decision": decision,
            "acc": Spread.of([one.accuracy.value for one in of]).text(1.0, 4),
            "bmac": Spread.of([one.bmac.value for one in of]).text(1.0, 4),
            "n": of[0].accuracy.n,
        }


def _groups(measured: Measured) -> Table:
    columns = (
        Column("model", "Model"),
        Column("group", "Group"),
        Column("n", "Images", "d"),
        Column("accuracy", "ACC", ".3f"),
        Column("accuracy_class", "Class alone", ".3f"),
        Column("ahead", "Ahead (95 %)"),
        Column("bmac", "BMAC", ".3f"),
        Column("bmac_permuted", "Permuted", ".3f"),
        Column("p_bmac", "p", ".4f"),
        Column("bmac_shuffled", "Shuffled", ".3f"),
        Column("information", "Bits beyond class", ".3f"),
        Column("entropy", "of", ".3f"),
        Column("p_information", "p", ".4f"),
    )
    names = ("accuracy", "accuracy_class", "bmac", "bmac_permuted", "p_bmac", "information", "entropy", "p_information")
    rows = [
        {
            "model": str(own["name"]),
            "group": group.group,
            "n": group.images,
            **{name: getattr(group, name) for name in names},
            "bmac_shuffled": shuffled,
            "ahead": "label follows class" if group.ahead is None else group.ahead.text("+.3f"),
        }
        for own, found in measured
        for group, shuffled in zip(found.groups, found.groups_shuffled, strict=True)
    ]
    return Table("leakage-groups", "What options found tell beyond the class", columns, rows)
