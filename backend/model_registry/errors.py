"""What can go wrong with model versions."""

from __future__ import annotations

from backend.core.errors import AppError


class ModelNotFound(AppError):
    """No such version."""

    status = 404
    code = "model_not_found"
    summary = "There is no model version with this id; GET /api/v1/models lists them."


class NoActiveModel(AppError):
    """Nothing to predict with."""

    status = 503
    code = "no_active_model"
    summary = (
        "No model is installed. Train one with `vitrine train`, or put a checkpoint folder into the folder models "
        "of the data folder, then restart the server."
    )

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, {"Retry-After": "60"})


class ModelUnavailable(NoActiveModel):
    """Registered, but its files are gone or do not load."""

    code = "model_unavailable"
    summary = "This model version cannot be loaded: its files are missing or damaged. The server's log has the reason."
