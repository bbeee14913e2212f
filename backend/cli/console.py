"""What all commands share: how they end in failure, and how they find a model."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from pydantic import ValidationError

if TYPE_CHECKING:
    from backend.core.settings import Settings

BAD_INPUT = 2


def fail(message: str, code: int = BAD_INPUT) -> NoReturn:
    """End the command with one clear sentence on standard error and no traceback."""
    print(f"vitrine: {message}", file=sys.stderr)
    raise typer.Exit(code)


def read_settings(**given: Any) -> Settings:
    """The settings from the environment, under those given on the command line."""
    from backend.core.settings import Settings

    try:
        return Settings(**given)
    except ValidationError as error:
        faults = "; ".join(f"VITRINE_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors())
        fail(f"a setting cannot be used: {faults}")


def find_model(name: str | None) -> Path:
    """The folder of a shipped model by name, or a checkpoint folder; the first shipped one by default."""
    from models.checkpoint import list_zoo

    zoo = {folder.name: folder for folder in list_zoo()}
    if name is None:
        if not zoo:
            fail("no model is shipped with this copy; train one and give its folder with --model")
        return next(iter(zoo.values()))
    if name in zoo:
        return zoo[name]
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    known = f"shipped are {', '.join(zoo)}" if zoo else "none is shipped"
    fail(f"no model '{name}': {known}, or give a checkpoint folder")
