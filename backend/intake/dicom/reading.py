"""DICOM in: a file becomes frames of values and a description of how to show them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pydicom

from backend.intake.dicom import facts, geometry
from backend.intake.dicom.failures import damaged_on_failure
from backend.intake.dicom.kept import Kept, Padding, plan
from backend.intake.dicom.layout import Layout, layout_of
from backend.intake.dicom.opening import Opened, open_file
from backend.intake.dicom.pixels import Frame, Frames, check_syntax
from backend.intake.dicom.tables import voi_table
from backend.intake.display import Display, Rendering, Values, Window
from backend.intake.limits import Limits


def read_dicom(path: Path, limits: Limits) -> DicomImage:
    """Opens a file and checks its header against the limits; frames are decoded when they are asked for.

    Files with more than 16 bits, fractions, or another slope for each frame are decoded once already here.

    Raises:
        Unsupported: no image, or one in an encoding that is not read; the sentence says what to use instead.
        TooLarge: more pixels, frames or header than the limits.
        Damaged: it cannot be read.
    """
    opened = open_file(path, limits)
    with damaged_on_failure("The DICOM header"):
        check_syntax(opened.syntax)
        layout = layout_of(opened, limits)
    frames = Frames(opened, layout)
    with damaged_on_failure("The DICOM image"):
        padding = Padding(opened.header, layout)
        return DicomImage(opened, layout, frames, padding, plan(opened, layout, frames, padding))


class DicomImage:
    """Go through all frames once with ``frame``, then ask for ``finish`` and ``rendering``.

    Attributes:
        dataset: the header, without pixels.
        width, height: of every frame, in pixels.
        frames: how many there are.
    """

    def __init__(self, opened: Opened, layout: Layout, frames: Frames, padding: Padding, kept: Kept) -> None:
        self.dataset: pydicom.Dataset = opened.header
        self.width, self.height, self.frames = layout.columns, layout.rows, layout.frames
        self._opened, self._layout, self._frames, self._padding, self._kept = opened, layout, frames, padding, kept
        self._ends: dict[int, tuple[float, float]] = {}
        self._display: Display | None = None

    def frame(self, index: int) -> Frame:
        """Values as kept: (H, W) or (H, W, 3), of the type that the display says, little endian.

        Raises:
            Damaged: this frame cannot be decoded.
            IndexError: there is no such frame.
        """
        decoded = self._frames[index]
        with damaged_on_failure(f"Frame {index + 1} of the image"):
            kept = self._kept.convert(decoded, index)
            if index not in self._ends and not self._layout.colour:
                self._ends[index] = self._ends_of(decoded, kept)
            return np.ascontiguousarray(kept)

    def finish(self) -> Display:
        """The description. Frames that nobody asked for are decoded now, since it says the lowest and highest value."""
        if self._display is None:
            if not self._layout.colour:
                for index in sorted(set(range(self.frames)) - set(self._ends)):
                    self.frame(index)
            with damaged_on_failure("The DICOM header"):
                self._display = self._described()
        return self._display

    @property
    def rendering(self) -> Rendering:
        """Of the first frame, as the file asks."""
        display = self.finish()
        chosen = None if display.table is not None or not display.windows else display.windows[0]
        window = None if chosen is None else Window(center=chosen.center, width=chosen.width)
        return Rendering(frame=0, window=window, voi_function=display.voi_function, inverted=display.inverted)

    def _ends_of(self, decoded: Frame, kept: Frame) -> tuple[float, float]:
        """Lowest and highest modality value of a frame, padding left out."""
        sound = self._padding.without(decoded, kept)
        slope, intercept = self._kept.scale
        first, second = (float(end) * slope + intercept for end in (np.min(sound), np.max(sound)))
        return min(first, second), max(first, second)

    def _described(self) -> Display:
        header, layout, kept = self.dataset, self._layout, self._kept
        ends = self._range()
        own = [] if layout.colour else facts.windows(header, self.frames)
        function = facts.voi_function(header, own)
        signed = layout.signed or kept.scale.intercept < 0
        table = None if own or layout.colour else voi_table(header, signed=signed, big_endian=self._opened.big_endian)
        bits = 0 if layout.signed else layout.bits_stored
        return Display(
            values=Values.COLOUR if layout.colour else Values.GREY,
            bytes_per_value=kept.dtype.itemsize,
            signed=kept.dtype.kind == "i",
            slope=kept.scale.slope,
            intercept=kept.scale.intercept,
            unit=None if layout.colour else facts.unit(header),
            lowest=ends[0],
            highest=ends[1],
            inverted=layout.photometric == "MONOCHROME1",
            windows=[] if layout.colour else facts.presets(header, own, ends, function, bits),
            voi_function=function,
            table=table,
            spacing=geometry.spacing(header),
            orientation=geometry.orientation(header),
            frame_ms=facts.frame_ms(header, self.frames),
        )

    def _range(self) -> tuple[float, float]:
        if self._layout.colour:
            return 0.0, 255.0
        lows, highs = zip(*self._ends.values(), strict=True)
        return min(lows, default=-math.inf), max(highs, default=math.inf)
