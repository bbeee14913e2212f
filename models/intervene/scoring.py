"""Logits and option scores of many images: the encoder in batches, nothing of the maps.

Shapes: N images, B batch, S pixels a side, O options, C classes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from models.cbm.network import IVQCBM
from models.encoders.loading import Preprocessing
from models.preprocessing import normalise

BATCH = 32
Progress = Callable[[int, int], None]


class ScoringCancelled(Exception):
    """Somebody stopped it; there is no result."""


@dataclass(frozen=True, eq=False)
class ImageScores:
    """What the network says of images: logits (N, C) and option scores (N, O), float32, in the images' order."""

    logits: NDArray[np.float32]
    scores: NDArray[np.float32]


@torch.inference_mode()
def score_images(
    network: IVQCBM,
    images: NDArray[np.uint8],
    preprocessing: Preprocessing,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    batch: int = BATCH,
) -> ImageScores:
    """Runs the network, in evaluation mode and float32, over images.

    Args:
        network: on its device.
        images: (N, S, S, 3) uint8, possibly memory-mapped; S as the encoder takes it.
        preprocessing: of its encoder.
        progress: called with (done, all) after every batch, and once before the first.
        cancelled: asked before every batch whether to stop.
        batch: B, images at once.

    Returns:
        The network's answers.

    Raises:
        ScoringCancelled: if ``cancelled`` said so.
        ValueError: if the images have another shape or type.
    """
    side = network.image_size
    if images.ndim != 4 or images.shape[1:] != (side, side, 3):
        raise ValueError(f"expected images (N, {side}, {side}, 3), got {images.shape}")
    network.eval()
    device = next(network.parameters()).device
    classes, options = network.bottleneck.head.weight.shape
    logits, scores = np.empty((len(images), classes), np.float32), np.empty((len(images), options), np.float32)
    tell = progress or (lambda _done, _total: None)
    tell(0, len(images))
    for begin in range(0, len(images), batch):
        if cancelled is not None and cancelled():
            raise ScoringCancelled
        rows = slice(begin, min(begin + batch, len(images)))
        output = network(normalise(np.asarray(images[rows]), preprocessing).to(device))
        logits[rows], scores[rows] = output.logits.cpu().numpy(), output.scores.cpu().numpy()
        tell(rows.stop, len(images))
    return ImageScores(logits, scores)
