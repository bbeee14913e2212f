"""Images in files: pictures and DICOM. They are read one at a time, and their size is known before they are decoded.

Shapes: H rows, W columns.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from pydicom.filereader import read_file_meta_info
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, apply_voi_lut
from pydicom.pixels.utils import pixel_array
from pydicom.uid import DeflatedExplicitVRLittleEndian

from models.data.errors import DataError
from models.data.pixels import stretched, to_8_bits, upright_rgb

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
MAX_PIXELS = 50_000_000


@dataclass(frozen=True)
class FileImage:
    """A picture file: PNG, JPEG, TIFF, BMP or WebP."""

    path: Path

    def read(self) -> NDArray[np.uint8]:
        """(H, W, 3) uint8 RGB, upright; ``DataError`` if the file is missing, damaged or too large."""
        with _named(self.path, "picture"), warnings.catch_warnings():
            # Pillow only warns of a bomb until it is twice as large as it should be.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(self.path, formats=FORMATS) as picture:
                _check_size(self.path, picture.width, picture.height)
                return np.asarray(upright_rgb(picture))


@dataclass(frozen=True)
class DicomImage:
    """The first frame of a DICOM file, as a viewer shows it first: rescaled, its first window, black for little."""

    path: Path

    def read(self) -> NDArray[np.uint8]:
        """(H, W, 3) uint8 RGB; ``DataError`` if the file is missing, damaged, too large or has no pixels."""
        with _named(self.path, "DICOM image"):
            # A kilobyte of a file deflated as a whole can unpack to gigabytes, before any size is known.
            if read_file_meta_info(self.path).get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian:
                raise DataError(f"{self.path}: deflated DICOM is not read")
            header = pydicom.dcmread(self.path, defer_size=4096)
            rows, columns = int(header.get("Rows") or 0), int(header.get("Columns") or 0)
            if rows < 1 or columns < 1:
                raise DataError(f"{self.path}: holds no image")
            # All frames: a decoder may unpack the whole file for the first one.
            _check_size(self.path, columns, rows * max(1, int(header.get("NumberOfFrames") or 1)))
            return _frame(header)


def _frame(header: pydicom.Dataset) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 of the first frame."""
    # Colours of the YBR kind come back as RGB, planes as pixels.
    pixels: NDArray[np.generic] = pixel_array(header, index=0)
    photometric = str(header.get("PhotometricInterpretation", "MONOCHROME2"))
    if photometric == "PALETTE COLOR":
        colours = apply_color_lut(pixels, header)
        return stretched(colours, 0.0, float(np.iinfo(colours.dtype).max))
    if pixels.ndim == 3:
        return stretched(pixels, 0.0, 2.0 ** int(header.BitsStored) - 1.0)
    grey = _windowed(apply_modality_lut(pixels, header), header)
    if photometric == "MONOCHROME1":
        grey = 255 - grey
    return np.repeat(grey[..., None], 3, axis=2)


def _windowed(values: NDArray[np.generic], header: pydicom.Dataset) -> NDArray[np.uint8]:
    """(H, W) uint8 through the first VOI table or window; without one, the range of the values."""
    kind = str(header.get("VOILUTFunction", "LINEAR"))
    if header.get("VOILUTSequence") or (kind == "SIGMOID" and header.get("WindowWidth")):
        shown = apply_voi_lut(values, header, index=0)
        return stretched(shown, float(shown.min()), float(shown.max()))
    centre, width = _first(header.get("WindowCenter")), _first(header.get("WindowWidth"))
    if centre is None or width is None or width < 1:
        return to_8_bits(values)
    if kind == "LINEAR":  # DICOM PS3.3 C.11.2.1.2.1; LINEAR_EXACT is without the halves
        centre, width = centre - 0.5, width - 1.0
    return stretched(values, centre - width / 2, centre + max(width, 1.0) / 2)


def _first(value: object) -> float | None:
    if value is None or isinstance(value, str | float | int):
        return float(value) if value not in (None, "") else None
    numbers = list(value) if isinstance(value, Iterable) else []
    return float(numbers[0]) if numbers else None


def _check_size(path: Path, width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        most = f"at most {MAX_PIXELS // 1_000_000} million pixels are read"
        raise DataError(f"{path}: {width} x {height} pixels are too many; {most}")


@contextmanager
def _named(path: Path, kind: str) -> Iterator[None]:
    """Turns whatever a decoder trips over into an error that names the file."""
    try:
        yield
    except DataError:
        raise
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DataError(f"{path}: has far more than {MAX_PIXELS // 1_000_000} million pixels") from error
    except UnidentifiedImageError as error:
        raise DataError(f"{path}: not a picture of a known format ({', '.join(FORMATS)})") from error
    except MemoryError as error:
        raise DataError(f"{path}: too large for this machine's memory") from error
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # decoders raise anything; those written in Rust not even an Exception
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DataError(f"{path}: cannot be read as a {kind} ({reason[:200]})") from error
