"""What can go wrong with cases."""

from __future__ import annotations

from backend.core.errors import AppError

ACCEPTED = "DICOM, PNG, JPEG, JPEG 2000, TIFF, WebP and BMP"


class CaseNotFound(AppError):
    """No such case, or it was deleted."""

    status = 404
    code = "case_not_found"
    summary = "There is no case with this id; it may have been deleted."


class CaseNotYours(AppError):
    """Seen, but not theirs to change."""

    status = 403
    code = "case_not_yours"
    summary = "Only the owner of this case may change, share or delete it."


class GroupsMissing(AppError):
    """Shared with groups, but with none."""

    status = 400
    code = "groups_missing"
    summary = "Name at least one group to share the case with, or make it private."


class UnsupportedImage(AppError):
    """Content of another kind, whatever its name says."""

    status = 415
    code = "unsupported_image"
    summary = f"This is not an image the server reads; {ACCEPTED} are accepted."


class DamagedImage(AppError):
    """The right kind, but it cannot be decoded."""

    status = 400
    code = "damaged_image"
    summary = f"The image is damaged or incomplete; export it again as one of {ACCEPTED}."


class ImageTooLarge(AppError):
    """More pixels than the limit."""

    status = 413
    code = "image_too_large"
    summary = "The image has too many pixels; make it smaller and upload it again."


class BadCursor(AppError):
    """A cursor that this server did not give out."""

    status = 400
    code = "bad_cursor"
    summary = "The cursor is not one this server gave out; leave it away to start at the first page."


class UnknownCaseDataset(AppError):
    """Neither a model nor a data set has this name."""

    status = 400
    code = "unknown_dataset"
    summary = "There is no data set with this name; take one of GET /api/v1/models or GET /api/v1/datasets."


class CaseInStudy(AppError):
    """A case that readers are asked about."""

    status = 409
    code = "case_in_study"
    summary = "The case is part of a published reader study, whose answers would lose their meaning. Keep the case."


class CaseWaits(AppError):
    """Somebody must look for text in the pixels first."""

    status = 409
    code = "case_waits"
    summary = "The pixels may hold text about the patient. Open the case, black out what there is, and confirm it."


class NothingToReview(AppError):
    """Nobody asks for a look any more."""

    status = 409
    code = "nothing_to_review"
    summary = "The pixels of this case do not wait for a look; somebody may have confirmed them already."


class BadRegion(AppError):
    """Outside the image, or of a frame that is not there."""

    status = 400
    code = "bad_region"
    summary = "A region lies outside the image or names a frame that is not there; draw it again."


class FrameNotFound(AppError):
    """Beyond the last frame, or no values are kept of the case."""

    status = 404
    code = "frame_not_found"
    summary = "The case has no such frame, or keeps an image only; see frames and values_kept of the case."


class BadRendering(AppError):
    """A window for what has none, or a frame that is not there."""

    status = 400
    code = "bad_rendering"
    summary = "The case cannot be shown like this; see GET /api/v1/cases/{case_id}/display for what it has."
