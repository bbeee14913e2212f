"""What all commands share: how they end in failure, and how they find a model or a data set."""

from __future__ import annotations

import sys
from collections.abc import Mapping
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
        faults = "; ".join(_fault(fault) for fault in error.errors())
        fail(f"a setting cannot be used: {faults}")


def _fault(fault: Mapping[str, Any]) -> str:
    """With the name of the variable, where it is the fault of a single one."""
    return ": ".join([*(f"VITRINE_{str(name).upper()}" for name in fault["loc"][:1]), str(fault["msg"])])


def list_models(settings: Settings) -> list[Path]:
    """Checkpoint folders as the server has them: those shipped, then the user's own in the data folder."""
    from models.checkpoint import list_zoo

    return [*list_zoo(), *sorted(path.parent for path in settings.models_dir.glob("*/config.json"))]


def find_model(name: str | None) -> Path:
    """The folder of a model by name, or a checkpoint folder by path; the first shipped one by default."""
    folders = list_models(read_settings())
    if name is None:
        if not folders:
            fail("no model is shipped with this copy; train one and give its folder with --model")
        return folders[0]
    for folder in (*(known for known in folders if known.name == name), Path(name).expanduser()):
        if folder.is_dir():
            return folder
    known = f"there are {', '.join(folder.name for folder in folders)}" if folders else "none is shipped"
    fail(f"no model '{name}': {known}, or give a checkpoint folder")


def find_dataset(name: str) -> Path | str:
    """The folder of an import by name or path, or the name of a set that is drawn."""
    from models.data.prepared import INFO
    from models.intervene.images import is_procedural

    if is_procedural(name):
        return name
    by_name = read_settings().datasets_dir / name
    return by_name if (by_name / INFO).is_file() else Path(name).expanduser()
