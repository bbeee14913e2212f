"""Pictures that are not DICOM: opened by the one decoder that their content asks for, page by page.

A single picture of 8 bits is all there is to keep. Of what has more depth or more pages, the values are kept.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, ImageOps
from PIL.TiffImagePlugin import TiffImageFile

from backend.intake.blocks import metadata_blocks, refuse_foreign_jpeg, refuse_whole_slide
from backend.intake.display import Display, Rendering, Values, VoiFunction, WindowPreset
from backend.intake.errors import Damaged, TooLarge, Unsupported, check_frames, check_size
from backend.intake.greys import Scale, nominal_range, scale_for, scale_of_jpeg2000
from backend.intake.limits import Limits
from backend.intake.result import SourceFormat

Frame = npt.NDArray[Any]

_PILLOW: Final = {
    SourceFormat.PNG: "PNG", SourceFormat.JPEG: "JPEG", SourceFormat.TIFF: "TIFF", SourceFormat.WEBP: "WEBP",
    SourceFormat.BMP: "BMP", SourceFormat.JPEG2000: "JPEG2000",
}  # fmt: skip
# What Pillow's decoders raise on damaged files, beside their own errors.
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError,
           OverflowError, ZeroDivisionError, AssertionError, NotImplementedError, RuntimeError,
           struct.error)  # fmt: skip
_REDUCED: Final = 1  # bit of a TIFF page's NewSubfileType: a smaller copy of another page
_NEW_SUBFILE_TYPE: Final = 254


class _Sort(Enum):
    COLOUR = "colour"
    GREY = "grey of 8 bits"
    DEEP = "grey of more than 8 bits"


class RasterImage:
    """An opened file. Go through all frames once with ``frame``, then ask for ``finish`` and ``rendering``.

    Attributes:
        width, height: upright.
        frames: pages, or frames of a film.
        values_kept: False: ``picture`` is all there is.
        blocks: names of what the file holds beside pixels, none of which is kept.
    """

    def __init__(self, image: Image.Image, path: Path, source_format: SourceFormat, limits: Limits) -> None:
        self._image = image
        self._limits = limits
        check_size(*image.size, limits)
        self._pages, self._sort = _pages(image, source_format, limits)
        self.frames = len(self._pages)
        self.values_kept = self.frames > 1 or self._sort is _Sort.DEEP
        samples = 3 if self._sort is _Sort.COLOUR else 1
        if self.values_kept:
            check_frames(self.frames, image.width * image.height * samples, limits)
        self.blocks = metadata_blocks(image)
        self._first = self._page(0)
        self.width, self.height = self._first.size
        self._frame_ms = _duration(image) if self.frames > 1 else None
        self._scale = scale_of_jpeg2000(path) if source_format is SourceFormat.JPEG2000 else None
        self._seen: dict[int, tuple[int, int]] = {}

    def picture(self) -> Image.Image:
        """The first page, grey or RGB, with nothing of the file's metadata."""
        shown = self._first.convert("L") if self._sort is _Sort.GREY else _to_rgb(self._first)
        bare = Image.new(shown.mode, shown.size)
        bare.paste(shown)
        return bare

    def frame(self, index: int) -> Frame:
        """Values as kept: (H, W) or (H, W, 3)."""
        page = self._page(index) if index else self._first
        if page.size != (self.width, self.height):
            raise Unsupported(_DIFFERENT)
        values = self._values(page)
        self._seen[index] = (int(values.min()), int(values.max()))
        return values

    def finish(self) -> Display:
        """What the values mean; decodes frames that nobody asked for yet, since it says lowest and highest."""
        for index in range(self.frames):
            if index not in self._seen:
                self.frame(index)
        scale = self._scale_in_use()
        lowest = min(low for low, _ in self._seen.values()) * scale.slope + scale.intercept
        highest = max(high for _, high in self._seen.values()) * scale.slope + scale.intercept
        colour = self._sort is _Sort.COLOUR
        return Display(
            values=Values.COLOUR if colour else Values.GREY,
            bytes_per_value=scale.kind.itemsize,
            signed=scale.kind.kind == "i",
            slope=scale.slope,
            intercept=scale.intercept,
            unit=None,
            lowest=lowest,
            highest=highest,
            inverted=self._sort is _Sort.DEEP and _white_is_zero(self._image),
            windows=[] if colour else self._windows(lowest, highest, scale),
            voi_function=VoiFunction.LINEAR_EXACT,
            table=None,
            spacing=None,  # dots per inch are of paper, not of the body
            orientation=None,
            frame_ms=self._frame_ms,
        )

    @property
    def rendering(self) -> Rendering:
        """Of frame 0, by default."""
        display = self.finish()
        window = display.windows[0] if display.windows else None
        return Rendering(frame=0, window=window, voi_function=display.voi_function, inverted=display.inverted)

    def _page(self, index: int) -> Image.Image:
        self._image.seek(self._pages[index])
        self._image.load()
        check_size(*self._image.size, self._limits)
        return _upright(self._image, self.frames > 1)

    def _values(self, page: Image.Image) -> Frame:
        if self._sort is _Sort.COLOUR:
            return np.asarray(_to_rgb(page))
        if self._sort is _Sort.GREY:
            return np.asarray(page.convert("L"))
        return self._scale_in_use().apply(np.asarray(page))

    def _scale_in_use(self) -> Scale:
        if self._sort is not _Sort.DEEP:
            return Scale(np.dtype(np.uint8))
        if self._scale is None:
            self._scale = scale_for(np.asarray(self._page(index) if index else self._first)
                                    for index in range(self.frames))  # fmt: skip
        return self._scale

    def _windows(self, lowest: float, highest: float, scale: Scale) -> list[WindowPreset]:
        usual = nominal_range(lowest, highest, scale) if self._sort is _Sort.DEEP else (0.0, 255.0)
        ranges = {"Whole scale": usual, "Full range": (lowest, highest)}
        if usual == (lowest, highest):
            del ranges["Whole scale"]
        return [
            WindowPreset(name=name, center=low / 2 + high / 2, width=high - low)
            for name, (low, high) in ranges.items()
            if high > low
        ]


