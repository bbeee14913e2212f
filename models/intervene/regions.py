"""Scores of a group when only some patches feed its visual concept. Plain numpy: the encoder does not run again.

Magnet gives the visual concept of group k as ``m_k = sum_j A_jk z_j`` (eq. 6). Here the sum runs over the kept patches
alone and is scaled by the attention of all patches over that of the kept ones, ``sum_all A_jk / sum_kept A_jk``: the
projection that follows has a bias, so a shorter vector would pull every score towards what the bias says of an image
without any evidence. Keeping every patch changes nothing. docs/adr/0029-interventions.md has the measurement behind it.

Shapes: L patches, D token width, T text width, K concept groups, O options.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.intervene.scores import Array

Mask = NDArray[np.bool_]


class Keep(StrEnum):
    """Which patches feed the group: those that were painted, or all others."""

    INSIDE = "inside"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class RegionEdit:
    """Where the finding of one group is, or is not.

    Args:
        group_key: of the group.
        keep: what the patches mean.
        patches: row-major indices into the grid.
    """

    group_key: str
    keep: Keep
    patches: tuple[int, ...]


class RegionScores(NamedTuple):
    """Scores of one group's options, and the share (0 to 1) of the group's attention on the patches they rest on."""

    scores: Array
    attention: float


@dataclass(frozen=True, eq=False)
class RegionScorer:
    """Magnet attention and the scorer of a model, for one image at a time.

    Args:
        queries: (K, D) of Magnet; None where the mean patch token is aggregated instead.
        tau: temperature of its softmax.
        summaries: (K, D, D) projections of the mean token; None with Magnet.
        projection: (T, D) to the text space.
        bias: (T,) of that projection.
        text: (O, T) option embeddings of unit length.
        scale: the logit scale.
        groups: the columns of each group.
    """

    queries: Array | None
    tau: float
    summaries: Array | None
    projection: Array
    bias: Array
    text: Array
    scale: float
    groups: tuple[slice, ...]

    def score(self, tokens: Array, group: int, kept: Mask | None = None) -> RegionScores:
        """Scores the options of one group.

        Args:
            tokens: (L, D) that were aggregated.
            group: index of the group.
            kept: (L,) the patches that feed it; None: all.

        Raises:
            ValueError: for tokens or a mask of another shape, and if no patch is kept.
        """
        width = self.projection.shape[1]
        if tokens.ndim != 2 or tokens.shape[1] != width:
            raise ValueError(f"expected tokens (L, {width}), got {tokens.shape}")
        attention = self._attention(tokens)[:, group]
        weights = attention if kept is None else np.where(_checked(kept, len(tokens)), attention, 0.0)
        share = float(weights.sum() / attention.sum())
        concept = (weights / share) @ tokens
        if self.summaries is not None:
            concept = self.summaries[group] @ (concept / len(tokens))
        projected = self.projection @ concept + self.bias
        projected /= max(float(np.linalg.norm(projected)), 1e-12)
        return RegionScores(self.scale * (self.text[self.groups[group]] @ projected), share)

    def _attention(self, tokens: Array) -> Array:
        """(L, K) eq. 5; one everywhere for the mean token."""
        if self.queries is None:
            return np.ones((len(tokens), len(self.groups)))
        distances = ((tokens[:, None] - self.queries[None]) ** 2).sum(-1)
        near = np.exp(-(distances - distances.min(1, keepdims=True)) / self.tau)
        shares: Array = near / near.sum(1, keepdims=True)
        return np.maximum(shares, 1e-30)  # so that even patches which hold nothing of a group can be weighed


def _checked(kept: Mask, patches: int) -> Mask:
    if kept.shape != (patches,):
        raise ValueError(f"expected a mask ({patches},), got {kept.shape}")
    if not kept.any():
        raise ValueError("no patch is left")
    return kept
