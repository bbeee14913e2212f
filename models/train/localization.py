"""Supervision of where the evidence for a concept lies, for data sets with masks.

Shapes: B images, L patches on rows x columns, D token width, T text width, K groups, G localizable groups.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from models.cbm.losses import UNKNOWN
from models.cbm.scoring import OptionScorer
from models.concepts import ConceptSet

# How peaked "the group's strongest patches" are, in units of assignment weight; and the least share of a patch that a
# mask must cover somewhere, so that a sliver does not pull a peak onto itself.
_PEAK = 0.1
_LEAST_COVERAGE = 0.3


def patch_evidence(scorer: OptionScorer, tokens: Tensor, options: Tensor) -> Tensor:
    """Scores every patch by itself against one option per group, as if it were the whole visual concept.

    ``e_jk = s * <normalise(W z_j + b), t_o>`` with o the given option of group k.

    Args:
        scorer: of the bottleneck.
        tokens: (B, L, D) float32.
        options: (B, K) option columns (0 to O - 1).

    Returns:
        (B, K, L).
    """
    projected = F.normalize(scorer.projection(tokens), dim=-1)
    evidence: Tensor = scorer.scale * (scorer.text_embeddings[options] @ projected.transpose(1, 2))
    return evidence


def localization_loss(
    scorer: OptionScorer,
    tokens: Tensor,
    options: Tensor,
    masks: Tensor,
    groups: Sequence[slice],
    located: int | None = None,
) -> Tensor:
    """Asks the patches inside a finding's mask to carry more evidence for it than the patches outside.

    With ``p = softmax_j(e_jk)`` over the patches, the loss is ``-log sum_j p_j m_j``, averaged over the groups whose
    option is known and whose mask is not empty. It shapes the tokens and the projection that the scores are made
    from; how a map is drawn from them stays as it is.

    Args:
        scorer: of the bottleneck.
        tokens: (B, L, D) float32.
        options: (B, K) true option within each group, -1 where unknown; 1 for a group's only option where present.
        masks: (B, K, rows, columns) share of each patch that the group's mask covers, empty where nothing is asked.
        groups: (K,) the option columns of each group.
        located: pairs of image and group that the mean is over, in the batch that these images are a part of; None
            when they are all of it.

    Returns:
        A scalar; zero where nothing can be compared.

    Raises:
        ValueError: if masks, groups and tokens do not fit.
    """
    flat = _flat(masks, len(groups), tokens.shape[1])
    first = torch.tensor([group.start for group in groups], device=options.device)
    last = torch.tensor([group.stop - 1 for group in groups], device=options.device)
    present = (options != UNKNOWN) & (flat.amax(-1) > 0)
    share = patch_evidence(scorer, tokens, torch.minimum(options.clamp_min(0) + first, last)).softmax(-1)
    losses = -(share * flat).sum(-1).clamp_min(1e-6).log()[present]
    count = losses.numel() if located is None else located
    return losses.sum() / count if losses.numel() and count else tokens.sum() * 0.0


def magnet_localization_loss(assignment: Tensor, masks: Tensor, images: int) -> Tensor:
    """Asks the patches that the Magnet gives a group most weight to lie in the group's mask.

    With ``p = softmax_j(A_jk / 0.1)`` over the patches, the loss is ``-log sum_j p_j m_j``. Only the peak is asked for:
    every patch shares out a weight of one, so most of it must go somewhere in the background of any image.

    Args:
        assignment: (B, L, K) Magnet weights.
        masks: (B, K, rows, columns) share of each patch that the group's mask covers, empty where nothing is asked.
        images: in the batch that these images are a part of.

    Returns:
        A scalar: the sum over images and groups, divided by images times K.

    Raises:
        ValueError: if masks and assignment do not fit.
    """
    own = _flat(masks, assignment.shape[2], assignment.shape[1])
    present = own.amax(-1) >= _LEAST_COVERAGE
    share = (assignment / _PEAK).softmax(1).transpose(1, 2)
    losses = -(share * own).sum(-1).clamp_min(1e-6).log()
    return torch.where(present, losses, 0.0).sum() / (images * assignment.shape[2])


def group_masks(
    masks: NDArray[np.float32] | None,
    lesion: NDArray[np.float32] | None,
    options: NDArray[np.int64],
    concept_set: ConceptSet,
) -> NDArray[np.float32] | None:
    """Where each group's evidence is to be looked for.

    A group with masks of its own is held against them; one without (the orientation of a mass, say) against the mask of
    the whole lesion, since what it describes is the lesion. Where a data set has lesion masks alone, they stand for all
    groups. An option that is unknown, or the only one of its group and absent, is nowhere.

    Args:
        masks: (B, G, rows, columns) of the localizable groups, or None.
        lesion: (B, rows, columns) of the whole lesion, or None.
        options: (B, K) as losses count them.
        concept_set: says which groups are localizable.

    Returns:
        (B, K, rows, columns), new; None without any mask.
    """
    known = masks if masks is not None else lesion
    if known is None:
        return None
    found = np.zeros((*options.shape, *known.shape[-2:]), np.float32)
    if lesion is not None:
        found[:] = lesion[:, None]
    if masks is not None:
        found[:, [index for index, group in enumerate(concept_set.groups) if group.localizable]] = masks
    binary = np.array([group.is_binary for group in concept_set.groups])
    found[(options == UNKNOWN) | ((options == 0) & binary)] = 0
    return found


def _flat(masks: Tensor, groups: int, patches: int) -> Tensor:
    """(B, K, L)."""
    flat = masks.flatten(2)
    if flat.shape[1:] != (groups, patches):
        raise ValueError(f"expected masks for {groups} groups over {patches} patches, got {tuple(masks.shape)}")
    return flat
