"""What the process of a training run is given: everything it needs, as JSON values, so that it needs no database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from backend.training_runs.schemas import TrainingMode

# In the job's folder.
MODEL, CONCEPT_SET, LABELS, LABEL_FOLDER, RESULT = "model", "concept_set.yaml", "labels.json", "labels", "result.json"
# What the training makes of labelled images; and where the model was moved to.
LABEL_WORK, PLACE = "label-files", "model.place"


class Counts(BaseModel):
    """Images of each split; of an import those it has, of a procedural set those to draw."""

    model_config = ConfigDict(frozen=True)
    train: int
    validation: int
    test: int


class Order(BaseModel):
    """A training run, looked up and ready to begin.

    Attributes:
        name: of the model to make.
        mode: as asked for.
        work: folder of the job; the model is made in ``model`` in it.
        data: as ``models.train.settings.Data`` has it.
        counts: images of each split.
        most_images: training images that quick mode takes at most.
        concept_set: YAML file of the revision.
        concepts: what the concept set is called in records, with the number of its revision.
        parent: checkpoint folder to start from; None for the encoder's own weights.
        labels: file with the labels of people to include, as ``label_exports.fitting`` writes it.
        storage: folder that holds the images of those labels.
        cache: folder for drawn images and tokens.
        device: such as ``cpu`` or ``cuda:0``.
        epochs: as asked for; None for the default.
        patience: as asked for.
        learning_rate: as asked for; None for the default.
        seed: as asked for.
        lineage: what is known of data, concepts and parent beside what the training records itself.
        told: numbers of the epochs whose figures the server has already.
    """

    model_config = ConfigDict(frozen=True)
    name: str
    mode: TrainingMode
    work: Path
    data: dict[str, Any]
    counts: Counts
    most_images: int | None
    concept_set: Path
    concepts: str
    parent: Path | None
    labels: Path | None
    storage: Path
    cache: Path
    device: str
    epochs: int | None
    patience: int | None
    learning_rate: float | None
    seed: int
    lineage: dict[str, Any]
    told: tuple[int, ...] = ()

    @property
    def out(self) -> Path:
        """Where the model is made."""
        return self.work / MODEL

    @property
    def result(self) -> Path:
        """Says that the model is there as a whole, and what it is."""
        return self.work / RESULT


class Made(BaseModel):
    """What a finished training leaves beside its model."""

    model_config = ConfigDict(frozen=True)
    weights_digest: str
    name: str
    dataset: str
    synthetic: bool


def place_of(work: Path) -> Path | None:
    """Where the model was to be moved to, if that has begun."""
    marker = work / PLACE
    return Path(marker.read_text("utf-8")) if marker.is_file() else None


def is_made(work: Path) -> bool:
    """Whether the training has ended and its model is there as a whole, so that only registering is left to do."""
    place = place_of(work)
    folders = [work / MODEL, *([] if place is None else [place])]
    return (work / RESULT).is_file() and any((folder / "config.json").is_file() for folder in folders)
