"""What is found of a model's calibration."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from models.experiments.spread import Estimate

FIGURES = ("accuracy", "ece", "ece_mass", "nll", "brier", "gap")


@dataclass(frozen=True)
class Bin:
    """Images whose confidence lies in (low, high].

    Attributes:
        low: lower edge.
        high: upper edge.
        n: images.
        confidence: mean of them.
        accuracy: share that is right.
        accuracy_low: lower end of Wilson's 95 % interval.
        accuracy_high: upper end.
    """

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float
    accuracy_low: float
    accuracy_high: float


@dataclass(frozen=True)
class Chance:
    """ECE of a perfectly calibrated model with these confidences on as many images.

    Attributes:
        mean: over the draws.
        high: 95 % of the draws are below.
        p: share of draws (with the model itself among them) whose ECE is at least the model's.
    """

    mean: float
    high: float
    p: float


@dataclass(frozen=True)
class State:
    """The probabilities with one temperature.

    Attributes:
        figures: by name in ``FIGURES``; "gap" is mean confidence minus accuracy, above 0 for a model too sure.
        chance: for the ECE.
        bins: those with images, of the reliability diagram.
    """

    figures: dict[str, Estimate]
    chance: Chance
    bins: tuple[Bin, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "figures": {name: found.to_json() for name, found in self.figures.items()},
            "ece_by_chance": asdict(self.chance),
            "bins": [asdict(one) for one in self.bins],
        }


@dataclass(frozen=True)
class Calibrated:
    """One decision before and after.

    Attributes:
        temperature: fitted, with its interval over the images fitted on.
        limited: whether it stands at the edge of the range looked at.
        before: with T = 1.
        after: with T fitted; intervals hold its uncertainty too, for it is fitted anew in every resample.
        change: after minus before, by figure, paired by image.
    """

    temperature: Estimate
    limited: bool
    before: State
    after: State
    change: dict[str, Estimate]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "temperature": self.temperature.to_json(),
            "temperature_at_limit": self.limited,
            "before": self.before.to_json(),
            "after": self.after.to_json(),
            "change": {name: found.to_json() for name, found in self.change.items()},
        }


@dataclass(frozen=True)
class CalibrationResult:
    """Of one model.

    Attributes:
        decision: of the class; None where no class is known in one of the two sets of images.
        groups: of the option of each group, by its key; None where no option is known in one of the two.
        by_class: keys of groups whose labels on the tested images are those of the class table, for all of them.
    """

    decision: Calibrated | None
    groups: dict[str, Calibrated | None]
    by_class: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "decision": None if self.decision is None else self.decision.to_json(),
            "groups": {key: None if one is None else one.to_json() for key, one in self.groups.items()},
            "labels_from_class_table": list(self.by_class),
        }
