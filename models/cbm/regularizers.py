"""What the implicit codebook is held against: other ways to keep the tokens from collapsing (section 4.2, table 5).

Each is one number that joins the objective in place of the IVQ loss. Scales are chosen so that a weight of 1 is of the
order of the IVQ loss at unit-variance tokens.

Shapes: B images, L patches, D token width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812


def barlow_twins_loss(patches: Tensor) -> Tensor:
    """Redundancy reduction of Barlow Twins (Zbontar et al. 2021) on the patch tokens of a batch.

    With one view of each image the correlation matrix has ones on its diagonal, so the invariance term is met by
    itself and only the other term is left: ``sum_{i != j} C_ij^2 / D``.

    Args:
        patches: (B, L, D) float32.

    Returns:
        A scalar, not negative.
    """
    flat = patches.flatten(0, 1)
    centred = flat - flat.mean(0)
    unit = centred / (centred.square().mean(0) + 1e-6).sqrt()
    correlation = unit.t() @ unit / flat.shape[0]
    off = correlation.square().sum() - correlation.diagonal().square().sum()
    return off / flat.shape[1]


class SpectralNormPenalty(nn.Module):
    """Half the mean squared spectral norm of the encoder's weight matrices (Yoshida and Miyato 2017).

    The norm comes from one step of power iteration a batch; its vectors are buffers, so they are part of a training's
    state. Convolutions count as matrices of output channels by all else.

    Args:
        encoder: whose trainable weights of two or more dimensions are penalised; not kept as a submodule.
    """

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(0)
        for index, weight in enumerate(self._weights(encoder)):
            start = torch.randn(weight.shape[0], generator=generator)
            self.register_buffer(f"left_{index}", F.normalize(start, dim=0))

    def forward(self, encoder: nn.Module) -> Tensor:
        """The penalty of the encoder's present weights, a scalar."""
        penalties = [self._squared_norm(index, weight) for index, weight in enumerate(self._weights(encoder))]
        if not penalties:
            return torch.zeros(())
        return 0.5 * torch.stack(penalties).mean()

    def _squared_norm(self, index: int, weight: Tensor) -> Tensor:
        matrix = weight.flatten(1).float()
        left: Tensor = getattr(self, f"left_{index}")
        with torch.no_grad():
            right = F.normalize(matrix.t() @ left, dim=0)
            if self.training:
                left.copy_(F.normalize(matrix @ right, dim=0))
        # A copy: the buffer changes again at the next batch, before a backward pass over accumulated parts may be due.
        return (left.clone() @ matrix @ right).square()

    @staticmethod
    def _weights(encoder: nn.Module) -> list[nn.Parameter]:
        return [
            weight
            for name, weight in encoder.named_parameters()
            if weight.ndim >= 2 and weight.requires_grad and "pos_embed" not in name and "token" not in name
        ]


def gram_loss(patches: Tensor, anchor: Tensor) -> Tensor:
    """Gram anchoring (Siméoni et al. 2025): the similarities between patches stay as an earlier model had them.

    Args:
        patches: (B, L, D) float32.
        anchor: (B, L, D) tokens of the same images from the encoder that training started from.

    Returns:
        Mean squared difference of the two (L, L) matrices of cosines, a scalar, times L (as in the squared Frobenius
        norm per patch).
    """
    present, past = F.normalize(patches, dim=-1), F.normalize(anchor, dim=-1)
    difference = present @ present.transpose(1, 2) - past @ past.transpose(1, 2)
    return difference.square().mean() * patches.shape[1]
