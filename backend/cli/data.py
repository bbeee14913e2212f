"""``vitrine data``: data sets."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from backend.cli.console import fail

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
        int, typer.Option(min=10, max=1_000_000, help="Images in all: 80 % train, 10 % validation.")
    ] = 100,
    size: Annotated[int, typer.Option(min=64, max=2048, help="Side of the images in pixels.")] = 224,
    contact_sheet: Annotated[Path | None, typer.Option(help="Also draw some of the images into this PNG.")] = None,
) -> None:
    """Draw a procedural data set: images with per-image labels and masks. The same arguments give the same files."""
    from models.data.synthetic.dermoscopy import write_dataset

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        fail(f"{out} is not an empty folder; choose another")
    held_out = count // 10
    counts = {"train": count - 2 * held_out, "validation": held_out, "test": held_out}
    print(f"Drawing {count} images of {name.value} at {size} px …", file=sys.stderr)
    write_dataset(out, counts, size)
    print(f"{count} synthetic images and manifest.csv written to {out}")
    if contact_sheet is not None:
        _draw_contact_sheet(contact_sheet, size)


def _draw_contact_sheet(path: Path, size: int) -> None:
    raise NotImplementedError
