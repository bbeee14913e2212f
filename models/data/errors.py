"""What can go wrong with data sets."""

from __future__ import annotations


class DataError(ValueError):
    """A data set cannot be read or imported; the message names what is missing or wrong, and what to do."""
