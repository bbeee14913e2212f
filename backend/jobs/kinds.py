"""What kinds of jobs there are, and which queue and task each goes to."""

from __future__ import annotations

from enum import StrEnum


class Queue(StrEnum):
    """``training`` runs for minutes to days, one at a time on a device; ``short`` for seconds to minutes."""

    TRAINING = "training"
    SHORT = "short"


class JobKind(StrEnum):
    """What a job makes."""

    TRAINING = "training"
    DIAGNOSIS = "diagnosis"
    COMPARISON = "comparison"
    STUDY = "study"
    EVIDENCE = "evidence"

    @property
    def queue(self) -> Queue:
        """Where it waits."""
        return Queue.TRAINING if self is JobKind.TRAINING else Queue.SHORT


# The worker registers tasks of these names (tests/worker/test_names.py); the server only knows the names.
TASKS = {Queue.TRAINING: "vitrine.run_training_job", Queue.SHORT: "vitrine.run_short_job"}
