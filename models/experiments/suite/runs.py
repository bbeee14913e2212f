"""One training of a suite, and what its model says of the test images. Finished ones are not run again.

Shapes: N test images, G groups with known options, E epochs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from models.checkpoint import Checkpoint, CheckpointError, load_network, read_checkpoint
from models.data.records import SPLITS, SplitName
from models.experiments.images import ExperimentImages, read_images
from models.experiments.surroundings import ExperimentCancelled, ExperimentError, Surroundings
from models.intervene.scoring import score_images
from models.train.config import ImportedData, TrainConfig
from models.train.data import InputShape
from models.train.engine import EpochReport, TrainingCancelled
from models.train.run import Running, train

_ANSWERS = "test.npz"
_COMMAND = "models.experiments"  # where somebody calls it without a command


@dataclass(frozen=True, eq=False)
class Run:
    """A finished training.

    Attributes:
        variant: that was trained.
        seed: with which.
        checkpoint: what came out.
        logits: (N, C) float32 of the test images.
        scores: (N, O) float32 of the test images.
    """

    variant: str
    seed: int
    checkpoint: Checkpoint
    logits: NDArray[np.float32]
    scores: NDArray[np.float32]

    @property
    def epochs(self) -> list[EpochReport]:
        """Reports of the epochs."""
        reports: list[EpochReport] = self.checkpoint.metrics["epochs"]
        return reports

    @property
    def minutes(self) -> float:
        """That the training took."""
        return float(self.checkpoint.metrics["training"]["minutes"])

    def rank(self, split: str) -> list[float | None]:
        """(E,) effective rank of the patch tokens after each epoch."""
        return [report.get("rank", {}).get(split) for report in self.epochs]


class TestImages:
    """The test images of a suite's trainings, read or drawn once."""

    __test__ = False  # what tests collect by its name is none of it

    def __init__(self) -> None:
        self._known: dict[str, ExperimentImages] = {}

    def of(self, config: TrainConfig, checkpoint: Checkpoint, around: Surroundings) -> ExperimentImages:
        """Those that a training is tested on, as its encoder takes them."""
        shape = _shape(checkpoint)
        key = f"{config.data.model_dump_json()} {shape} {checkpoint.concept_set.digest()}"
        if key not in self._known:
            self._known[key] = _read(config, checkpoint, shape, partial(around.tell, "Test images"))
        return self._known[key]


def finished(
    config: TrainConfig, folder: Path, label: tuple[str, int], around: Surroundings, tested: TestImages
) -> tuple[Run, ExperimentImages]:
    """Trains unless that is done, and scores the test images unless that is done.

    Args:
        config: of the training.
        folder: for it.
        label: variant and seed.
        around: told of the epochs.
        tested: the test images.

    Returns:
        The run and the test images.

    Raises:
        ExperimentError: if the folder holds a training with other settings.
        ExperimentCancelled: if somebody stopped it; the training's state is kept.
    """
    checkpoint = _known(config, folder)
    if checkpoint is None:
        try:
            checkpoint = train(
                config,
                folder,
                progress=_telling(around, f"Training {label[0]}, seed {label[1]}"),
                cancelled=around.cancelled,
                running=Running(command=around.command or _COMMAND),
                staged=around.tell,
            )
        except TrainingCancelled as error:
            raise ExperimentCancelled from error
    images = tested.of(config, checkpoint, around)
    logits, scores = _answers(checkpoint, images, folder / _ANSWERS, around)
    return Run(*label, checkpoint, logits, scores), images


def _shape(checkpoint: Checkpoint) -> InputShape:
    size = int(checkpoint.config.encoder_config["vision_cfg"]["image_size"])
    return InputShape(size, checkpoint.config.resize_mode, checkpoint.config.grid[0])  # type: ignore[arg-type]


def _read(
    config: TrainConfig, checkpoint: Checkpoint, shape: InputShape, progress: Callable[[int, int], None]
) -> ExperimentImages:
    data = config.data
    own: tuple[SplitName, ...] = ("test",)
    if isinstance(data, ImportedData):
        folder, splits = (data.folder, own) if data.test_folder is None else (data.test_folder, SPLITS)
        return read_images(folder, splits, checkpoint.concept_set, shape, drawn=0, progress=progress)
    return read_images(data.name, own, checkpoint.concept_set, shape, drawn=data.test, progress=progress)


def _known(config: TrainConfig, folder: Path) -> Checkpoint | None:
    """The finished training in the folder; None if there is none."""
    try:
        found = read_checkpoint(folder)
    except CheckpointError:
        return None
    settings: dict[str, Any] = found.metrics["training"]["settings"]
    if settings != config.to_json():
        keys = sorted(key for key, value in config.to_json().items() if settings.get(key) != value)
        raise ExperimentError(
            f"{folder} holds a training with other settings ({', '.join(keys) or 'of another version'}); "
            "give another --out, or remove that folder"
        )
    return found


def _telling(around: Surroundings, stage: str) -> Callable[[EpochReport], None]:
    def told(report: EpochReport) -> None:
        around.tell(stage, int(report["epoch"]), int(report["epochs"]))

    return told


def _answers(
    checkpoint: Checkpoint, images: ExperimentImages, path: Path, around: Surroundings
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Logits and scores of the test images, as kept or computed; of exactly these weights and images."""
    about = f"{checkpoint.weights_digest()} {images.digest()}"
    try:
        with np.load(path, allow_pickle=False) as kept:
            if str(kept["about"]) == about:
                return kept["logits"], kept["scores"]
    except (OSError, KeyError, ValueError, BadZipFile):
        pass
    network = load_network(checkpoint)
    found = score_images(
        network, images.data.images, checkpoint.config.preprocessing, progress=partial(around.tell, "Testing")
    )
    temporary = path.with_suffix(".part")
    with temporary.open("wb") as file:
        np.savez(file, about=np.array(about), logits=found.logits, scores=found.scores)
    temporary.replace(path)
    return found.logits, found.scores
