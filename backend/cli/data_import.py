"""``vitrine data import``: a data set as downloaded becomes one that can be trained on."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backend.cli.console import fail, read_settings
from backend.cli.known_concepts import known_concepts
from backend.cli.progress import Progress

if TYPE_CHECKING:
    from backend.core.settings import Settings
    from models.data.importing import ImportOptions, ImportProgress

_STAGES = {"listing": "Listing", "reading": "Reading", "comparing": "Comparing", "writing": "Writing"}


@dataclass(frozen=True)
class Choices:
    """What is decided for any data set."""

    fractions: Annotated[
        str, typer.Option(metavar="TRAIN,VALIDATION,TEST", help="Shares of what no publisher has split.")
    ] = "0.7,0.15,0.15"
    published_split: Annotated[
        bool, typer.Option("--published-split/--no-published-split", help="Keep the publisher's split if there is one.")
    ] = True
    concept_set: Annotated[
        str | None,
        typer.Option(
            help="Concept set for it: a name (the server's newest revision of it, else the shipped one), the id of a "
            "revision, or a YAML file. The import keeps a copy. [default: the one shipped for NAME]"
        ),
    ] = None
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that read images. [default: one per processor]")
    ] = None
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an import of that name.")] = False
    ignore_duplicates: Annotated[
        bool,
        typer.Option(
            "--ignore-duplicates",
            help="Split as if there were no near-duplicates, so that test images leak: only to measure what that is "
            "worth (vitrine experiment duplicates).",
        ),
    ] = False


@dataclass(frozen=True)
class Columns:
    """What is named where in a data set of one's own; for the adapters csv and npz."""

    file: Annotated[
        str | None, typer.Option(help="csv, npz: the table or array file. [default: the only one there]")
    ] = None
    image_column: Annotated[str | None, typer.Option(help="csv: column with the image's path. [default: image]")] = None
    label_column: Annotated[str | None, typer.Option(help="csv: column with the class. [default: label]")] = None
    group_column: Annotated[
        str | None, typer.Option(help="csv: column with the patient or lesion. [default: group, if there is one]")
    ] = None
    split_column: Annotated[
        str | None, typer.Option(help="csv: column with train, validation or test. [default: split, if there is one]")
    ] = None
    mask_column: Annotated[
        str | None, typer.Option(help="csv: column with the lesion mask's path. [default: mask, if there is one]")
    ] = None


def import_images(  # `import` is a keyword
    adapter: Annotated[
        str, typer.Argument(metavar="NAME", help="Which data set: busi, isic2018 …, or folder, csv, npz for your own.")
    ],
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="The folder as downloaded. It is only read, and must stay there.")
    ],
    name: Annotated[
        str | None,
        typer.Option("--as", "--name", help="Name of the import. [default: NAME; the folder's name for your own]"),
    ] = None,
    choices: Choices = Choices(),
    columns: Columns = Columns(),
    out: Annotated[
        Path | None, typer.Option(help="Folder to make. [default: datasets/<name of the import> in the data folder]")
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="The data folder. [default: VITRINE_DATA_DIR, else data]")
    ] = None,
) -> None:
    """Import a data set where it lies: find near-duplicates, split it, say what is in it.

    Images are not copied. Images of one patient or lesion, and near-duplicates, stay in one split.
    'vitrine data adapters' shows the layouts that can be read.
    """
    from backend.cli.data_text import imported
    from models.data.adapters.registry import find_adapter
    from models.data.adapters.settings import AdapterSettings
    from models.data.errors import DataError
    from models.data.importing import import_dataset

    server = read_settings(**({"data_dir": data_dir} if data_dir else {}))
    options = _options(choices, server)
    name = name or _default_name(adapter, path)
    folder = out or server.datasets_dir / name
    settings = {field.name: value for field in fields(columns) if (value := getattr(columns, field.name)) is not None}
    progress = Progress()
    try:
        reader = find_adapter(adapter, AdapterSettings(**settings) if settings else None)
        with _stopped_in_order():
            prepared = import_dataset(reader, path, folder, name, options, lambda step: _show(progress, step))
    except DataError as error:
        progress.close()
        fail(_hinted(str(error), folder))
    except KeyboardInterrupt:
        progress.close()
        fail(f"stopped; nothing is left of the import of {name}", code=130)
    print("\n".join(imported(prepared)))


def _options(choices: Choices, server: Settings) -> ImportOptions:
    from models.data.importing import ImportOptions

    try:
        train, validation, test = (float(part) for part in choices.fractions.split(","))
    except ValueError:
        fail(f"--fractions is '{choices.fractions}'; expected three numbers such as 0.7,0.15,0.15")
    return ImportOptions(
        fractions=(train, validation, test),
        published_split=choices.published_split,
        concept_set=None if choices.concept_set is None else known_concepts(choices.concept_set, server),
        workers=choices.workers,
        overwrite=choices.overwrite,
        ignore_duplicates=choices.ignore_duplicates,
    )


def _default_name(adapter: str, path: Path) -> str:
    from models.data.adapters.registry import GENERIC

    if adapter not in GENERIC:
        return adapter
    name = re.sub(r"[^a-z0-9]+", "-", path.expanduser().absolute().name.lower()).strip("-")[:64]
    if not name:
        fail(f"no name for the import can be made of {path}; add --as NAME")
    return name


def _hinted(message: str, folder: Path) -> str:
    """What the command line can do about it, which the library does not know."""
    if message.startswith(f"{folder.expanduser().absolute()}: is there already"):
        return f"{folder} is there already; choose another name with --as, or replace it with --overwrite"
    return message


def _show(progress: Progress, step: ImportProgress) -> None:
    progress(_STAGES[step.stage], step.done, step.total, "images" if step.stage in ("listing", "reading") else "")


@contextmanager
def _stopped_in_order() -> Iterator[None]:
    """`kill` ends the import as Ctrl-C does, with nothing left of it."""
    try:
        before: Any = signal.signal(signal.SIGTERM, signal.default_int_handler)
    except ValueError:  # not in the main thread: whoever runs this one sees to signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
