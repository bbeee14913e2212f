"""``vitrine experiment``: tests of a whole model, as in the paper."""

from __future__ import annotations

import platform
import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from backend.cli.console import fail, find_dataset, find_model
from backend.cli.progress import Progress
from models.experiments.registry import EXPERIMENTS, Experiment

experiment = typer.Typer(no_args_is_help=True, help="Test whole models, as the paper does.")


Config = Annotated[Path, typer.Argument(help="Settings, a YAML file; models/experiments/recipes has examples.")]
Out = Annotated[
    Path | None,
    typer.Option(help="Folder for figures, tables and JSON; the same command goes on with what is there."),
]


def _command(known: Experiment) -> Callable[[Path, Path | None], None]:
    def command(config: Config, out: Out = None) -> None:
        _run(known, config, out)

    command.__doc__ = known.question + (f" As in the paper's {known.paper}." if known.paper else "")
    return command


for _known in EXPERIMENTS:
    experiment.command(_known.name, short_help=_known.question)(_command(_known))


def _run(known: Experiment, config: Path, out: Path | None) -> None:
    """Runs an experiment, prints its tables and sentences, writes its files."""
    from models.checkpoint import CheckpointError
    from models.data.errors import DataError
    from models.experiments.files import table_lines, write_findings
    from models.experiments.findings import NOTICE
    from models.experiments.settings import load_settings
    from models.experiments.surroundings import Surroundings

    progress = Progress()
    begun = time.perf_counter()
    try:
        kind, run = known.load()
        settings = load_settings(kind, config)
        command = shlex.join(["vitrine", "experiment", known.name, str(config)])  # without the folder of the files
        findings = run(settings, Surroundings(find_model, find_dataset, out, progress, command=command))
        progress.close()
        for table in findings.tables:
            if table.shown:
                print("\n".join([*table_lines(table), ""]))
        print("\n".join([*findings.sentences, NOTICE]))
        if out is not None:
            about = {
                "command": shlex.join(["vitrine", *sys.argv[1:]]),
                "settings": settings.model_dump(mode="json"),
                "machine": platform.machine(),
                "seconds": round(time.perf_counter() - begun, 1),
            }
            written = write_findings(out, known.name, findings, about)
            print(f"Written to {', '.join(map(str, written))}")
    except (CheckpointError, DataError, ValueError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot write {error.filename or out}: {error.strerror or error}", code=1)
    except KeyboardInterrupt:
        progress.close()
        fail("stopped; the same command goes on with what is kept" if out else "stopped", code=130)
