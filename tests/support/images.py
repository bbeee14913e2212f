"""Image files made on the spot."""

from __future__ import annotations

import io
import itertools
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.PngImagePlugin import PngInfo

_NUMBERS = itertools.count()


def gradient(width: int = 48, height: int = 32) -> Image.Image:
    """Red grows to the right, green downwards: orientation shows."""
    red, green = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return Image.fromarray(np.stack([red, green, np.full_like(red, 90)], -1).astype(np.uint8))


def encoded(image: Image.Image, format_name: str = "PNG", **options: Any) -> bytes:
    """As a file of this format."""
    stream = io.BytesIO()
    image.save(stream, format_name, **options)
    return stream.getvalue()


def png(colour: tuple[int, int, int] = (180, 120, 90), size: tuple[int, int] = (24, 16)) -> bytes:
    """A PNG of one colour. No two are the same file: one that somebody has already is not made a case again."""
    words = PngInfo()
    words.add_text("Number", str(next(_NUMBERS)))
    return encoded(Image.new("RGB", size, colour), pnginfo=words)


def deep_pages(pages: Sequence[npt.NDArray[np.uint16]]) -> bytes:
    """A TIFF of 16 bits, whose values are kept; as ``png`` never the same file twice."""
    first, *others = (Image.fromarray(page) for page in pages)
    return encoded(first, "TIFF", save_all=True, append_images=others, description=str(next(_NUMBERS)))


def png_header(width: int, height: int) -> bytes:
    """A few bytes that claim to be a huge picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )


def decoded(content: bytes) -> Image.Image:
    """Back to a picture."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image
