"""``vitrine``: the command line.

Commands import torch, the server and the models only when they run, so that ``vitrine --help`` and a mistyped option
answer at once. Exit codes: 0 done, 1 something is wrong with the installation or the run, 2 bad input.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from backend.cli.accounts import accounts
from backend.cli.audit import audit
from backend.cli.case import case
from backend.cli.compare import compare
from backend.cli.concepts import concepts
from backend.cli.data import data
from backend.cli.diagnose import diagnose
from backend.cli.doctor import doctor
from backend.cli.experiment import experiment
from backend.cli.explain import explain
from backend.cli.labels import labels
from backend.cli.remeasure import remeasure
from backend.cli.retrain import retrain
from backend.cli.serve import serve
from backend.cli.study import study
from backend.cli.train import train
from backend.cli.worker import worker

app = typer.Typer(
    name="vitrine",
    help="Explainable prediction on medical images. Research use only; not for diagnosis.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"vitrine {version('vitrine')}")
        raise typer.Exit


@app.callback()
def main(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Explainable prediction on medical images. Research use only; not for diagnosis."""


app.command()(serve)
app.command()(worker)
app.command()(explain)
app.command()(train)
app.command()(retrain)
app.command()(remeasure)
app.command()(compare)
app.command()(diagnose)
app.add_typer(data, name="data")
app.add_typer(case, name="case")
app.add_typer(concepts, name="concepts")
app.add_typer(experiment, name="experiment")
app.add_typer(labels, name="labels")
app.add_typer(study, name="study")
app.add_typer(audit, name="audit")
app.add_typer(accounts, name="accounts")
app.command()(doctor)
