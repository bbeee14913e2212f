"""The linear head of a checkpoint, without the rest of the network."""

from __future__ import annotations

import numpy as np
from safetensors import SafetensorError, safe_open

from models.checkpoint import Checkpoint, CheckpointError
from models.intervene.scores import DecisionHead

_WEIGHT, _BIAS = "bottleneck.head.weight", "bottleneck.head.bias"


def read_head(checkpoint: Checkpoint) -> DecisionHead:
    """Reads the head (a few kilobytes of the weights file) and what the validation images said.

    Args:
        checkpoint: of ``read_checkpoint``.

    Raises:
        CheckpointError: if the file holds no head, or one of another shape.
    """
    path = checkpoint.folder / "weights.safetensors"
    try:
        with safe_open(path, "numpy") as file:
            weight, bias = (file.get_tensor(name).astype(np.float64) for name in (_WEIGHT, _BIAS))
        return DecisionHead(checkpoint.concept_set, checkpoint.statistics, weight, bias)
    except (OSError, SafetensorError, ValueError) as error:
        raise CheckpointError(f"{path}: there is no linear head that fits the concept set ({error})") from error
