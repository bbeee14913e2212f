"""Supervision of where the evidence for a concept lies, for data sets with masks.

Shapes: B images, L patches on rows x columns, D token width, T text width, K groups, G localizable groups.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from models.cbm.losses import UNKNOWN
from models.cbm.scoring import OptionScorer

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
        options: (B, G) option columns (0 to O - 1).

    Returns:
        (B, G, L).
    """
    projected = F.normalize(scorer.projection(tokens), dim=-1)
    evidence: Tensor = scorer.scale * (scorer.text_embeddings[options] @ projected.transpose(1, 2))
    return evidence


def localization_loss(
    scorer: OptionScorer,
    tokens: Tensor,
    options: Tensor,
    masks: Tensor,
    groups: Sequence[tuple[int, int]],
    located: int | None = None,
) -> Tensor:
    """Asks the patches inside a finding's mask to carry more evidence for it than the patches outside.

    With ``p = softmax_j(e_jk)`` over the patches, the loss is ``-log sum_j p_j m_j``, averaged over the groups whose
    option is known and whose mask is not empty. It shapes the tokens and the projection that the scores are made
    from; how a map is drawn from them stays as it is.

    Args:
        scorer: of the bottleneck.
        tokens: (B, L, D) float32.
        options: (B, K) true option within each group, -1 where unknown.
        masks: (B, G, rows, columns) share of each patch that the mask covers.
        groups: for each of the G masks, the group's index and its first option column.
        located: pairs of image and group that the mean is over, in the batch that these images are a part of; None
            when they are all of it.

    Returns:
        A scalar; zero where nothing can be compared.

    Raises:
        ValueError: if masks, groups and tokens do not fit.
    """
    flat = masks.flatten(2)
    if flat.shape[1] != len(groups) or flat.shape[2] != tokens.shape[1]:
        raise ValueError(
            f"expected masks for {len(groups)} groups over {tokens.shape[1]} patches, got {tuple(masks.shape)}"
        )
    own = options[:, [index for index, _ in groups]]
    first = torch.tensor([start for _, start in groups], device=own.device)
    present = (own != UNKNOWN) & (flat.amax(-1) > 0)
    share = patch_evidence(scorer, tokens, own.clamp_min(0) + first).softmax(-1)
    losses = -(share * flat).sum(-1).clamp_min(1e-6).log()[present]
    count = losses.numel() if located is None else located
    return losses.sum() / count if losses.numel() and count else tokens.sum() * 0.0


def magnet_localization_loss(assignment: Tensor, masks: Tensor, columns: Sequence[int], images: int) -> Tensor:
    """Asks the patches that the Magnet gives a group most weight to lie in the group's mask.

    With ``p = softmax_j(A_jk / 0.1)`` over the patches, the loss is ``-log sum_j p_j m_j``. Only the peak is asked for:
    every patch shares out a weight of one, so most of it must go somewhere in the background of any image. A group
    without masks of its own (the orientation of a mass, say) is held against the mask of the whole lesion, since what
    it describes is the lesion.

    Args:
        assignment: (B, L, K) Magnet weights.
        masks: (B, G + 1, rows, columns) share of each patch that the masks cover, the lesion's last; empty ones ask
            for nothing.
        columns: for each of the G masks, its group's index.
        images: in the batch that these images are a part of.

    Returns:
        A scalar: the sum over images and groups, divided by images times K.

    Raises:
        ValueError: if masks and assignment do not fit.
    """
    flat = masks.flatten(2)
    groups = assignment.shape[-1]
    if flat.shape[1] != len(columns) + 1 or flat.shape[2] != assignment.shape[1]:
        raise ValueError(
            f"expected {len(columns) + 1} masks over {assignment.shape[1]} patches, got {tuple(masks.shape)}"
        )
    position = {column: index for index, column in enumerate(columns)}
    own = flat[:, [position.get(group, len(columns)) for group in range(groups)]]
    present = own.amax(-1) >= _LEAST_COVERAGE
    share = (assignment / _PEAK).softmax(1).transpose(1, 2)
    losses = -(share * own).sum(-1).clamp_min(1e-6).log()
    return torch.where(present, losses, 0.0).sum() / (images * groups)
