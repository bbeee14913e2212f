"""What is kept of an image, as bytes: PNG, a small WebP, and frames of values."""

from __future__ import annotations

import io
import warnings
import zlib
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from backend.intake.display import Display, Values

THUMBNAIL_SIZE: Final = 512
_GZIP: Final = 16 + zlib.MAX_WBITS  # how zlib is told to write and read gzip's header


def limit_pillow(max_pixels: int) -> None:
    """Sets Pillow's own guard to our limit, for the whole process: a second lock behind the checks of headers."""
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


def encode_frame(values: npt.NDArray[np.generic]) -> bytes:
    """Gzip of a frame's values, (H, W) or (H, W, 3), as little endian. The same values give the same bytes."""
    packer = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
    little = values.astype(values.dtype.newbyteorder("<"), order="C", copy=False)
    return packer.compress(little.data) + packer.flush()


def decode_frame(content: bytes, width: int, height: int, display: Display) -> npt.NDArray[Any]:
    """The values of a frame, (H, W) or (H, W, 3); never more memory than they need, whatever the bytes say.

    Raises:
        ValueError: the bytes do not hold that many values.
    """
    shape = (height, width, 3) if display.values is Values.COLOUR else (height, width)
    size = int(np.prod(shape)) * display.bytes_per_value
    unpacker = zlib.decompressobj(_GZIP)
    try:
        # One byte more than expected, so that the end is reached and a surplus is seen.
        values = unpacker.decompress(content, size + 1)
    except zlib.error as error:
        raise ValueError(f"The values of a frame cannot be unpacked: {error}.") from error
    if len(values) != size or not unpacker.eof:
        raise ValueError(f"A frame must hold {size} bytes of values; it holds {len(values)} or is cut off.")
    return np.frombuffer(values, f"<{'i' if display.signed else 'u'}{display.bytes_per_value}").reshape(shape)


def _shrunk(image: Image.Image, size: int) -> Image.Image:
    scale = size / max(image.size)
    target = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(target, Image.Resampling.LANCZOS, reducing_gap=3.0)
