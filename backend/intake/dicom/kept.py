"""From decoded frames to the values that are kept: 8 or 16 bits, with one slope and intercept for all frames."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from backend.intake.dicom.elements import number, raw
from backend.intake.dicom.facts import Rescale, rescale
from backend.intake.dicom.layout import Layout
from backend.intake.dicom.opening import Opened
from backend.intake.dicom.pixels import Frame, Frames
from backend.intake.dicom.tables import modality_table, palette

Mask = npt.NDArray[np.bool_]
_REASONABLE: Final = 1e15
_STRIP: Final = 1 << 20  # values


@dataclass(frozen=True)
class Kept:
    """How a file's values are kept.

    Attributes:
        dtype: little endian, one or two bytes.
        scale: from kept to modality values.
        convert: a decoded frame and its index to the kept frame.
    """

    dtype: np.dtype[Any]
    scale: Rescale
    convert: Callable[[Frame, int], Frame]


class Padding:
    """Values that fill the picture up to a rectangle (PS3.3 C.7.5.1.1.2): they mean nothing."""

    def __init__(self, header: Dataset, layout: Layout) -> None:
        first = number(header, "FloatPixelPaddingValue" if layout.floating else "PixelPaddingValue")
        last = number(header, "FloatPixelPaddingRangeLimit" if layout.floating else "PixelPaddingRangeLimit")
        self._ends = None
        if first is not None and not layout.colour:
            ends = [_as_stored(end, layout) for end in (first, first if last is None else last)]
            self._ends = min(ends), max(ends)

    def without(self, decoded: Frame, values: Frame) -> Frame:
        """Those of ``values`` that mean something in the decoded frame, in one row; all of them if none does."""
        sound = self._sound(decoded)
        chosen = values.ravel() if sound is None else values[sound]
        return chosen if chosen.size else values.ravel()

    def _sound(self, values: Frame) -> Mask | None:
        finite: Mask | None = np.isfinite(values) if values.dtype.kind == "f" else None
        if self._ends is None:
            return finite
        outside: Mask = (values < self._ends[0]) | (values > self._ends[1])
        return outside if finite is None else outside & finite


def plan(opened: Opened, layout: Layout, frames: Frames, padding: Padding) -> Kept:
    """Decodes all frames once where their range must be known before: over 16 bits, fractions, several slopes."""
    header = opened.header
    if layout.samples == 3:
        return Kept(np.dtype("u1"), Rescale(), lambda values, _: values)
    if layout.has_palette:
        colours = palette(header, signed=layout.signed, big_endian=opened.big_endian)
        return Kept(np.dtype("u1"), Rescale(), lambda values, _: colours.applied(values))
    table = modality_table(header, signed=layout.signed, big_endian=opened.big_endian)
    if table is not None and not layout.floating:
        wide = np.dtype("u1" if table.bits <= 8 else "<u2")
        return Kept(wide, Rescale(), lambda values, _: table.applied(values).astype(wide))
    scales = [rescale(header, frame) for frame in range(layout.frames if _per_frame(header) else 1)]
    if layout.floating or layout.bits_stored > 16 or len(set(scales)) > 1:
        return _requantised(layout, frames, padding, scales)
    return _direct(layout.bits_stored, layout.signed, scales[0])


def _direct(bits: int, signed: bool, scale: Rescale) -> Kept:
    dtype = np.dtype(f"<{'i' if signed else 'u'}{1 if bits <= 8 else 2}")
    limits = np.iinfo(dtype)

    def convert(values: Frame, _: int) -> Frame:
        # A compressed frame can have more bits than the header says, and padding more than the rest.
        wider = values.dtype.itemsize > dtype.itemsize
        return (np.clip(values, limits.min, limits.max) if wider else values).astype(dtype, copy=False)

    return Kept(dtype, scale, convert)


def _requantised(layout: Layout, frames: Frames, padding: Padding, scales: list[Rescale]) -> Kept:
    """65,536 steps between the lowest and the highest modality value, or the values themselves if they fit."""
    scale_of = scales if len(scales) == layout.frames else scales * layout.frames
    stored, modality = [math.inf, -math.inf], [math.inf, -math.inf]
    for index in range(layout.frames):
        decoded = frames[index]
        sound = padding.without(decoded, decoded)
        ends = [_reasonable(float(np.min(sound))), _reasonable(float(np.max(sound)))]
        stored = [min(stored[0], ends[0]), max(stored[1], ends[1])]
        meant = [end * scale_of[index].slope + scale_of[index].intercept for end in ends]
        modality = [min(modality[0], *meant), max(modality[1], *meant)]
    if not layout.floating and len(set(scales)) == 1:
        for signed, least, most in ((False, 0, 65_535), (True, -32_768, 32_767)):
            if least <= stored[0] and stored[1] <= most:
                return _direct(16, signed, scales[0])
    lowest, highest = _reasonable(modality[0]), _reasonable(modality[1])
    step = (highest - lowest) / 65_535 or 1.0

    def convert(values: Frame, index: int) -> Frame:
        kept = np.empty(values.shape, "<u2")
        rows = max(1, _STRIP // values.shape[1])
        for top in range(0, len(values), rows):  # in strips, since fractions take four times the memory
            meant = values[top : top + rows].astype(np.float64) * scale_of[index].slope + scale_of[index].intercept
            steps = np.nan_to_num((meant - lowest) / step, nan=0.0, posinf=65_535.0, neginf=0.0)
            kept[top : top + rows] = np.clip(np.rint(steps), 0, 65_535)
        return kept

    return Kept(np.dtype("<u2"), Rescale(step, lowest), convert)


def _per_frame(header: Dataset) -> bool:
    return raw(header, "PerFrameFunctionalGroupsSequence") is not None


def _as_stored(value: float, layout: Layout) -> float:
    """A padding value that was written with the wrong sign."""
    if layout.floating or layout.bits_allocated > 16:
        return value
    if layout.signed and value >= 1 << (layout.bits_allocated - 1):
        return value - (1 << layout.bits_allocated)
    if not layout.signed and value < 0:
        return value + (1 << layout.bits_allocated)
    return value


def _reasonable(value: float) -> float:
    return 0.0 if math.isnan(value) else max(-_REASONABLE, min(_REASONABLE, value))
