"""Comparisons over HTTP. What the figures mean, ``models.compare.result`` says."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from backend.core.schemas import Create, HexId, Read
from backend.datasets.schemas import DatasetName
from backend.jobs.schemas import JobRead
from models.compare.result import Comparison, Kind


class ComparedSplit(StrEnum):
    """Which images; ``all``: training, validation and test images."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"
    ALL = "all"


class ComparisonCreate(Create):
    """A comparison to queue."""

    a: HexId = Field(description="The one that the other is held to, such as the active one.")
    b: HexId
    dataset_id: DatasetName
    split: ComparedSplit = ComparedSplit.TEST
    drawn: Annotated[int, Field(ge=64, le=10_000)] = Field(500, description="Images of a procedural data set.")
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0


class ComparedModel(Read):
    """One of the two."""

    id: str
    name: str
    active: bool


class ComparisonRead(JobRead):
    """A comparison in a list."""

    a: ComparedModel
    b: ComparedModel
    dataset_id: str
    split: ComparedSplit
    drawn: int
    seed: int
    summary: str | None = Field(description="One sentence on balanced accuracy. Null until it has succeeded.")


class ComparisonList(Read):
    """Newest first, at most 100."""

    items: list[ComparisonRead]


class ChangedContribution(Read):
    """What an option added to the logit of the class that was predicted."""

    option_id: str
    group_key: str
    text: str
    score: float
    contribution: float


class ChangedSide(Read):
    """What one of the models says of an image."""

    predicted: str = Field(description="Key of the class.")
    probabilities: dict[str, float]
    contributions: list[ChangedContribution] = Field(description="The largest, at most 5.")
    shown_option: str | None = Field(description="Whose Grad-CAM the picture shows.")


class ChangedImage(Read):
    """An image that the two say different classes of, with both explanations."""

    key: str
    kind: Kind
    truth: str | None
    path: str = Field(description="JPEG, below /api/v1: the image, A's Grad-CAM, B's Grad-CAM, side by side.")
    tile_size: int
    a: ChangedSide
    b: ChangedSide


class RankEpoch(Read):
    """Effective rank at the end of an epoch."""

    epoch: int
    train: float | None
    validation: float | None


class ComparisonResult(Read):
    """Everything."""

    comparison: Comparison
    changed: list[ChangedImage] = Field(description="At most 48: broken ones first, then fixed ones.")
    ranks_a: list[RankEpoch]
    ranks_b: list[RankEpoch]


class ComparisonDetail(ComparisonRead):
    """A comparison with its result, once it has succeeded."""

    result: ComparisonResult | None
