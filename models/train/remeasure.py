"""Adds to a checkpoint's statistics what was not measured yet when it was trained; all else stays as it is.

Shapes: O options, C classes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from models.checkpoint import Checkpoint, load_network, read_checkpoint
from models.intervene.scoring import score_images
from models.statistics import ValidationStatistics, option_means, score_statistics
from models.train.data import InputShape, dataset_origin, load_split
from models.train.settings import Data, ImportedData, ProceduralData

# Between two machines, or two versions of torch, scores of some units differ in the fifth digit.
TOLERANCE = 0.01
FIELD = "option_means"
_DATA: TypeAdapter[Data] = TypeAdapter(Data)
Staged = Callable[[str, int, int], None]


class RemeasureError(ValueError):
    """The images are not those that the checkpoint was validated on; nothing was written."""


@dataclass(frozen=True)
class Remeasured:
    """What was measured again.

    Attributes:
        images: N validation images.
        option_means: (O,) rows, as ``ValidationStatistics.option_means``.
        differences: largest difference, in units of the score, between what is stored and what the images give now;
            for ``class_means``, ``means``, ``deviations`` and ``ranges``. The evidence that they are the same images.
    """

    images: int
    option_means: list[list[float] | None]
    differences: dict[str, float]


def remeasure(
    folder: Path, dataset: Path | None = None, tolerance: float = TOLERANCE, progress: Staged | None = None
) -> Remeasured:
    """Runs a checkpoint over its validation images again.

    Args:
        folder: of the checkpoint.
        dataset: the import that it was trained on, where that lies elsewhere now than its settings say.
        tolerance: how far stored and measured statistics may differ, in units of the score.
        progress: called with the stage ("Preparing", "Scoring"), and how many of how many images are done.

    Returns:
        The means per option, and how far the other statistics agree.

    Raises:
        CheckpointError: if the folder holds no usable checkpoint.
        DataError: if the data set cannot be read.
        RemeasureError: if the images are not those that the statistics were measured on.
    """
    checkpoint = read_checkpoint(folder)
    data = _data_of(checkpoint, dataset)
    network = load_network(checkpoint)
    config = checkpoint.config
    shape = InputShape(network.image_size, config.preprocessing.resize_mode, config.grid[0])
    tell = progress or (lambda _stage, _done, _total: None)
    split = load_split(data, "validation", checkpoint.concept_set, shape, partial(tell, "Preparing"))
    if len(split) != checkpoint.statistics.images:
        raise RemeasureError(
            f"{folder} was validated on {checkpoint.statistics.images} images; the data set's split has {len(split)}"
        )
    scores = score_images(network, split.images, config.preprocessing, progress=partial(tell, "Scoring")).scores
    found = score_statistics(scores, split.classes, len(checkpoint.concept_set.classes))
    differences = _differences(checkpoint.statistics, found)
    worst = max(differences, key=differences.__getitem__)
    if not differences[worst] <= tolerance:
        raise RemeasureError(
            f"these are not the images that {folder} was validated on: its {worst} differ by up to "
            f"{differences[worst]:.3g} from what they give now (at most {tolerance:g} is allowed)"
        )
    return Remeasured(len(split), option_means(scores, split.options, checkpoint.concept_set.group_slices), differences)


def write_option_means(folder: Path, means: list[list[float] | None]) -> None:
    """Puts the means into ``statistics.json``, in one step; every other number stays as it is written.

    Raises:
        ValueError: if they do not fit the other statistics.
    """
    path = folder / "statistics.json"
    stored: dict[str, Any] = json.loads(path.read_text("utf-8"))
    stored.pop(FIELD, None)
    changed: dict[str, Any] = {}
    for key, value in stored.items():  # in the order of the fields, as a training writes them
        changed[key] = value
        if key == "means":
            changed[FIELD] = means
    ValidationStatistics.model_validate(changed)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(json.dumps(changed, indent=1, ensure_ascii=False, allow_nan=False) + "\n", "utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _data_of(checkpoint: Checkpoint, dataset: Path | None) -> ProceduralData | ImportedData:
    """What the checkpoint was trained on, by its metrics, and the same import as then."""
    training = checkpoint.metrics.get("training", {})
    try:
        data = _DATA.validate_python(training["settings"]["data"])
    except (KeyError, TypeError, ValidationError) as error:
        raise RemeasureError(f"{checkpoint.folder}/metrics.json does not say what it was trained on") from error
    if isinstance(data, ProceduralData):
        if dataset is not None:
            raise RemeasureError(f"{checkpoint.folder} was trained on {data.name}, which is drawn; name no data set")
        return data.model_copy(update={"cache": None})
    if dataset is not None:
        data = data.model_copy(update={"folder": dataset})
    then, now = (training.get("origin") or {}).get("digest"), (dataset_origin(data) or {}).get("digest")
    if then is not None and then != now:
        raise RemeasureError(
            f"{data.folder} has other images or labels than the import that {checkpoint.folder} was trained on "
            f"(digest {now}, then {then})"
        )
    return data


def _differences(stored: ValidationStatistics, found: dict[str, object]) -> dict[str, float]:
    return {
        key: float(np.abs(_flat(getattr(stored, key)) - _flat(value)).max())
        if _flat(getattr(stored, key)).shape == _flat(value).shape
        else float("inf")
        for key, value in found.items()
    }


def _flat(rows: Any) -> NDArray[np.float64]:
    """All numbers in a row; a class without images has none, which shows in the length."""
    return np.concatenate([np.atleast_1d(np.asarray(row, np.float64)) for row in rows if row is not None])
