"""The process that a batch runs in: ``python -m backend.intervention_batches.child <fd>`` (``backend.core.child``)."""

from __future__ import annotations

from typing import Any

from backend.core.child import Reporter, run_job
from backend.intervention_batches.jobs import BatchJob
from backend.intervention_batches.running import run_batch
from models.checkpoint import CheckpointError
from models.data.errors import DataError
from models.intervene.batch import NothingSelected
from models.intervene.scores import EditError


def work(job: dict[str, Any], report: Reporter) -> None:
    """One batch."""
    run_batch(BatchJob(**job), report)


if __name__ == "__main__":
    run_job(work, (DataError, CheckpointError, NothingSelected, EditError))
