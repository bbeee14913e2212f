"""Evidence over HTTP. What the figures mean, ``models.experiments.evidence.schema`` says."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from backend.core.schemas import Create, Read
from backend.datasets.schemas import DatasetName
from backend.jobs.schemas import JobRead
from models.experiments.evidence.schema import Evidence


class MeasuredSplit(StrEnum):
    """Which images. ``all``: for a data set that the model has learnt nothing from."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"
    ALL = "all"


class EvidenceRead(Evidence):
    """What is known of a version: what was measured here last, else what came with it."""

    is_of_these_weights: bool = Field(
        description="False: these figures are of other weights and say nothing about this version."
    )
    measured_here: bool = Field(description="False: the figures came with the model.")


class EvidenceCreate(Create):
    """A measurement to queue."""

    dataset_id: DatasetName
    split: MeasuredSplit = MeasuredSplit.TEST
    drawn: Annotated[int, Field(ge=64, le=5000)] = Field(
        500, description="Images of each split of a procedural data set."
    )
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0


class MeasurementRead(JobRead):
    """A measurement, whatever has become of it."""

    model_version_id: str
    dataset_id: str
    split: MeasuredSplit
    drawn: int
    seed: int
    images: int | None = Field(description="Null until it has succeeded.")


class MeasurementList(Read):
    """Newest first, at most 100."""

    items: list[MeasurementRead]
