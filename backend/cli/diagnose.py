"""``vitrine diagnose``: what a model shows about each of its concepts, and which of them are not worth keeping."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli.console import fail, find_dataset, find_model
from backend.cli.progress import Progress

if TYPE_CHECKING:
    from models.diagnose.results import Diagnosis
    from models.diagnose.settings import DiagnoseSettings

_SPLITS = ("train", "validation", "test")


def diagnose(
    model: Annotated[str, typer.Argument(metavar="NAME|FOLDER", help="Model by name, or its folder.")],
    data: Annotated[str, typer.Option(help="An import by name or folder, or synthetic-dermoscopy, -ultrasound.")],
    split: Annotated[str, typer.Option(help="train, validation or test.")] = "validation",
    drawn: Annotated[int, typer.Option(min=64, help="Images of a procedural set.")] = 500,
    seed: Annotated[int, typer.Option(min=0, help="Of permutations and samples.")] = 0,
    json: Annotated[Path | None, typer.Option(help="File for the whole result.")] = None,
    umap: Annotated[bool, typer.Option(help="Whether the file has a UMAP of the tokens, which takes seconds.")] = True,
) -> None:
    """Look for concepts that are dormant, redundant or not localized.

    Runs the model once over the images, and prints the flags with the number behind each, then what stands behind
    every option, group and code. The rules and their thresholds: docs/adr/0043-concept-diagnostics.md.
    """
    from models.checkpoint import CheckpointError
    from models.data.errors import DataError
    from models.diagnose.files import write_diagnosis
    from models.diagnose.settings import DiagnoseSettings
    from models.diagnose.text import diagnosis_lines

    if split not in _SPLITS:
        fail(f"no split '{split}': there are {', '.join(_SPLITS)}")
    progress = Progress()
    try:
        # The table shows no embedding, so only the file is worth the seconds that UMAP takes.
        settings = DiagnoseSettings(seed=seed, umap=umap and json is not None)
        found = _run(find_model(model), data, split, drawn, settings, progress)
        print("\n".join(diagnosis_lines(found)))
        print("\nResearch use only; not for diagnosis.")
        if json is not None:
            write_diagnosis(json, found)
            print(f"Written to {json}")
    except (CheckpointError, DataError, ValueError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot write {error.filename or json}: {error.strerror or error}", code=1)
    except KeyboardInterrupt:
        progress.close()
        fail("stopped; nothing was written", code=130)


def _run(folder: Path, data: str, split: str, drawn: int, settings: DiagnoseSettings, progress: Progress) -> Diagnosis:
    from models.checkpoint import load_network, read_checkpoint
    from models.diagnose.images import diagnosed_data, read_diagnosed
    from models.diagnose.run import diagnose as run
    from models.diagnose.run import input_shape

    checkpoint = read_checkpoint(folder)
    network = load_network(checkpoint)
    images = read_diagnosed(
        diagnosed_data(find_dataset(data), drawn),
        split,  # type: ignore[arg-type]
        checkpoint.concept_set,
        input_shape(checkpoint, network),
        lambda done, total: progress("Preparing", done, total, "images"),
    )
    return run(
        checkpoint,
        images,
        settings,
        network=network,
        progress=lambda done, total: progress("Diagnosing", done, total, "images"),
    )
