"""What can go wrong with model versions."""

from __future__ import annotations

from backend.core.errors import AppError

CHANGED = (
    "The folder {folder} holds other weights than when the model was registered. Put the right ones back, or restart "
    "the server, which registers the new ones as a version of their own."
)


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


class ModelChoiceNeeded(AppError):
    """By its header the image is nothing that an active model is for."""

    status = 409
    code = "model_choice_needed"
    summary = (
        "By its DICOM header this image fits no active model, so none is suggested. To explain it all the same, choose "
        "a model yourself (model_version_id); the prediction then says where the header and the model disagree."
    )


class ModelUnavailable(NoActiveModel):
    """Registered, but its files are gone or do not load."""

    code = "model_unavailable"
    summary = "This model version cannot be loaded: its files are missing or damaged. The server's log has the reason."


class AlreadyActive(AppError):
    """Nothing to do."""

    status = 409
    code = "already_active"
    summary = "This version is the active one of its data set already."


class ActiveChanged(AppError):
    """Somebody else was quicker."""

    status = 409
    code = "active_changed"
    summary = (
        "Another version of this data set was activated meanwhile, so nothing was changed; look which one is active "
        "now, and activate this one again if it still should be."
    )


class NotActive(AppError):
    """Somebody else was quicker."""

    status = 409
    code = "not_active"
    summary = "This version is not the active one, so there is nothing to roll back; look again which one is."


class NothingToRollBackTo(AppError):
    """The first one, or the one before is gone."""

    status = 409
    code = "nothing_to_roll_back_to"
    summary = "No version was active before this one, or its files are gone; activate another version instead."


class WarmUpTooSlow(AppError):
    """It could not be loaded in time."""

    status = 503
    code = "warm_up_too_slow"
    summary = "The version could not be loaded in time, so the one before stays active; try again in a minute."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, {"Retry-After": "60"})
