"""Batches over HTTP."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from backend.auth.schemas import PersonRef
from backend.core.schemas import Create, HexId, Read, Timestamp
from backend.datasets.schemas import DatasetName
from backend.interventions.schemas import MOST_EDITS, EditCreate, EditRead, Key

MOST_IMAGES = 1_000_000


class BatchSplit(StrEnum):
    """Which images of the data set; ``all``: training, validation and test images."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"
    ALL = "all"


class BatchStatus(StrEnum):
    """``queued`` waits for its turn; the last three are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class BatchFormat(StrEnum):
    """A row per image."""

    CSV = "csv"
    JSON = "json"


class BatchSettings(Create):
    """What is tried, on which images."""

    split: BatchSplit = BatchSplit.TEST
    edits: list[EditCreate] = Field(min_length=1, max_length=MOST_EDITS, description="One after the other. No regions.")
    predicted_class: Key | None = Field(None, description="Only images that are predicted as this class.")
    minimum_probability: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = Field(
        None, description="That the predicted class has at least."
    )
    limit: Annotated[int, Field(ge=1, le=MOST_IMAGES)] | None = Field(
        None, description="At most so many images, drawn at random from those that pass."
    )
    seed: Annotated[int, Field(ge=0, lt=2**31)] = Field(0, description="Of that draw and of the bootstrap.")


class BatchCreate(BatchSettings):
    """A batch to run. Of a procedural data set, 500 images of each split are drawn."""

    dataset_id: DatasetName
    model_version_id: HexId


class BatchProgress(Read):
    """How far it is; ``total`` is 0 while the images are being prepared."""

    done: int
    total: int


class BatchClassRead(Read):
    """How the probability of a class changed, over the images."""

    key: str
    name: str
    mean_before: float
    mean_after: float
    drop: float = Field(description="`mean_before - mean_after`; negative where the class gained.")
    low: float = Field(description="Lower end of the 95 % percentile bootstrap interval of the drop, over images.")
    high: float = Field(description="Its upper end.")


class BatchResult(Read):
    """What the edits did."""

    images: int
    flipped: int = Field(description="Images of which another class is predicted after the edits.")
    accuracy_before: float | None = Field(description="Of the images whose class the model knows; null: none.")
    accuracy_after: float | None
    classes: list[BatchClassRead]


class BatchRead(Read):
    """One list of edits over a data set. Research use only: not for diagnosis."""

    id: str
    status: BatchStatus
    error: str | None
    progress: BatchProgress | None = Field(description="Null unless it runs.")
    dataset_id: str
    model_version_id: str
    split: BatchSplit
    edits: list[EditRead]
    predicted_class: str | None
    minimum_probability: float | None
    limit: int | None
    seed: int
    created_at: Timestamp
    created_by: PersonRef | None
    finished_at: Timestamp | None
    result: BatchResult | None


class BatchList(Read):
    """Newest first, at most 200."""

    items: list[BatchRead]
