"""The process that an import runs in: ``python -m backend.datasets.child <file descriptor>`` (``backend.core.child``).

When the server is killed it ends itself and its workers, so that nothing is left.
"""

from __future__ import annotations

from typing import Any

from backend.core.child import Reporter, run_job
from backend.datasets.importing import ImportJob, run_import
from models.data.errors import DataError


def work(job: dict[str, Any], report: Reporter) -> None:
    """One import."""
    run_import(ImportJob(**job), lambda progress: report(progress.stage, progress.done, progress.total))


if __name__ == "__main__":
    run_job(work, (DataError,))
