"""What can go wrong with examples."""

from __future__ import annotations

from backend.core.errors import AppError


class ExampleNotFound(AppError):
    """No such example."""

    status = 404
    code = "example_not_found"
    summary = "There is no example with this key; GET /api/v1/examples lists them."
