"""``vitrine train``: from a settings file to a checkpoint folder."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from backend.cli.console import fail
from backend.cli.messages import own_messages, say


def train(
    config: Annotated[Path, typer.Argument(help="Training settings, a YAML file.")],
    out: Annotated[Path, typer.Option(help="Folder for the trained model.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a model that is there.")] = False,
    resume: Annotated[
        bool | None,
        typer.Option(
            "--resume/--fresh",
            help="Go on with an interrupted training, or forget it. By default: go on if there is one.",
        ),
    ] = None,
) -> None:
    """Train a model and write its folder: weights, concept set, figures, model card.

    An interrupted training goes on where it was saved last. Several GPUs: start it with torchrun (docs/training.md).
    """
    from models.devices import choose_device
    from models.train import Running, TrainConfig, TrainingCancelled, state_path
    from models.train import train as run

    leads = os.environ.get("RANK", "0") == "0"
    interrupted = state_path(out).is_file() and resume is not False
    if resume and not interrupted:
        fail(f"{out} holds no interrupted training to go on with")
    if (out / "config.json").exists() and not overwrite and not interrupted:
        fail(f"{out} holds a model already; choose another folder or add --overwrite")
    try:
        settings = TrainConfig.load(config)
        choose_device(settings.device)
    except ValueError as error:
        fail(str(error))
    if interrupted and leads:
        say(f"Going on with the interrupted training in {out}")
    running = Running(shlex.join(["vitrine", *sys.argv[1:]]), fresh=resume is False, console=True)
    try:
        with own_messages(quiet=not leads):
            checkpoint = run(settings, out, progress=_report, running=running)
    except (ValueError, TrainingCancelled) as error:  # encoder, concept set, data or a saved state do not fit
        fail(str(error))
    except FloatingPointError as error:
        fail(str(error), code=1)
    except OSError as error:
        kept = "; with room on the disk the same command goes on with it" if state_path(out).is_file() else ""
        fail(f"cannot write {error.filename or out}: {error.strerror or error}{kept}", code=1)
    except KeyboardInterrupt:
        kept = "; the same command goes on with it" if state_path(out).is_file() else ""
        fail(f"stopped; no model was written{kept}", code=130)
    if leads:
        say(f"Model written to {checkpoint.folder}")


def _report(report: dict[str, Any]) -> None:
    validation = report["validation"]
    say(
        f"epoch {report['epoch']}/{report['epochs']}  loss {report['losses']['total']:.4f}"
        f"  class BMAC {validation['class_bmac']:.3f}  concept BMAC {validation['concept_bmac']:.3f}"
        f"  rank {report['rank']['validation']:.0f}  {report['images_per_second']:.0f} images/s"
        f"  waited {report['waiting_seconds']:.1f} of {report['seconds']:.0f} s"
    )
