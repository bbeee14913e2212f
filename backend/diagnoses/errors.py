"""What can go wrong with diagnoses."""

from __future__ import annotations

from backend.core.errors import AppError


class DiagnosisNotFound(AppError):
    """No such diagnosis."""

    status = 404
    code = "diagnosis_not_found"
    summary = "There is no diagnosis with this id; GET /api/v1/diagnoses lists them."


class DiagnosisNotDone(AppError):
    """No result yet."""

    status = 409
    code = "diagnosis_not_done"
    summary = "This diagnosis has no result: it waits, runs, has failed or was cancelled."


class SheetNotFound(AppError):
    """No such picture."""

    status = 404
    code = "sheet_not_found"
    summary = "The diagnosis has no pictures of this; its result names the paths that it has."
