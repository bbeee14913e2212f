"""From a picture to the encoder's input, keeping account of where the patch grid lies in the picture."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from models.encoders.loading import Preprocessing
from models.explanation import Region


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
    square, region = _to_square(image, size, preprocessing.resize_mode)
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


def _to_square(image: Image.Image, size: int, mode: str) -> tuple[Image.Image, Region]:
    width, height = image.size
    if mode == "squash" or width == height:
        return _resized(image, size, size), Region(0.0, 0.0, float(width), float(height))
    if mode == "shortest":
        side = min(width, height)
        left, top = (width - side) / 2, (height - side) / 2
        box = (left, top, left + side, top + side)
        cropped = image.resize((size, size), Image.Resampling.BICUBIC, box=box, reducing_gap=3.0)
        return cropped, Region(left, top, float(side), float(side))
    side = max(width, height)
    scale = size / side
    inner_width, inner_height = max(1, round(width * scale)), max(1, round(height * scale))
    small = _resized(image, inner_width, inner_height)
    left_pad, top_pad = (size - inner_width) // 2, (size - inner_height) // 2
    square = Image.new("RGB", (size, size), _edge_colour(small))
    square.paste(small, (left_pad, top_pad))
    # Horizontal and vertical scales differ by a rounding of at most half a pixel; the region keeps both exact.
    x_scale, y_scale = width / inner_width, height / inner_height
    return square, Region(-left_pad * x_scale, -top_pad * y_scale, size * x_scale, size * y_scale)


def _resized(image: Image.Image, width: int, height: int) -> Image.Image:
    return image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=3.0)


def _edge_colour(image: Image.Image) -> tuple[int, int, int]:
    pixels = np.asarray(image)
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    red, green, blue = np.median(edge, axis=0).astype(int).tolist()
    return red, green, blue
