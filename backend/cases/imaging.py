"""From uploaded bytes to an RGB picture, trusting nothing but the content.

``read_image`` is the only place where bytes from outside meet a decoder, so that it can move into a process of its own.
"""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError
from PIL.TiffImagePlugin import TiffImageFile

from backend.cases.errors import ACCEPTED, DamagedImage, ImageTooLarge, UnsupportedImage
from backend.cases.schemas import SourceFormat

THUMBNAIL_SIZE: Final = 512
MAX_FRAMES: Final = 2000
MAX_SIDE: Final = 32_768
_SIGNATURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"RIFF", b"BM")
_FORMATS = {"PNG": SourceFormat.PNG, "JPEG": SourceFormat.JPEG, "MPO": SourceFormat.JPEG,
            "TIFF": SourceFormat.TIFF, "WEBP": SourceFormat.WEBP, "BMP": SourceFormat.BMP}  # fmt: skip
_OPENED = [name for name in _FORMATS if name != "MPO"]  # which Pillow opens as JPEG first
# What Pillow's decoders raise on damaged files, beside their own errors.
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError,
           OverflowError, ZeroDivisionError, AssertionError, NotImplementedError, RuntimeError,
           struct.error)  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """A decoded upload: RGB pixels and nothing else of the file."""

    image: Image.Image
    source_format: SourceFormat
    frames: int


def read_image(content: bytes, max_pixels: int) -> Picture:
    """Decode the first frame to RGB, upright, without metadata.

    Raises:
        UnsupportedImage: not one of the accepted formats.
        ImageTooLarge: more pixels than allowed; known from the header, before anything is decoded.
        DamagedImage: the header is right, the rest is not.
    """
    if not content:
        raise DamagedImage(f"The file is empty; upload one of {ACCEPTED}.")
    try:
        return _read(content, max_pixels)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(f"far more than {max_pixels / 1e6:g} million pixels", max_pixels) from error
    except UnidentifiedImageError as error:
        raise (DamagedImage if content.startswith(_SIGNATURES) else UnsupportedImage) from error
    except _DAMAGE as error:
        raise DamagedImage from error


def limit_pillow(max_pixels: int) -> None:
    """Sets Pillow's own guard to our limit, for the whole process: a second lock behind ``read_image``'s."""
    Image.MAX_IMAGE_PIXELS = max_pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def encode_png(image: Image.Image) -> bytes:
    """PNG; light compression, since most of the time of an upload goes there."""
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=3)
    return stream.getvalue()


def encode_thumbnail(image: Image.Image, size: int = THUMBNAIL_SIZE) -> bytes:
    """WebP whose longest side is at most ``size``."""
    small = image.copy() if max(image.size) <= size else _shrunk(image, size)
    stream = io.BytesIO()
    small.save(stream, "WEBP", quality=88, method=3)
    return stream.getvalue()


def shrink(thumbnail: bytes, size: int) -> bytes:
    """A smaller thumbnail from a thumbnail."""
    with Image.open(io.BytesIO(thumbnail), formats=["WEBP"]) as image:
        return encode_thumbnail(image.convert("RGB"), size)


def _read(content: bytes, max_pixels: int) -> Picture:
    with Image.open(io.BytesIO(content), formats=_OPENED) as image:
        _check_size(image.size, max_pixels)
        source_format = _FORMATS[image.format or ""]
        frames = _count_frames(image)
        image.seek(0)
        image.load()
        _check_size(image.size, max_pixels)
        rgb = _to_rgb(_upright(image))
        # A fresh image: nothing of the file's metadata can travel along.
        bare = Image.new("RGB", rgb.size)
        bare.paste(rgb)
        return Picture(bare, source_format, frames)


def _check_size(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise DamagedImage
    if width * height > max_pixels or max(size) > MAX_SIDE:
        raise _too_large(f"{width} x {height} pixels", max_pixels)


def _count_frames(image: Image.Image) -> int:
    """One by one, since a TIFF of 50 MiB can hold millions of empty ones: counting all would take minutes."""
    if not isinstance(image, TiffImageFile):
        frames = int(getattr(image, "n_frames", 1))
    else:
        frames = 1
        while frames <= MAX_FRAMES:
            try:
                image.seek(frames)
            except _DAMAGE:
                break
            frames += 1
    if frames > MAX_FRAMES:
        raise ImageTooLarge(f"The file holds more than {MAX_FRAMES} frames; upload the one to look at.")
    return max(1, frames)


def _upright(image: Image.Image) -> Image.Image:
    try:
        if image.getexif().get(ExifTags.Base.Orientation, 1) == 1:
            return image  # exif_transpose would copy it
        return ImageOps.exif_transpose(image)
    except _DAMAGE:
        return image  # unreadable metadata says nothing about the pixels


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return _scaled_to_8_bits(image).convert("RGB")
    if image.mode == "P" or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode in ("LA", "La", "PA", "RGBa"):
        image = image.convert("RGBA")
    if image.mode == "RGBA":
        ground = Image.new("RGBA", image.size, (0, 0, 0, 255))
        return Image.alpha_composite(ground, image).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _scaled_to_8_bits(image: Image.Image) -> Image.Image:
    """16-bit and wider greyscale. Pillow's own conversion cuts at 255, which turns such images white.

    Sixteen bits keep their meaning (65535 is white) unless the image uses only a small part of the range, as 12-bit
    detectors do: then its own range is stretched, as any viewer would.
    """
    values = np.asarray(image)
    if values.dtype.kind == "f":
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = _grey_range(float(values.min()), float(values.max()), values.dtype.kind == "f")
    if values.dtype == np.uint16:  # a table instead of floats of the whole picture: a quarter of the memory
        return Image.fromarray(_to_8_bits(np.arange(65536), low, high)[values])
    return Image.fromarray(_to_8_bits(values, low, high))


def _grey_range(low: float, high: float, floating: bool) -> tuple[float, float]:
    """Which values become black and white."""
    if low >= 0.0 and floating and high <= 1.0:
        return 0.0, 1.0
    if low >= 0.0 and high <= 255.0:
        return 0.0, 255.0
    if low >= 0.0 and 16384.0 <= high <= 65535.0:
        return 0.0, 65535.0
    return low, high


def _to_8_bits(values: np.ndarray, low: float, high: float) -> np.ndarray:
    scale = 255.0 / (high - low) if high > low else 0.0
    scaled = (values.astype(np.float32) - np.float32(low)) * np.float32(scale)
    levels: np.ndarray = np.rint(np.clip(scaled, 0.0, 255.0)).astype(np.uint8)
    return levels


def _shrunk(image: Image.Image, size: int) -> Image.Image:
    scale = size / max(image.size)
    target = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(target, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _too_large(found: str, max_pixels: int) -> ImageTooLarge:
    most = f"at most {max_pixels / 1e6:g} million, and {MAX_SIDE} on a side, are accepted"
    return ImageTooLarge(f"The image has {found}; {most}. Make it smaller and upload it again.")
