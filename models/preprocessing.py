"""From square pictures to the encoder's input."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from models.encoders.loading import Preprocessing


def normalise(images: np.ndarray, preprocessing: Preprocessing) -> Tensor:
    """Normalises a batch of pictures.

    Args:
        images: (B, H, W, 3) uint8.
        preprocessing: mean and standard deviation per channel.

    Returns:
        (B, 3, H, W) float32 in channels-last memory, which convolutions on the CPU prefer.

    Raises:
        ValueError: if the batch has another shape or type.
    """
    if images.ndim != 4 or images.shape[-1] != 3 or images.dtype != np.uint8:
        raise ValueError(f"expected images (B, H, W, 3) uint8, got {images.shape} {images.dtype}")
    pixels = torch.from_numpy(np.array(images)).float()
    mean = torch.tensor(preprocessing.mean) * 255.0
    std = torch.tensor(preprocessing.std) * 255.0
    return ((pixels - mean) / std).permute(0, 3, 1, 2)
