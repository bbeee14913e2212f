"""How fast a machine does each part of a training, and what a finished run tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from models.data.records import SPLITS

# Faster than any decoding or drawing: such images lay there already.
_KEPT = 1000.0


@dataclass(frozen=True)
class Speeds:
    """Images a second of each kind of work; None where it is not known.

    Attributes:
        encoder: forward pass of the encoder, float32.
        training: training of the whole network on pictures (full mode).
        tokens: training of what stands behind the tokens (quick mode).
        measuring: scores and Grad-CAM of all options from tokens; its time grows with the options.
        ranking: effective ranks of tokens.
        preparing: reading or drawing images.
        options: O of the model that was measured.
        trial: whether from a trial just now; otherwise from the record of a run, on whatever machine that was.
    """

    encoder: float | None = None
    training: float | None = None
    tokens: float | None = None
    measuring: float | None = None
    ranking: float | None = None
    preparing: float | None = None
    options: int = 1
    trial: bool = True

    def filled(self, other: Speeds) -> Speeds:
        """With the other's figures where these are not known; it counts as a trial only if both are."""
        known = {name: getattr(self, name) for name in _RATES if getattr(self, name) is not None}
        if "measuring" not in known:
            known["options"] = other.options
        return replace(
            self, **{name: getattr(other, name) for name in _RATES} | known, trial=self.trial and other.trial
        )


_RATES = tuple(field.name for field in fields(Speeds) if field.name not in ("options", "trial"))


def speeds_of_run(metrics: Mapping[str, Any], options: int) -> Speeds:
    """Speeds from a finished model's record, as far as it tells them.

    Args:
        metrics: of a checkpoint; models from before stages were recorded tell only how fast they were trained.
        options: O of the model.
    """
    record = metrics.get("training", {})
    stages: dict[str, float] = record.get("stages", {})
    quick = metrics.get("lineage", {}).get("mode") == "quick"
    counts = {name: int(metrics.get(name, {}).get("images", 0)) for name in ("validation", "test")}
    held = sum(counts.values())
    auxiliary = record.get("settings", {}).get("auxiliary") or {}
    prepared = _rate(int(record.get("images", 0)) + held + int(auxiliary.get("train", 0)), stages.get("images"))
    measured = _rate(held, stages.get("measuring"))
    trained = record.get("images_per_second") or None
    found = Speeds(
        preparing=prepared if prepared is not None and prepared < _KEPT else None, options=options, trial=False
    )
    if not quick:  # the encoder's share of measuring is by far the larger one
        return replace(found, training=trained, encoder=measured)
    reused = record.get("tokens_reused", SPLITS)  # where it is not said, they may have been
    passed = [
        _rate(counts[name], stages.get(f"tokens_of_{name}")) for name in ("validation", "test") if name not in reused
    ]
    known = [rate for rate in passed if rate is not None]
    return replace(found, tokens=trained, measuring=measured, encoder=min(known) if known else None)


def _rate(images: int, seconds: float | None) -> float | None:
    return images / seconds if images and seconds else None
