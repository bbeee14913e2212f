"""Greys of more than eight bits: from whatever number type a file has to the 16 bits that are kept.

What the values mean stays known: value of the file = slope * kept value + intercept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_U16, _I16 = np.dtype(np.uint16), np.dtype(np.int16)
_SIZ = b"\xff\x4f\xff\x51"  # how a JPEG 2000 code stream begins
_DEPTH_AT = 42  # bytes from there to the depth of the first component


@dataclass(frozen=True)
class Scale:
    """How values of a file become those that are kept.

    Attributes:
        kind: of the values kept.
        slope, intercept: back to the file's.
        exact: the file's values are kept as they are, bits shifted out aside.
        shift: bits that the decoder added below the file's own.
    """

    kind: np.dtype[Any]
    slope: float = 1.0
    intercept: float = 0.0
    exact: bool = True
    shift: int = 0

    def apply(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Of one page; what is no number becomes the lowest."""
        if self.exact:
            return (values.astype(_U16) >> self.shift) if self.shift else values.astype(self.kind)
        top = self.intercept + 65535 * self.slope
        finite = np.nan_to_num(values, nan=self.intercept, posinf=top, neginf=self.intercept)
        steps = (finite.astype(np.float64) - self.intercept) / self.slope
        kept: npt.NDArray[Any] = np.rint(np.clip(steps, 0, 65535)).astype(_U16)
        return kept


def scale_for(pages: Iterable[npt.NDArray[Any]]) -> Scale:
    """The one for all pages together: as they are where 16 bits hold them, else their range over 16 bits."""
    low, high, whole = np.inf, -np.inf, True
    for values in pages:
        if values.dtype.kind == "u" and values.dtype.itemsize <= 2:
            low, high = min(low, 0.0), max(high, 65535.0)
            continue
        floating = values.dtype.kind == "f"
        finite = values[np.isfinite(values)] if floating else values
        whole = whole and (not floating or (finite.size == values.size and bool(np.all(finite == np.rint(finite)))))
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    if low > high:  # not one number
        return Scale(_U16, slope=1.0, exact=False)
    for kind in (_U16, _I16):
        limits = np.iinfo(kind)
        if whole and limits.min <= low and high <= limits.max:
            return Scale(kind)
    return Scale(_U16, slope=(high - low) / 65535 or 1.0, intercept=low, exact=False)


def scale_of_jpeg2000(path: Path) -> Scale:
    """Pillow fills 16 bits with whatever depth there is, and moves signed values up: what undoes it."""
    with path.open("rb") as file:
        head = file.read(1 << 20)
    start = head.find(_SIZ)
    if start < 0 or len(head) <= start + _DEPTH_AT:
        return Scale(_U16)
    depth, signed = (head[start + _DEPTH_AT] & 0x7F) + 1, bool(head[start + _DEPTH_AT] & 0x80)
    middle = float(1 << (min(depth, 16) - 1)) if signed else 0.0
    return Scale(_U16, intercept=-middle, shift=max(0, 16 - depth))


def nominal_range(low: float, high: float, scale: Scale) -> tuple[float, float]:
    """Which values are black and white by default.

    Sixteen bits keep their meaning (65535 is white) unless the image uses only a small part of the range, as 12-bit
    detectors do: then its own range is stretched, as any viewer would.
    """
    if low >= 0.0 and not scale.exact and high <= 1.0:
        return 0.0, 1.0
    if low >= 0.0 and scale.exact and high <= 255.0:
        return 0.0, 255.0
    if low >= 0.0 and 16384.0 <= high <= 65535.0:
        return 0.0, 65535.0
    return low, high
