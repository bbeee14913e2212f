"""The truth that maps are held against, and the maps.

Shapes: N images, L patches on rows x columns, K groups, G localizable groups, O options, M codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet
from models.diagnose.presence import localizable_groups
from models.experiments.images import ExperimentImages
from models.experiments.subjects import Pass
from models.statistics import CodeAssociation, code_associations
from models.train.metrics import PATCH_COVERAGE

Array = NDArray[np.float64]
Source = Literal["own", "lesion"]
MAPS = ("gradcam", "magnet", "index")
PRIORS = ("centre", "even")

_SPREAD = 4  # the centre prior's standard deviation is a side divided by this


@dataclass(frozen=True, eq=False)
class Targets:
    """Where each group's evidence lies.

    Attributes:
        masks: (N, K, L) share of each patch that the group's mask covers.
        known: (N, K) whether the image has a mask for the group that reaches ``PATCH_COVERAGE`` in some patch.
        sources: (K,) the group's own mask, that of the whole lesion, or None where there is neither.
    """

    masks: Array
    known: NDArray[np.bool_]
    sources: tuple[Source | None, ...]

    @property
    def found(self) -> NDArray[np.bool_]:
        """(N,) whether the image has a mask for any group."""
        any_group: NDArray[np.bool_] = np.any(self.known, axis=1)
        return any_group


def targets(images: ExperimentImages, concept_set: ConceptSet) -> Targets | None:
    """The masks of every group: its own, else that of the whole lesion; None where the images have neither.

    An option that is the only one of its group and labelled absent has no place, whatever the lesion.
    """
    data, count = images.data, concept_set.group_count
    known_masks = data.masks if data.masks is not None else data.lesion
    if known_masks is None or not np.any(known_masks >= PATCH_COVERAGE):
        return None
    patches = known_masks.shape[-1] * known_masks.shape[-2]
    masks = np.zeros((len(images), count, patches))
    sources: list[Source | None] = [None] * count
    if data.lesion is not None and np.any(data.lesion >= PATCH_COVERAGE):
        masks[:] = data.lesion.reshape(len(images), 1, patches)
        sources = ["lesion"] * count
    if data.masks is not None:
        for place, group in enumerate(localizable_groups(concept_set)):
            masks[:, group] = data.masks[:, place].reshape(len(images), patches)
            sources[group] = "own"
    single = np.array([group.is_binary for group in concept_set.groups])
    masks[(data.options == 0) & single] = 0
    return Targets(masks, masks.max(-1) >= PATCH_COVERAGE, tuple(sources))


def strongest_options(scores: NDArray[np.float32], concept_set: ConceptSet) -> NDArray[np.int64]:
    """(N, K) column of each group's strongest option: the one that a reader sees first."""
    columns = [group.start + scores[:, group].argmax(1) for group in concept_set.group_slices]
    return np.stack(columns, 1).astype(np.int64)


def group_maps(found: Pass, owners: Sequence[str | None], concept_set: ConceptSet) -> dict[str, Array]:
    """The maps of every group.

    Args:
        found: of the network.
        owners: (M,) key of the group that each code goes with, None for none.
        concept_set: of the network.

    Returns:
        (N, K, L) each, not negative: "gradcam" of the group's strongest option, "magnet", and "index": 1 in patches
        whose nearest code goes with the group; NaN for a group that no code goes with.
    """
    strongest = strongest_options(found.scores, concept_set)
    gradcam = np.take_along_axis(found.gradcam, strongest[..., None], 1)
    index = np.full(gradcam.shape, np.nan)
    for place, key in enumerate(concept_set.group_keys):
        own = [code for code, owner in enumerate(owners) if owner == key]
        if own:
            index[:, place] = np.isin(found.index_map, own)
    magnet = found.assignment.transpose(0, 2, 1)
    return {"gradcam": gradcam.astype(np.float64), "magnet": magnet.astype(np.float64), "index": index}


def priors(side: int) -> dict[str, Array]:
    """(L,) maps that know nothing: a round hill in the middle, and the same value everywhere."""
    off = np.arange(side) - (side - 1) / 2
    hill = np.exp(-0.5 * (off / (side / _SPREAD)) ** 2)
    return {"centre": np.outer(hill, hill).reshape(-1), "even": np.ones(side * side)}


def measured_owners(
    found: Pass, truth: Targets, concept_set: ConceptSet, source: str, codes: int
) -> tuple[str | None, ...]:
    """(M,) groups of the codes of a network that nothing was measured of, by the rule of the model's statistics.

    Measured on the images that it is tested on, so a network with random weights gets more than its due.

    Args:
        found: of that network.
        truth: of the same images.
        concept_set: of the network.
        source: "masks" or "magnet": what codes are held against.
        codes: M.
    """
    columns = [place for place, own in enumerate(truth.sources) if own == "own"]
    if source == "masks" and columns:
        regions = truth.masks[:, columns].transpose(0, 2, 1) >= PATCH_COVERAGE
    else:
        columns = list(range(concept_set.group_count))
        regions = found.assignment > 1.0 / concept_set.group_count
    keys = tuple(concept_set.group_keys[column] for column in columns)
    return owners(code_associations(found.index_map, regions, keys, codes))


def owners(codes: Sequence[CodeAssociation]) -> tuple[str | None, ...]:
    """(M,) key of the group that each code goes with."""
    return tuple(code.group_key for code in codes)
