"""Implicit vector quantization: a codebook that regularises the tokens and is never on the forward path.

Shapes: B images, L patches, D token width, M codes.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (the name everyone knows it by)

# Of its even share of the tokens: a code with less counts as dead.
_LEAST_SHARE = 0.1


class IVQOutput(NamedTuple):
    """What the codebook says of a batch of tokens."""

    index_map: Tensor  # (B, L) int64: the nearest code of each patch, eq. 3
    distances: Tensor  # (B, L): squared Euclidean distance to that code
    loss: Tensor  # (): codebook + beta * commitment, eq. 4


def squared_distances(tokens: Tensor, centres: Tensor) -> Tensor:
    """Squared Euclidean distances between tokens and centres, without materialising their differences.

    Args:
        tokens: (B, L, D) float32.
        centres: (N, D) float32.

    Returns:
        (B, L, N), clamped at zero against rounding.
    """
    cross = tokens @ centres.t()
    squares = tokens.square().sum(-1, keepdim=True) + centres.square().sum(-1)
    return (squares - 2.0 * cross).clamp_min(0.0)


class ImplicitVectorQuantizer(nn.Module):
    """Learnable codebook ``(M, D)`` with the VQ losses and no quantized output (section 3.2).

    The loss is the mean over patches and channels rather than the sum over channels of eq. 4, so that ``beta``
    means the same at every token width.

    Args:
        codes: M, the number of code vectors; the paper uses the number of concept groups.
        width: D, the token width.
        beta: weight of the commitment loss.

    Raises:
        ValueError: if a size is not positive or ``beta`` is negative.
    """

    def __init__(self, codes: int, width: int, beta: float = 0.25) -> None:
        super().__init__()
        if codes < 1 or width < 1:
            raise ValueError(f"codes and width must be positive, got {codes} and {width}")
        if beta < 0:
            raise ValueError(f"beta must not be negative, got {beta}")
        self.beta = beta
        self.codebook = nn.Parameter(torch.randn(codes, width))

    @torch.no_grad()
    def initialise(self, tokens: Tensor, generator: torch.Generator | None = None) -> None:
        """Spreads the codes over real tokens (k-means++ seeding), so that no code starts far from all of them.

        Args:
            tokens: (N, D) tokens of any images, N >= M.
            generator: source of randomness.

        Raises:
            ValueError: if there are fewer tokens than codes or their width differs.
        """
        codes, width = self.codebook.shape
        if tokens.ndim != 2 or tokens.shape[1] != width or tokens.shape[0] < codes:
            raise ValueError(f"expected tokens (N >= {codes}, {width}), got {tuple(tokens.shape)}")
        self.codebook.copy_(spread_centres(tokens.float(), codes, generator))

    @torch.no_grad()
    def revive(self, tokens: Tensor, generator: torch.Generator | None = None) -> int:
        """Moves codes that hardly any token is nearest to onto tokens, far ones with a greater chance.

        A code without tokens has no gradient and would stay dead for ever while the encoder moves away from it; one
        with less than a tenth of its even share follows a handful of odd patches and leaves the rest to a single code.

        Args:
            tokens: (N, D) float32 tokens of many images, on any device.
            generator: source of randomness, on the CPU.

        Returns:
            How many codes were moved.
        """
        tokens = tokens.float()
        distances, nearest = squared_distances(tokens.unsqueeze(0), self.codebook)[0].min(-1)
        codes = self.codebook.shape[0]
        used = torch.bincount(nearest, minlength=codes) >= max(1.0, _LEAST_SHARE * len(tokens) / codes)
        dead = (~used).nonzero()[:, 0].tolist()
        for code in dead:
            weights = distances if float(distances.sum()) > 0 else torch.ones_like(distances)
            pick = _draw(weights, generator)
            self.codebook[code] = tokens[pick]
            distances = torch.minimum(distances, (tokens - tokens[pick]).square().sum(-1))
        return len(dead)

    @torch.no_grad()
    def refit(self, tokens: Tensor, generator: torch.Generator | None = None, rounds: int = 8) -> None:
        """Places the codes by k-means on tokens: the dictionary of a model that was trained without a codebook.

        Args:
            tokens: (N, D) tokens of many images; with fewer than M of them some codes coincide.
            generator: source of randomness, on the CPU.
            rounds: of Lloyd's algorithm.
        """
        tokens = tokens.float()
        codes = self.codebook.shape[0]
        if tokens.shape[0] < codes:
            tokens = tokens.repeat(-(-codes // tokens.shape[0]), 1)
        centres = spread_centres(tokens, codes, generator)
        for _ in range(rounds):
            nearest = squared_distances(tokens.unsqueeze(0), centres)[0].argmin(-1)
            counts = torch.bincount(nearest, minlength=codes).unsqueeze(1)
            sums = torch.zeros_like(centres).index_add_(0, nearest, tokens)
            centres = torch.where(counts > 0, sums / counts.clamp_min(1), centres)
        self.codebook.copy_(centres)

    def forward(self, tokens: Tensor) -> IVQOutput:
        """Assigns each token to its nearest code and computes the regularisation loss.

        Args:
            tokens: (B, L, D) float32 patch tokens.

        Returns:
            The index map (B, L), the distances (B, L) and the scalar loss.

        Raises:
            ValueError: if the tokens do not have the codebook's width.
        """
        if tokens.ndim != 3 or tokens.shape[-1] != self.codebook.shape[1]:
            raise ValueError(f"expected tokens (B, L, {self.codebook.shape[1]}), got {tuple(tokens.shape)}")
        distances, index_map = squared_distances(tokens, self.codebook).min(-1)
        # Not codebook[index_map]: the backward pass of indexing adds up in whatever order the threads come in, and a
        # training that is resumed must end with the very same weights.
        quantized = F.embedding(index_map, self.codebook)
        codebook_loss = F.mse_loss(quantized, tokens.detach())
        commitment_loss = F.mse_loss(tokens, quantized.detach())
        return IVQOutput(index_map, distances, codebook_loss + self.beta * commitment_loss)


def spread_centres(tokens: Tensor, count: int, generator: torch.Generator | None = None) -> Tensor:
    """k-means++ seeding: each next centre is drawn with a chance proportional to its squared distance.

    Args:
        tokens: (N, D) float32, N >= count.
        count: how many centres to pick.
        generator: source of randomness.

    Returns:
        (count, D), rows of ``tokens``.
    """
    first = torch.randint(tokens.shape[0], (1,), generator=generator)
    centres = [tokens[first[0]]]
    nearest = (tokens - centres[0]).square().sum(-1)
    for _ in range(count - 1):
        # All tokens equal: any of them is as good a centre as any other.
        weights = nearest if float(nearest.sum()) > 0 else torch.ones_like(nearest)
        pick = _draw(weights, generator)
        centres.append(tokens[pick])
        nearest = torch.minimum(nearest, (tokens - tokens[pick]).square().sum(-1))
    return torch.stack(centres)


def _draw(weights: Tensor, generator: torch.Generator | None) -> Tensor:
    """Draws one index with a chance proportional to its weight (N,); on the CPU, so that every device agrees."""
    return torch.multinomial(weights.cpu(), 1, generator=generator)[0]
