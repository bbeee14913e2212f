"""What can go wrong with interventions."""

from __future__ import annotations

from backend.core.errors import AppError


class InterventionNotFound(AppError):
    """No such intervention, or its case was deleted."""

    status = 404
    code = "intervention_not_found"
    summary = "There is no intervention with this id; its case may have been deleted."


class BadEdit(AppError):
    """An edit that does not fit the model; the detail says which."""

    status = 400
    code = "bad_edit"
    summary = "An edit does not fit the prediction's model; the detail says which one and why."


class UnknownClass(AppError):
    """A class that the model does not know."""

    status = 400
    code = "unknown_class"
    summary = "The model has no such class; its classes stand in the prediction."


class TokensNotKept(AppError):
    """A region edit on a prediction of an earlier version."""

    status = 409
    code = "tokens_missing"
    summary = (
        "This prediction was made before Vitrine kept what regions need. Explain the image again, then paint the "
        "region on the new prediction."
    )
