"""What the concept metrics found, as tables and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import factorial
from typing import Any

from models.experiments.concept_metrics.figure import draw
from models.experiments.concept_metrics.measures import ConceptMetricsResult, Existence, Importance, Location
from models.experiments.findings import Column, Table, Value
from models.experiments.spread import Estimate, Spread

__all__ = ["draw", "sentences", "spreads", "tables"]

TYPES = {1: "weights", 2: "mean scores", 3: "weights × mean scores"}
AMONG = {"all": "all options", "relative": "all, relative", "claimed": "claimed options"}
MAPS = {"gradcam": "Grad-CAM", "magnet": "Magnet", "centre": "centre prior"}
_RANKED = {
    "all": "",
    "relative": " by what it says for the class rather than for others",
    "claimed": " among those that the model claims",
}
_MODEL = Column("model", "Model")


def spreads(found: Sequence[ConceptMetricsResult]) -> list[dict[str, Any]]:
    """Mean and sd of the metrics over the models."""
    rows = [
        {"metric": "CGIM", "type": each[0].kind, "measure": each[0].measure} | _spread(each)
        for each in zip(*(one.importance for one in found), strict=True)
    ]
    rows += [
        {"metric": "CEM", "among": each[0].among, "top": each[0].top} | _spread(each)
        for each in zip(*(one.existence for one in found), strict=True)
    ]
    rows += [
        {"metric": "CLM", "map": each[0].kind, "top": each[0].top, "alpha": each[0].alpha} | _spread(each)
        for each in zip(*(one.location for one in found), strict=True)
    ]
    return rows


def _spread(each: Sequence[Importance] | Sequence[Existence] | Sequence[Location]) -> dict[str, Any]:
    return Spread.of([one.value.value for one in each]).to_json()


def tables(names: Sequence[str], found: Sequence[ConceptMetricsResult]) -> list[Table]:
    """CGIM, CEM, CLM and every option."""
    made = [_importance(names, found), _existence(names, found)]
    if any(one.location for one in found):
        made.append(_location(names, found))
    return [*made, _options(names, found)]


def _importance(names: Sequence[str], found: Sequence[ConceptMetricsResult]) -> Table:
    rows: list[dict[str, Value]] = [
        {
            "model": model,
            "type": f"{each.kind} ({TYPES[each.kind]})",
            "measure": each.measure,
            "value": each.value.text(),
            "chance": each.chance,
            "p": each.p,
        }
        for model, one in zip(names, found, strict=True)
        for each in one.importance
    ]
    columns = (
        _MODEL,
        Column("type", "CGIM"),
        Column("measure", "Measure"),
        Column("value", "Mean over options"),
        Column("chance", "Classes permuted", ".3f"),
        Column("p", "p", ".4f"),
    )
    return Table("concept-importance", "Global importance (CGIM), 95 % over images", columns, rows)


def _existence(names: Sequence[str], found: Sequence[ConceptMetricsResult]) -> Table:
    rows: list[dict[str, Value]] = [
        {
            "model": model,
            "among": AMONG[each.among],
            "top": each.top,
            "images": each.value.n,
            "value": each.value.text(),
            "correct": each.correct.text(),
            "chance": each.chance.text(),
            "gained": each.gained.text("+.3f"),
        }
        for model, one in zip(names, found, strict=True)
        for each in one.existence
    ]
    columns = (
        _MODEL,
        Column("among", "Ranked"),
        Column("top", "First", "d"),
        Column("images", "Images", "d"),
        Column("value", "CEM"),
        Column("correct", "Correctly classified"),
        Column("chance", "Random order"),
        Column("gained", "CEM − random"),
    )
    return Table("concept-existence", "Existence (CEM): are the most important options there?", columns, rows)


def _location(names: Sequence[str], found: Sequence[ConceptMetricsResult]) -> Table:
    rows: list[dict[str, Value]] = [
        {
            "model": model,
            "map": MAPS[each.kind],
            "top": each.top,
            "alpha": each.alpha,
            "images": each.value.n,
            "value": each.value.text(),
            "chance": each.chance,
        }
        for model, one in zip(names, found, strict=True)
        for each in one.location
    ]
    columns = (
        _MODEL,
        Column("map", "Map"),
        Column("top", "First", "d"),
        Column("alpha", "α", "g"),
        Column("images", "Images", "d"),
        Column("value", "CLM"),
        Column("chance", "Chance α/12", ".3f"),
    )
    return Table("concept-location", "Location (CLM): is a concept's place in the strongest α/12?", columns, rows)


def _options(names: Sequence[str], found: Sequence[ConceptMetricsResult]) -> Table:
    rows: list[dict[str, Value]] = [
        {
            "model": model,
            "option": each.option,
            "claims": each.claimed.n,
            "claimed": each.claimed.text(".2f"),
            "cases": each.noticed.n,
            "noticed": each.noticed.text(".2f"),
            "located": each.located.text(".2f"),
            "importance": each.importance.text("+.2f"),
        }
        for model, one in zip(names, found, strict=True)
        for each in one.options
    ]
    columns = (
        _MODEL,
        Column("option", "Option"),
        Column("claims", "Claimed in", "d"),
        Column("claimed", "There when claimed"),
        Column("cases", "Labelled in", "d"),
        Column("noticed", "Claimed when there"),
        Column("located", "Place in Grad-CAM's quarter"),
        Column("importance", "CGIM1, correlation"),
    )
    return Table("concept-options", "Every option", columns, rows)


def sentences(names: Sequence[str], found: Sequence[ConceptMetricsResult], images: Mapping[str, Any]) -> list[str]:
    """What it says in words."""
    if found[0].images == 0:
        return [f"{images['dataset']} has no concept labels: existence and global importance cannot be measured."]
    said = [f"{found[0].images} of {images['images']} images of {images['dataset']} have concept labels."]
    if found[0].follow_class:
        said.append(
            "Every label is what the class table gives the image's class: nobody looked for the concepts in the image. "
            "Existence is then class accuracy in other words, and global importance tests the head against that table."
        )
    for model, one in zip(names, found, strict=True):
        said += [_of_existence(model, each) for each in one.existence if each.top == one.existence[0].top]
        first = next(each for each in one.importance if (each.kind, each.measure) == (1, "correlation"))
        said.append(
            f"{model}: over the classes, the head's weights correlate with the options' frequency by "
            f"{first.value.text('+.3f')} on average (classes permuted: {_number(first.chance, '+.3f')}, "
            f"p = {_number(first.p, '.4f')}{_least(one)})."
        )
        said += _of_location(model, one)
    return said


def _of_existence(model: str, each: Existence) -> str:
    which = "option" if each.top == 1 else f"{each.top} options"
    among = _RANKED[each.among]
    return (
        f"{model}: the most important {which}{among}: there in {each.value.text()} of cases (n = {each.value.n}); in "
        f"random order {each.chance.text()}, {_apart(each.gained)}."
    )


def _least(one: ConceptMetricsResult) -> str:
    return f"; with {one.classes} classes it cannot be less than 1/{factorial(one.classes)}" if one.classes < 5 else ""


def _of_location(model: str, one: ConceptMetricsResult) -> list[str]:
    if not one.location:
        return [f"{model}: without masks, location is not measured."]
    top, alpha = one.location[0].top, one.location[0].alpha
    own = {each.kind: each.value for each in one.location if (each.top, each.alpha) == (top, alpha)}
    listed = ", ".join(f"{MAPS[kind]} {value.text()}" for kind, value in own.items())
    return [f"{model}: place of the most important concept in the strongest {alpha:g}/12 of the map: {listed}."]


def _apart(gained: Estimate) -> str:
    if gained.low is None or gained.high is None:
        return "without an interval"
    return "higher" if gained.low > 0 else "lower" if gained.high < 0 else "not told apart"


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)
