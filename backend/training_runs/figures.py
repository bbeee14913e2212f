"""An epoch's report, as ``models.train`` makes it and ``metrics.json`` keeps it, in the form of the contract."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from backend.training_runs.schemas import EpochRead, SplitFigures

_FIGURES = ("class_accuracy", "class_bmac", "concept_bmac")


def epoch_read(report: Mapping[str, Any]) -> EpochRead:
    """What a report says; null where it was not recorded, as in those of models from before it was, or is no number.

    Args:
        report: with ``epoch`` and ``epochs``, and as much of the rest as there is.
    """
    rank = report.get("rank") or {}
    return EpochRead(
        epoch=report["epoch"],
        epochs=report["epochs"],
        best=bool(report.get("best", False)),
        learning_rate=_number(report.get("learning_rate")),
        seconds=_number(report.get("seconds")),
        images_per_second=_number(report.get("images_per_second")),
        losses=_numbers(report.get("losses")),
        validation_losses=_numbers((report.get("validation") or {}).get("losses")),
        train=split_figures(report.get("train")),
        validation=split_figures(report.get("validation")),
        rank_train=_number(rank.get("train")),
        rank_validation=_number(rank.get("validation")),
    )


def latest_course(reports: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The epochs that count: a training that began again tells of them a second time, and of later ones not yet.

    Args:
        reports: in the order in which they were told, each with ``epoch``.
    """
    found: list[Mapping[str, Any]] = []
    for report in reports:
        while found and found[-1]["epoch"] >= report["epoch"]:
            found.pop()
        found.append(report)
    return found


def split_figures(measured: Mapping[str, Any] | None) -> SplitFigures:
    """Of what was measured over a split; all null where nothing was."""
    found = measured or {}
    return SplitFigures(images=found.get("images"), **{name: _number(found.get(name)) for name in _FIGURES})


def _numbers(values: Mapping[str, Any] | None) -> dict[str, float]:
    """Without those that are no numbers."""
    found = {name: _number(value) for name, value in (values or {}).items()}
    return {name: value for name, value in found.items() if value is not None}


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
