"""What can go wrong with labels."""

from __future__ import annotations

from backend.core.errors import AppError


class BadLabel(AppError):
    """A class, group or option that the prediction's concept set does not have."""

    status = 400
    code = "bad_label"
    summary = "The label names something that the prediction's concept set does not have."
