"""What can go wrong with cases."""

from __future__ import annotations

from backend.core.errors import AppError

ACCEPTED = "PNG, JPEG, TIFF, WebP and BMP"


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
