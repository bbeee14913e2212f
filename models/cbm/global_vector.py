"""One vector of the whole image for all groups: what Magnet attention is held against.

Shapes: B images, L patches, D token width, K concept groups, O options.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from models.cbm.magnet import MagnetOutput

Summary = Literal["cls", "mean"]


class GlobalAggregation(nn.Module):
    """``m_k = U_k g`` with ``g`` the class token or the mean patch token (the ablation without Magnet, section 4.1).

    Each group has its own projection ``U_k``, which starts as the identity: one vector for all groups would tie their
    scores together more than leaving out Magnet does. The assignment is even, 1 / K for every patch, because nothing
    here says where a group looks.

    Args:
        groups: K.
        width: D, the token width.
        summary: "cls" for a class token that comes before the patches, "mean" for the mean patch token.

    Raises:
        ValueError: if a size is not positive or the summary is unknown.
    """

    def __init__(self, groups: int, width: int, summary: Summary) -> None:
        super().__init__()
        if groups < 1 or width < 1:
            raise ValueError(f"groups and width must be positive, got {groups} and {width}")
        if summary not in ("cls", "mean"):
            raise ValueError(f"summary must be cls or mean, got {summary!r}")
        self.summary = summary
        self.projections = nn.Parameter(torch.eye(width).repeat(groups, 1, 1))

    @property
    def prefix(self) -> int:
        """How many tokens come before the patches."""
        return 1 if self.summary == "cls" else 0

    def forward(self, patches: Tensor, tokens: Tensor) -> MagnetOutput:
        """Projects the global vector once per group.

        Args:
            patches: (B, L, D).
            tokens: (B, prefix + L, D), all that the encoder yields.

        Returns:
            The even assignment (B, L, K) and the concepts (B, K, D).
        """
        summary = tokens[:, 0] if self.summary == "cls" else patches.mean(1)
        concepts = torch.einsum("kde,be->bkd", self.projections, summary)
        groups = self.projections.shape[0]
        even = patches.new_full((*patches.shape[:2], groups), 1.0 / groups)
        return MagnetOutput(even, concepts)

    def pull_back(self, gradient: Tensor, group_of_option: Tensor, patches: int) -> Tensor:
        """Grad-CAM's channel weights from the gradients at the concepts.

        With the mean token they are exact. The class token of the last block depends on no patch token of that block,
        so there the gradient at the class token itself weighs the channels: both stand behind the same norm.

        Args:
            gradient: (B, O, D) of each option's score at its group's concept.
            group_of_option: (O,).
            patches: L.

        Returns:
            (B, O, D).
        """
        weights = torch.einsum("ode,bod->boe", self.projections[group_of_option], gradient)
        return weights if self.summary == "cls" else weights / patches
