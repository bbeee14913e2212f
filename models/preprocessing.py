"""From a picture to the encoder's input, keeping account of where the patch grid lies in the picture."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from models.encoders.loading import Preprocessing
from models.explanation import Region
from models.squares import to_square


def prepare(image: Image.Image, size: int, preprocessing: Preprocessing) -> tuple[Tensor, Region]:
    """Resizes, pads or crops to a square and normalises.

    Padding repeats the median colour of the image's edge rather than black, which a model could take for a
    dark corner of the field of view.

    Args:
        image: any Pillow image; converted to RGB.
        size: side of the encoder's input in pixels.
        preprocessing: normalisation and resize mode.

    Returns:
        The input (1, 3, size, size) float32, and the rectangle of the source that it covers.
    """
    image = image.convert("RGB")
    square, region = to_square(image, size, preprocessing.resize_mode)
    return normalise(np.asarray(square)[None], preprocessing), region


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
