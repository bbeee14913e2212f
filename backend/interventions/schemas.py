"""Interventions over HTTP.

Shapes: K concept groups, O options, C classes; rows x columns of the patch grid.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from backend.auth.schemas import PersonRef
from backend.core.schemas import LINE, PARAGRAPHS, Create, Read, Timestamp
from backend.model_registry.schemas import ClassRead
from backend.predictions.schemas import ModelSummary
from models.intervene.regions import Keep

# Far beyond every score; larger ones would end in numbers that are none.
LARGEST_SCORE = 1e6
MOST_EDITS = 500
MOST_PATCHES = 10_000

Key = Annotated[str, StringConstraints(min_length=1, max_length=140), *LINE]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), *PARAGRAPHS]
Patch = Annotated[int, Field(ge=0, lt=2**31)]


class EditOperation(StrEnum):
    """``set``: one option's score becomes ``value``. ``option``: it becomes the present one of its group.
    ``class_mean``: the group's scores become their average over validation images of ``reference_class``. ``mean``:
    over all of them ("unknown"). ``region``: only some patches feed the group ``group_key``."""

    SET = "set"
    OPTION = "option"
    CLASS_MEAN = "class_mean"
    MEAN = "mean"
    REGION = "region"


class EditCreate(Create):
    """One edit. Regions act first, then the other edits one after the other."""

    operation: EditOperation
    option_id: Key | None = Field(None, description="`group.option`; for `class_mean` and `mean` any of the group.")
    value: Annotated[float, Field(ge=-LARGEST_SCORE, le=LARGEST_SCORE, allow_inf_nan=False)] | None = Field(
        None, description="With `set`: the score."
    )
    reference_class: Key | None = Field(None, description="With `class_mean`: key of the class.")
    group_key: Key | None = Field(None, description="With `region`.")
    keep: Keep | None = Field(None, description="With `region`: whether the patches, or all others, feed the group.")
    patches: list[Patch] | None = Field(
        None, max_length=MOST_PATCHES, description="With `region`: row-major indices into the grid, from 0."
    )


class EditRead(Read):
    """One edit, with every field; null where it has no meaning."""

    operation: EditOperation
    option_id: str | None
    value: float | None
    reference_class: str | None
    group_key: str | None
    keep: Keep | None
    patches: list[int] | None


class InterventionPreviewCreate(Create):
    """What to try."""

    edits: list[EditCreate] = Field(max_length=MOST_EDITS)


class InterventionCreate(InterventionPreviewCreate):
    """What to keep."""

    note: Note = ""


class ClassOutcome(Read):
    """A class before or after the edits."""

    class_key: str
    class_name: str
    logit: float
    probability: float


class OptionOutcome(Read):
    """An option before and after. ``contributions``: weight times score after the edits, by class key."""

    id: str
    text: str
    before: float = Field(description="Score as predicted.")
    after_region: float = Field(description="Score after the region edits alone.")
    after: float = Field(description="Score after all edits.")
    contributions: dict[str, float]


class GroupOutcome(Read):
    """A group before and after."""

    key: str
    name: str
    region: bool = Field(description="Whether a region edit changed what feeds it.")
    attention: float | None = Field(
        description="With a region: the share (0 to 1) of the group's attention on the patches that were kept."
    )
    options: list[OptionOutcome]


class InterventionOutcome(Read):
    """The recomputed diagnosis. Without edits it is the prediction, exactly. Not for diagnosis."""

    baseline: list[ClassOutcome]
    intervened: list[ClassOutcome]
    baseline_class: str = Field(description="Key of the class predicted before.")
    predicted_class: str = Field(description="Key of the class predicted after.")
    changed: bool = Field(description="Whether they differ.")
    groups: list[GroupOutcome]


class InterventionPreview(InterventionOutcome):
    """Edits tried on a prediction; nothing is kept."""

    prediction_id: str
    case_id: str
    edits: list[EditRead]


class InterventionRead(InterventionPreview):
    """Edits on a prediction, kept with what followed. Never changes."""

    id: str
    model: ModelSummary
    note: str
    created_by: PersonRef | None
    created_at: Timestamp


class InterventionList(Read):
    """Newest first, at most 200."""

    items: list[InterventionRead]


class CounterfactualCreate(Create):
    """Which class should be predicted."""

    wanted_class: Key
    edits: list[EditCreate] = Field([], max_length=MOST_EDITS, description="Start from here.")
    limit: Annotated[int, Field(ge=1, le=20)] = 5


class CounterfactualRead(Read):
    """A set of option changes after which the wanted class is predicted."""

    edits: list[EditRead] = Field(description="One `option` edit for each group that changes.")
    predicted_class: str
    probability: float = Field(description="Of the wanted class.")
    margin: float = Field(description="Its logit above the next one.")
    exact: bool = Field(description="Whether no smaller set exists; false: found greedily.")


class CounterfactualList(Read):
    """The smallest sets, the clearest first. Realistic changes only: one option a group, as validation has it."""

    wanted_class: str
    reachable: bool = Field(description="Whether a set was found. Greedy search may miss one.")
    already_predicted: bool
    exact_groups: int = Field(description="Up to so many groups every set was tried.")
    results: list[CounterfactualRead]


class CheckRead(Read):
    """What looking at a group would be expected to change, under the model's own uncertainty."""

    group_key: str
    expected_change: float = Field(description="Of the class probabilities (total variation distance), 0 to 1.")
    flip_probability: float = Field(description="That another class is then predicted, 0 to 1.")


class CheckList(Read):
    """The most telling first. Where a model is sure and mistaken, checking looks useless and is not."""

    items: list[CheckRead]


class HeadOption(Read):
    """One option."""

    id: str
    text: str


class HeadGroup(Read):
    """One group."""

    key: str
    name: str
    localizable: bool
    options: list[HeadOption]


class ModelHead(Read):
    """All that recomputing a decision needs: `logits = weight · scores + bias`."""

    model_version_id: str
    supports_regions: bool = Field(description="Whether the model's concepts come from patches.")
    validation_images: int
    classes: list[ClassRead]
    groups: list[HeadGroup]
    weight: list[list[float]] = Field(description="(C, O)")
    bias: list[float] = Field(description="(C,)")
    means: list[float] = Field(description="(O,) mean score over the validation images.")
    class_means: dict[str, list[float] | None] = Field(
        description="Per class (O,) mean score over its validation images; null where there are none."
    )
    option_means: dict[str, list[float] | None] = Field(
        description="Per option the mean scores of its group where it is the true one; null where not measured."
    )
    ranges: list[tuple[float, float]] = Field(description="(O, 2) 1st and 99th percentile over the validation images.")
