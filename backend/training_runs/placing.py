"""Where a finished model goes: moved there once, whatever was interrupted when."""

from __future__ import annotations

import errno
import json
import shutil
from pathlib import Path

from backend.db.job_tables import TrainingRun
from backend.jobs.handling import JobRefused, Surroundings
from backend.training_runs.order import MODEL, PLACE, place_of

NOT_WHOLE = "The training ended without a whole model. Resume it; it goes on from what it had saved."


def places(row: TrainingRun, around: Surroundings) -> tuple[Path, Path]:
    """Where the model goes; the second one if somebody has put another model in the first."""
    root = around.settings.models_dir
    return root / row.name, root / f"{row.name}-{row.id[:8]}"


def put_in_place(row: TrainingRun, around: Surroundings) -> Path:
    """The model's folder, moved there once: killed between the move and the commit, the next attempt finds it.

    Raises:
        JobRefused: there is no whole model to move.
    """
    work, earlier = around.work / MODEL, place_of(around.work)
    if earlier is not None and _is_of(earlier, row):
        if (earlier / "config.json").is_file():
            shutil.rmtree(work, ignore_errors=True)  # of a copy, all that is left is to remove its source
            return earlier
        shutil.rmtree(earlier)
    if not (work / "config.json").is_file():
        raise JobRefused(NOT_WHOLE)
    first, second = places(row, around)
    place = second if first.exists() else first
    (around.work / PLACE).write_text(str(place), "utf-8")
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(work / ".training", ignore_errors=True)
    _move(work, place)
    return place


def _is_of(folder: Path, row: TrainingRun) -> bool:
    """Whether a folder holds what this run made, whole or not."""
    try:
        lineage = json.loads((folder / "metrics.json").read_text("utf-8")).get("lineage")
    except (OSError, ValueError):
        return False
    return isinstance(lineage, dict) and lineage.get("training_run") == row.id


def _move(source: Path, target: Path) -> None:
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # Another file system: it gets its name only as a whole, and the source stays until then.
        moving = target.with_name(f".{target.name}.moving")
        shutil.rmtree(moving, ignore_errors=True)
        shutil.copytree(source, moving)
        moving.rename(target)
        shutil.rmtree(source)
