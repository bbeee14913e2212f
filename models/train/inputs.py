"""What an encoder is given: pictures, or in a retraining with a frozen encoder the tokens that it gave for them.

Shapes: B images, S pixels a side, L tokens, D token width.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.encoders.loading import Preprocessing
from models.preprocessing import normalise


class TokenInput(nn.Module):
    """Stands for an encoder that has run already: tokens (B, L, D) go through as they are."""

    def forward(self, tokens: Tensor) -> Tensor:
        """Returns its argument, (B, L, D)."""
        return tokens


def encoder_input(values: NDArray[Any], preprocessing: Preprocessing) -> Tensor:
    """What the encoder takes, float32.

    Args:
        values: pictures (B, S, S, 3) uint8, which are normalised; or tokens (B, L, D), float32 or the upper halves of
            float32 numbers (uint16), for ``TokenInput``.
        preprocessing: of the encoder.

    Returns:
        (B, 3, S, S) or (B, L, D).

    Raises:
        ValueError: if the values are neither.
    """
    if values.ndim != 3:
        return normalise(values, preprocessing)
    if values.dtype == np.uint16:
        return torch.from_numpy(np.array(values).view(np.int16)).view(torch.bfloat16).float()
    if values.dtype != np.float32:
        raise ValueError(f"expected tokens (B, L, D) float32 or uint16, got {values.shape} {values.dtype}")
    return torch.from_numpy(np.array(values))
