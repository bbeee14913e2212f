"""One map of the decision, from the maps of the options and of the groups.

The class logit is linear in the option scores, so an option's part in it is known: ``(w_oc - mean_c' w_oc') v_o``, the
contribution less its mean over the classes, which moves no decision.

Shapes: N images, n chosen ones, K groups, O options, L patches, C classes, D token width.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from models.concepts import ConceptSet
from models.diagnose.presence import present_options
from models.experiments.subjects import Pass, Subject
from models.explain.gradcam import channel_weights
from models.preprocessing import normalise

Array = NDArray[np.float64]
_BATCH = 32


def parts_of_decision(scores: NDArray[np.float32], weight: NDArray[np.floating], classes: NDArray[np.int64]) -> Array:
    """(N, O) what each option says for the class rather than for the others.

    Args:
        scores: (N, O).
        weight: (C, O) of the head.
        classes: (N,) the class of each image that is explained.
    """
    apart = weight.astype(np.float64) - weight.astype(np.float64).mean(0)
    parts: Array = scores * apart[classes]
    return parts


def decision_maps(found: Pass, weight: NDArray[np.floating], concept_set: ConceptSet) -> dict[str, Array]:
    """Maps of the predicted class, put together from the maps that a reader sees.

    A map of an option says where the evidence for it lies. One that speaks for the class by being absent marks what
    speaks against the class, so only options that the model takes for present count.

    Args:
        found: of the network.
        weight: (C, O) of its head.
        concept_set: of the network.

    Returns:
        (N, L) each, not negative: "options" = sum over the present options that speak for the class of part times
        Grad-CAM (each map scaled to a maximum of one, so that an option counts by its part), "magnet" = sum over the
        groups that speak for the class of part times Magnet map. All 0 where nothing speaks for the class.
    """
    parts = parts_of_decision(found.scores, weight, found.predicted)
    present = present_options(found.scores, concept_set)
    highest = found.gradcam.max(-1, keepdims=True)
    scaled = np.divide(found.gradcam, highest, out=np.zeros_like(found.gradcam), where=highest > 0)
    by_group = np.stack([parts[:, group].sum(1) for group in concept_set.group_slices], 1)
    return {
        "options": np.einsum("no,nol->nl", np.where(present, parts, 0.0).clip(0), scaled),
        "magnet": np.einsum("nk,nlk->nl", by_group.clip(0), found.assignment),
    }


@torch.inference_mode()
def class_gradcam(subject: Subject, rows: NDArray[np.int64]) -> Array:
    """Grad-CAM of the predicted class's logit, less the mean of all logits, at the tokens: (n, L), not negative.

    The logits are linear in the scores, so the channel weights are the options' times the head's weights.

    Args:
        subject: the model.
        rows: (n,) of its images.
    """
    bottleneck, device = subject.network.bottleneck, next(subject.network.parameters()).device
    apart = bottleneck.head.weight - bottleneck.head.weight.mean(0)
    parts = []
    for begin in range(0, len(rows), _BATCH):
        pictures = np.asarray(subject.images.data.images[rows[begin : begin + _BATCH]])
        output = subject.network(normalise(pictures, subject.checkpoint.config.preprocessing).to(device))
        weights = channel_weights(bottleneck, output.patches, output.assignment, output.concepts)  # (B, O, D)
        own = torch.einsum("bo,bod->bd", apart[output.logits.argmax(1)], weights)
        parts.append(torch.relu(torch.einsum("bld,bd->bl", output.patches, own)).double().cpu().numpy())
    return np.concatenate(parts)
