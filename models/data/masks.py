"""Masks of findings: in a picture file of their own, or run-length coded in a table.

Shapes: H rows, W columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.data.errors import DataError

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF")
MAX_PIXELS = 50_000_000


@dataclass(frozen=True)
class FileMask:
    """A mask in a picture file: every pixel that is not black belongs to the finding.

    In a JPEG, whose black is never quite black, every pixel brighter than half.
    """

    path: Path

    def read(self) -> NDArray[np.bool_]:
        """(H, W) bool, true on the finding; ``DataError`` if the file is missing, damaged or too large."""
        try:
            with Image.open(self.path, formats=FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise DataError(f"{self.path}: a mask of {picture.width} x {picture.height} pixels is too large")
                lossy = picture.format == "JPEG"
                # Colours, not palette indices: index 0 need not be black. Alpha says nothing of the finding.
                plain = picture.mode in ("1", "L", "I", "F") or picture.mode.startswith("I;16")
                pixels: NDArray[np.generic] = np.asarray(picture if plain else picture.convert("RGB"))
        except FileNotFoundError as error:
            raise DataError(f"{self.path}: no such mask file") from error
        except DataError:
            raise
        # SyntaxError: Pillow's word for a damaged PNG
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise DataError(f"{self.path}: cannot be read as a mask ({error})") from error
        marked: NDArray[np.bool_] = np.greater(pixels, 127 if lossy else 0)
        return marked if marked.ndim == 2 else np.logical_or.reduce(marked, axis=2)


@dataclass(frozen=True)
class RunLengthMask:
    """A run-length code down the columns: pairs of numbers, separated by blanks.

    Attributes:
        code: the pairs. Relative: pixels left out since the end of the last run, then the run's length
            (SIIM-ACR). Otherwise: index of the run's first pixel, then its length (Kaggle's usual).
        height: H.
        width: W.
        relative: which of the two it is.
        first: index of the first pixel in absolute codes: 1 by Kaggle's usual.
    """

    code: str
    height: int
    width: int
    relative: bool = True
    first: int = 1

    def read(self) -> NDArray[np.bool_]:
        """(H, W) bool, true on the finding; ``DataError`` if the code is none or leaves the image."""
        try:
            numbers = np.array(self.code.split(), dtype=np.int64)
        except (ValueError, OverflowError) as error:
            raise DataError(f"run-length code {self.code[:40]!r}: not a list of whole numbers") from error
        if numbers.size % 2 or (numbers < 0).any():
            raise DataError(f"run-length code {self.code[:40]!r}: needs pairs of numbers that are not negative")
        offsets, lengths = numbers[::2], numbers[1::2]
        starts = offsets - self.first
        if self.relative:
            starts = np.cumsum(offsets) + np.cumsum(lengths) - lengths
        if numbers.size and (starts.min() < 0 or (starts + lengths).max() > self.height * self.width):
            raise DataError(
                f"run-length code {self.code[:40]!r}: leaves an image of {self.height} x {self.width} pixels"
            )
        flat = np.zeros(self.height * self.width, dtype=np.bool_)
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
            flat[start : start + length] = True
        return flat.reshape(self.width, self.height).T
