"""From a file to what is kept of it. Runs in the process that decodes, and nowhere else."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

from backend.intake.deidentification.service import deidentify, header_json, picture_report, suspects, without_patient
from backend.intake.dicom.reading import read_dicom
from backend.intake.dicom.subject import body_part, modality
from backend.intake.display import Display, Rendering
from backend.intake.encoding import encode_frame, encode_png, encode_thumbnail
from backend.intake.errors import TooLarge
from backend.intake.kinds import HEAD_BYTES, kind_of
from backend.intake.limits import Limits
from backend.intake.raster import RasterImage, open_raster
from backend.intake.render import render
from backend.intake.result import HEADER, IMAGE, MOST_FOUND, THUMBNAIL, Account, Box, SourceFormat, frame_name
from backend.intake.text_regions import Region, find_text

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_MARGIN = 4  # pixels around a line of text
_TOO_LARGE = "What comes out of the file is larger than the server keeps of one. Make the image smaller and try again."


class NoRoom(Exception):
    """The disk is full."""


class _Framed(Protocol):
    @property
    def frames(self) -> int: ...

    def frame(self, index: int) -> npt.NDArray[Any]: ...

    def finish(self) -> Display: ...

    @property
    def rendering(self) -> Rendering: ...


class _Shown(NamedTuple):
    picture: Image.Image
    display: Display | None
    rendering: Rendering | None
    lines: dict[int, list[Region]]  # of text, by each frame that was looked at

    @property
    def reasons(self) -> list[str]:
        return _in_words({index: len(lines) for index, lines in self.lines.items()})

    @property
    def boxes(self) -> list[Box]:
        size = self.picture.size
        return [_widened(line, index, size) for index, lines in self.lines.items() for line in lines][:MOST_FOUND]


def decode(source: Path, folder: Path, limits: Limits, secret: bytes) -> Account:
    """Writes what is kept of a file into a folder, and says what it is.

    Args:
        source: the file.
        folder: gets IMAGE, THUMBNAIL, for DICOM a HEADER, and the frames where values are kept.
        limits: of its size.
        secret: of the site: what pseudonyms and dates follow from.

    Raises:
        Unsupported, Damaged, TooLarge: see ``errors``.
        NoRoom: the disk is full.
    """
    with source.open("rb") as file:
        kind = kind_of(file.read(HEAD_BYTES))
    keep = _Writer(folder)
    if kind is SourceFormat.DICOM:
        return _decode_dicom(source, keep, limits, secret)
    with open_raster(source, kind, limits) as image:
        shown = _keep_frames(image, keep) if image.values_kept else _single(image)
        keep.picture(shown.picture)
        return Account(
            source_format=kind,
            width=image.width,
            height=image.height,
            frames=image.frames,
            values_kept=image.values_kept,
            display=shown.display,
            rendering=shown.rendering,
            deidentification=picture_report(image.blocks),
            suspects=shown.reasons,
            found=shown.boxes,
            pseudonym=None,
            modality=None,
            body_part=None,
        )


def _decode_dicom(source: Path, keep: _Writer, limits: Limits, secret: bytes) -> Account:
    image = read_dicom(source, limits)
    reasons = suspects(image.dataset)
    shown = _keep_frames(image, keep)
    keep.picture(shown.picture)
    cleaned = deidentify(image.dataset, secret)
    keep(HEADER, header_json(cleaned.dataset))
    return Account(
        source_format=SourceFormat.DICOM,
        width=image.width,
        height=image.height,
        frames=image.frames,
        values_kept=True,
        display=without_patient(shown.display, image.dataset) if shown.display else None,
        rendering=shown.rendering,
        deidentification=cleaned.report,
        suspects=[*reasons, *shown.reasons],
        found=shown.boxes,
        pseudonym=cleaned.pseudonym,
        modality=modality(cleaned.dataset),
        body_part=body_part(cleaned.dataset),
    )


def _keep_frames(image: _Framed, keep: _Writer) -> _Shown:
    """Frames one at a time; only the first stays in memory."""
    first = image.frame(0)
    keep(frame_name(0), encode_frame(first))
    for index in range(1, image.frames):
        keep(frame_name(index), encode_frame(image.frame(index)))
    display, rendering = image.finish(), image.rendering
    levels = render(first, display, rendering)
    found = {0: find_text(levels)}
    # Text that comes later in a film, such as a table of measurements, is mostly at its end.
    for index in sorted({image.frames // 2, image.frames - 1} - {0}):
        found[index] = find_text(render(image.frame(index), display, rendering))
    return _Shown(Image.fromarray(levels), display, rendering, found)


def _single(image: RasterImage) -> _Shown:
    picture = image.picture()
    return _Shown(picture, None, None, {0: find_text(np.asarray(picture))})


def _widened(line: Region, frame: int, size: tuple[int, int]) -> Box:
    """A line with what may stick out of it: dots, commas, the strokes below and beside its letters."""
    margin = max(_MARGIN, round(line.height / 4))
    left, top = max(0, line.left - margin), max(0, line.top - margin)
    right, bottom = min(size[0], line.left + line.width + margin), min(size[1], line.top + line.height + margin)
    return Box(x=left, y=top, width=right - left, height=bottom - top, frame=frame)


def _in_words(found: dict[int, int]) -> list[str]:
    """Regions of text by frame."""
    with_text = {index: count for index, count in found.items() if count}
    if not with_text:
        return []
    frame, count = next(iter(with_text.items()))
    place = "" if len(found) == 1 else f" of frame {frame + 1}"
    return [f"There seems to be text in the picture{place}: {count} {'line' if count == 1 else 'lines'} of it."]


class _Writer:
    """Writes files into the folder of the account."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str, content: bytes) -> None:
        try:
            (self._folder / name).write_bytes(content)
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise NoRoom from error
            if error.errno == errno.EFBIG:
                raise TooLarge(_TOO_LARGE) from error
            raise

    def picture(self, picture: Image.Image) -> None:
        """Grey stays grey: a third of the work, which is most of that of an upload."""
        self(IMAGE, encode_png(picture))
        self(THUMBNAIL, encode_thumbnail(picture.convert("RGB")))
