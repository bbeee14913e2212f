"""How the pixels lie in the file, checked against the limits before any is decoded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from pydicom.dataset import Dataset

from backend.intake.dicom.elements import number, text
from backend.intake.dicom.opening import Opened
from backend.intake.errors import Damaged, Unsupported, check_frames, check_size
from backend.intake.limits import Limits

_GREY: Final = ("MONOCHROME1", "MONOCHROME2")
_COLOUR: Final = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT")
_UNREAD: Final = ("HSV", "ARGB", "CMYK", "YBR_PARTIAL_422", "YBR_PARTIAL_420", "XYB")
_PALETTE: Final = "PALETTE COLOR"
_FLOATS: Final = {"FloatPixelData": 32, "DoubleFloatPixelData": 64}


@dataclass(frozen=True)
class Layout:
    """The image pixel module (PS3.3 C.7.6.3), checked.

    Attributes:
        bits_stored: of a value, from the lowest bit on; ``shift`` bits to the right of where the file has them.
        floating: 32 or 64 bits with a fraction.
    """

    rows: int
    columns: int
    frames: int
    samples: int
    photometric: str
    planar: int
    bits_allocated: int
    bits_stored: int
    shift: int
    signed: bool
    floating: bool

    @property
    def has_palette(self) -> bool:
        """Whether values are places in a table of colours."""
        return self.photometric == _PALETTE

    @property
    def colour(self) -> bool:
        """Whether the picture has colours, by three samples or by a palette."""
        return self.samples == 3 or self.has_palette


def layout_of(opened: Opened, limits: Limits) -> Layout:
    """From the header.

    Raises:
        TooLarge: more pixels or frames than the limits.
        Unsupported: a kind of pixel that is not read.
        Damaged: attributes that contradict each other, or the length of the pixel data.
    """
    header = opened.header
    rows, columns = _whole(header, "Rows"), _whole(header, "Columns")
    samples, frames = _whole(header, "SamplesPerPixel", 1), _whole(header, "NumberOfFrames", 1)
    check_size(columns, rows, limits)
    if frames < 1:
        raise Damaged("The header says that the image has no frames; export it again.")
    photometric = text(header, "PhotometricInterpretation").upper() or ("MONOCHROME2" if samples == 1 else "RGB")
    _check_colours(photometric, samples)
    check_frames(frames, rows * columns * (3 if samples == 3 or photometric == _PALETTE else 1), limits)
    allocated, stored, high = _bits(header, opened.keyword)
    layout = Layout(
        rows, columns, frames, samples, photometric, planar=_whole(header, "PlanarConfiguration", 0),
        bits_allocated=allocated, bits_stored=stored, shift=high + 1 - stored,
        signed=samples == 1 and _whole(header, "PixelRepresentation", 0) == 1,
        floating=opened.keyword in _FLOATS,
    )  # fmt: skip
    return (
        layout if opened.syntax.is_encapsulated else _checked_length(layout, len(opened.pixels[opened.keyword].value))
    )


def _whole(header: Dataset, keyword: str, default: int | None = None) -> int:
    value = number(header, keyword)
    if value is None and default is not None:
        return default
    if value is None or not value.is_integer():
        raise Damaged(f"The header does not say the image's {keyword}; export it again.")
    return int(value)


def _check_colours(photometric: str, samples: int) -> None:
    if photometric not in (*_GREY, *_COLOUR, _PALETTE):
        # Only the standard's own terms are named: what else stands there may be anybody's name.
        given = f"as {photometric}" if photometric in _UNREAD else "in a way that the standard does not know"
        raise Unsupported(f"The image's colours are given {given}, which is not supported; export it as RGB.")
    if samples != (3 if photometric in _COLOUR else 1):
        raise Damaged(f"The header speaks of {photometric} with {samples} values a pixel; export the image again.")


def _bits(header: Dataset, keyword: str) -> tuple[int, int, int]:
    """Allocated, stored, and the number of the highest bit."""
    if keyword in _FLOATS:
        return _FLOATS[keyword], _FLOATS[keyword], _FLOATS[keyword] - 1
    allocated = _whole(header, "BitsAllocated")
    if allocated not in (1, 8, 16, 32):
        raise Unsupported(f"Pixels of {allocated} bits are not supported; export the image with 8 or 16 bits.")
    stored = _whole(header, "BitsStored", allocated)
    high = _whole(header, "HighBit", stored - 1)
    if not 1 <= stored <= allocated:
        raise Damaged(f"The header speaks of {stored} bits stored in {allocated}; export the image again.")
    return allocated, stored, high if stored <= high + 1 <= allocated else stored - 1


def _checked_length(layout: Layout, found: int) -> Layout:
    """Uncompressed pixels must all be there."""
    pixels = layout.rows * layout.columns * layout.frames
    promised = math.ceil(pixels * layout.samples * layout.bits_allocated / 8)
    if layout.photometric == "YBR_FULL_422":
        if found >= promised:  # every pixel has its own colours, whatever the header says
            return Layout(**{**vars(layout), "photometric": "YBR_FULL"})
        promised = promised // 3 * 2
    if found < promised:
        raise Damaged(f"The header promises {promised} bytes of pixels, but the file has {found}: it was cut off. "
                      "Export or copy it again.")  # fmt: skip
    return layout
