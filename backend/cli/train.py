"""``vitrine train``: from a settings file to a checkpoint folder."""

from __future__ import annotations

import logging
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from backend.cli.console import fail


def train(
    config: Annotated[Path, typer.Argument(help="Training settings, a YAML file.")],
    out: Annotated[Path, typer.Option(help="Folder for the trained model.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a model that is there.")] = False,
) -> None:
    """Train a model and write its folder: weights, concept set, figures, model card."""
    from models.devices import choose_device
    from models.train import TrainConfig
    from models.train import train as run

    if (out / "config.json").exists() and not overwrite:
        fail(f"{out} holds a model already; choose another folder or add --overwrite")
    try:
        settings = TrainConfig.load(config)
        choose_device(settings.device)
    except ValueError as error:
        fail(str(error))
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        checkpoint = run(settings, out, progress=_report, command=shlex.join(["vitrine", *sys.argv[1:]]))
    except ValueError as error:  # encoder, concept set and data do not fit each other
        fail(str(error))
    except FloatingPointError as error:
        fail(str(error), code=1)
    except KeyboardInterrupt:
        fail("stopped; no model was written", code=130)
    print(f"Model written to {checkpoint.folder}")


def _report(report: dict[str, Any]) -> None:
    validation = report["validation"]
    print(
        f"epoch {report['epoch']}/{report['epochs']}  loss {sum(report['losses'].values()):.4f}"
        f"  class BMAC {validation['class_bmac']:.3f}  concept BMAC {validation['concept_bmac']:.3f}"
        f"  {report['images_per_second']:.0f} images/s",
        flush=True,
    )
