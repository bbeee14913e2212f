"""``vitrine remeasure``: what a model of an earlier version did not measure yet, added to its statistics."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from backend.cli.console import fail, find_model
from backend.cli.progress import Progress


def remeasure(
    model: Annotated[str, typer.Argument(metavar="NAME|FOLDER", help="Model by name, or its folder.")],
    dataset: Annotated[
        Path | None, typer.Option(help="The import it was trained on, if that lies elsewhere now.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Measure and compare, but write nothing.")] = False,
) -> None:
    """Add the mean scores of each option ("present") to a model's statistics.

    Runs the model over its validation images again. Weights, and so the model's identity, and every other figure stay
    as they are; if the images are not those it was validated on, nothing is written.
    """
    from models.checkpoint import CheckpointError
    from models.data.errors import DataError
    from models.train.remeasure import remeasure as measure
    from models.train.remeasure import write_option_means

    folder = find_model(model)
    progress = Progress()
    try:
        found = measure(
            folder, dataset, progress=lambda stage, done, total: progress(stage, done, total, counted="images")
        )
        if not dry_run:
            write_option_means(folder, found.option_means)
    except (CheckpointError, DataError, ValueError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot write {error.filename or folder}: {error.strerror or error}", code=1)
    except KeyboardInterrupt:
        progress.close()
        fail("stopped; nothing was written", code=130)
    known = sum(row is not None for row in found.option_means)
    print(f"{found.images} validation images, {known} of {len(found.option_means)} options have images")
    for name, difference in found.differences.items():
        print(f"  {name:<12} stored and measured differ by at most {difference:.2g}")
    print(f"{'Nothing written to' if dry_run else 'Written to'} {folder / 'statistics.json'}")
