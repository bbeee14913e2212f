"""Supervision of where a concept is gathered from, for data sets with masks.

Shapes: B images, L patches on rows x columns, K groups, G localizable groups.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor


def localization_loss(assignment: Tensor, masks: Tensor, columns: Sequence[int]) -> Tensor:
    """Asks each localizable group's Magnet weights to lie on its mask.

    For a group with mask m over the patches, the share of its weight that lies on the mask is
    ``s = sum_j A_jk m_j / sum_j A_jk``, and the loss is ``-log s``, averaged over the groups whose mask is not empty.
    It acts on the assignment itself, which is on the path to the prediction: it changes what the model looks at,
    not how its explanation is drawn.

    Args:
        assignment: (B, L, K), rows sum to one over K.
        masks: (B, G, rows, columns) share of each patch that the mask covers.
        columns: the group index of each of the G masks.

    Returns:
        A scalar; zero where all masks are empty.

    Raises:
        ValueError: if masks and assignment do not fit.
    """
    flat = masks.flatten(2)
    if flat.shape[1] != len(columns) or flat.shape[2] != assignment.shape[1]:
        raise ValueError(
            f"expected masks for {len(columns)} groups over {assignment.shape[1]} patches, got {tuple(masks.shape)}"
        )
    weights = assignment[:, :, list(columns)].transpose(1, 2)  # (B, G, L)
    present = flat.amax(-1) > 0
    share = (weights * flat).sum(-1) / weights.sum(-1).clamp_min(1e-6)
    losses = -share.clamp_min(1e-6).log()[present]
    return losses.mean() if losses.numel() else assignment.sum() * 0.0
