"""What a report is made from, and what all of its forms say.

Shapes: K concept groups, O options, C classes; rows x columns of the patch grid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PIL import Image

from backend.interventions.schemas import ClassOutcome, GroupOutcome, InterventionRead, OptionOutcome
from models.explain.export import NOT_FOR_DIAGNOSIS
from models.explanation import FloatArray, Region

NOTICE = NOT_FOR_DIAGNOSIS


@dataclass(frozen=True)
class CaseFacts:
    """The case, as a report names it. ``width`` and ``height``: of its image, in pixels."""

    pseudonym: str
    sha256: str
    width: int
    height: int
    synthetic: bool


@dataclass(frozen=True, eq=False)
class Pictures:
    """What is drawn.

    Attributes:
        image: RGB, of any size.
        grid: rows and columns of the patch grid.
        region: what the grid covers, in pixels of the case's image.
        gradcam: (O, rows, columns) of the prediction, before any edit.
    """

    image: Image.Image
    grid: tuple[int, int]
    region: Region
    gradcam: FloatArray


@dataclass(frozen=True, eq=False)
class Report:
    """One intervention with what its report shows beside it.

    Attributes:
        intervention: as the contract has it.
        case: whose image it is about.
        bias: of the linear head, by class key.
        contributions: by option id and class key, as predicted.
        pictures: None where the report has no room for pictures (JSON, CSV).
        header_note: where the image's header and the model disagree, in words.
    """

    intervention: InterventionRead
    case: CaseFacts
    bias: Mapping[str, float]
    contributions: Mapping[str, Mapping[str, float]]
    pictures: Pictures | None = None
    header_note: str | None = None

    @property
    def synthetic(self) -> bool:
        """Whether it is about procedural images, or a model that knows no others."""
        return self.case.synthetic or self.intervention.model.synthetic

    def with_pictures(self, pictures: Pictures) -> Report:
        """The same, to be drawn."""
        return replace(self, pictures=pictures)

    def outcome(self, class_key: str) -> tuple[ClassOutcome, ClassOutcome]:
        """A class before and after."""
        found = self.intervention
        pairs = zip(found.baseline, found.intervened, strict=True)
        return next((before, after) for before, after in pairs if before.class_key == class_key)

    def before(self, option: OptionOutcome, class_key: str) -> float:
        """What an option added to a class as predicted."""
        return self.contributions[option.id][class_key]


@dataclass(frozen=True)
class Push:
    """What a group (or the bias) adds to a class's logit, before and after."""

    name: str
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


def pushes(report: Report, class_key: str, most: int) -> list[Push]:
    """The bias and the groups, in their order; what is beyond ``most`` and changed least is put together."""
    groups = [_push(report, group, class_key) for group in report.intervention.groups]
    bias = Push("Bias", report.bias[class_key], report.bias[class_key])
    if len(groups) <= most:
        return [bias, *groups]
    ranked = sorted(range(len(groups)), key=lambda index: (-abs(groups[index].change), index))
    kept = sorted(ranked[: most - 1])
    rest = [group for index, group in enumerate(groups) if index not in kept]
    other = Push(f"{len(rest)} other groups", sum(push.before for push in rest), sum(push.after for push in rest))
    return [bias, *(groups[index] for index in kept), other]


def most_changed(report: Report) -> tuple[int, GroupOutcome, OptionOutcome]:
    """The option whose push for the class predicted now changed most; if none did, the one that pushes most.

    Returns:
        Its column, its group, and itself.
    """
    key = report.intervention.predicted_class
    options = [(group, option) for group in report.intervention.groups for option in group.options]

    def strength(column: int) -> tuple[float, float]:
        option = options[column][1]
        after = option.contributions[key]
        return abs(after - report.before(option, key)), abs(after)

    best = max(range(len(options)), key=strength)
    return best, *options[best]


def _push(report: Report, group: GroupOutcome, class_key: str) -> Push:
    return Push(
        group.name,
        sum(report.before(option, class_key) for option in group.options),
        sum(option.contributions[class_key] for option in group.options),
    )
