"""Training runs over HTTP."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from backend.core.schemas import Create, HexId, Read, Timestamp
from backend.datasets.schemas import DatasetName
from backend.jobs.schemas import JobRead

MOST_EPOCHS = 1000
MOST_IMAGES = 1_000_000
ModelName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Count = Annotated[int, Field(ge=64, le=MOST_IMAGES)]


class TrainingMode(StrEnum):
    """``quick``: what stands behind the encoder's tokens, on tokens that are computed once; needs a parent.
    ``full``: everything, as the parent was trained; without a parent, from the encoder's own weights."""

    QUICK = "quick"
    FULL = "full"


class DrawnImages(Create):
    """How many images of a procedural data set."""

    train: Count
    validation: Count
    test: Count


class TrainingSettingsCreate(Create):
    """How to train. What is left out follows the parent's training, or the defaults."""

    mode: TrainingMode = TrainingMode.QUICK
    epochs: Annotated[int, Field(ge=1, le=MOST_EPOCHS)] | None = Field(
        None, description="Passes over the training images. Default: 12 (quick), or the parent's."
    )
    patience: Annotated[int, Field(ge=1, le=MOST_EPOCHS)] | None = Field(
        None, description="Stop after so many epochs without a better validation BMAC, and keep the best one's weights."
    )
    learning_rate: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] | None = Field(
        None, description="Peak. Default: 0.001 (quick), or the parent's."
    )
    images: DrawnImages | None = Field(
        None, description="Of a procedural data set. Default: the parent's, in quick mode at most 2,000 for training."
    )
    include_labels: bool = Field(
        False, description="Corrected labels of reviewed cases with these concepts join the training images."
    )
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0


class TrainingRunCreate(Create):
    """A training run to queue."""

    dataset_id: DatasetName
    test_dataset_id: DatasetName | None = Field(
        None, description="Another import whose images are the test split; it must have the same classes."
    )
    concept_set_id: HexId
    concept_set_revision_id: HexId | None = Field(None, description="Default: its newest revision.")
    parent_model_version_id: HexId | None = Field(None, description="To start from its weights.")
    name: ModelName | None = Field(None, description="Of the new model version. Default: made from parent or data.")
    settings: TrainingSettingsCreate = TrainingSettingsCreate()


class TrainingSettings(Read):
    """How a run trains, as it was asked for; null: the parent's, or the default."""

    mode: TrainingMode
    epochs: int | None
    patience: int | None
    learning_rate: float | None
    images: DrawnImages | None
    include_labels: bool
    seed: int


class StageEstimate(Read):
    """One part of the time."""

    stage: str
    seconds: float


class TrainingEstimate(Read):
    """How long a run would take, on the machine that trains."""

    seconds: float
    low: float = Field(description="Rather not less than this.")
    high: float = Field(description="Rather not more than this.")
    stages: list[StageEstimate]
    basis: str = Field(
        description="In words, what the estimate rests on: earlier runs here, or figures of the project."
    )
    measured_here: bool
    waiting: int = Field(description="Training runs that would come first.")
    images: DrawnImages | None = Field(description="That would be trained, validated and tested on; null: not known.")
    labelled_cases: int = Field(description="Reviewed cases whose labels could be included.")
    changes: list[str] = Field(description="What the edit means for the parent's weights, in words.")
    problems: list[str] = Field(description="Why it cannot be started as it is, each with what to do. Empty: it can.")


class SplitFigures(Read):
    """Figures of one split; null where not known."""

    images: int | None
    class_accuracy: float | None
    class_bmac: float | None
    concept_bmac: float | None


class EpochRead(Read):
    """One epoch."""

    epoch: int = Field(description="From 1.")
    epochs: int = Field(description="How many there are to be.")
    best: bool = Field(description="Whether its weights are the ones that were kept; false until the run has ended.")
    learning_rate: float | None
    seconds: float | None = Field(description="Null where it was not recorded, as of older models.")
    images_per_second: float | None
    losses: dict[str, float] = Field(description="Training: `total` and its parts, weighted as they are summed.")
    validation_losses: dict[str, float]
    train: SplitFigures
    validation: SplitFigures
    rank_train: float | None = Field(description="Effective rank of the tokens, mean over a sample.")
    rank_validation: float | None


class LogLine(Read):
    """A line of what happened."""

    sequence: int
    at: Timestamp
    text: str


class TrainedFrom(Read):
    """A model version by name."""

    id: str
    name: str


class TrainingConcepts(Read):
    """Which concepts are trained."""

    id: str
    name: str
    title: str
    revision_id: str
    number: int
    digest: str


class TrainingRunRead(JobRead):
    """A training run in a list."""

    name: str = Field(description="Of the model version that it makes.")
    dataset_id: str
    test_dataset_id: str | None
    concept_set: TrainingConcepts
    parent: TrainedFrom | None
    settings: TrainingSettings
    model: TrainedFrom | None = Field(description="What it has made.")
    epochs_done: int
    epochs_planned: int | None = Field(description="Null before the first epoch has ended.")
    validation: SplitFigures | None = Field(description="Of the latest epoch; once succeeded, of the kept weights.")


class ParentFigures(Read):
    """What there is to beat."""

    model: TrainedFrom
    validation: SplitFigures | None
    test: SplitFigures | None
    same_data: bool = Field(
        description="Whether its figures are of the same data set, so that they can be held against."
    )
    epochs: list[EpochRead] = Field(description="Of the parent's own training; empty where not recorded.")


class TrainingRunDetail(TrainingRunRead):
    """A training run with all that is known of it."""

    changes: list[str] = Field(description="What the edit means for the parent's weights, in words.")
    epochs: list[EpochRead]
    log: list[LogLine] = Field(description="The latest 500 lines, oldest first.")
    last_sequence: int = Field(description="Of the latest event in here: go on after it, with `?after=`.")
    parent_figures: ParentFigures | None
    test: SplitFigures | None = Field(description="Once succeeded.")
    lineage: dict[str, Any] | None = Field(description="Once succeeded: data, concepts, parent, settings, seed, code.")


class TrainingRunList(Read):
    """Newest first."""

    items: list[TrainingRunRead]
    total: int
