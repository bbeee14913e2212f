"""What can go wrong with training runs."""

from __future__ import annotations

from backend.core.errors import AppError


class TrainingRunNotFound(AppError):
    """No such run."""

    status = 404
    code = "training_run_not_found"
    summary = "There is no training run with this id; GET /api/v1/training-runs lists them."


class BadTrainingRun(AppError):
    """Data, concepts, parent and settings do not fit each other."""

    status = 400
    code = "bad_training_run"
    summary = "This cannot be trained as it is; the detail says what to change."
