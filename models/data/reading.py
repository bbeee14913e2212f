"""What an import takes from each image, in a process of its own: size, a hash of the pixels, a small grey copy.

Shapes: H rows, W columns, G patches a side.
"""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.data.duplicates import small_grey
from models.data.errors import DataError
from models.data.records import ImageSource, MaskSource, Record
from models.squares import patch_shares, square_region, to_square


@dataclass(frozen=True, eq=False)
class Reading:
    """What was seen of an image.

    Attributes:
        width: W; 0 if the image cannot be read.
        height: H.
        sha256: of the size and the RGB pixels, in hex.
        grey: the small grey copy that near-duplicates are found by; None if the image cannot be read.
        error: why the image cannot be read.
        mask_error: why its masks cannot be used.
    """

    width: int = 0
    height: int = 0
    sha256: str = ""
    grey: NDArray[np.uint8] | None = None
    error: str | None = None
    mask_error: str | None = None


def examine(record: Record) -> Reading:
    """Decodes an image and its masks. What is wrong with them is said in the result, never raised."""
    try:
        pixels = read_pixels(record.image)
    except DataError as error:
        return Reading(error=str(error))
    height, width = pixels.shape[:2]
    reading = Reading(width, height, pixels_digest(pixels), small_grey(pixels))
    try:
        for sources in record.masks.values():
            read_mask(sources, height, width)
    except DataError as error:
        return replace(reading, mask_error=str(error))
    return reading


def crashed(record: Record) -> Reading:
    """The reading of an image whose decoder took the process with it, or was killed for its memory."""
    return Reading(error=f"{record.image.path}: decoding it ended the process (damaged, or out of memory)")


def read_pixels(source: ImageSource) -> NDArray[np.uint8]:
    """(H, W, 3) uint8; ``DataError`` also for sources that return anything else."""
    with warnings.catch_warnings():
        # Libraries warn of oddities in files that they read all the same; the log is for what needs doing.
        warnings.simplefilter("ignore")
        pixels = source.read()
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or 0 in pixels.shape:
        raise DataError(f"{source.path}: decoded to {pixels.shape} {pixels.dtype}, expected (H, W, 3) uint8")
    return pixels


def read_mask(sources: tuple[MaskSource, ...], height: int, width: int) -> NDArray[np.bool_]:
    """Union of masks, (H, W) bool.

    Raises:
        DataError: if one cannot be read, or is not of the image's size.
    """
    united = np.zeros((height, width), np.bool_)
    for source in sources:
        mask = source.read()
        if mask.shape != united.shape:
            raise DataError(
                f"{_name(source)}: a mask of {mask.shape[1]} x {mask.shape[0]} pixels; its image has {width} x {height}"
            )
        united |= mask
    return united


def read_square(source: ImageSource, size: int, mode: str) -> tuple[NDArray[np.uint8], str]:
    """An image as the encoder gets it, (size, size, 3) uint8, and the digest of what it was made from."""
    pixels = read_pixels(source)
    square, _ = to_square(Image.fromarray(pixels), size, mode)
    return np.asarray(square), pixels_digest(pixels)


def read_patches(
    masks: tuple[tuple[MaskSource, ...], ...], height: int, width: int, size: int, mode: str, grid: int
) -> NDArray[np.float32]:
    """Share of each patch that each mask covers, (len(masks), G, G) float32, in the geometry of ``read_square``."""
    region = square_region(width, height, size, mode)
    return np.stack(
        [
            patch_shares(read_mask(sources, height, width), region, grid)
            if sources
            else np.zeros((grid, grid), np.float32)
            for sources in masks
        ]
    )


def pixels_digest(pixels: NDArray[np.uint8]) -> str:
    """SHA-256 in hex of the size and the pixels: the same however a picture was packed."""
    digest = hashlib.sha256(f"{pixels.shape[1]}x{pixels.shape[0]}".encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def _name(source: MaskSource) -> str:
    return str(getattr(source, "path", "run-length code"))
