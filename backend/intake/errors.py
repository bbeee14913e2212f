"""Why a file is not taken, in sentences for the person who uploads it. Plain exceptions: this package knows no HTTP."""

from __future__ import annotations

from typing import ClassVar, Final

from backend.intake.limits import Limits

ACCEPTED: Final = "DICOM, PNG, JPEG, JPEG 2000, TIFF, WebP and BMP"


class IntakeError(Exception):
    """Base of them; ``code`` is the one that the interface shows, and the process that decodes prints."""

    code: ClassVar[str]
    summary: ClassVar[str]

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or self.summary)


class Unsupported(IntakeError):
    """Content of another kind, whatever its name says."""

    code = "unsupported_image"
    summary = f"This is not an image the server reads; {ACCEPTED} are accepted."


class Damaged(IntakeError):
    """The right kind, but it cannot be decoded."""

    code = "damaged_image"
    summary = f"The image is damaged or incomplete; export it again as one of {ACCEPTED}."


class TooLarge(IntakeError):
    """More pixels, frames or memory than the limits."""

    code = "image_too_large"
    summary = "The image has too many pixels; make it smaller and upload it again."


BY_CODE: Final = {error.code: error for error in (Unsupported, Damaged, TooLarge)}


def check_size(width: int, height: int, limits: Limits) -> None:
    """Of one frame, from the header.

    Raises:
        Damaged: a side of nothing.
        TooLarge: more pixels than allowed.
    """
    if width < 1 or height < 1:
        raise Damaged("The header says that the image has no pixels; export it again.")
    if width * height > limits.max_pixels or max(width, height) > limits.max_side:
        most = f"at most {limits.max_pixels / 1e6:g} million, and {limits.max_side} on a side, are accepted"
        raise TooLarge(f"The image has {width} x {height} pixels; {most}. Make it smaller and upload it again.")


def check_frames(frames: int, values_a_frame: int, limits: Limits) -> None:
    """Of all frames together, from the header.

    Args:
        frames: how many there are.
        values_a_frame: pixels, times three for colour.
        limits: what is allowed.

    Raises:
        TooLarge: more frames, or more values in all, than allowed.
    """
    if frames > limits.max_frames:
        raise TooLarge(f"The file holds more than {limits.max_frames} frames; upload those to look at.")
    if frames * values_a_frame > limits.max_values:
        most = f"at most {limits.max_values / 1e6:g} million values are kept of one file"
        raise TooLarge(f"All {frames} frames together are too large; {most}. Upload fewer frames, or smaller ones.")
