"""Pictures of many images as one JPEG: square tiles without gaps, so that a page cuts them out by their number.

Shapes: S pixels a side of an image, T of a tile, rows x columns the patch grid.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.explain.export import NOT_FOR_DIAGNOSIS
from models.explain.overlay import Pixels, overlay, render_map
from models.explanation import Region

ALPHA = 0.4  # as the server draws a map that nobody asked otherwise of
_QUALITY = 85


def tile(image: NDArray[np.uint8], side: int) -> Pixels:
    """An image (S, S, 3) as a tile (side, side, 3)."""
    fitted: Pixels = np.asarray(Image.fromarray(np.asarray(image)).resize((side, side), Image.Resampling.BICUBIC))
    return fitted


def map_tile(image: NDArray[np.uint8], values: NDArray[np.floating], side: int) -> Pixels:
    """An image (S, S, 3) under a map (rows, columns) of it, as a tile (side, side, 3)."""
    layer = render_map(values, Region(0, 0, side, side), (side, side), interpolation="bicubic")
    return overlay(tile(image, side), layer, ALPHA)


def patch_tile(image: NDArray[np.uint8], patch: int, grid: tuple[int, int], side: int) -> Pixels:
    """A patch, outlined, with one patch around it; black where the image ends.

    Args:
        image: (S, S, 3).
        patch: its index, row by row.
        grid: rows and columns.
        side: T.

    Returns:
        (side, side, 3), the patch in its middle third.
    """
    height, width = image.shape[0] / grid[0], image.shape[1] / grid[1]
    row, column = divmod(patch, grid[1])
    margin = (int(np.ceil(height)), int(np.ceil(width)))
    padded = np.pad(np.asarray(image), ((margin[0],) * 2, (margin[1],) * 2, (0, 0)))
    left, top = margin[1] + (column - 1) * width, margin[0] + (row - 1) * height
    crop = Image.fromarray(padded).resize(
        (side, side), Image.Resampling.BICUBIC, box=(left, top, left + 3 * width, top + 3 * height)
    )
    pixels = np.array(crop)
    first, last = side // 3, side - side // 3 - 1
    for offset, colour in ((1, 0), (0, 255)):  # white within black: one of them is seen on any ground
        low, high = first - offset, last + offset
        pixels[[low, high], low : high + 1] = colour
        pixels[low : high + 1, [low, high]] = colour
    return pixels


def write_sheet(path: Path, tiles: Sequence[Pixels], columns: int) -> None:
    """Writes tiles (T, T, 3) row by row as one JPEG, in one step; black where the last row ends early.

    Args:
        path: of the file; its folder is made when missing.
        tiles: at least one.
        columns: tiles in a row.

    Raises:
        OSError: if it cannot be written.
    """
    side, rows = tiles[0].shape[0], -(-len(tiles) // columns)
    canvas = np.zeros((rows * side, columns * side, 3), np.uint8)
    for number, pixels in enumerate(tiles):
        row, column = divmod(number, columns)
        canvas[row * side : (row + 1) * side, column * side : (column + 1) * side] = pixels
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        Image.fromarray(canvas).save(temporary, "JPEG", quality=_QUALITY, comment=NOT_FOR_DIAGNOSIS)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
