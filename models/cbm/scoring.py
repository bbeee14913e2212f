"""Option scores: visual concepts against the frozen text embeddings of the prompted options.

Shapes: B images, K groups, O options in all, D token width, T text width.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

MAX_LOGIT_SCALE = 100.0


class OptionScorer(nn.Module):
    """Projects each visual concept to the text space and scores its group's options (eq. 1).

    ``v_o = s * <normalise(W m_k + b), t_o>`` with k the group of option o and s the learned logit scale, at most 100.

    Args:
        width: D, the token width.
        text_embeddings: (O, T) frozen embeddings, normalised here.
        group_of_option: (O,) group index of each option.

    Raises:
        ValueError: if the two tables disagree on O.
    """

    text_embeddings: Tensor
    group_of_option: Tensor

    def __init__(self, width: int, text_embeddings: Tensor, group_of_option: Tensor) -> None:
        super().__init__()
        if text_embeddings.ndim != 2 or group_of_option.shape != text_embeddings.shape[:1]:
            raise ValueError(
                f"expected embeddings (O, T) and groups (O,), got {tuple(text_embeddings.shape)} "
                f"and {tuple(group_of_option.shape)}"
            )
        self.projection = nn.Linear(width, text_embeddings.shape[1])
        self.log_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
        self.register_buffer("text_embeddings", F.normalize(text_embeddings.float(), dim=-1))
        self.register_buffer("group_of_option", group_of_option.long())

    @property
    def scale(self) -> Tensor:
        """The logit scale s, a positive scalar tensor of at most 100."""
        return self.log_scale.exp().clamp_max(MAX_LOGIT_SCALE)

    def forward(self, concepts: Tensor) -> Tensor:
        """Scores every option.

        Args:
            concepts: (B, K, D) float32 visual concepts.

        Returns:
            (B, O) option scores.
        """
        projected = F.normalize(self.projection(concepts), dim=-1)
        per_option = projected[:, self.group_of_option]
        return self.scale * (per_option * self.text_embeddings).sum(-1)
