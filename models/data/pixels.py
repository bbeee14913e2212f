"""From what a file holds to upright RGB with 8 bits, the same for imported images and for uploaded ones.

Shapes: H rows, W columns.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps


def upright_rgb(image: Image.Image) -> Image.Image:
    """RGB in the orientation that the EXIF data asks for; alpha is laid over black.

    Args:
        image: of any of Pillow's modes, 16-bit greyscale, palettes and CMYK included.
    """
    return _to_rgb(_upright(image))


def to_8_bits(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Greyscale with more than 8 bits as (H, W) uint8.

    Sixteen bits keep their meaning (65535 is white) unless the image uses only a small part of the range, as 12-bit
    detectors do: then its own range is stretched, as any viewer would.

    Args:
        values: (H, W) of any integer or floating type.
    """
    floating = values.dtype.kind == "f"
    if floating:
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = _grey_range(float(values.min()), float(values.max()), floating)
    if values.dtype == np.uint16:  # a table instead of floats of the whole picture: a quarter of the memory
        table: NDArray[np.uint8] = stretched(np.arange(65536), low, high)[values]
        return table
    return stretched(values, low, high)


def stretched(values: NDArray[np.generic], low: float, high: float) -> NDArray[np.uint8]:
    """Values with ``low`` as black and ``high`` as white, (H, W) uint8."""
    scale = 255.0 / (high - low) if high > low else 0.0
    scaled = (values.astype(np.float32) - np.float32(low)) * np.float32(scale)
    levels: NDArray[np.uint8] = np.rint(np.clip(scaled, 0.0, 255.0)).astype(np.uint8)
    return levels


def _upright(image: Image.Image) -> Image.Image:
    try:
        if image.getexif().get(ExifTags.Base.Orientation, 1) == 1:
            return image  # exif_transpose would copy it
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 (damaged metadata raises anything, and says nothing about the pixels)
        return image


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return Image.fromarray(to_8_bits(np.asarray(image))).convert("RGB")
    if image.mode == "P" or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode in ("LA", "La", "PA", "RGBa"):
        image = image.convert("RGBA")
    if image.mode == "RGBA":
        ground = Image.new("RGBA", image.size, (0, 0, 0, 255))
        return Image.alpha_composite(ground, image).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _grey_range(low: float, high: float, floating: bool) -> tuple[float, float]:
    """Which values become black and white."""
    if low >= 0.0 and floating and high <= 1.0:
        return 0.0, 1.0
    if low >= 0.0 and high <= 255.0:
        return 0.0, 255.0
    if low >= 0.0 and 16384.0 <= high <= 65535.0:
        return 0.0, 65535.0
    return low, high
