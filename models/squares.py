"""How a picture, and the mask that goes with it, becomes a square: one geometry for training and for serving.

Needs no torch, so that processes which only decode images start fast and stay small.

Shapes: H rows, W columns, S pixels a side, G patches a side.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.explanation import Region

RESIZE_MODES = ("shortest", "longest", "squash")


@dataclass(frozen=True, eq=False)
class Square:
    """A picture as an encoder takes it.

    Attributes:
        pixels: (S, S, 3) uint8.
        region: the rectangle of the source that it covers.
        milliseconds: that making it took.
    """

    pixels: NDArray[np.uint8]
    region: Region
    milliseconds: float = 0.0


def as_square(image: Image.Image, size: int, mode: str) -> Square:
    """``to_square`` of any Pillow image, as an array."""
    start = time.perf_counter()
    square, region = to_square(image.convert("RGB"), size, mode)
    return Square(np.asarray(square), region, (time.perf_counter() - start) * 1e3)


def to_square(image: Image.Image, size: int, mode: str) -> tuple[Image.Image, Region]:
    """Resizes, pads or crops an RGB picture to a square.

    Padding repeats the median colour of the image's edge rather than black, which a model could take for a
    dark corner of the field of view.

    Args:
        image: RGB.
        size: side of the square in pixels.
        mode: "shortest" (centre crop), "longest" (pad to a square) or "squash".

    Returns:
        The square, and the rectangle of the source that it covers.

    Raises:
        ValueError: if the mode is unknown.
    """
    region = square_region(image.width, image.height, size, mode)
    if mode == "squash" or image.width == image.height:
        return _resized(image, size, size), region
    if mode == "shortest":
        box = (region.x, region.y, region.x + region.width, region.y + region.height)
        return image.resize((size, size), Image.Resampling.BICUBIC, box=box, reducing_gap=3.0), region
    width, height, left, top = _inner(image.width, image.height, size)
    small = _resized(image, width, height)
    square = Image.new("RGB", (size, size), _edge_colour(small))
    square.paste(small, (left, top))
    return square, region


def square_region(width: int, height: int, size: int, mode: str) -> Region:
    """The rectangle of a picture that ``to_square`` makes the square of; arguments as there."""
    if mode not in RESIZE_MODES:
        raise ValueError(f"resize mode is {mode!r}; expected {', '.join(RESIZE_MODES)}")
    if mode == "squash" or width == height:
        return Region(0.0, 0.0, float(width), float(height))
    if mode == "shortest":
        side = min(width, height)
        return Region((width - side) / 2, (height - side) / 2, float(side), float(side))
    inner_width, inner_height, left, top = _inner(width, height, size)
    # Horizontal and vertical scales differ by a rounding of at most half a pixel; the region keeps both exact.
    x_scale, y_scale = width / inner_width, height / inner_height
    return Region(-left * x_scale, -top * y_scale, size * x_scale, size * y_scale)


def _inner(width: int, height: int, size: int) -> tuple[int, int, int, int]:
    """Width, height, left and top of the picture inside the padded square."""
    scale = size / max(width, height)
    inner_width, inner_height = max(1, round(width * scale)), max(1, round(height * scale))
    return inner_width, inner_height, (size - inner_width) // 2, (size - inner_height) // 2


def _resized(image: Image.Image, width: int, height: int) -> Image.Image:
    return image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=3.0)


def _edge_colour(image: Image.Image) -> tuple[int, int, int]:
    pixels = np.asarray(image)
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    red, green, blue = np.median(edge, axis=0).astype(int).tolist()
    return red, green, blue


def patch_shares(mask: NDArray[np.bool_], region: Region, grid: int) -> NDArray[np.float32]:
    """Share of each patch of the square that the mask covers.

    Args:
        mask: (H, W) bool, of the source image.
        region: what ``to_square`` said of the image.
        grid: G.

    Returns:
        (G, G) float32 in [0, 1]; padding is not covered.
    """
    height, width = mask.shape
    left, top = max(0, int(np.ceil(-region.x))), max(0, int(np.ceil(-region.y)))
    right = max(0, int(np.ceil(region.x + region.width)) - width)
    bottom = max(0, int(np.ceil(region.y + region.height)) - height)
    # Floats, because Pillow rounds grey levels: a patch that is covered by a thousandth would be lost.
    padded = Image.fromarray(np.pad(mask.astype(np.float32), ((top, bottom), (left, right))))
    x, y = region.x + left, region.y + top
    # The rectangle is exact up to rounding in the last digit; Pillow refuses one that leaves the picture by that much.
    box = (max(0.0, x), max(0.0, y), min(x + region.width, padded.width), min(y + region.height, padded.height))
    shares: NDArray[np.float32] = np.asarray(padded.resize((grid, grid), Image.Resampling.BOX, box=box), np.float32)
    return np.clip(shares, np.float32(0.0), np.float32(1.0))
