"""When a concept's reading can be relied on. The verdicts on the questions stand with these; all by ``Rules``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.experiments.evidence.figures import said
from models.experiments.evidence.schema import Reliability
from models.experiments.evidence.settings import Rules
from models.experiments.spread import Estimate

Labels = Literal["image", "class", "none"]


@dataclass(frozen=True)
class Read:
    """How a concept group was read, held against its labels.

    Attributes:
        labels: where these come from.
        follows: whether all images of each class have the same label, so that it only repeats the class.
        accuracy: balanced accuracy of the strongest option.
        occurring: options that occur among the labels; in a group of one option, presence and absence.
    """

    labels: Labels
    follows: bool
    accuracy: Estimate
    occurring: int

    @property
    def chance(self) -> float | None:
        """Balanced accuracy of who always says the same; None without a choice."""
        return 1 / self.occurring if self.occurring > 1 else None


def skill(accuracy: float, chance: float) -> float:
    """How far from chance (0) to always right (1)."""
    return (accuracy - chance) / (1 - chance)


def reliability(read: Read, rules: Rules) -> tuple[Reliability, str]:
    """How reliable a concept is, and why, in one sentence."""
    accuracy, chance = read.accuracy, read.chance
    why = _unverified(read, rules)
    if why is not None or chance is None or accuracy.value is None or accuracy.low is None:
        return Reliability.UNVERIFIED, why or "The labels of these images give no interval for it."
    least = skill(accuracy.low, chance)
    numbers = f"balanced accuracy {said(accuracy)} on {accuracy.n} images, by chance {chance:.2f}"
    if least >= rules.good:
        return Reliability.GOOD, (
            f"Read well: {numbers}; even the lower end is {least:.0%} of the way from chance to always right."
        )
    if least > 0:
        return Reliability.LIMITED, (
            f"Read better than by chance, but not surely well: {numbers}; the lower end is {least:.0%} of the way from "
            "chance to always right."
        )
    return Reliability.POOR, f"Not told apart from chance: {numbers}."


def _unverified(read: Read, rules: Rules) -> str | None:
    accuracy = read.accuracy
    if read.labels == "none" or accuracy.value is None:
        return "No image has a label for it, so whether it is read right is not known."
    agreement = f"agreement {said(accuracy)}, {accuracy.n} images"
    if read.labels == "class":
        return (
            f"Nobody read it in the images: its labels come from a table by class, so that they say how well the class "
            f"is told, not how well the concept is read ({agreement})."
        )
    if accuracy.n < rules.labelled:
        return f"Only {accuracy.n} images are labelled with it; at least {rules.labelled} are needed ({agreement})."
    if read.occurring < 2:
        return f"All {accuracy.n} labelled images have the same label, so there is nothing to tell apart."
    if read.follows:
        return (
            f"In these images its label only repeats the class, so that it says how well the class is told, not how "
            f"well the concept is read ({agreement})."
        )
    return None
