"""Runs a model over a split and measures it.

Shapes: N images, B batch, L patches on rows x columns, K groups, G localizable groups, O options, C classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.cbm.magnet import assignment_entropy
from models.cbm.network import IVQCBM
from models.concepts import ConceptSet
from models.encoders.loading import Preprocessing
from models.explain.gradcam import gradcam_maps
from models.statistics import (
    ValidationStatistics,
    code_associations,
    familiarity_quantiles,
    option_means,
    score_statistics,
)
from models.train.data import Split
from models.train.inputs import encoder_input
from models.train.metrics import (
    PATCH_COVERAGE,
    balanced_accuracy,
    centre_hits,
    concept_accuracies,
    energy_inside,
    mean_of_known,
    pointing_hits,
)

_BATCH = 64


@dataclass(frozen=True, eq=False)
class SplitOutput:
    """What a model says of a split.

    Attributes:
        logits: (N, C).
        scores: (N, O).
        index_map: (N, L).
        distances: (N,) mean squared distance to the nearest code, per channel.
        assignment: (N, L, K) float32 Magnet weights.
        gradcam: (N, K, rows, columns) Grad-CAM of each group's true option (of the strongest where unknown).
        gradcam_strongest: (N, K, rows, columns) Grad-CAM of each group's strongest option: what a reader sees first.
        entropy: mean assignment entropy as a share of its maximum.
    """

    logits: NDArray[np.float32]
    scores: NDArray[np.float32]
    index_map: NDArray[np.int64]
    distances: NDArray[np.float32]
    assignment: NDArray[np.float32]
    gradcam: NDArray[np.float32]
    gradcam_strongest: NDArray[np.float32]
    entropy: float


@torch.no_grad()
def run_split(
    network: IVQCBM, split: Split, concept_set: ConceptSet, preprocessing: Preprocessing, *, bfloat16: bool
) -> SplitOutput:
    """Runs the network, in evaluation mode, over every image of a split.

    Args:
        network: on its device.
        split: the images.
        concept_set: of the network.
        preprocessing: of its encoder.
        bfloat16: whether the encoder computes in bf16.

    Returns:
        Everything the figures and statistics need.
    """
    network.eval()
    device = next(network.parameters()).device
    starts = torch.tensor([group.start for group in concept_set.group_slices])
    parts: list[tuple[Tensor, ...]] = []
    for begin in range(0, len(split), _BATCH):
        rows = slice(begin, begin + _BATCH)
        images = encoder_input(np.asarray(split.images[rows]), preprocessing).to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
            tokens = network.encoder(images)
        tokens = tokens.float()
        output = network.bottleneck(tokens)
        maps = gradcam_maps(network.bottleneck, output.patches, output.assignment, output.concepts)
        truth = torch.from_numpy(split.options[rows]).to(device)
        chosen = [
            (_shown_options(output.scores, known, concept_set) + starts.to(device))
            .unsqueeze(-1)
            .expand(-1, -1, maps.shape[-1])
            for known in (truth, torch.full_like(truth, -1))
        ]
        parts.append(
            (
                output.logits,
                output.scores,
                output.index_map,
                output.distances.mean(1) / tokens.shape[-1],
                output.assignment,
                maps.gather(1, chosen[0]),
                maps.gather(1, chosen[1]),
            )
        )
    logits, scores, index_map, distances, assignment, gradcam, strongest = (
        torch.cat(column).cpu() for column in zip(*parts, strict=True)
    )
    side = round(gradcam.shape[-1] ** 0.5)
    return SplitOutput(
        logits.numpy(),
        scores.numpy(),
        index_map.numpy(),
        distances.numpy(),
        assignment.numpy(),
        gradcam.reshape(len(split), -1, side, side).numpy(),
        strongest.reshape(len(split), -1, side, side).numpy(),
        float(assignment_entropy(assignment)),
    )


def _shown_options(scores: Tensor, truth: Tensor, concept_set: ConceptSet) -> Tensor:
    """(B, K) the option whose map is looked at: the true one, the strongest where unknown, the only one of a binary."""
    strongest = torch.stack([scores[:, group].argmax(1) for group in concept_set.group_slices], 1)
    shown = torch.where(truth >= 0, truth, strongest)
    binary = torch.tensor([group.is_binary for group in concept_set.groups], device=scores.device)
    return torch.where(binary, torch.zeros_like(shown), shown)


def measure(output: SplitOutput, split: Split, concept_set: ConceptSet) -> dict[str, Any]:
    """Figures of merit of a split, JSON-ready.

    Args:
        output: of ``run_split``.
        split: with its truth.
        concept_set: names of groups and classes.

    Returns:
        Class accuracy and BMAC, concept balanced accuracy per group and mean (a group of which no option is known has
        NaN and is left out of the mean), assignment entropy, code use, and,
        where there are masks, the pointing game of Grad-CAM beside the centre prior; the same for the mask of the
        whole lesion, of both maps of every group.
    """
    predicted = output.logits.argmax(1)
    concepts = concept_accuracies(output.scores, split.options, concept_set.group_slices)
    keys = [group.key for group in concept_set.groups]
    use = np.bincount(output.index_map.reshape(-1), minlength=1) / output.index_map.size
    used = use[use > 0]
    figures: dict[str, Any] = {
        "images": len(split),
        "class_accuracy": float(np.mean(predicted == split.classes)),
        "class_bmac": balanced_accuracy(predicted, split.classes),
        "class_recall": {
            key: float(np.mean(predicted[split.classes == index] == index))
            for index, key in enumerate(concept_set.class_keys)
            if np.any(split.classes == index)
        },
        "concept_bmac": mean_of_known(concepts),
        "concept_bmac_per_group": dict(zip(keys, concepts, strict=True)),
        "assignment_entropy": output.entropy,
        "codes_used": int(used.size),
        "code_perplexity": float(np.exp(-np.sum(used * np.log(used)))),
    }
    if split.masks is not None:
        figures["pointing"] = pointing(output, split.masks, concept_set)
    if split.lesion is not None and np.any(split.lesion >= PATCH_COVERAGE):
        figures["lesion"] = lesion_localization(output, split.lesion, keys)
    return figures


def pointing(output: SplitOutput, masks: NDArray[np.float32], concept_set: ConceptSet) -> dict[str, Any]:
    """The pointing game per localizable group, over the images in which its mask is not empty.

    Groups without any are left out.
    """
    result: dict[str, Any] = {"coverage": PATCH_COVERAGE, "gradcam": {}, "centre_prior": {}}
    columns = localizable_columns(concept_set)
    for position, column in enumerate(columns):
        key = concept_set.groups[column].key
        present = masks[:, position].reshape(len(masks), -1).max(1) >= PATCH_COVERAGE
        if not present.any():
            continue
        own = masks[present, position]
        result["gradcam"][key] = float(np.mean(pointing_hits(output.gradcam[present, column], own)))
        result["centre_prior"][key] = float(np.mean(centre_hits(own)))
    result["gradcam_mean"] = mean_of_known(list(result["gradcam"].values()))
    result["centre_prior_mean"] = mean_of_known(list(result["centre_prior"].values()))
    return result


def lesion_localization(output: SplitOutput, lesion: NDArray[np.float32], keys: Sequence[str]) -> dict[str, Any]:
    """Where the maps of every group point in the lesion, over the images that have one.

    Args:
        output: of ``run_split``.
        lesion: (N, rows, columns) share of each patch that the lesion covers.
        keys: (K,) of the groups.

    Returns:
        For Grad-CAM of each group's strongest option and for its Magnet map: share of images whose maximum lies in the
        lesion's mask grown by one patch, and share of the map's sum that lies in the mask; beside them the same for a
        map that always points to the centre and for an even map.
    """
    present = lesion.reshape(len(lesion), -1).max(1) >= PATCH_COVERAGE
    masks = lesion[present]
    side = masks.shape[-1]
    magnet = output.assignment[present].transpose(0, 2, 1).reshape(len(masks), len(keys), side, side)
    result: dict[str, Any] = {"images": int(present.sum()), "coverage": PATCH_COVERAGE}
    for name, maps in (("gradcam", output.gradcam_strongest[present]), ("magnet", magnet)):
        hits = {key: float(np.mean(pointing_hits(maps[:, index], masks))) for index, key in enumerate(keys)}
        energy = {key: energy_inside(maps[:, index], masks) for index, key in enumerate(keys)}
        result |= {name: hits, f"{name}_mean": float(np.mean(list(hits.values())))}
        result |= {f"{name}_energy": energy, f"{name}_energy_mean": float(np.mean(list(energy.values())))}
    result["centre_prior"] = float(np.mean(centre_hits(masks)))
    result["even_energy"] = float(masks.mean())
    return result


def localizable_columns(concept_set: ConceptSet) -> list[int]:
    """Group indices with masks, in the order of the masks' group axis."""
    return [index for index, group in enumerate(concept_set.groups) if group.localizable]


def validation_statistics(
    output: SplitOutput, split: Split, concept_set: ConceptSet, codes: int
) -> ValidationStatistics:
    """Everything a checkpoint keeps of its validation set.

    Args:
        output: of ``run_split`` on the validation split.
        split: that split.
        concept_set: of the network.
        codes: M.

    Returns:
        Score statistics, code associations (against masks where there are any, else against where the Magnet gives
        a group more than its even share) and familiarity quantiles.
    """
    columns = localizable_columns(concept_set)
    if split.masks is not None:
        regions = (split.masks >= PATCH_COVERAGE).reshape(len(split), len(columns), -1).transpose(0, 2, 1)
        source = "masks"
    else:
        columns = list(range(concept_set.group_count))
        regions = output.assignment > 1.0 / concept_set.group_count
        source = "magnet"
    keys = tuple(concept_set.groups[column].key for column in columns)
    return ValidationStatistics.model_validate(
        {
            "images": len(split),
            **score_statistics(output.scores, split.classes, len(concept_set.classes)),
            "option_means": option_means(output.scores, split.options, concept_set.group_slices),
            "codes": code_associations(output.index_map, regions, keys, codes),
            "association_source": source,
            "familiarity": familiarity_quantiles(output.distances),
        }
    )
