"""How the effective rank of a model's tokens went while it was trained."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from models.compare.result import RankHistory


def rank_history(metrics: Mapping[str, Any]) -> RankHistory:
    """The rank of every epoch in which both were measured.

    Args:
        metrics: of a checkpoint; its "epochs" are the reports of the training, where it kept them.
    """
    reports = metrics.get("epochs")
    reports = reports if isinstance(reports, list) else []
    found = []
    for place, report in enumerate(reports):
        rank = report.get("rank") or {}
        train, validation = (_number(rank.get(split)) for split in ("train", "validation"))
        if train is not None and validation is not None:
            found.append((int(report.get("epoch", place + 1)), train, validation))
    return RankHistory(
        epochs=len(reports),
        epoch=tuple(entry[0] for entry in found),
        train=tuple(entry[1] for entry in found),
        validation=tuple(entry[2] for entry in found),
    )


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and isfinite(value) else None
