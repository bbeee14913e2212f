"""One pass of a model over the images, keeping what a diagnosis needs.

What is kept grows by a few numbers an image (scores, counts of codes, the Magnet's shares), never by its tokens or
maps; those are summed up, or kept of a sample whose size is set.

Shapes: N images, B batch, L patches on rows x columns, D width, M codes, K groups, G localizable groups, O options.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.cbm.ivq import squared_distances
from models.cbm.network import IVQCBM, BottleneckOutput
from models.concepts import ConceptSet
from models.diagnose.collected import Collected
from models.diagnose.contingency import Contingency
from models.diagnose.images import DiagnosedImages
from models.diagnose.localization import LocalizationSums
from models.diagnose.nearest import NearestPatches, TokenSample
from models.diagnose.presence import localizable_groups, shown_options
from models.diagnose.settings import DiagnoseSettings
from models.encoders.loading import Preprocessing
from models.explain.gradcam import gradcam_maps
from models.preprocessing import normalise
from models.train.metrics import PATCH_COVERAGE

Progress = Callable[[int, int], None]


class DiagnosisCancelled(Exception):
    """Somebody stopped it; there is no result."""


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model says of B images.

    Attributes:
        scores: (B, O) float32.
        index_map: (B, L) int64 nearest codes.
        assignment: (B, L, K) float64 Magnet weights.
        maps: (B, O, L) Grad-CAM, not negative.
    """

    scores: NDArray[np.float32]
    index_map: NDArray[np.int64]
    assignment: NDArray[np.float64]
    maps: Tensor


@torch.inference_mode()
def collect(
    network: IVQCBM,
    images: DiagnosedImages,
    concept_set: ConceptSet,
    preprocessing: Preprocessing,
    settings: DiagnoseSettings,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Collected:
    """Runs the network, in evaluation mode and float32, over all images once.

    Args:
        network: on its device.
        images: N of them.
        concept_set: of the network.
        preprocessing: of its encoder.
        settings: sizes of the samples.
        progress: called with (done, all) before the first batch and after every one.
        cancelled: asked before every batch whether to stop.

    Raises:
        DiagnosisCancelled: if ``cancelled`` said so.
        ValueError: if there are no images.
    """
    if len(images.data) == 0:
        raise ValueError("expected at least one image, got none")
    network.eval()
    tell = progress or (lambda _done, _total: None)
    total = len(images.data)
    tell(0, total)
    found: Collected | None = None
    for begin in range(0, total, settings.batch):
        if cancelled is not None and cancelled():
            raise DiagnosisCancelled
        rows = slice(begin, min(begin + settings.batch, total))
        pixels = normalise(np.asarray(images.data.images[rows]), preprocessing)
        output = network(pixels.to(next(network.parameters()).device))
        if found is None:
            codes = network.bottleneck.ivq.codebook.shape[0]
            found = nothing_yet(codes, images, concept_set, output.patches.shape[1], settings)
        _add(found, network, images, concept_set, output, rows)
        tell(rows.stop, total)
    if found is None:
        raise ValueError("expected at least one image, got none")
    return found


def nothing_yet(
    codes: int, images: DiagnosedImages, concept_set: ConceptSet, patches: int, settings: DiagnoseSettings
) -> Collected:
    """What ``collect`` starts from: room for all images, none of them seen; M codes, L patches."""
    count = len(images.data)
    groups, options = concept_set.group_count, concept_set.option_count
    side = round(patches**0.5)
    sampled = np.unique(np.linspace(0, count - 1, min(settings.permuted_images, count)).astype(np.int64))
    localizable = len(localizable_groups(concept_set))
    has_masks = localizable > 0 and (images.data.masks is not None or images.data.lesion is not None)
    return Collected(
        np.empty((count, options), np.float32),
        np.empty((count, codes), np.int64),
        np.empty((count, groups)),
        np.empty((count, groups)),
        Contingency(codes, groups, sampled),
        Contingency(codes, localizable, sampled) if has_masks else None,
        LocalizationSums(options, side),
        NearestPatches(codes, settings.nearest),
        TokenSample(count, patches, settings.embedded_tokens, np.random.default_rng(settings.seed)),
        side,
    )


def _add(
    found: Collected,
    network: IVQCBM,
    images: DiagnosedImages,
    concept_set: ConceptSet,
    output: BottleneckOutput,
    rows: slice,
) -> None:
    bottleneck = network.bottleneck
    index_map = output.index_map.cpu().numpy()
    maps = gradcam_maps(bottleneck, output.patches, output.assignment, output.concepts)
    answers = Answers(output.scores.cpu().numpy(), index_map, output.assignment.double().cpu().numpy(), maps)
    add_answers(found, images, concept_set, answers, rows)
    distances = squared_distances(output.patches, bottleneck.ivq.codebook) / bottleneck.ivq.codebook.shape[1]
    found.nearest.add(rows.start, distances.cpu().numpy())
    found.sample.add(rows.start, output.patches.cpu().numpy(), index_map)


def add_answers(
    found: Collected, images: DiagnosedImages, concept_set: ConceptSet, answers: Answers, rows: slice
) -> None:
    """Takes note of what the model says of some images: all but nearest patches and tokens.

    Args:
        found: to add to.
        images: all of them.
        concept_set: of the model.
        answers: for these images.
        rows: of these images, which follow on those before.
    """
    codes = found.code_counts.shape[1]
    scores, index_map, assignment = answers.scores, answers.index_map, answers.assignment
    found.scores[rows] = scores
    found.code_counts[rows] = np.stack([np.bincount(one, minlength=codes) for one in index_map])
    mass = assignment.sum(1)
    found.mass[rows] = mass / assignment.shape[1]
    shares = assignment / np.maximum(mass[:, None], 1e-300)
    entropy = -(shares * np.log(np.maximum(shares, 1e-300))).sum(1)
    found.entropy[rows] = entropy / np.log(max(assignment.shape[1], 2))
    found.magnet.add(rows.start, index_map, assignment > 1.0 / concept_set.group_count)
    masks = located_masks(images, concept_set, rows)
    columns = localizable_groups(concept_set)
    if found.masks is not None and masks is not None:
        regions = (masks[:, columns] >= PATCH_COVERAGE).reshape(len(masks), len(columns), -1)
        found.masks.add(rows.start, index_map, regions.transpose(0, 2, 1))
    present = shown_options(scores, images.data.options[rows], images.per_image[rows], concept_set)
    groups = np.array(concept_set.group_of_option)
    found.localization.add(answers.maps, present, None if masks is None else masks[:, groups])


def located_masks(images: DiagnosedImages, concept_set: ConceptSet, rows: slice) -> NDArray[np.float32] | None:
    """(B, K, rows, columns) masks of the localizable groups, empty for the others; None without any.

    Where a data set has masks of the whole lesion alone, they stand for all localizable groups.
    """
    own, lesion = images.data.masks, images.data.lesion
    columns = localizable_groups(concept_set)
    if (own is None and lesion is None) or not columns:
        return None
    part = own[rows] if own is not None else np.repeat(lesion[rows][:, None], len(columns), 1)  # type: ignore[index]
    found = np.zeros((len(part), concept_set.group_count, *part.shape[2:]), np.float32)
    found[:, columns] = part
    return found
