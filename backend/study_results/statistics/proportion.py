"""Shares with Wilson's interval (Wilson, 1927; Newcombe, 1998, method 3)."""

from __future__ import annotations

from backend.study_results.statistics.figure import Figure


def wilson(hits: int, of: int) -> Figure:
    """A share with Wilson's score interval, without continuity correction. Takes every answer as independent.

    Args:
        hits: how many were.
        of: how many could have been.
    """
    if not of:
        return Figure(None, note="There are no answers yet.")
    from scipy.stats import binomtest  # noqa: PLC0415 (takes most of a second to import)

    interval = binomtest(hits, of).proportion_ci(confidence_level=0.95, method="wilson")
    # Rounding may put an end beyond the share itself where that is 0 or 1.
    return Figure(hits / of, min(float(interval.low), hits / of), max(float(interval.high), hits / of))
