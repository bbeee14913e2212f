"""Frames and pictures of a case, as somebody wants to see them: the same for a viewer and for a model."""

from __future__ import annotations

import io
import re
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from fastapi import Request, Response
from PIL import Image

from backend.cases.errors import BadRendering, FrameNotFound
from backend.cases.schemas import CaseDisplay, Review
from backend.core.caching import NOT_KEPT, REVALIDATE, immutable
from backend.core.storage import Storage, StoredFileMissing
from backend.db.tables import Case
from backend.intake.display import Display, Rendering, Values, Window
from backend.intake.encoding import decode_frame, encode_png
from backend.intake.render import render
from backend.intake.result import frame_name
from backend.resources import Resources

_DAMAGED = "The stored values of this frame are damaged; restore them from a backup, or delete the case."


class Wanted(Protocol):
    """What somebody says of how a case is to be shown; None: as the file asks."""

    @property
    def frame(self) -> int: ...
    @property
    def window(self) -> Any: ...  # with center and width
    @property
    def inverted(self) -> bool | None: ...


def read_display(case: Case) -> CaseDisplay:
    """How values become what is seen."""
    return CaseDisplay(display=display_of(case), rendering=default_rendering(case))


def display_of(case: Case) -> Display | None:
    """None: no values are kept."""
    return None if case.display is None else Display.model_validate(case.display)


def default_rendering(case: Case) -> Rendering | None:
    """How the case's image was made from its values. None: no values are kept."""
    return None if case.rendering is None else Rendering.model_validate(case.rendering)


def chosen_rendering(case: Case, frame: int, window: Window | None, inverted: bool | None) -> Rendering | None:
    """The whole of what is to be seen. None: the case's image is all there is.

    Raises:
        FrameNotFound: there is no such frame.
        BadRendering: a window or an inversion of what has no values, or a window of colours.
    """
    display, default = display_of(case), default_rendering(case)
    if not case.values_kept or display is None or default is None:
        if frame != 0:
            raise FrameNotFound
        if window is not None or inverted:
            raise BadRendering("The case keeps an image only, without values; show it as it is.")
        return None
    if frame >= case.frames:
        raise FrameNotFound(f"The case has the frames 0 to {case.frames - 1}; ask for one of these.")
    if window is not None and display.values is Values.COLOUR:
        raise BadRendering("Colours have no window; leave the window out.")
    return Rendering(
        frame=frame,
        window=default.window if window is None else window,
        voi_function=default.voi_function if window is None else display.voi_function,
        inverted=default.inverted if inverted is None else inverted,
    )


def wanted_rendering(case: Case, wanted: Wanted | None) -> Rendering | None:
    """As ``chosen_rendering``; without a wish as the case's image was made."""
    if wanted is None:
        return default_rendering(case)
    window = None if wanted.window is None else Window.model_validate(wanted.window)
    return chosen_rendering(case, wanted.frame, window, wanted.inverted)


def open_rendered(storage: Storage, case: Case, rendering: Rendering | None) -> Image.Image:
    """What is seen of a case, RGB.

    Args:
        storage: of the case's files.
        case: with its image, display, frames and size.
        rendering: None: the case's image.

    Raises:
        StoredFileMissing: a file is gone, or damaged.
    """
    if rendering is None or rendering == default_rendering(case):
        with Image.open(io.BytesIO(storage.read(case.image_key)), formats=["PNG"]) as image:
            return image.convert("RGB")
    display = display_of(case)
    if display is None:
        raise StoredFileMissing("The case keeps no values to show it like this; delete it and upload it again.")
    levels = render(frame_values(storage, case, rendering.frame, display), display, rendering)
    return Image.fromarray(levels).convert("RGB")


def frame_values(storage: Storage, case: Case, frame: int, display: Display) -> npt.NDArray[np.generic]:
    """Stored values of a frame, (H, W) or (H, W, 3). Raises ``StoredFileMissing``."""
    try:
        return decode_frame(storage.read(frame_key(case, frame)), case.width, case.height, display)
    except ValueError as error:
        raise StoredFileMissing(_DAMAGED) from error


def cache_of(case: Case) -> str:
    """Whether browsers may keep its pictures: what may name a patient would outlive the review on their disks."""
    return NOT_KEPT if case.review == Review.WAITING else REVALIDATE


def frame_key(case: Case, frame: int) -> str:
    """Of a frame's file. Raises ``FrameNotFound``."""
    if case.frames_key is None or not 0 <= frame < case.frames:
        raise FrameNotFound
    return f"{case.frames_key}/{frame_name(frame)}"


def image_response(
    request: Request,
    resources: Resources,
    case: Case,
    frame: int,
    center: float | None,
    width: float | None,
    inverted: bool | None,
) -> Response:
    """Raises ``FrameNotFound`` and ``BadRendering``."""
    if (center is None) != (width is None):
        raise BadRendering("A window has a centre and a width; give both, or neither.")
    window = None if center is None or width is None else Window(center=center, width=width)
    rendering = chosen_rendering(case, frame, window, inverted)
    if rendering is None or rendering == default_rendering(case):
        tag = f"image-{case.image_key}"
        return immutable(request, tag, "image/png", lambda: resources.storage.read(case.image_key), cache_of(case))

    def make() -> bytes:
        with resources.picture_slots:
            return encode_png(open_rendered(resources.storage, case, rendering))

    tag = f"image-{case.image_key}-{case.frames_key}-{rendering.model_dump_json()}"
    return immutable(request, tag, "image/png", make, cache_of(case))


def frame_response(request: Request, storage: Storage, case: Case, frame: int) -> Response:
    """Packed for whoever says that they unpack it, which all browsers do.

    Raises:
        FrameNotFound: beyond the last frame, or no values are kept.
    """
    key, display, packed = frame_key(case, frame), display_of(case), _takes_gzip(request)
    if display is None:
        raise FrameNotFound

    def make() -> bytes:
        return storage.read(key) if packed else frame_values(storage, case, frame, display).tobytes()

    tag = f"frame-{key}-{'gzip' if packed else 'plain'}"
    answer = immutable(request, tag, "application/octet-stream", make, cache_of(case))
    answer.headers["Vary"] = "Accept-Encoding"
    if packed and answer.status_code == 200:
        answer.headers["Content-Encoding"] = "gzip"
    return answer


def _takes_gzip(request: Request) -> bool:
    """Whether ``Accept-Encoding`` names gzip, or anything, and does not rule it out with a weight of 0."""
    weights = {}
    for part in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = part.partition(";")
        weights[name.strip()] = weight.replace(" ", "")
    found = weights.get("gzip", weights.get("*", "q=0"))
    return re.fullmatch(r"q=0(\.0*)?", found) is None
