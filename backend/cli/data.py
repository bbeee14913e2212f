"""``vitrine data``: data sets."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli.console import fail

if TYPE_CHECKING:
    from models.data.synthetic.dermoscopy.streams import SplitName

data = typer.Typer(no_args_is_help=True, help="Make data sets.")


class Procedural(StrEnum):
    """Procedural data sets by name."""

    DERMOSCOPY = "dermoscopy"


# Without a second command typer would make `synthesize` the whole of `vitrine data`.
@data.callback()
def _group() -> None:
    """Make data sets."""


@data.command()
def synthesize(
    name: Annotated[Procedural, typer.Argument(help="Which procedural data set.")],
    out: Annotated[Path, typer.Option(help="Folder for images, masks and manifest.csv.")],
    count: Annotated[
        int, typer.Option(min=10, max=1_000_000, help="Images in all: 80 % train, 10 % validation, 10 % test.")
    ] = 100,
    size: Annotated[int, typer.Option(min=64, max=2048, help="Side of the images in pixels.")] = 224,
    contact_sheet: Annotated[
        Path | None, typer.Option(help="Also draw some images of each class into this PNG.")
    ] = None,
) -> None:
    """Draw a procedural data set: images with per-image labels and masks. The same arguments give the same files."""
    from models.data.synthetic.dermoscopy import contact_sheet as draw_sheet
    from models.data.synthetic.dermoscopy import write_dataset, write_png

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        fail(f"{out} is not an empty folder; choose another")
    if contact_sheet is not None and not contact_sheet.parent.is_dir():
        fail(f"there is no folder {contact_sheet.parent} for the contact sheet")
    held_out = count // 10
    counts: dict[SplitName, int] = {"train": count - 2 * held_out, "validation": held_out, "test": held_out}
    try:
        write_dataset(out, counts, size, progress=_show_progress)
        print(f"{count} synthetic images of {name.value} and manifest.csv written to {out}")
        if contact_sheet is not None:
            write_png(contact_sheet, draw_sheet(size=size))
            print(f"Contact sheet written to {contact_sheet}")
    except OSError as error:
        fail(f"cannot write {error.filename or out}: {error.strerror or error}", code=1)


def _show_progress(done: int, total: int) -> None:
    """A line that is written over on a terminal; otherwise one line each tenth, for logs."""
    if sys.stderr.isatty():
        print(f"\r{done} of {total} images", end="\n" if done == total else "", file=sys.stderr, flush=True)
    elif done % max(1, total // 10) == 0:
        print(f"{done} of {total} images", file=sys.stderr, flush=True)
