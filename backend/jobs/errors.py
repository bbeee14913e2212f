"""What can go wrong with any job."""

from __future__ import annotations

from backend.core.errors import AppError


class JobEnded(AppError):
    """Nothing to cancel."""

    status = 409
    code = "job_ended"
    summary = "It has ended already; there is nothing to cancel."


class JobNotEnded(AppError):
    """Nothing to resume."""

    status = 409
    code = "job_not_ended"
    summary = "Only what failed or was cancelled can be resumed; this waits, runs or has succeeded."


class QueueFull(AppError):
    """Too many jobs wait."""

    status = 503
    code = "queue_full"
    summary = "Too many jobs wait already; cancel some, or try again when they are done."