@contextmanager
def open_raster(path: Path, kind: SourceFormat, limits: Limits) -> Iterator[RasterImage]:
    """Opens a picture; also while it is used, all that its content does wrong comes out as one of these.

    Args:
        path: of the file.
        kind: what ``kind_of`` said; only the decoder of this kind sees the file.
        limits: of its size.

    Raises:
        Unsupported: of this kind, but not to be read, such as a whole slide.
        TooLarge: known from the header, before anything is decoded.
        Damaged: the header is right, the rest is not.
    """
    try:
        with Image.open(path, formats=[_PILLOW[kind]]) as image:
            if kind is SourceFormat.TIFF:
                refuse_whole_slide(image)
            yield RasterImage(image, path, kind, limits)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        most = f"{limits.max_pixels / 1e6:g} million pixels"
        raise TooLarge(f"The image has more than {most}. Make it smaller and upload it again.") from error
    except _DAMAGE as error:
        if kind is SourceFormat.JPEG:
            refuse_foreign_jpeg(path)
        raise Damaged(_TIFF_DAMAGED if kind is SourceFormat.TIFF else None) from error


_DIFFERENT = "The pages of the file have different sizes or depths. Save each as a file of its own and upload those."
_TIFF_DAMAGED = (
    "The TIFF is damaged, or of a kind that is not read. Export it again with 8 or 16 bits, or as PNG, and upload that."
)


def _pages(image: Image.Image, source_format: SourceFormat, limits: Limits) -> tuple[list[int], _Sort]:
    """Which pages there are, and what they hold, from their headers."""
    if not isinstance(image, TiffImageFile):
        # The second picture of a stereo JPEG is a preview or a depth map of telephones: not a page.
        frames = 1 if source_format is SourceFormat.JPEG else int(getattr(image, "n_frames", 1))
        check_frames(frames, 1, limits)
        return list(range(max(1, frames))), _sort(image)
    # One by one, since a TIFF of 50 MiB can hold millions of empty ones: counting all would take minutes.
    pages, sorts, sizes, number = [0], {_sort(image)}, {image.size}, 0
    while True:
        number += 1
        try:
            image.seek(number)
            reduced = bool(int(image.tag_v2.get(_NEW_SUBFILE_TYPE, 0)) & _REDUCED)
        except _DAMAGE:
            break
        if not reduced:
            pages.append(number)
            sorts.add(_sort(image))
            sizes.add(image.size)
        check_frames(number + 1, 1, limits)
    image.seek(0)
    if len(sizes) > 1 or (len(sorts) > 1 and _Sort.DEEP in sorts):
        raise Unsupported(_DIFFERENT)
    return pages, sorts.pop() if len(sorts) == 1 else _Sort.COLOUR


def _sort(image: Image.Image) -> _Sort:
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return _Sort.DEEP
    return _Sort.GREY if image.mode in ("1", "L") and "transparency" not in image.info else _Sort.COLOUR


def _duration(image: Image.Image) -> float | None:
    found = image.info.get("duration")
    return float(found) if isinstance(found, int | float) and 0 < found < 1e7 else None


def _white_is_zero(image: Image.Image) -> bool:
    """Pillow turns TIFF pages around that have 8 bits, and leaves deeper ones as they are."""
    return isinstance(image, TiffImageFile) and image.tag_v2.get(262) == 0


def _upright(image: Image.Image, again: bool) -> Image.Image:
    """As the person who took the picture held the camera.

    Args:
        image: the open file, at some page.
        again: another page of it will be read, which would change the picture that is given back.
    """
    try:
        turned = image.getexif().get(ExifTags.Base.Orientation, 1) != 1
        # exif_transpose would copy a picture that it need not turn.
        upright = ImageOps.exif_transpose(image) if turned else image
    except _DAMAGE:
        upright = image  # unreadable metadata says nothing about the pixels
    return upright.copy() if again and upright is image else upright


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "P" or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode in ("LA", "La", "PA", "RGBa"):
        image = image.convert("RGBA")
    if image.mode == "RGBA":
        ground = Image.new("RGBA", image.size, (0, 0, 0, 255))
        return Image.alpha_composite(ground, image).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")
