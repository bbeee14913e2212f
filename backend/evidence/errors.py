"""What can go wrong with evidence."""

from __future__ import annotations

from backend.core.errors import AppError


class EvidenceMissing(AppError):
    """Nobody has measured this version."""

    status = 404
    code = "evidence_missing"
    summary = (
        "Nobody has measured yet how far this model's explanations can be trusted. Somebody who may start training "
        "runs can have it measured on a data set, on the page of the model card; on the command line it is "
        "`vitrine experiment evidence CONFIG` with `keep: true`."
    )


class MeasurementNotFound(AppError):
    """No such measurement of this version."""

    status = 404
    code = "measurement_not_found"
    summary = (
        "This model version has no measurement with this id; GET /api/v1/models/{id}/evidence/measurements has all."
    )
