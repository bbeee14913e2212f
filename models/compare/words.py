"""What a comparison says in plain sentences, and no more than it can.

Shapes: C classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from models.compare.intervals import ROUNDING, Bounds
from models.compare.result import DataReport, Verdict

ROUGH_ECE = 1000  # images, below which the noise of the bins shows in ECE
FEW = 20  # images of a class, below which its figures are rough
FEWEST_DIFFERING = 6  # units: a sign test of five cannot reach 5 %
FEW_UNITS = 30  # units, below which a bootstrap interval is too narrow
NAMES = MappingProxyType(
    {
        "accuracy": "Accuracy",
        "bmac": "Balanced accuracy (BMAC)",
        "auroc": "AUROC, one class against the rest, mean",
        "brier": "Brier score",
        "nll": "Negative log likelihood",
        "ece": "ECE, 15 bins of equal width",
        "ece_mass": "ECE, 15 bins of equal mass",
        "concept_bmac": "Concept BMAC, mean over shared groups",
        "sensitivity": "Sensitivity",
        "specificity": "Specificity",
        "ppv": "Positive predictive value",
    }
)
LOWER_IS_BETTER = frozenset({"brier", "nll", "ece", "ece_mass"})


def judge(key: str, bounds: Bounds | None, p_value: float | None, differing: int) -> Verdict:
    """What the data say of B.

    An interval that touches 0 decides nothing. Neither does one that rests on a handful of images: where four differ,
    all in favour of B, 98 % of the resamples favour B too; but of equal models that differ on four images, one pair in
    eight does so all one way. The permutation test knows, and where there is none, the number of units that differ.

    Args:
        key: of the figure, without class or group.
        bounds: of B − A.
        p_value: of the permutation test.
        differing: units that the two say something different of.
    """
    if bounds is None:
        return "unknown"
    if abs(bounds.low) <= ROUNDING and abs(bounds.high) <= ROUNDING:
        return "same"
    unsure = differing < FEWEST_DIFFERING if p_value is None else p_value >= 0.05
    if not unsure and (bounds.low > ROUNDING or bounds.high < -ROUNDING):
        return "better" if (bounds.low > 0) != (key in LOWER_IS_BETTER) else "worse"
    return "undecided"


def sentence(verdict: Verdict, difference: float | None, bounds: Bounds | None) -> str:
    """The verdict in words, with the difference and its interval."""
    if verdict == "unknown" or difference is None or bounds is None:
        return "The data say nothing about it."
    if verdict == "same":
        return "There is no difference on these images."
    if verdict == "undecided":
        few = ", but that rests on few images" if bounds.low > ROUNDING or bounds.high < -ROUNDING else ""
        return (
            "The data do not tell them apart: B − A is "
            f"{_signed(difference)} ({_signed(bounds.low)} to {_signed(bounds.high)}){few}."
        )
    ends = sorted((abs(bounds.low), abs(bounds.high)))
    return f"B is {verdict} by {abs(difference):.3f} ({ends[0]:.3f} to {ends[1]:.3f})."


def summarise(verdict: Verdict, difference: float | None, bounds: Bounds | None, data: DataReport) -> str:
    """One sentence on balanced accuracy, with how many images it rests on."""
    said = sentence(verdict, difference, bounds)
    if verdict == "unknown":
        return (
            f"Balanced accuracy: the class is known of {data.known} of {data.images} images, too few to say anything."
        )
    return f"Balanced accuracy on {data.known} images, 95 % interval: {said}"


def cautions(data: DataReport, support: Sequence[tuple[str, int]], from_class: bool, compared: int) -> tuple[str, ...]:
    """What the figures do not say.

    Args:
        data: the images.
        support: each class with its number of images.
        from_class: whether the truth of the concepts follows from the class.
        compared: how many figures have an interval.
    """
    said = [
        "The intervals are about the choice of images. Another training of the same model may differ by more.",
        f"{compared} figures are compared, each at 95 %; expect about one in twenty to exclude 0 by chance.",
    ]
    if data.split != "test":
        said.append(
            f"The split is {data.split}: models learn from the training and are chosen by the validation images."
        )
    few = [f"{key} ({count})" for key, count in support if 0 < count < FEW]
    if few:
        said.append(f"Classes with few images, whose figures are rough: {', '.join(few)}.")
    absent = [key for key, count in support if count == 0]
    if data.known and absent:
        said.append(f"Classes without an image, which no figure says anything of: {', '.join(absent)}.")
    if 0 < data.known < data.images:
        said.append(
            f"{data.images - data.known} of {data.images} images have no known class and count for concepts only."
        )
    if data.units < data.images:
        said.append(
            f"{data.images} images are {data.units} patients, lesions or groups of near-duplicates. The bootstrap and "
            "the permutation test keep these together; McNemar's test and Wilson's intervals do not."
        )
    if data.known < ROUGH_ECE:
        said.append("ECE is too large on few images, in resamples more so; Brier score and likelihood are not.")
    if data.units < FEW_UNITS:
        said.append(f"{data.units} independent units are few for a bootstrap: the intervals are too narrow.")
    if from_class:
        said.append("No image has concept labels of its own: the concepts' truth follows from the class.")
    if data.synthetic:
        said.append("The images are drawings; nothing here is about patients.")
    return tuple(said)


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")
