"""Labels and images of cases in the folders of runs: they go once the run has succeeded."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from backend.db.session import Database
from backend.label_exports import fitting
from backend.training_runs import repository
from backend.training_runs.order import LABEL_FOLDER, LABEL_WORK, LABELS

logger = logging.getLogger(__name__)
_AT_ONCE = 500


def remove(work: Path) -> None:
    """All that a run has of labelled cases, also what a killed process left."""
    for folder in (LABEL_FOLDER, LABEL_WORK):
        shutil.rmtree(work / folder, ignore_errors=True)
    fitting.remove_unfinished(work / LABEL_FOLDER)
    (work / LABELS).unlink(missing_ok=True)


def sweep(database: Database, jobs_dir: Path) -> int:
    """Removes them of runs that have succeeded and whose worker was lost before it could; says of how many."""
    left = sorted({path.parent.name for name in (LABELS, LABEL_FOLDER, LABEL_WORK, f".{LABEL_FOLDER}.making-*")
                   for path in jobs_dir.glob(f"*/{name}")})  # fmt: skip
    removed = 0
    for start in range(0, len(left), _AT_ONCE):
        with database.reading() as session:
            done = repository.succeeded(session, left[start : start + _AT_ONCE])
        for run in sorted(done):
            remove(jobs_dir / run)
            removed += 1
    if removed:
        logger.info("removed the labels that %d finished training runs had left", removed)
    return removed
