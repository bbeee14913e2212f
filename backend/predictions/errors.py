"""What can go wrong with predictions."""

from __future__ import annotations

from backend.core.errors import AppError, ServerBusy


class PredictionNotFound(AppError):
    """No such prediction, or its case was deleted."""

    status = 404
    code = "prediction_not_found"
    summary = "There is no prediction with this id; its case may have been deleted."


class MapNotFound(AppError):
    """An option or group the prediction's concept set does not have."""

    status = 404
    code = "map_not_found"
    summary = "The prediction has no map for this option or group; its ids stand in the prediction."


class BadMapRequest(AppError):
    """Parameters that do not go together."""

    status = 400
    code = "bad_map_request"
    summary = (
        "gradcam takes option (or group for all of its options), magnet takes group, index takes neither; "
        "a PNG shows exactly one map."
    )


class ModelStarting(ServerBusy):
    """The model is still being loaded."""

    code = "model_starting"
    summary = "The model is still loading; try again in a few seconds."


class PredictionFailed(AppError):
    """The model raised an error on this image."""

    status = 500
    code = "prediction_failed"
    summary = "The model failed on this image; the server's log has the reason."


class RequestAbandoned(AppError):
    """Whoever asked is gone; nobody reads this."""

    status = 499
    code = "request_abandoned"
    summary = "The request was given up by who sent it; nothing was saved."
