"""``vitrine compare``: two models on the same images, with intervals for the differences."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from backend.cli.console import fail, find_dataset, find_model
from backend.cli.progress import Progress


def compare(
    model_a: Annotated[str, typer.Argument(metavar="MODEL_A", help="Model by name, or its folder.")],
    model_b: Annotated[str, typer.Argument(metavar="MODEL_B", help="The one that is held to it.")],
    data: Annotated[str, typer.Option(help="An import by name or folder, or a procedural set by name.")],
    split: Annotated[str, typer.Option(help="train, validation, test, or all of them.")] = "test",
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write everything as JSON.")] = None,
    seed: Annotated[int, typer.Option(help="Of the resamples.")] = 0,
    drawn: Annotated[int, typer.Option(help="Images of each split of a procedural set.")] = 500,
    stratify: Annotated[bool, typer.Option("--stratify", help="Resample within each class.")] = False,
) -> None:
    """Compare two models image by image: figures, differences B − A with 95 % intervals, tests, changed predictions.

    Both see the same images. Patients and near-duplicates are resampled as one.
    """
    from models.checkpoint import CheckpointError, read_checkpoint
    from models.compare.comparison import compare as run
    from models.compare.settings import CompareSettings
    from models.compare.text import comparison_lines
    from models.data.errors import DataError

    progress = Progress()
    try:
        settings = CompareSettings(split, drawn, seed, stratify=stratify)  # type: ignore[arg-type]
        found = run(
            read_checkpoint(find_model(model_a)),
            read_checkpoint(find_model(model_b)),
            find_dataset(data),
            settings,
            lambda stage, done, total: progress(stage, done, total, "images"),
        )
        print("\n".join(comparison_lines(found)))
        if json is not None:
            _write(json, found.model_dump_json(indent=1) + "\n")
            print(f"Written to {json}")
    except (CheckpointError, DataError, ValueError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot write {error.filename or json}: {error.strerror or error}", code=1)
    except KeyboardInterrupt:
        progress.close()
        fail("stopped; nothing was written", code=130)


def _write(path: Path, text: str) -> None:
    """In one step, so that no half-written file is left."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, "utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
