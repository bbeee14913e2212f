"""``vitrine data``: data sets."""

from __future__ import annotations

import textwrap
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli.console import fail
from backend.cli.data_import import import_images
from backend.cli.data_show import show
from backend.cli.options import grouped
from backend.cli.progress import Progress

if TYPE_CHECKING:
    from models.data.records import SplitName

data = typer.Typer(no_args_is_help=True, help="Import data sets, look at them, draw procedural ones.")
data.command("import", short_help="Import a data set where it lies.")(grouped(import_images))
data.command(short_help="Show what is in an imported data set.")(show)


class Procedural(StrEnum):
    """Procedural data sets by name."""

    DERMOSCOPY = "dermoscopy"
    ULTRASOUND = "ultrasound"


@data.command(short_help="List the layouts that can be imported.")
def adapters() -> None:
    """List the data sets that can be imported as they were downloaded, with the files they are expected in."""
    from models.data.adapters.registry import adapter_cards

    for card in adapter_cards():
        concepts = f"; concept set {card.concept_set}" if card.concept_set else ""
        print(f"{card.name}: {card.title} ({card.modality}{concepts})")
        print(textwrap.indent(card.layout, "    "))
        print(f"    from {card.homepage}; licence: {card.licence}\n" if card.homepage else "")
    print("vitrine data import NAME PATH reads them; docs/data-sets.md says more about each.")


@data.command(short_help="Draw a procedural data set.")
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
    from models.data.synthetic import dermoscopy, ultrasound
    from models.data.synthetic.writing import write_png

    drawn = dermoscopy if name is Procedural.DERMOSCOPY else ultrasound
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        fail(f"{out} is not an empty folder; choose another")
    if contact_sheet is not None and not contact_sheet.parent.is_dir():
        fail(f"there is no folder {contact_sheet.parent} for the contact sheet")
    held_out = count // 10
    counts: dict[SplitName, int] = {"train": count - 2 * held_out, "validation": held_out, "test": held_out}
    progress = Progress()
    try:
        drawn.write_dataset(out, counts, size, progress=lambda done, total: progress("Drawing", done, total, "images"))
        print(f"{count} synthetic images of {name.value} and manifest.csv written to {out}")
        if contact_sheet is not None:
            write_png(contact_sheet, drawn.contact_sheet(size=size))
            print(f"Contact sheet written to {contact_sheet}")
    except OSError as error:
        fail(f"cannot write {error.filename or out}: {error.strerror or error}", code=1)
    except KeyboardInterrupt:
        progress.close()
        fail(f"stopped; {out} holds what was drawn so far, without manifest.csv", code=130)
