"""What can go wrong with batches."""

from __future__ import annotations

from backend.core.errors import AppError


class BatchNotFound(AppError):
    """No such batch."""

    status = 404
    code = "batch_not_found"
    summary = "There is no batch with this id; GET /api/v1/intervention-batches lists them."


class BatchEnded(AppError):
    """Nothing to cancel."""

    status = 409
    code = "batch_ended"
    summary = "The batch neither waits nor runs, so there is nothing to cancel."


class BatchNotDone(AppError):
    """No rows yet, or none at all."""

    status = 409
    code = "batch_not_done"
    summary = "The batch has no result: it has not ended, or it did not end well. Its status and error say more."
