"""Small copies of images, kept once they were asked for."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.data.reading import read_pixels
from models.data.records import ImageSource

FOLDER = "thumbnails"
SIDE = 256


class Thumbnails:
    """The thumbnails of one data set, in its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER

    def get(self, key: str, source: ImageSource, side: int) -> NDArray[np.uint8]:
        """(h, w, 3) uint8 RGB, the longer side at most ``side``; ``DataError`` if the image cannot be read."""
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.webp"
        if side <= SIDE:
            kept = _read(path)
            if kept is not None:
                return np.asarray(_shrunk(kept, side))
        picture = Image.fromarray(read_pixels(source))
        if side > SIDE:
            return np.asarray(_shrunk(picture, side))
        small = _shrunk(picture, SIDE)
        _write(path, small)
        return np.asarray(_shrunk(small, side))


def _shrunk(picture: Image.Image, side: int) -> Image.Image:
    scale = side / max(picture.size)
    if scale >= 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _read(path: Path) -> Image.Image | None:
    try:
        with Image.open(path, formats=["WEBP"]) as picture:
            return picture.convert("RGB")
    except (OSError, ValueError):
        return None  # not there, or not whole: it is made again


def _write(path: Path, picture: Image.Image) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
        with os.fdopen(handle, "wb") as stream:
            picture.save(stream, "WEBP", quality=88, method=3)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError:
        return  # a read-only or full disk: the picture is shown all the same
