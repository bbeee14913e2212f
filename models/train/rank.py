"""Effective rank of patch tokens: the paper's measure of representational collapse.

Shapes: B images, L patches, D token width.
"""

from __future__ import annotations

import torch
from torch import Tensor

ENERGY = 0.99


@torch.no_grad()
def effective_ranks(tokens: Tensor) -> Tensor:
    """Counts, per image, the singular values whose cumulative energy stays within 99 %.

    The squared singular values are the eigenvalues of the smaller Gram matrix, in float64: several times faster
    than an SVD, and float32 gives wrong counts for some matrices.

    Args:
        tokens: (B, L, D).

    Returns:
        (B,) int64, at least 1 for tokens that are not all zero.
    """
    matrix = tokens.double()
    if matrix.shape[1] > matrix.shape[2]:
        matrix = matrix.transpose(1, 2)
    energy = torch.linalg.eigvalsh(matrix @ matrix.transpose(1, 2)).flip(-1).clamp_min(0.0)
    total = energy.sum(-1, keepdim=True)
    cumulative = energy.cumsum(-1) / total.clamp_min(1e-30)
    count = (cumulative <= ENERGY).sum(-1)
    # One dominant value alone exceeds the threshold: its rank is one, not zero.
    return torch.where(total[:, 0] > 0, count.clamp_min(1), torch.zeros_like(count))
