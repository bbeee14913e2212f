"""What can be wrong with a retraining."""

from __future__ import annotations


class RetrainError(ValueError):
    """Parent, concept set, data or labels do not fit each other; the message says what to do."""
