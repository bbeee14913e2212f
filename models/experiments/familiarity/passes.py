"""The network over foreign images: only distances and logits, kept for the next run.

Shapes: N images, S pixels a side, C classes.
"""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.data import cache
from models.data.prepared import PreparedDataset
from models.data.synthetic.generators import GENERATORS
from models.experiments.keeping import kept_or_made
from models.experiments.subjects import Subject
from models.experiments.surroundings import ExperimentError, Surroundings
from models.preprocessing import normalise

Array = NDArray[np.float64]
_BATCH = 32
_FORMAT = 1


def foreign_images(dataset: Path | str, subject: Subject, most: int, around: Surroundings) -> NDArray[np.uint8]:
    """(N, S, S, 3) images of another set as the model's encoder takes them, at most so many, evenly spread.

    Labels are not looked at: they are of other classes.

    Raises:
        DataError: an import cannot be read.
        ExperimentError: it has no images.
    """
    side, progress = subject.network.image_size, partial(around.tell, "Preparing foreign images")
    if isinstance(dataset, str):
        pixels: NDArray[np.uint8] = GENERATORS[dataset][0]("test", most, side, progress=progress).images
        return pixels
    prepared = PreparedDataset.open(dataset)
    rows = np.array([index for index, row in enumerate(prepared.rows) if row.split is not None], np.int64)
    if len(rows) == 0:
        raise ExperimentError(f"{dataset}: has no images")
    squares = cache.squares(prepared.folder, prepared.rows, side, subject.checkpoint.config.resize_mode, progress)
    chosen = rows[np.unique(np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(np.int64))]
    return np.asarray(squares[chosen], np.uint8)


def seen_by(subject: Subject, pixels: NDArray[np.uint8], stage: str, around: Surroundings) -> tuple[Array, Array]:
    """Distance (N,) and logits (N, C) of images (N, S, S, 3), from what is kept of an earlier run where there is that.

    Raises:
        ExperimentCancelled: somebody stopped it.
    """
    digest = hashlib.sha256(f"{_FORMAT} {subject.checkpoint.weights_digest()} {torch.__version__}".encode())
    digest.update(np.ascontiguousarray(pixels).tobytes())
    name = f"foreign {digest.hexdigest()}"
    found = kept_or_made(around.kept, name, lambda: _run(subject, pixels, stage, around))
    return found["distance"], found["logits"]


@torch.inference_mode()
def _run(subject: Subject, pixels: NDArray[np.uint8], stage: str, around: Surroundings) -> dict[str, Array]:
    config, device = subject.checkpoint.config, next(subject.network.parameters()).device
    distances, logits = [], []
    for begin in range(0, len(pixels), _BATCH):
        around.check()
        around.tell(stage, begin, len(pixels))
        output = subject.network(normalise(pixels[begin : begin + _BATCH], config.preprocessing).to(device))
        distances.append((output.distances.mean(1) / config.token_width).double().cpu().numpy())
        logits.append(output.logits.double().cpu().numpy())
    around.tell(stage, len(pixels), len(pixels))
    return {"distance": np.concatenate(distances), "logits": np.concatenate(logits)}
