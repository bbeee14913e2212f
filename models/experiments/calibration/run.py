"""The calibration experiment: settings, tables and sentences."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from models.data.prepared import PreparedDataset
from models.data.records import SplitName
from models.experiments.calibration.figures import reliability
from models.experiments.calibration.measures import measure_calibration
from models.experiments.calibration.results import FIGURES, Calibrated, CalibrationResult
from models.experiments.findings import Column, Drawing, Findings, Table, Value
from models.experiments.images import ExperimentImages
from models.experiments.settings import AnalysisConfig
from models.experiments.spread import Spread
from models.experiments.subjects import Subject, subjects
from models.experiments.surroundings import ExperimentError, Surroundings

_SURE = 0.05  # of the test against chance


class CalibrationConfig(AnalysisConfig):
    """Which images the temperature is fitted on.

    Attributes:
        fitted_on: name or folder of an import, or the name of a procedural set; None for the tested one.
        fitted_split: of it: best the images that the model was validated on, never those it was trained on.
    """

    fitted_on: str | None = None
    fitted_split: SplitName = "validation"


def run(settings: CalibrationConfig, around: Surroundings) -> Findings:
    """Measures the calibration of every model.

    Raises:
        ExperimentError: an image is both tested and fitted on, or no class is known.
        CheckpointError, DataError, ExperimentCancelled: see ``subjects``.
    """
    found: list[tuple[Subject, CalibrationResult]] = []
    sentences: list[str] = []
    fitted_on = settings.fitted_on or settings.dataset
    other = settings.model_copy(update={"dataset": fitted_on, "split": settings.fitted_split})
    for subject, validation in zip(subjects(settings, around), subjects(other, around), strict=True):
        check_apart(subject.images, validation.images)
        around.check()
        around.tell("Resampling", 0, 1)
        result = measure_calibration(subject, validation, resamples=settings.resamples, seed=settings.seed)
        around.tell("Resampling", 1, 1)
        if result.decision is None:
            raise ExperimentError("the calibration cannot be measured: no class is known in one of the two sets")
        found.append((subject, result))
        sentences += _sentences(subject, result, result.decision)
        sentences += _warning(subject, around.find_dataset(fitted_on), validation.images)
    document: dict[str, Any] = {
        "test": {"dataset": found[0][0].images.dataset, "split": settings.split, "images": len(found[0][0].images)},
        "fitted": {"dataset": fitted_on, "split": settings.fitted_split},
        "models": [subject.about() | result.to_json() for subject, result in found],
        "spread": _spread([result for _, result in found]),
    }
    drawings = [
        Drawing(
            "reliability" if number == 0 else f"reliability-{number + 1}",
            partial(
                reliability,
                result.decision,
                f"{subject.checkpoint.name}: {len(subject.images)} images of {subject.images.dataset}",
            ),
        )
        for number, (subject, result) in enumerate(found)
        if result.decision is not None
    ]
    return Findings(document, [_decision_table(found), _group_table(found)], drawings, sentences)


def check_apart(tested: ExperimentImages, fitted: ExperimentImages) -> None:
    """Raises ``ExperimentError`` if an image is both tested and fitted on, whatever its name."""
    seen = {_pixels(fitted, row) for row in range(len(fitted))}
    shared = [key for row, key in enumerate(tested.keys) if _pixels(tested, row) in seen]
    if shared:
        raise ExperimentError(
            f"{len(shared)} of the {len(tested)} tested images are among those that the temperature is fitted on, such "
            f"as {shared[0]}; choose another split or another fitted_on"
        )


def _pixels(images: ExperimentImages, row: int) -> bytes:
    return hashlib.sha256(np.ascontiguousarray(images.data.images[row]).tobytes()).digest()


def _warning(subject: Subject, dataset: Path | str, fitted: ExperimentImages) -> list[str]:
    """A sentence where the images fitted on may have been trained on."""
    training = subject.checkpoint.metrics.get("training", {})
    trained = training.get("origin") or {}
    if isinstance(dataset, str) or trained.get("digest") == PreparedDataset.open(dataset).info.digest:
        return []
    told = (
        f"{subject.checkpoint.name} was trained with another import than {fitted.dataset}: some of the {len(fitted)} "
        "images that the temperature was fitted on may have been trained on, where a model is surer than elsewhere."
    )
    return [told]


def _sentences(subject: Subject, result: CalibrationResult, decision: Calibrated) -> list[str]:
    before, after = decision.before, decision.after
    gap = before.figures["gap"]
    lean = "neither too sure nor too unsure, as far as these images tell"
    if gap.low is not None and gap.high is not None and not gap.low <= 0 <= gap.high:
        lean = "too sure of itself" if gap.low > 0 else "less sure than it could be"
    off = "more than" if before.chance.p < _SURE else "not told apart from"
    change = decision.change["nll"]
    helped = "not told apart from before"
    if change.low is not None and change.high is not None and not change.low <= 0 <= change.high:
        helped = "better" if change.high < 0 else "worse"
    found = [
        (
            f"{subject.checkpoint.name} on {before.figures['ece'].n} images of {subject.images.dataset}: ECE "
            f"{before.figures['ece'].text()}, {off} what a perfectly calibrated model would show on so many "
            f"({before.chance.mean:.3f} on average, p = {before.chance.p:.3f}). Mean confidence minus accuracy is "
            f"{gap.text('+.3f')}: {lean}."
        ),
        (
            f"With T = {decision.temperature.text('.2f')}, fitted on {decision.temperature.n} other images, ECE is "
            f"{after.figures['ece'].text()} (by chance {after.chance.mean:.3f}, p = {after.chance.p:.3f}); the "
            f"log-likelihood is {helped} (NLL {change.text('+.3f')})."
        ),
    ]
    if decision.limited:
        found.append("The temperature stands at the edge of the range looked at: these images do not determine it.")
    unknown = [key for key, one in result.groups.items() if one is None]
    if unknown:
        found.append(
            f"No option is known in the images for {', '.join(unknown)}: their calibration cannot be measured."
        )
    if result.by_class:
        found.append(
            f"The options of {', '.join(result.by_class)} are those of the class table: nobody read them in the "
            "images. Calibration against them says how well the class is told, no more."
        )
    return found


def _spread(results: list[CalibrationResult]) -> dict[str, Any]:
    """Mean and standard deviation over the models of every figure of the decision."""
    decisions = [one.decision for one in results if one.decision is not None]
    found: dict[str, Any] = {"temperature": Spread.of([one.temperature.value for one in decisions]).to_json()}
    for when in ("before", "after"):
        states = [getattr(one, when) for one in decisions]
        found[when] = {name: Spread.of([state.figures[name].value for state in states]).to_json() for name in FIGURES}
    return found


def _decision_table(found: list[tuple[Subject, CalibrationResult]]) -> Table:
    columns = (
        Column("model", "Model"),
        Column("state", "Probabilities"),
        Column("n", "n", "d"),
        Column("temperature", "T", ".3f"),
        Column("accuracy", "ACC", ".3f"),
        Column("ece", "ECE (95 %)"),
        Column("ece_chance", "by chance", ".3f"),
        Column("p", "p", ".4f"),
        Column("ece_mass", "ECE, even bins", ".3f"),
        Column("nll", "NLL (95 %)"),
        Column("brier", "Brier (95 %)"),
        Column("gap", "Conf. - ACC (95 %)"),
    )
    rows: list[dict[str, Value]] = []
    results = [result.decision for _, result in found]
    for (subject, _), decision in zip(found, results, strict=True):
        if decision is None:
            continue
        for words, state in (("before", decision.before), ("after", decision.after)):
            figures = state.figures
            rows.append(
                {
                    "model": subject.checkpoint.name,
                    "state": words,
                    "n": figures["ece"].n,
                    "temperature": 1.0 if words == "before" else decision.temperature.value,
                    "accuracy": figures["accuracy"].value,
                    "ece": figures["ece"].text(),
                    "ece_chance": state.chance.mean,
                    "p": state.chance.p,
                    "ece_mass": figures["ece_mass"].value,
                    "nll": figures["nll"].text(),
                    "brier": figures["brier"].text(),
                    "gap": figures["gap"].text("+.3f"),
                }
            )
    if len(found) > 1:
        rows += _mean_rows([result for _, result in found])
    return Table("calibration", "Calibration of the class, before and after one temperature", columns, rows)


def _mean_rows(results: list[CalibrationResult]) -> list[dict[str, Value]]:
    decisions = [one.decision for one in results if one.decision is not None]
    rows: list[dict[str, Value]] = []
    for words in ("before", "after"):
        states = [getattr(one, words) for one in decisions]
        spread = {name: Spread.of([state.figures[name].value for state in states]) for name in FIGURES}
        texts: dict[str, Value] = {name: one.text(1.0, 3) for name, one in spread.items()}
        texts |= {"model": f"mean ± sd of {len(decisions)}", "state": words, "n": states[0].figures["ece"].n}
        rows.append(texts | {"temperature": None, "ece_chance": None, "p": None})
    return rows


def _group_table(found: list[tuple[Subject, CalibrationResult]]) -> Table:
    columns = (
        Column("model", "Model"),
        Column("group", "Concept group"),
        Column("labels", "Labels"),
        Column("n", "n", "d"),
        Column("accuracy", "ACC", ".3f"),
        Column("before", "ECE before (95 %)"),
        Column("before_chance", "by chance", ".3f"),
        Column("temperature", "T", ".2f"),
        Column("after", "ECE after (95 %)"),
        Column("after_chance", "by chance", ".3f"),
        Column("gap", "Conf. - ACC (95 %)"),
    )
    rows: list[dict[str, Value]] = []
    for subject, result in found:
        for key, one in result.groups.items():
            row: dict[str, Value] = {column.key: None for column in columns}
            row |= {"model": subject.checkpoint.name, "group": key}
            row["labels"] = "none" if one is None else "class table" if key in result.by_class else "per image"
            rows.append(row if one is None else row | _group_row(one))
    return Table("calibration-concepts", "Calibration of the options of each group", columns, rows)


def _group_row(one: Calibrated) -> dict[str, Value]:
    return {
        "n": one.before.figures["ece"].n,
        "accuracy": one.before.figures["accuracy"].value,
        "before": one.before.figures["ece"].text(),
        "before_chance": one.before.chance.mean,
        "temperature": one.temperature.value,
        "after": one.after.figures["ece"].text(),
        "after_chance": one.after.chance.mean,
        "gap": one.before.figures["gap"].text("+.3f"),
    }
