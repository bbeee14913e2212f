"""What can go wrong with results."""

from __future__ import annotations

from backend.core.errors import AppError


class ResultsHidden(AppError):
    """Not before closing."""

    status = 403
    code = "results_hidden"
    summary = (
        "Results stay hidden until the study is closed, so that nobody who talks to readers can sway them. "
        "An amendment can make them visible earlier."
    )


class NoResults(AppError):
    """Nothing was published, so nothing was answered."""

    status = 409
    code = "no_results"
    summary = "The study is not published yet, so there are no results."
