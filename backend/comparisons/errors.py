"""What can go wrong with comparisons."""

from __future__ import annotations

from backend.core.errors import AppError


class ComparisonNotFound(AppError):
    """No such comparison."""

    status = 404
    code = "comparison_not_found"
    summary = "These two versions were not compared like this yet; POST /api/v1/models/compare does it."


class ModelsNotComparable(AppError):
    """They tell other classes apart, or are one and the same."""

    status = 400
    code = "models_not_comparable"
    summary = "These two versions cannot be compared; the detail says why."


class PictureNotFound(AppError):
    """No such picture."""

    status = 404
    code = "picture_not_found"
    summary = "The comparison has no such picture; its result names the paths that it has."
