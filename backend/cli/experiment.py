"""``vitrine experiment``: tests of a whole model, as in the paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli.console import fail, find_dataset, find_model
from backend.cli.progress import Progress

if TYPE_CHECKING:
    from models.intervene.experiment import ConceptInterventionConfig, ConceptInterventionResult

experiment = typer.Typer(no_args_is_help=True, help="Test whole models, as the paper does.")


@experiment.callback()
def _group() -> None:
    """A group also while it has a single command."""


@experiment.command("concept-intervention", short_help="Does the decision hang on the concepts it should hang on?")
def concept_intervention(
    config: Annotated[Path, typer.Argument(help="Settings, a YAML file; models/intervene/recipes has examples.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the figures as JSON and CSV.")] = None,
) -> None:
    """Replace concepts by what they are like in another class, and measure what the decision loses (table 7).

    Takes images that are surely predicted as the target class, puts the reference class's mean scores in place of some
    groups' scores, and prints the average probability of the target class with a 95 % bootstrap interval.
    """
    from models.checkpoint import CheckpointError, read_checkpoint
    from models.data.errors import DataError
    from models.intervene.experiment import ConceptInterventionConfig, document
    from models.intervene.experiment import concept_intervention as run
    from models.intervene.experiment_files import NOTICE, table_lines, write_files

    progress = Progress()
    try:
        settings = ConceptInterventionConfig.load(config)
        checkpoint = read_checkpoint(find_model(settings.model))
        result = run(
            settings,
            checkpoint,
            find_dataset(settings.dataset),
            lambda stage, done, total: progress(stage, done, total, "images"),
        )
        names = dict(
            zip(checkpoint.concept_set.class_keys, (c.name for c in checkpoint.concept_set.classes), strict=True)
        )
        print(_headline(settings, result))
        print("\n".join(table_lines(result, names[settings.target_class])))
        print(f"\n{NOTICE}{' Trained on synthetic images only.' if checkpoint.synthetic else ''}")
        if out is not None:
            written = write_files(out, result, document(settings, checkpoint, result))
            print(f"Written to {', '.join(map(str, written))}")
    except (CheckpointError, DataError, ValueError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot write {error.filename or out}: {error.strerror or error}", code=1)
    except KeyboardInterrupt:
        progress.close()
        fail("stopped; nothing was written", code=130)


def _headline(settings: ConceptInterventionConfig, result: ConceptInterventionResult) -> str:
    tested = len(result.keys)
    chosen = f"{tested} of them, drawn with seed {settings.seed}," if tested < result.passed else "all of them"
    right = "" if result.right is None else f" ({result.right} are labelled so)"
    sure = f"predicted as {settings.target_class} with P >= {settings.minimum_probability:g}"
    return (
        f"{settings.model} on {settings.dataset}, split {settings.split}: {result.passed} of {result.scored} images\n"
        f"are {sure}; {chosen} are tested{right}.\n"
        f"Scores put in: the means over the model's validation images of class {settings.reference_class}.\n"
    )
