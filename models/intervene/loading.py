"""What of a checkpoint stands behind the tokens, without the encoder and without torch."""

from __future__ import annotations

import numpy as np
from safetensors import SafetensorError, safe_open

from models.cbm.magnet import LEARNED_RANGE
from models.cbm.scoring import MAX_LOGIT_SCALE
from models.checkpoint import Checkpoint, CheckpointError
from models.intervene.editing import EditableModel
from models.intervene.regions import RegionScorer
from models.intervene.scores import Array, DecisionHead

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


def read_editable(checkpoint: Checkpoint) -> EditableModel:
    """Reads all that edits of scores and of regions need. Raises as ``read_head``."""
    return EditableModel(read_head(checkpoint), read_region_scorer(checkpoint))


def read_region_scorer(checkpoint: Checkpoint) -> RegionScorer | None:
    """Magnet and scorer; None where the class token is aggregated, which no patch feeds at the last block.

    Args:
        checkpoint: of ``read_checkpoint``.

    Raises:
        CheckpointError: if the file does not hold them.
    """
    config = checkpoint.config
    if config.aggregation == "cls":
        return None
    magnet = config.aggregation == "magnet"
    path = checkpoint.folder / "weights.safetensors"
    try:
        with safe_open(path, "numpy") as file:

            def read(name: str) -> Array:
                values: Array = file.get_tensor(f"bottleneck.{name}").astype(np.float64)
                return values

            tau = config.temperature * config.token_width
            if config.learned_temperature:
                low, high = LEARNED_RANGE
                tau = float(np.clip(np.exp(read("magnet.log_temperature")), low, high)) * config.token_width
            return RegionScorer(
                queries=read("magnet.queries") if magnet else None,
                tau=tau,
                summaries=None if magnet else read("magnet.projections"),
                projection=read("scorer.projection.weight"),
                bias=read("scorer.projection.bias"),
                text=read("scorer.text_embeddings"),
                scale=min(float(np.exp(read("scorer.log_scale"))), MAX_LOGIT_SCALE),
                groups=tuple(checkpoint.concept_set.group_slices),
            )
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{path}: the weights behind the tokens cannot be read ({error})") from error
