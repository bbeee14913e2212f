"""The models of an experiment, each with what it says of the images: one pass, kept for the next run.

Shapes: N images, B batch, L patches on rows x columns, K groups, O options, C classes.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import torch
from numpy.typing import NDArray

from models.cbm.network import IVQCBM
from models.checkpoint import Checkpoint, load_network, read_checkpoint
from models.experiments.images import ExperimentImages, read_images
from models.experiments.settings import AnalysisConfig
from models.experiments.surroundings import ExperimentError, Surroundings
from models.explain.gradcam import gradcam_maps
from models.preprocessing import normalise
from models.train.data import InputShape

_BATCH = 32
_FORMAT = 1  # of what is kept; a pass that gives something else has another number


@dataclass(frozen=True, eq=False)
class Pass:
    """What a network says of images, in evaluation mode and float32.

    Attributes:
        logits: (N, C) float32.
        scores: (N, O) float32.
        index_map: (N, L) int64, nearest code of each patch.
        distances: (N, L) float32, squared distance to it, per channel.
        assignment: (N, L, K) float32 Magnet weights.
        gradcam: (N, O, L) float32, not negative, not scaled.
    """

    logits: NDArray[np.float32]
    scores: NDArray[np.float32]
    index_map: NDArray[np.int64]
    distances: NDArray[np.float32]
    assignment: NDArray[np.float32]
    gradcam: NDArray[np.float32]

    @property
    def predicted(self) -> NDArray[np.int64]:
        """(N,) class of the largest logit."""
        result: NDArray[np.int64] = self.logits.argmax(1)
        return result

    @property
    def side(self) -> int:
        """Rows and columns of the patch grid."""
        patches: int = self.index_map.shape[1]
        return math.isqrt(patches)


@dataclass(frozen=True, eq=False)
class Subject:
    """A model, the images as its encoder takes them, and its pass over them.

    Attributes:
        checkpoint: everything but the weights.
        network: loaded, in evaluation mode.
        images: of the experiment.
        found: of the pass.
    """

    checkpoint: Checkpoint
    network: IVQCBM
    images: ExperimentImages
    found: Pass

    def about(self) -> dict[str, Any]:
        """What identifies the model, JSON-ready."""
        training = self.checkpoint.metrics.get("training", {})
        return {
            "name": self.checkpoint.name,
            "weights_digest": self.checkpoint.weights_digest(),
            "trained_on": self.checkpoint.dataset,
            "synthetic": self.checkpoint.synthetic,
            "seed": training.get("seed"),
        }


def subjects(config: AnalysisConfig, around: Surroundings) -> Iterator[Subject]:
    """The models of the settings one after the other; only one is in memory.

    Raises:
        CheckpointError: a model cannot be read.
        DataError: the images cannot be read.
        ExperimentError: the models are of different concept sets, or the splits are empty.
        ExperimentCancelled: somebody stopped it.
    """
    dataset = around.find_dataset(config.dataset)
    digests: dict[str, str] = {}
    for name in config.models:
        around.check()
        checkpoint = read_checkpoint(around.find_model(name))
        digests[checkpoint.concept_set.digest()] = name
        if len(digests) > 1:
            raise ExperimentError(
                f"models: {' and '.join(digests.values())} have different concept sets; compare them one at a time"
            )
        yield read_subject(checkpoint, dataset, config, around)


def read_subject(
    checkpoint: Checkpoint, dataset: Path | str, config: AnalysisConfig, around: Surroundings, most: int | None = None
) -> Subject:
    """One model over the images of the settings, or over at most so many of them, drawn by chance.

    Errors as ``subjects``.
    """
    network = load_network(checkpoint).eval()
    images = read_images(
        dataset,
        config.splits,
        checkpoint.concept_set,
        InputShape(network.image_size, checkpoint.config.resize_mode, checkpoint.config.grid[0]),  # type: ignore[arg-type]
        drawn=config.drawn,
        progress=partial(around.tell, "Preparing"),
    )
    if most is not None and len(images) > most:
        images = images.take(np.sort(np.random.default_rng(config.seed).permutation(len(images))[:most]))
    return Subject(checkpoint, network, images, pass_over(checkpoint, network, images, around))


def pass_over(checkpoint: Checkpoint, network: IVQCBM, images: ExperimentImages, around: Surroundings) -> Pass:
    """The network's pass over the images, from what is kept of an earlier run where there is that.

    Raises:
        ExperimentCancelled: somebody stopped it.
    """
    name = f"{_FORMAT} {checkpoint.weights_digest()} {images.digest()} {torch.__version__}"
    path = None if around.kept is None else around.kept / f"pass-{hashlib.sha256(name.encode()).hexdigest()[:24]}.npz"
    known = None if path is None else _kept(path, len(images))
    if known is not None:
        return known
    found = run(network, images.data.images, checkpoint, partial(around.tell, "Explaining"), around.check)
    if path is not None:
        _keep(path, found)
    return found


@torch.inference_mode()
def run(
    network: IVQCBM,
    pictures: NDArray[np.uint8],
    checkpoint: Checkpoint,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
    check: Callable[[], None] = lambda: None,
) -> Pass:
    """The network's pass over pictures (N, S, S, 3) uint8.

    Args:
        network: in evaluation mode, on its device.
        pictures: as its encoder takes them, possibly memory-mapped.
        checkpoint: for the preprocessing.
        tell: called with (done, all).
        check: called before every batch; may raise.

    Raises:
        ValueError: without any picture.
    """
    if len(pictures) == 0:
        raise ValueError("expected at least one image, got none")
    bottleneck, device = network.bottleneck, next(network.parameters()).device
    parts: list[tuple[Any, ...]] = []
    tell(0, len(pictures))
    for begin in range(0, len(pictures), _BATCH):
        check()
        pixels = normalise(np.asarray(pictures[begin : begin + _BATCH]), checkpoint.config.preprocessing)
        output = network(pixels.to(device))
        maps = gradcam_maps(bottleneck, output.patches, output.assignment, output.concepts)
        distances = output.distances / checkpoint.config.token_width
        found = (output.logits, output.scores, output.index_map, distances, output.assignment, maps)
        parts.append(tuple(part.cpu().numpy() for part in found))
        tell(min(begin + _BATCH, len(pictures)), len(pictures))
    return Pass(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _kept(path: Path, count: int) -> Pass | None:
    """A pass as it was kept; None if there is none, or none that can be read."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            found = Pass(**{field.name: arrays[field.name] for field in fields(Pass)})
    except (OSError, KeyError, ValueError, BadZipFile):
        return None
    return found if len(found.logits) == count else None


def _keep(path: Path, found: Pass) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    try:
        with temporary.open("wb") as file:
            np.savez(file, **{field.name: getattr(found, field.name) for field in fields(Pass)})
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
