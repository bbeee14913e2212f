"""Magnet attention: soft assignment of patches to concept queries, and their aggregation.

Shapes: B images, L patches, D token width, K concept groups.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from models.cbm.ivq import spread_centres, squared_distances

# Bounds of a learned temperature, as a multiple of D: below, the softmax saturates and its gradients are denormal.
LEARNED_RANGE = (0.01, 10.0)


class MagnetOutput(NamedTuple):
    """Assignment weights and the visual concepts they aggregate."""

    assignment: Tensor  # (B, L, K): rows sum to one over K, eq. 5
    concepts: Tensor  # (B, K, D): A^T Z, eq. 6


class MagnetAttention(nn.Module):
    """``A = softmax_k(-||z - q_k||^2 / tau)`` and ``M = A^T Z`` (section 3.3).

    ``tau`` is given as a multiple of D, because squared distances between tokens of unit variance grow with D: at
    ``tau = 1`` and D = 768 the softmax is a hard assignment, its gradients vanish and the maps of a bf16 encoder
    differ from those of a float32 one.

    Args:
        groups: K, the number of concept groups (queries).
        width: D, the token width.
        temperature: tau / D, positive.
        learned: whether tau is a parameter that starts there, kept between 0.01 D and 10 D.

    Raises:
        ValueError: if a size or the temperature is not positive.
    """

    def __init__(self, groups: int, width: int, temperature: float = 0.25, *, learned: bool = False) -> None:
        super().__init__()
        if groups < 1 or width < 1:
            raise ValueError(f"groups and width must be positive, got {groups} and {width}")
        if temperature <= 0:
            raise ValueError(f"temperature must be positive, got {temperature}")
        self._fixed_tau = temperature * width
        self.log_temperature = nn.Parameter(torch.tensor(math.log(temperature))) if learned else None
        self.queries = nn.Parameter(torch.randn(groups, width))

    @property
    def tau(self) -> float | Tensor:
        """The temperature of the softmax: a number where it is fixed, a scalar tensor where it is learned."""
        if self.log_temperature is None:
            return self._fixed_tau
        low, high = LEARNED_RANGE
        return self.log_temperature.exp().clamp(low, high) * self.queries.shape[1]

    @torch.no_grad()
    def initialise(self, tokens: Tensor, generator: torch.Generator | None = None) -> None:
        """Places the queries halfway between the mean token and k-means++ seeds of the tokens.

        Args:
            tokens: (N, D) tokens of any images, N >= K.
            generator: source of randomness.

        Raises:
            ValueError: if there are fewer tokens than queries or their width differs.
        """
        groups, width = self.queries.shape
        if tokens.ndim != 2 or tokens.shape[1] != width or tokens.shape[0] < groups:
            raise ValueError(f"expected tokens (N >= {groups}, {width}), got {tuple(tokens.shape)}")
        seeds = spread_centres(tokens.float(), groups, generator)
        self.queries.copy_(0.5 * (seeds + tokens.float().mean(0)))

    def forward(self, tokens: Tensor) -> MagnetOutput:
        """Aggregates tokens into one visual concept per group.

        Args:
            tokens: (B, L, D) float32 patch tokens.

        Returns:
            The assignment (B, L, K) and the visual concepts (B, K, D).

        Raises:
            ValueError: if the tokens do not have the queries' width.
        """
        if tokens.ndim != 3 or tokens.shape[-1] != self.queries.shape[1]:
            raise ValueError(f"expected tokens (B, L, {self.queries.shape[1]}), got {tuple(tokens.shape)}")
        assignment = torch.softmax(-squared_distances(tokens, self.queries) / self.tau, dim=-1)
        return MagnetOutput(assignment, assignment.transpose(1, 2) @ tokens)


def assignment_entropy(assignment: Tensor) -> Tensor:
    """Mean entropy of the assignment rows as a share of its maximum ``ln K``; near 0 the softmax is saturated.

    Args:
        assignment: (B, L, K), rows sum to one.

    Returns:
        A scalar in [0, 1]; 1 for K = 1.
    """
    groups = assignment.shape[-1]
    if groups == 1:
        return torch.ones((), dtype=assignment.dtype)
    entropy = -(assignment * assignment.clamp_min(1e-12).log()).sum(-1)
    return entropy.mean() / math.log(groups)
