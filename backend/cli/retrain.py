"""``vitrine retrain``: from a model and an edited concept set to the next model."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from backend.cli.console import fail, find_model, read_settings
from backend.cli.messages import own_messages, say
from backend.cli.progress import Progress

if TYPE_CHECKING:
    from models.checkpoint import Checkpoint


def retrain(  # noqa: PLR0913 (each is an option of the command)
    parent: Annotated[str, typer.Argument(metavar="PARENT", help="Model by name, or its folder.")],
    concept_set: Annotated[str, typer.Argument(metavar="CONCEPT_SET", help="The edited concept set, a YAML file.")],
    out: Annotated[Path, typer.Option(help="Folder for the new model.")],
    data: Annotated[
        Path | None, typer.Option(help="Import to train on; by default the data that the parent was trained on.")
    ] = None,
    test_data: Annotated[Path | None, typer.Option(help="Another import that is the test split.")] = None,
    images: Annotated[
        tuple[int, int, int] | None,
        typer.Option(metavar="TRAIN VALIDATION TEST", help="Of a procedural set: how many; by default the parent's."),
    ] = None,
    mode: Annotated[
        Literal["quick", "full"], typer.Option(help="quick: the encoder stays; full: everything is trained.")
    ] = "quick",
    labels: Annotated[
        Path | None, typer.Option(help="Folder of labelled images that join the training images (labels export).")
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the training split.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of order, augmentation and new queries.")] = 0,
    name: Annotated[str | None, typer.Option(help="Of the new model; by default that of its folder.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only say what the edit means for the model.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a model that is there.")] = False,
) -> None:
    """Train a model on with an edited concept set: what stays keeps its weights, what is new starts from its words.

    The images' tokens are computed once and kept (cache/tokens in the data folder), so that the next edit starts at
    once. Stopped, the same command goes on where it was saved last.
    """
    from models.checkpoint import read_checkpoint
    from models.concepts import load_concept_set
    from models.train import TrainingCancelled, state_path
    from models.train.retrain import RetrainConfig, Watching, plan
    from models.train.retrain import retrain as run

    folder = find_model(parent)
    if (out / "config.json").exists() and not overwrite and not preview:
        fail(f"{out} holds a model already; choose another folder or add --overwrite")
    kept = read_settings().data_dir / "cache"
    bar = Progress()
    try:
        checkpoint, edited = read_checkpoint(folder), load_concept_set(concept_set)
        for line in plan(checkpoint.concept_set, edited).lines():
            say(line)
        if preview:
            return
        given: dict[str, Any] = {"mode": mode, "labels": labels, "epochs": epochs, "seed": seed}
        given |= {"name": name or _name_of(out), "concept_set": concept_set, "tokens": kept / "tokens", "drawn": kept}
        config = RetrainConfig(**given, data=_data(checkpoint, data, test_data, images))
        watching = Watching(
            progress=_report,
            staged=lambda stage, done, total: bar(stage, done, total, counted="splits" if total == 2 else "images"),
            command=shlex.join(["vitrine", *sys.argv[1:]]),
            console=True,
        )
        with own_messages():
            made = run(checkpoint, edited, out, config, watching)
    except (ValueError, TrainingCancelled) as error:
        fail(str(error))
    except FloatingPointError as error:
        fail(str(error), code=1)
    except OSError as error:
        fail(f"cannot write {error.filename or out}: {error.strerror or error}", code=1)
    except KeyboardInterrupt:
        bar.close()
        saved = "; the same command goes on with it" if state_path(out).is_file() else ""
        fail(f"stopped; no model was written{saved}", code=130)
    _summary(checkpoint, made)


def _data(
    checkpoint: Checkpoint, data: Path | None, test_data: Path | None, images: tuple[int, int, int] | None
) -> Any:
    """What to train on: the parent's data, where they lie now; None for just what the parent's settings say."""
    from pydantic import TypeAdapter

    from models.train.settings import Data, ImportedData, ProceduralData

    if data is None and test_data is None and images is None:
        return None
    record = checkpoint.metrics.get("training", {}).get("settings", {}).get("data", {"kind": "imported", "folder": ""})
    before: ImportedData | ProceduralData = TypeAdapter(Data).validate_python(record)
    if isinstance(before, ProceduralData) and data is None:
        if test_data is not None or images is None:
            fail(f"the parent was trained on {before.name}, which is drawn; --images says how many")
        return {**before.model_dump(), **dict(zip(("train", "validation", "test"), images, strict=True))}
    if images is not None:
        fail("--images is for procedural sets; an import has the images it has")
    if isinstance(before, ProceduralData):
        return ImportedData(kind="imported", folder=data or Path(), test_folder=test_data)
    changes = {"folder": data, "test_folder": test_data}
    return before.model_copy(update={key: value for key, value in changes.items() if value is not None})


def _name_of(out: Path) -> str | None:
    """The folder's name, where a model may have it."""
    import re

    return out.name if re.fullmatch(r"[a-z0-9][a-z0-9-]*", out.name) else None


def _report(report: dict[str, Any]) -> None:
    validation = report["validation"]
    say(
        f"epoch {report['epoch']}/{report['epochs']}  loss {report['losses']['total']:.4f}"
        f"  class BMAC {validation['class_bmac']:.3f}  concept BMAC {validation['concept_bmac']:.3f}"
        f"  {report['seconds']:.0f} s"
    )


def _summary(parent: Checkpoint, made: Checkpoint) -> None:
    """Figures of both, with a warning that they may be of different images."""
    training, lineage = made.metrics["training"], made.metrics["lineage"]
    say(f"epoch {training['best_epoch']} kept; {made.metrics['test']['images']} test images, before and after:")
    for what, key in (("class BMAC", "class_bmac"), ("concept BMAC", "concept_bmac")):
        before, after = (checkpoint.metrics.get("test", {}).get(key) for checkpoint in (parent, made))
        say(f"  {what:<13} {_figure(before)}  {_figure(after)}")
    if parent.metrics.get("test", {}).get("images") != made.metrics["test"]["images"]:
        say("  The parent was tested on another number of images: the two do not compare.")
    labels = lineage["labels"]
    if labels is not None:
        say(
            f"Labels: {labels['corrected']} images corrected, {labels['added']} added, {labels['left_out']} left out "
            "(validated or tested on)"
        )
    spent = ", ".join(
        f"{stage} {training['stages'][stage]:.0f} s"
        for stage in ("images", "tokens", "training")
        if stage in training["stages"]
    )
    say(f"Model written to {made.folder} ({spent})")


def _figure(value: float | None) -> str:
    return "  –  " if value is None else f"{value:.3f}"
